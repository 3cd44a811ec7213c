/** Bounds that several folders share, each with its reason. Unit last in the name. */

/** Input files over this are refused: LLVM needs 10 to 20 times as much memory for them, and -Oz minutes. */
export const MAX_INPUT_BYTES = 64 * 2 ** 20;
