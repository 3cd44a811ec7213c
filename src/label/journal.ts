/**
 * The label journal: an append-only file of what was measured, one JSON line each. Every line is a fact about
 * (LLVM version, module) or (LLVM version, pass list), so journals of several machines are merged by putting their
 * lines together, and a killed run loses at most the module it was at.
 */

import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";

/** Changes when a line's meaning does; lines of another version are not read. */
export const LABEL_VERSION = 1;

/** Bytes: all that a program loads, and published size (.text + .data). */
const sizeSchema = z.tuple([z.number(), z.number()]).readonly();
export type Size = z.infer<typeof sizeSchema>;

const head = { v: z.literal(LABEL_VERSION), llvm: z.string() };
const moduleHead = {
  ...head,
  module: z.string(),
  package: z.string(),
  /** Of bitcode. */
  bytes: z.number(),
  /** Of -Oz. */
  baseline: sizeSchema,
  seconds: z.number(),
};

/** Pass lists that are tried together; `sizes` lines name them by `set`. */
const listsSchema = z.object({
  ...head,
  kind: z.literal("lists"),
  set: z.string(),
  role: z.enum(["seed", "pilot", "broadcast"]),
  lists: z.array(z.string()),
});
/** Measured fresh, in the order of the set's lists; null where the list failed on this module. */
const sizesSchema = z.object({
  ...moduleHead,
  kind: z.literal("sizes"),
  set: z.string(),
  sizes: z.array(z.number().nullable()),
  published: z.array(z.number().nullable()),
});
/** What a search found; null where nothing was smaller than -Oz. */
const ownSchema = z.object({
  ...moduleHead,
  kind: z.literal("own"),
  own: z.object({ passes: z.string(), size: sizeSchema }).nullable(),
  /** Lists that the search might try, and that were measured for it: the minimiser's too. */
  budget: z.number(),
  compilations: z.number(),
});
/** What a suite of self-checking programs says of a list. */
const verdictSchema = z.object({
  ...head,
  kind: z.literal("verdict"),
  passes: z.string(),
  status: z.enum(["correct", "wrong", "undecided"]),
  /** How many programs were tried. */
  programs: z.number(),
  why: z.string(),
});
/** A module that cannot be loaded or whose -Oz cannot be measured. */
const unusableSchema = z.object({
  ...head,
  kind: z.literal("unusable"),
  module: z.string(),
  package: z.string(),
  why: z.string(),
});

export const labelLineSchema = z.discriminatedUnion("kind", [
  listsSchema,
  sizesSchema,
  ownSchema,
  verdictSchema,
  unusableSchema,
]);
export type LabelLine = z.infer<typeof labelLineSchema>;
export type ListsLine = z.infer<typeof listsSchema>;
export type SizesLine = z.infer<typeof sizesSchema>;
export type OwnLine = z.infer<typeof ownSchema>;
export type VerdictLine = z.infer<typeof verdictSchema>;

/** Lines that are torn or of another version are passed over. */
export function readLabelLines(path: string): LabelLine[] {
  return readJsonLines(path).flatMap((value) => labelLineSchema.safeParse(value).data ?? []);
}

export const labelAppender = (path: string): ((line: LabelLine) => void) => jsonLineAppender(path);

/** The name of a set of lists, which is their content. */
export const setName = (lists: readonly string[]): string => contentHash(lists.join("\n"));
