	.file	"dead-stores.c"
	.text
	.p2align	2                               // -- Begin function check_
	.type	check_,@function
check_:                                 // @check_
	.cfi_startproc
// %bb.0:
	cbz	w2, .LBB3_2
// %bb.1:
	ret
.LBB3_2:
	adrp	x9, .L_MergedGlobals+4
	mov	x8, x1
	mov	w1, w0
	ldr	w10, [x9, :lo12:.L_MergedGlobals+4]
	adrp	x0, .L.str.12
	add	x0, x0, :lo12:.L.str.12
	mov	x2, x8
	add	w10, w10, #1
	str	w10, [x9, :lo12:.L_MergedGlobals+4]
	b	printf
.Lfunc_end3:
	.size	check_, .Lfunc_end3-check_
	.cfi_endproc
                                        // -- End function
	.p2align	2                               // -- Begin function shortened
	.type	shortened,@function
shortened:                              // @shortened
	.cfi_startproc
// %bb.0:
	sub	sp, sp, #32
	stp	x30, x19, [sp, #16]             // 16-byte Folded Spill
	.cfi_def_cfa_offset 32
	.cfi_offset w19, -8
	.cfi_offset w30, -16
	mov	x8, #6944656592455360608        // =0x6060606060606060
	mov	x9, #2459565876494606882        // =0x2222222222222222
	mov	x19, x0
	orr	x8, x8, #0x101010101010101
	orr	x9, x9, #0x4040404040404040
	stur	x8, [x0, #20]
	str	w8, [x0, #28]
	mov	w8, #25443                      // =0x6363
	movk	w8, #25443, lsl #16
	stp	x9, x9, [x0]
	str	w9, [x0, #16]
	str	w8, [x0, #8]
	bl	fill
	mov	x8, xzr
	mov	x9, sp
	stp	xzr, xzr, [sp]
.LBB8_1:                                // =>This Inner Loop Header: Depth=1
	cmp	x8, #32
	b.eq	.LBB8_3
// %bb.2:                               //   in Loop: Header=BB8_1 Depth=1
	ldrsb	x10, [x19, x8]
	add	x8, x8, #1
	add	x10, x9, x10, lsl #2
	sub	x10, x10, #388
	ldr	w11, [x10]
	add	w11, w11, #1
	str	w11, [x10]
	b	.LBB8_1
.LBB8_3:
	ldp	w8, w10, [sp]
	mov	w9, #16960                      // =0x4240
	ldp	x30, x19, [sp, #16]             // 16-byte Folded Reload
	movk	w9, #15, lsl #16
	mul	w8, w8, w9
	mov	w9, #10000                      // =0x2710
	madd	w8, w10, w9, w8
	mov	w9, #100                        // =0x64
	ldp	w11, w10, [sp, #8]
	madd	w8, w11, w9, w8
	add	w0, w8, w10
	add	sp, sp, #32
	ret
.Lfunc_end8:
	.size	shortened, .Lfunc_end8-shortened
	.cfi_endproc
                                        // -- End function
	.p2align	2                               // -- Begin function OUTLINED_FUNCTION_0
	.type	OUTLINED_FUNCTION_0,@function
OUTLINED_FUNCTION_0:                    // @OUTLINED_FUNCTION_0 Thunk
	.cfi_startproc
// %bb.0:
	mov	w3, w8
	b	check_eq_
.Lfunc_end11:
	.size	OUTLINED_FUNCTION_0, .Lfunc_end11-OUTLINED_FUNCTION_0
	.cfi_endproc
                                        // -- End function
	.section	.rodata.str1.1,"aMS",@progbits,1
	.type	global_state,@object            // @global_state
	.data
	.p2align	2, 0x0
global_state:
	.word	1                               // 0x1
	.size	global_state, 4

	.section	.rodata.str1.1,"aMS",@progbits,1
	.type	.L.str.12,@object               // @.str.12
.L.str.12:
	.asciz	"FAILED line %d: %s\n"
	.size	.L.str.12, 20

	.type	.L_MergedGlobals,@object        // @_MergedGlobals
	.local	.L_MergedGlobals
	.comm	.L_MergedGlobals,280,16
traced = .L_MergedGlobals
	.size	traced, 4
failures_ = .L_MergedGlobals+4
	.size	failures_, 4
trace = .L_MergedGlobals+16
	.size	trace, 64
away = .L_MergedGlobals+80
	.size	away, 200
	.ident	"clang"
	.section	".note.GNU-stack","",@progbits
