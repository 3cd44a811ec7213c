/**
 * The rows of an evaluation: what came of one contender on one case, flat, so that Parquet holds them and anyone can make the
 * tables again. A number that is not known is null, never 0.
 */

import { z } from "zod";
import { FUNCTION_VERDICTS } from "../disassemble/verdict.ts";

export const STATUSES = [
  "ok",
  /** There is an answer that does not read as one: no list, no code, cut off by a limit. */
  "unparsed",
  /** LLVM does not take what was answered. */
  "invalid",
  /** The prompt does not fit the model's context. */
  "too long",
  /** The back end cannot do what was asked. */
  "refused",
  "crashed",
  "timeout",
  /** Asked again when the run goes on. */
  "unreachable",
] as const;
export type Status = (typeof STATUSES)[number];

const count = z.number().nullable();
const common = {
  contender: z.string(),
  case: z.string(),
  package: z.string(),
  language: z.string(),
  bytes: z.number(),
  /** Of the model's prompt. */
  promptTokens: count,
  status: z.enum(STATUSES),
  /** What went wrong, for people; "" where nothing did. */
  problem: z.string(),
  /** Wall clock: the contender's own, measuring and checking aside. In no table but that of times. */
  seconds: z.number(),
};

/** By the place of a list in the order of proposals; null where it failed. */
const sizes = z.array(z.number().nullable());

const tuneRow = z.object({
  suite: z.literal("tune"),
  ...common,
  /** Under -Oz, as in `sizes`. */
  ozSize: z.number(),
  ozPublished: z.number(),
  ozInstructions: z.number(),
  /** Bytes of all allocated sections but .bss under each list that was tried, in the order of trying; measured fresh. */
  sizes,
  /** Bytes of .text + .data. */
  published: sizes,
  /** IR instructions. */
  instructions: sizes,
  /** Of what a model answered: how many held no list that can be run. */
  unreadable: z.number(),
});

const sizeRow = z.object({
  suite: z.literal("size"),
  ...common,
  /** Of the module without any pass, and with the list that was named (default<Oz> where none was). */
  predictedBefore: count,
  measuredBefore: z.number(),
  predictedAfter: count,
  measuredAfter: count,
});

/** The parts of BLEU-4 (base/bleu.ts), so that those of many rows add up. */
const bleu = z.object({
  correct: z.array(z.number()),
  total: z.array(z.number()),
  answerLength: z.number(),
  referenceLength: z.number(),
});

const disassembleRow = z.object({
  suite: z.literal("disassemble"),
  ...common,
  target: z.enum(["x86_64", "aarch64"]),
  /** Of each candidate in the model's order (disassemble/verdict.ts); empty where there is none. */
  verdicts: z.array(z.enum(FUNCTION_VERDICTS)),
  /** Of each candidate: its IR compiles to assembly of the function. */
  compiles: z.array(z.boolean()),
  /** Of each candidate: slips in it were mended before LLVM read it (tasks/ir-repair.ts). */
  mended: z.array(z.boolean()),
  /** Of the best of all candidates and what was made of them (disassemble/refine); null where nothing was to be made of them. */
  refined: z.enum(FUNCTION_VERDICTS).nullable(),
  /** Of the first candidate: the assembly that its IR gives against the function's; an empty answer where it gives none. */
  roundTripBleu: bleu,
  /** Of the first candidate: its IR against the IR that the assembly was made from. */
  irBleu: bleu,
});

const emulateRow = z.object({
  suite: z.literal("emulate"),
  ...common,
  passes: z.string(),
  /** What was asked for. */
  want: z.enum(["ir", "assembly"]),
  /** With every function that the compiler's answer has. */
  compiles: z.boolean(),
  /** Slips in the IR were mended before LLVM read it. */
  isMended: z.boolean(),
  isExact: z.boolean(),
  bleu,
  predictedInstructions: count,
  measuredInstructions: count,
  predictedBytes: count,
  measuredBytes: count,
});

const lossRow = z.object({
  suite: z.literal("loss"),
  ...common,
  kind: z.enum(["ir", "assembly"]),
  /** Sum over `tokens` tokens. */
  nats: count,
  tokens: count,
  characters: z.number(),
});

const codeRow = z.object({
  suite: z.literal("code"),
  ...common,
  /** humaneval, mbpp */
  benchmark: z.string(),
  /** Of each sample: its tests passed. */
  passed: z.array(z.boolean()),
});

export const rowSchema = z.discriminatedUnion("suite", [
  tuneRow,
  sizeRow,
  disassembleRow,
  emulateRow,
  lossRow,
  codeRow,
]);
export type Row = z.infer<typeof rowSchema>;
export type RowOf<Name extends Row["suite"]> = Extract<Row, { suite: Name }>;
export type TuneRow = RowOf<"tune">;
export type SizeRow = RowOf<"size">;
export type DisassembleRow = RowOf<"disassemble">;
export type EmulateRow = RowOf<"emulate">;
export type LossRow = RowOf<"loss">;
export type CodeRow = RowOf<"code">;
