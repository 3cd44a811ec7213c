	.file	"irreducible-loops.c"
	.text
	.p2align	2                               // -- Begin function copy
	.type	copy,@function
copy:                                   // @copy
	.cfi_startproc
// %bb.0:
	cmp	w2, #1
	b.lt	.LBB3_16
// %bb.1:
	add	w8, w2, #7
	and	w9, w2, #0x7
	lsr	w8, w8, #3
	cmp	w9, #3
	b.gt	.LBB3_4
// %bb.2:
	cmp	w9, #1
	b.gt	.LBB3_6
// %bb.3:
	cbz	w9, .LBB3_8
	b	.LBB3_15
.LBB3_4:
	cmp	w9, #5
	b.gt	.LBB3_7
// %bb.5:
	cmp	w9, #4
	b.ne	.LBB3_11
	b	.LBB3_12
.LBB3_6:
	cmp	w9, #2
	b.ne	.LBB3_13
	b	.LBB3_14
.LBB3_7:
	cmp	w9, #6
	b.ne	.LBB3_9
	b	.LBB3_10
.LBB3_8:
	ldrb	w9, [x1], #1
	strb	w9, [x0], #1
.LBB3_9:
	ldrb	w9, [x1], #1
	strb	w9, [x0], #1
.LBB3_10:
	ldrb	w9, [x1], #1
	strb	w9, [x0], #1
.LBB3_11:
	ldrb	w9, [x1], #1
	strb	w9, [x0], #1
.LBB3_12:
	ldrb	w9, [x1], #1
	strb	w9, [x0], #1
.LBB3_13:
	ldrb	w9, [x1], #1
	strb	w9, [x0], #1
.LBB3_14:
	ldrb	w9, [x1], #1
	strb	w9, [x0], #1
.LBB3_15:
	ldrb	w9, [x1], #1
	subs	w8, w8, #1
	strb	w9, [x0], #1
	b.gt	.LBB3_8
.LBB3_16:
	ret
.Lfunc_end3:
	.size	copy, .Lfunc_end3-copy
	.cfi_endproc
                                        // -- End function
	.section	.rodata.str1.1,"aMS",@progbits,1
	.type	failures_,@object               // @failures_
	.local	failures_
	.comm	failures_,4,4
	.ident	"clang"
	.section	".note.GNU-stack","",@progbits
