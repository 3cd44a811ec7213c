/** metrics.jsonl as the trainer writes it: one event a line. After a kill some steps come again; the last line of a step counts. */

import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { z } from "zod";
import { readJsonLines } from "../base/files.ts";

const number = z.number();
// Whatever else is in a line is for other readers.
const eventSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("start"), step: number, steps: number }),
  z.object({
    event: z.literal("step"),
    step: number,
    loss: number,
    tokens_per_second: number,
    seconds: number,
  }),
  z.object({ event: z.literal("evaluation"), step: number, loss: number }),
  z.object({ event: z.literal("checkpoint"), step: number, folder: z.string() }),
  z.object({
    event: z.literal("stop"),
    step: number.optional(),
    reason: z.string(),
    message: z.string().optional(),
  }),
]);
export type MetricsEvent = z.infer<typeof eventSchema>;

const parsed = (value: unknown): MetricsEvent[] => {
  const result = eventSchema.safeParse(value);
  return result.success ? [result.data] : [];
};

/** All events of a file; none where there is none. Lines of another form are left out. */
export const readMetrics = (path: string): MetricsEvent[] => readJsonLines(path).flatMap(parsed);

export interface MetricsFollower {
  /** What has been added since the last call, or since this was made. */
  next(): MetricsEvent[];
}

/** Begins at the present end of the file, which need not be there yet. */
export function followMetrics(path: string): MetricsFollower {
  let offset = existsSync(path) ? sizeOf(path) : 0;
  let torn = Buffer.alloc(0);
  return {
    next() {
      if (!existsSync(path)) return [];
      const added = readFrom(path, offset);
      offset += added.length;
      const bytes = Buffer.concat([torn, added]);
      const end = bytes.lastIndexOf("\n") + 1;
      torn = bytes.subarray(end);
      return bytes.toString("utf8", 0, end).split("\n").flatMap(parseLine);
    },
  };
}

function parseLine(line: string): MetricsEvent[] {
  try {
    return parsed(JSON.parse(line));
  } catch {
    return []; // empty, or torn by a kill
  }
}

function sizeOf(path: string): number {
  const file = openSync(path, "r");
  try {
    return fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}

function readFrom(path: string, offset: number): Buffer {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
  } finally {
    closeSync(file);
  }
}
