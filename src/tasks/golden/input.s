.text
.globl show
show:
pushq %rax
movl %edi, %esi
leaq .LD0(%rip), %rdi
xorl %eax, %eax
popq %rcx
jmp printf@PLT
.section .rodata.str1.1,"aMS",@progbits,1
.LD0:
.asciz "<|end|> %d\n"
