target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"
@.0 = private unnamed_addr constant [11 x i8] c"<|end|> %d\0A\00", align 1
define dso_local noundef i32 @show(i32 noundef %0) local_unnamed_addr #0 #1 {
%2 = tail call i32 (ptr, ...) @printf(ptr noundef nonnull dereferenceable(1) @.0, i32 noundef %0)
ret i32 %2
}
declare noundef i32 @printf(ptr noundef readonly captures(none), ...) local_unnamed_addr #0
attributes #0 = { nofree nounwind optsize }
attributes #1 = { minsize "target-cpu"="x86-64" }
