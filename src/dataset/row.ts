/**
 * A row: one training document with where it came from. Its text is the prompt and the answer together; in the three tasks
 * only the answer is learned, and of it not what is told; in pretraining everything.
 */

import { z } from "zod";
import { contentHash } from "../base/hash.ts";
import { SPLITS } from "../corpus/split.ts";
import { STAGES } from "./stages.ts";

/** What of a corpus module a row is about. An excerpt is the beginning of one long function. */
export const PARTS = ["module", "part", "excerpt", "function"] as const;
export type Part = (typeof PARTS)[number];

export const rowSchema = z.object({
  stage: z.enum(STAGES),
  split: z.enum(SPLITS),
  /** SHA-256 of the corpus module's bitcode. */
  module: z.string(),
  package: z.string(),
  /** Source file, relative to the package's root. */
  path: z.string(),
  part: z.enum(PARTS),
  architecture: z.enum(["x86_64", "aarch64"]),
  /** What is learned: the code of the document or of the answer; a pass list in tuning. */
  teaches: z.enum(["ir", "assembly", "passes"]),
  /** The pass list of the row; "" where no pass ran. */
  passes: z.string(),
  /** Functions of the corpus module that are in the row, by the hash of their normal form. */
  functions: z.array(z.string()).readonly(),
  prompt: z.string(),
  answer: z.string(),
  /** Stretches of the answer that the model will be told and so need not learn: where each starts and ends, in characters. */
  told: z.array(z.int()).readonly(),
});
export type Row = z.infer<typeof rowSchema>;

/** What a stage makes; the rest of the row follows from the module. */
export interface Draft extends Pick<
  Row,
  "part" | "architecture" | "teaches" | "passes" | "prompt" | "answer"
> {
  /** Of the functions that the row holds, as IR writes them: `@f`. Others may be among them: `outlined_ir_func_0`. */
  readonly symbols: readonly string[];
  /** Nothing without it. */
  readonly told?: Row["told"];
}

/** A row, or why one was left out. */
export type Made = Draft | { readonly left: string };

/** Equal for rows of which one is enough: the same text in pretraining and tuning, whose prompts have many answers, else the same prompt. */
export function rowKey({ stage, prompt, answer }: Row): string {
  const isText = stage === "pretrain" || stage === "tune";
  return contentHash(`${stage}\n${prompt}${isText ? answer : ""}`);
}

/** Counts by reason. */
export type Counts = Record<string, number>;

export function count(counts: Counts, reason: string, by = 1): void {
  counts[reason] = (counts[reason] ?? 0) + by;
}
