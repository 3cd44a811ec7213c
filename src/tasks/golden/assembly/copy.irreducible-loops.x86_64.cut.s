.text
copy:
testl %edx, %edx
jle .L0
leal 7(%rdx), %eax
shrl $3, %eax
andl $7, %edx
leaq .LJ0(%rip), %rcx
movslq (%rcx,%rdx,4), %rdx
addq %rcx, %rdx
jmpq *%rdx
.L1:
movb (%rsi), %cl
incq %rsi
movb %cl, (%rdi)
incq %rdi
.L2:
movb (%rsi), %cl
incq %rsi
movb %cl, (%rdi)
incq %rdi
.L3:
movb (%rsi), %cl
incq %rsi
movb %cl, (%rdi)
incq %rdi
.L4:
movb (%rsi), %cl
incq %rsi
movb %cl, (%rdi)
incq %rdi
.L5:
movb (%rsi), %cl
incq %rsi
movb %cl, (%rdi)
incq %rdi
.L6:
movb (%rsi), %cl
incq %rsi
movb %cl, (%rdi)
incq %rdi
.L7:
movb (%rsi), %cl
incq %rsi
movb %cl, (%rdi)
incq %rdi
.L8:
movb (%rsi), %cl
incq %rsi
movb %cl, (%rdi)
incq %rdi
decl %eax
jg .L1
.L0:
retq
.section .rodata,"a",@progbits
.p2align 2, 0x0
.LJ0:
.long .L1-.LJ0
.long .L8-.LJ0
.long .L7-.LJ0
.long .L6-.LJ0
.long .L5-.LJ0
.long .L4-.LJ0
.long .L3-.LJ0
.long .L2-.LJ0
