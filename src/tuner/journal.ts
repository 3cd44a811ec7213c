/**
 * The journal: an append-only file of what was measured on one module, one JSON line each. A result is a fact about
 * (module, LLVM version, pass list), so any later search may take it from there instead of compiling: a killed run
 * that is started again replays its own proposals and is back where it was within a moment.
 */

import { join } from "node:path";
import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../base/files.ts";
import type { Measurement } from "../llvm/protocol.ts";
import { type Outcome, ok } from "../llvm/outcome.ts";

export interface Journal {
  find(passes: string): Outcome<Measurement> | undefined;
  add(passes: string, outcome: Outcome<Measurement>): void;
  readonly size: number;
}

/** Of all modules, in a folder of caches: one LLVM's measurements are not another's. `llvmVersion`: "22.1.8". */
export const journalFolderIn = (cache: string, llvmVersion: string): string =>
  join(cache, "journal", `llvm-${llvmVersion}`);

/** Changes when a line's meaning does; lines of another version are not read. */
const JOURNAL_VERSION = 1;

const failureStatus = z.enum(["rejected", "invalid", "crashed", "timeout", "oom"]);
const lineSchema = z.union([
  z.object({
    v: z.literal(JOURNAL_VERSION),
    passes: z.string(),
    sections: z.object({
      text: z.number(),
      data: z.number(),
      rodata: z.number(),
      ehFrame: z.number(),
      other: z.number(),
      size: z.number(),
      bss: z.number(),
    }),
    instructions: z.number(),
    hash: z.string(),
  }),
  z.object({
    v: z.literal(JOURNAL_VERSION),
    passes: z.string(),
    status: failureStatus,
    message: z.string(),
  }),
]);
type Line = z.infer<typeof lineSchema>;

export function memoryJournal(): Journal {
  return journal(new Map(), () => {});
}

/** Opens, or begins, the journal at `path`. Unreadable lines are passed over. */
export function openJournal(path: string): Journal {
  const known = new Map<string, Outcome<Measurement>>();
  for (const value of readJsonLines(path)) {
    const line = lineSchema.safeParse(value);
    if (line.success) known.set(line.data.passes, fromLine(line.data));
  }
  return journal(known, jsonLineAppender(path));
}

function journal(known: Map<string, Outcome<Measurement>>, append: (line: Line) => void): Journal {
  return {
    find: (passes) => known.get(passes),
    add(passes, outcome) {
      known.set(passes, outcome);
      append(toLine(passes, outcome));
    },
    get size() {
      return known.size;
    },
  };
}

function toLine(passes: string, outcome: Outcome<Measurement>): Line {
  if (outcome.status !== "ok") {
    return { v: JOURNAL_VERSION, passes, status: outcome.status, message: outcome.message };
  }
  const { sections, instructions, hash } = outcome.value;
  return { v: JOURNAL_VERSION, passes, sections: { ...sections }, instructions, hash };
}

function fromLine(line: Line): Outcome<Measurement> {
  if ("status" in line) return { status: line.status, message: line.message };
  return ok({
    sections: line.sections,
    instructions: line.instructions,
    hash: line.hash,
    generated: false,
  });
}
