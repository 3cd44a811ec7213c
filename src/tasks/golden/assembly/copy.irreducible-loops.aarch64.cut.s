.text
.p2align 2
copy:
cmp w2, #1
b.lt .L0
add w8, w2, #7
and w9, w2, #0x7
lsr w8, w8, #3
cmp w9, #3
b.gt .L1
cmp w9, #1
b.gt .L2
cbz w9, .L3
b .L4
.L1:
cmp w9, #5
b.gt .L5
cmp w9, #4
b.ne .L6
b .L7
.L2:
cmp w9, #2
b.ne .L8
b .L9
.L5:
cmp w9, #6
b.ne .L10
b .L11
.L3:
ldrb w9, [x1], #1
strb w9, [x0], #1
.L10:
ldrb w9, [x1], #1
strb w9, [x0], #1
.L11:
ldrb w9, [x1], #1
strb w9, [x0], #1
.L6:
ldrb w9, [x1], #1
strb w9, [x0], #1
.L7:
ldrb w9, [x1], #1
strb w9, [x0], #1
.L8:
ldrb w9, [x1], #1
strb w9, [x0], #1
.L9:
ldrb w9, [x1], #1
strb w9, [x0], #1
.L4:
ldrb w9, [x1], #1
subs w8, w8, #1
strb w9, [x0], #1
b.gt .L3
.L0:
ret
