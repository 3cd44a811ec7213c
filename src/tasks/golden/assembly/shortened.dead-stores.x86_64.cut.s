.text
shortened:
pushq %rbx
subq $16, %rsp
movq %rdi, %rbx
movabsq $7016996765293437281, %rax
movq %rax, 20(%rdi)
movl $1633771873, 28(%rdi)
movabsq $7089336938131513954, %rax
movq %rax, 8(%rdi)
movq %rax, (%rdi)
movl $1650614882, 16(%rdi)
movl $1667457891, 8(%rdi)
callq fill
xorps %xmm0, %xmm0
movaps %xmm0, (%rsp)
pushq $-32
popq %rax
.L0:
testq %rax, %rax
je .L1
movsbq 32(%rbx,%rax), %rcx
incl -388(%rsp,%rcx,4)
incq %rax
jmp .L0
.L1:
imull $1000000, (%rsp), %eax
imull $10000, 4(%rsp), %ecx
addl %eax, %ecx
imull $100, 8(%rsp), %eax
addl %ecx, %eax
addl 12(%rsp), %eax
addq $16, %rsp
popq %rbx
retq
