.text
check_:
testl %edx, %edx
je .L0
retq
.L0:
movq %rsi, %rax
movl %edi, %esi
incl failures_(%rip)
leaq .LD0(%rip), %rdi
movq %rax, %rdx
xorl %eax, %eax
jmp printf@PLT
.section .rodata.str1.1,"aMS",@progbits,1
.LD0:
.asciz "FAILED line %d: %s\n"
