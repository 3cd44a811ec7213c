/** What a run was, beside its rows: FOLDER/evaluation.json. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../base/files.ts";

const unusableSchema = z.object({ id: z.string(), problem: z.string() });

const schema = z.object({
  llvm: z.string(),
  version: z.string(),
  coreset: z.string(),
  seed: z.number(),
  /** Where the programs came from, for people. */
  programs: z.string(),
  packages: z.number(),
  /** By suite. */
  cases: z.record(z.string(), z.number()),
  contenders: z.array(z.object({ name: z.string(), kind: z.string(), identity: z.string() })),
  unusable: z.array(unusableSchema),
  leftOut: z.record(z.string(), z.record(z.string(), z.number())),
  /** The smallest size known of a program from elsewhere than the rows, by case. */
  known: z.record(z.string(), z.number()),
  settings: z.record(z.string(), z.union([z.string(), z.number()])),
  isWhole: z.boolean(),
});
export type Evaluation = z.infer<typeof schema>;

const pathOf = (folder: string): string => join(folder, "evaluation.json");

export const writeEvaluation = (folder: string, evaluation: Evaluation): void =>
  writeFileAtomic(pathOf(folder), `${JSON.stringify(evaluation, null, 1)}\n`);

/** Throws an Error where there is none, or none that can be read. */
export function readEvaluation(folder: string): Evaluation {
  let text: string;
  try {
    text = readFileSync(pathOf(folder), "utf8");
  } catch {
    throw new Error(`${folder} holds no evaluation.json; want a folder that llmc eval wrote`);
  }
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const why = z.prettifyError(parsed.error).replaceAll("\n", " ");
  throw new Error(`${pathOf(folder)}: ${why}; run llmc eval again`);
}
