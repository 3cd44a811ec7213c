target triple = "x86_64-pc-linux-gnu"
%T0 = type { i32, %T1 }
%T1 = type { ptr }
@.0 = private unnamed_addr constant [8 x i8] c"@h %T2\0A\00", align 1
@counter = external thread_local(localexec) global %T0
@table = external dso_local local_unnamed_addr constant [2 x ptr]
@"a b" = external hidden global <{ i8, [3 x i8] }>
declare i32 @alias(i32, ptr)
@value = external global %T0
define dso_local noundef i32 @f(i32 noundef %0) local_unnamed_addr #0 !prof !2 {
%2 = load ptr, ptr @table
%3 = call noundef i32 @h(i32 %0, ptr byval(%T1) align 8 @"a b"), !range !0
%4 = call i32 @alias(i32 %3, ptr @value)
%5 = call ptr @llvm.threadlocal.address.p0(ptr @counter)
%6 = call i32 (ptr, ...) @printf(ptr @.0, ptr %2, i32 %4)
ret i32 %6
}
declare noundef range(i32 0, 5) i32 @h(i32 noundef, ptr byval(%T1) align 8) unnamed_addr #1
declare i32 @printf(ptr noundef, ...) #1
declare nonnull ptr @llvm.threadlocal.address.p0(ptr nonnull) #2
!llvm.module.flags = !{!1}
attributes #0 = { nounwind }
attributes #1 = { minsize optsize }
attributes #2 = { nocallback nofree nosync nounwind speculatable willreturn memory(none) }
!0 = !{i32 0, i32 5}
!1 = !{i32 8, !"PIC Level", i32 2}
!2 = !{!"function_entry_count", i64 7}
