.text
.p2align 2
shortened:
sub sp, sp, #32
stp x30, x19, [sp, #16]
mov x8, #6944656592455360608
mov x9, #2459565876494606882
mov x19, x0
orr x8, x8, #0x101010101010101
orr x9, x9, #0x4040404040404040
stur x8, [x0, #20]
str w8, [x0, #28]
mov w8, #25443
movk w8, #25443, lsl #16
stp x9, x9, [x0]
str w9, [x0, #16]
str w8, [x0, #8]
bl fill
mov x8, xzr
mov x9, sp
stp xzr, xzr, [sp]
.L0:
cmp x8, #32
b.eq .L1
ldrsb x10, [x19, x8]
add x8, x8, #1
add x10, x9, x10, lsl #2
sub x10, x10, #388
ldr w11, [x10]
add w11, w11, #1
str w11, [x10]
b .L0
.L1:
ldp w8, w10, [sp]
mov w9, #16960
ldp x30, x19, [sp, #16]
movk w9, #15, lsl #16
mul w8, w8, w9
mov w9, #10000
madd w8, w10, w9, w8
mov w9, #100
ldp w11, w10, [sp, #8]
madd w8, w11, w9, w8
add w0, w8, w10
add sp, sp, #32
ret
