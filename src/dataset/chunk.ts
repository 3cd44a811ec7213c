/**
 * A chunk: the rows of a few modules, kept on disk as soon as they are made, so that a build that was stopped goes on after
 * the last one. A chunk's name is a hash of all that its rows depend on: what is there under the name is right.
 *
 * NAME.tokens holds the tokens of all rows one after the other; NAME.rows, which comes last, everything else.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { z } from "zod";
import { writeFileAtomic } from "../base/files.ts";
import type { ModuleRows, TokenRow } from "./module-rows.ts";
import { type Counts, count, rowSchema } from "./row.ts";
import { STAGES, type Stage } from "./stages.ts";

const tokenCount = z.int().nonnegative();
const fileSchema = z.object({
  leftOut: z.partialRecord(z.enum(STAGES), z.record(z.string(), tokenCount)),
  rows: z.array(
    z.object({
      row: rowSchema,
      promptTokens: tokenCount,
      answerTokens: tokenCount,
      toldTokens: z.array(tokenCount).readonly(),
    }),
  ),
});

const pathOf = (folder: string, name: string, kind: "rows" | "tokens"): string =>
  join(folder, `${name}.${kind}`);

export const hasChunk = (folder: string, name: string): boolean =>
  existsSync(pathOf(folder, name, "rows"));

export function writeChunk(folder: string, name: string, modules: readonly ModuleRows[]): void {
  const rows = modules.flatMap((module) => module.rows);
  const bare = rows.map(({ tokens: _, ...rest }) => rest);
  const leftOut = joined(modules.map((module) => module.leftOut));
  const tokens = Buffer.concat(
    rows.map(({ tokens: part }) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
  );
  writeFileAtomic(pathOf(folder, name, "tokens"), tokens);
  const text = JSON.stringify({ leftOut, rows: bare });
  writeFileAtomic(pathOf(folder, name, "rows"), zstdCompressSync(text));
}

/** Throws where the files are not whole: somebody changed them. */
export function readChunk(folder: string, name: string): ModuleRows {
  const packed = readFileSync(pathOf(folder, name, "rows"));
  const { rows, leftOut } = fileSchema.parse(JSON.parse(zstdDecompressSync(packed).toString()));
  const bytes = Uint8Array.from(readFileSync(pathOf(folder, name, "tokens")));
  const all = new Uint16Array(bytes.buffer);
  let start = 0;
  const withTokens = rows.map((row): TokenRow => {
    const end = start + row.promptTokens + row.answerTokens;
    const tokens = all.subarray(start, end);
    start = end;
    return Object.assign(row, { tokens });
  });
  if (start !== all.length)
    throw new Error(
      `${pathOf(folder, name, "tokens")}: ${all.length} tokens, want ${start}; delete it and build again`,
    );
  return { rows: withTokens, leftOut };
}

function joined(parts: readonly ModuleRows["leftOut"][]): Partial<Record<Stage, Counts>> {
  const sums: Partial<Record<Stage, Counts>> = {};
  for (const part of parts)
    for (const stage of STAGES)
      for (const [reason, times] of Object.entries(part[stage] ?? {}))
        count((sums[stage] ??= {}), reason, times);
  return sums;
}
