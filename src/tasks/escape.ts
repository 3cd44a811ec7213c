/**
 * Code that contains a mark's characters in a string, written so that it does not: `<|` as `<\7C` in IR and `<\174` in
 * assembly, which mean the same there and which LLVM never writes by itself. Elsewhere than in strings and quoted names
 * (or comments) neither language has those characters.
 */

import type { CodeKind } from "./dialect.ts";

/** One character of a mark, in the escapes of each language. */
type Escapes = Readonly<Record<CodeKind, readonly [plain: string, escaped: string]>>;

const COMPACT: Escapes = { ir: ["<|", String.raw`<\7C`], assembly: ["<|", String.raw`<\174`] };
const PUBLISHED: Escapes = {
  ir: ["</code>", String.raw`<\2Fcode>`],
  assembly: ["</code>", String.raw`<\057code>`],
};

export const guardMarks = (code: string, kind: CodeKind): string =>
  code.replaceAll(...COMPACT[kind]);
export const unguardMarks = (text: string, kind: CodeKind): string =>
  text.replaceAll(COMPACT[kind][1], COMPACT[kind][0]);

/** The same for what ends code in the published dialect; nothing else of it is changed. */
export const guardCodeEnd = (code: string, kind: CodeKind): string =>
  code.replaceAll(...PUBLISHED[kind]);
export const unguardCodeEnd = (text: string, kind: CodeKind): string =>
  text.replaceAll(PUBLISHED[kind][1], PUBLISHED[kind][0]);
