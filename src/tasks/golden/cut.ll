target triple = "x86_64-pc-linux-gnu"
module asm ".globl elsewhere"
%T0 = type { i32, %T1 }
%T1 = type { ptr }
%T2 = type { i64 }
$"a b" = comdat any
@.0 = private unnamed_addr constant [8 x i8] c"@h %T2\0A\00", align 1
@.1 = private unnamed_addr constant [2 x i8] c"x\00", align 1
@counter = internal thread_local(localexec) global %T0 { i32 5, %T1 zeroinitializer }, align 8
@table = dso_local local_unnamed_addr constant [2 x ptr] [ptr @h, ptr @apart], align 16
@"a b" = linkonce_odr hidden global <{ i8, [3 x i8] }> zeroinitializer, comdat, align 4
@alias = weak alias i32 (i32, ptr), ptr @h
@value = internal alias %T0, ptr @counter
define dso_local noundef i32 @f(i32 noundef %0) local_unnamed_addr #0 !prof !2 {
%2 = load ptr, ptr @table
%3 = call noundef i32 @h(i32 %0, ptr byval(%T1) align 8 @"a b"), !range !0
%4 = call i32 @alias(i32 %3, ptr @value)
%5 = call ptr @llvm.threadlocal.address.p0(ptr @counter)
%6 = call i32 (ptr, ...) @printf(ptr @.0, ptr %2, i32 %4)
ret i32 %6
}
define internal noundef range(i32 0, 5) i32 @h(i32 noundef %0, ptr byval(%T1) align 8 %1) unnamed_addr #1 section "#7" align 16 {
ret i32 1
}
define void @apart(%T2 %0) {
ret void
}
declare i32 @printf(ptr noundef, ...) #1
declare nonnull ptr @llvm.threadlocal.address.p0(ptr nonnull) #2
declare void @unused()
!llvm.module.flags = !{!1}
!llvm.linker.options = !{!3}
attributes #0 = { nounwind }
attributes #1 = { minsize optsize }
attributes #2 = { nocallback nofree nosync nounwind speculatable willreturn memory(none) }
attributes #3 = { cold }
!0 = !{i32 0, i32 5}
!1 = !{i32 8, !"PIC Level", i32 2}
!2 = !{!"function_entry_count", i64 7}
!3 = !{!"-lm"}
