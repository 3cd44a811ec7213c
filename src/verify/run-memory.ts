/**
 * What each object did when it was linked and run. The same bytes make the same program, so a pass list that changes
 * nothing costs neither link nor run, today or next week. One failing run stays: a program that fails only sometimes is
 * wrong, so a failure replaces a success and nothing replaces a failure.
 */

import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../base/files.ts";
import type { Verdict } from "./verdict.ts";

export interface RunMemory {
  find(program: string, object: string): Verdict | undefined;
  add(program: string, object: string, verdict: Verdict): void;
}

const verdictSchema: z.ZodType<Verdict> = z.union([
  z.object({ status: z.literal("correct"), evidence: z.string() }),
  z.object({ status: z.literal("wrong"), counterexample: z.string() }),
  z.object({ status: z.literal("undecided"), why: z.string() }),
]);
const lineSchema = z.object({ program: z.string(), object: z.string(), verdict: verdictSchema });

/** `path` undefined keeps it in this process alone. */
export function openRunMemory(path?: string): RunMemory {
  const known = new Map<string, Verdict>();
  const keyOf = (program: string, object: string): string => `${program} ${object}`;
  const learn = (key: string, verdict: Verdict): void => {
    if (known.get(key)?.status !== "wrong") known.set(key, verdict);
  };
  for (const value of path === undefined ? [] : readJsonLines(path)) {
    const line = lineSchema.safeParse(value);
    if (line.success) learn(keyOf(line.data.program, line.data.object), line.data.verdict);
  }
  const append = path === undefined ? (): void => {} : jsonLineAppender(path);
  return {
    find: (program, object) => known.get(keyOf(program, object)),
    add(program, object, verdict) {
      if (verdict.status === "undecided") return; // a later run may decide it
      learn(keyOf(program, object), verdict);
      append({ program, object, verdict });
    },
  };
}
