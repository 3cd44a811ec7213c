	.file	"dead-stores.c"
	.text
	.type	check_,@function                # -- Begin function check_
check_:                                 # @check_
	.cfi_startproc
# %bb.0:
	testl	%edx, %edx
	je	.LBB3_2
# %bb.1:
	retq
.LBB3_2:
	movq	%rsi, %rax
	movl	%edi, %esi
	incl	failures_(%rip)
	leaq	.L.str.12(%rip), %rdi
	movq	%rax, %rdx
	xorl	%eax, %eax
	jmp	printf@PLT                      # TAILCALL
.Lfunc_end3:
	.size	check_, .Lfunc_end3-check_
	.cfi_endproc
                                        # -- End function
	.type	shortened,@function             # -- Begin function shortened
shortened:                              # @shortened
	.cfi_startproc
# %bb.0:
	pushq	%rbx
	.cfi_def_cfa_offset 16
	subq	$16, %rsp
	.cfi_def_cfa_offset 32
	.cfi_offset %rbx, -16
	movq	%rdi, %rbx
	movabsq	$7016996765293437281, %rax      # imm = 0x6161616161616161
	movq	%rax, 20(%rdi)
	movl	$1633771873, 28(%rdi)           # imm = 0x61616161
	movabsq	$7089336938131513954, %rax      # imm = 0x6262626262626262
	movq	%rax, 8(%rdi)
	movq	%rax, (%rdi)
	movl	$1650614882, 16(%rdi)           # imm = 0x62626262
	movl	$1667457891, 8(%rdi)            # imm = 0x63636363
	callq	fill
	xorps	%xmm0, %xmm0
	movaps	%xmm0, (%rsp)
	pushq	$-32
	.cfi_adjust_cfa_offset 8
	popq	%rax
	.cfi_adjust_cfa_offset -8
.LBB8_1:                                # =>This Inner Loop Header: Depth=1
	testq	%rax, %rax
	je	.LBB8_2
# %bb.3:                                #   in Loop: Header=BB8_1 Depth=1
	movsbq	32(%rbx,%rax), %rcx
	incl	-388(%rsp,%rcx,4)
	incq	%rax
	jmp	.LBB8_1
.LBB8_2:
	imull	$1000000, (%rsp), %eax          # imm = 0xF4240
	imull	$10000, 4(%rsp), %ecx           # imm = 0x2710
	addl	%eax, %ecx
	imull	$100, 8(%rsp), %eax
	addl	%ecx, %eax
	addl	12(%rsp), %eax
	addq	$16, %rsp
	.cfi_def_cfa_offset 16
	popq	%rbx
	.cfi_def_cfa_offset 8
	retq
.Lfunc_end8:
	.size	shortened, .Lfunc_end8-shortened
	.cfi_endproc
                                        # -- End function
	.section	.rodata.str1.1,"aMS",@progbits,1
	.type	traced,@object                  # @traced
	.local	traced
	.comm	traced,4,4
	.type	trace,@object                   # @trace
	.local	trace
	.comm	trace,64,16
	.type	away,@object                    # @away
	.local	away
	.comm	away,200,16
	.type	global_state,@object            # @global_state
	.data
	.p2align	2, 0x0
global_state:
	.long	1                               # 0x1
	.size	global_state, 4

	.section	.rodata.str1.1,"aMS",@progbits,1
	.type	failures_,@object               # @failures_
	.local	failures_
	.comm	failures_,4,4
	.type	.L.str.12,@object               # @.str.12
.L.str.12:
	.asciz	"FAILED line %d: %s\n"
	.size	.L.str.12, 20

	.ident	"clang"
	.section	".note.GNU-stack","",@progbits
