.text
.p2align 2
check_:
cbz w2, .L0
ret
.L0:
adrp x9, .LD0+4
mov x8, x1
mov w1, w0
ldr w10, [x9, :lo12:.LD0+4]
adrp x0, .LD1
add x0, x0, :lo12:.LD1
mov x2, x8
add w10, w10, #1
str w10, [x9, :lo12:.LD0+4]
b printf
.section .rodata.str1.1,"aMS",@progbits,1
.LD1:
.asciz "FAILED line %d: %s\n"
.local .LD0
.comm .LD0,280,16
traced = .LD0
failures_ = .LD0+4
trace = .LD0+16
away = .LD0+80
