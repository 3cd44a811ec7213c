target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"
@.0 = private unnamed_addr constant [11 x i8] c"<|end|> %d\0A\00", align 1
define dso_local i32 @show(i32 noundef %0) #0 #1 {
%2 = alloca i32
store i32 %0, ptr %2, !tbaa !0
%3 = load i32, ptr %2, !tbaa !0
%4 = call i32 (ptr, ...) @printf(ptr noundef @.0, i32 noundef %3)
ret i32 %4
}
declare i32 @printf(ptr noundef, ...) #0
attributes #0 = { nounwind optsize }
attributes #1 = { minsize "target-cpu"="x86-64" }
!0 = !{!1, !1, i64 0}
!1 = !{!"int", !2, i64 0}
!2 = !{!"omnipotent char", !3, i64 0}
!3 = !{!"Simple C/C++ TBAA"}
