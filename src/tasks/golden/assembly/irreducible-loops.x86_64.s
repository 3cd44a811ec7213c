	.file	"irreducible-loops.c"
	.text
	.type	copy,@function                  # -- Begin function copy
copy:                                   # @copy
	.cfi_startproc
# %bb.0:
                                        # kill: def $edx killed $edx def $rdx
	testl	%edx, %edx
	jle	.LBB3_10
# %bb.1:
	leal	7(%rdx), %eax
	shrl	$3, %eax
	andl	$7, %edx
	leaq	.LJTI3_0(%rip), %rcx
	movslq	(%rcx,%rdx,4), %rdx
	addq	%rcx, %rdx
	jmpq	*%rdx
.LBB3_2:
	movb	(%rsi), %cl
	incq	%rsi
	movb	%cl, (%rdi)
	incq	%rdi
.LBB3_3:
	movb	(%rsi), %cl
	incq	%rsi
	movb	%cl, (%rdi)
	incq	%rdi
.LBB3_4:
	movb	(%rsi), %cl
	incq	%rsi
	movb	%cl, (%rdi)
	incq	%rdi
.LBB3_5:
	movb	(%rsi), %cl
	incq	%rsi
	movb	%cl, (%rdi)
	incq	%rdi
.LBB3_6:
	movb	(%rsi), %cl
	incq	%rsi
	movb	%cl, (%rdi)
	incq	%rdi
.LBB3_7:
	movb	(%rsi), %cl
	incq	%rsi
	movb	%cl, (%rdi)
	incq	%rdi
.LBB3_8:
	movb	(%rsi), %cl
	incq	%rsi
	movb	%cl, (%rdi)
	incq	%rdi
.LBB3_9:
	movb	(%rsi), %cl
	incq	%rsi
	movb	%cl, (%rdi)
	incq	%rdi
	decl	%eax
	jg	.LBB3_2
.LBB3_10:
	retq
.Lfunc_end3:
	.size	copy, .Lfunc_end3-copy
	.cfi_endproc
	.section	.rodata,"a",@progbits
	.p2align	2, 0x0
.LJTI3_0:
	.long	.LBB3_2-.LJTI3_0
	.long	.LBB3_9-.LJTI3_0
	.long	.LBB3_8-.LJTI3_0
	.long	.LBB3_7-.LJTI3_0
	.long	.LBB3_6-.LJTI3_0
	.long	.LBB3_5-.LJTI3_0
	.long	.LBB3_4-.LJTI3_0
	.long	.LBB3_3-.LJTI3_0
                                        # -- End function
	.text
	.section	.rodata.str1.1,"aMS",@progbits,1
	.type	failures_,@object               # @failures_
	.local	failures_
	.comm	failures_,4,4
	.ident	"clang"
	.section	".note.GNU-stack","",@progbits
