/** Many lists over several suites, one list after the other, each result kept in a journal: a stopped run goes on. */

import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import type { Pool } from "../llvm/pool.ts";
import {
  type PreparedSuite, type SuiteReport, type VerifyOptions, type VerifyProgress, verifyPassList,
} from "./run-suite.ts";

export interface ListReports {
  readonly passes: string;
  readonly reports: readonly SuiteReport[];
}

export interface CoresetOptions extends Omit<VerifyOptions, "onProgress"> {
  readonly journal: string;
  readonly onProgress?: ((at: { list: number; suite: string; progress: VerifyProgress }) => void) | undefined;
}

const failureStatus = z.enum(["rejected", "invalid", "crashed", "timeout", "oom"]);
const reportSchema = z.object({
  suite: z.string(), run: z.number(), correct: z.number(),
  wrong: z.array(z.object({ program: z.string(), counterexample: z.string() })),
  undecided: z.array(z.object({ program: z.string(), why: z.string(), outcome: failureStatus.exactOptional() })),
  seconds: z.number(), executed: z.number(),
});
/** `programs`: hash of which programs the suite held. */
const lineSchema = z.object({ passes: z.string(), programs: z.string(), report: reportSchema });

export async function verifyCoreset(
  pool: Pool, lists: readonly string[], suites: readonly PreparedSuite[], { journal, onProgress, ...options }: CoresetOptions,
): Promise<ListReports[]> {
  const known = readJournal(journal);
  const append = jsonLineAppender(journal);
  const rows: ListReports[] = [];
  for (const [list, passes] of lists.entries()) {
    const reports: SuiteReport[] = [];
    for (const suite of suites) {
      const programs = suiteHash(suite);
      const told = onProgress && ((progress: VerifyProgress): void => onProgress({ list, suite: suite.name, progress }));
      const report = known.get(`${programs} ${passes}`)
        ?? await verifyPassList(pool, passes, suite, { ...options, onProgress: told });
      if (options.signal?.aborted === true) return rows;
      if (!known.has(`${programs} ${passes}`)) append({ passes, programs, report });
      reports.push(report);
    }
    rows.push({ passes, reports });
  }
  return rows;
}

export function suiteHash({ name, programs }: PreparedSuite): string {
  return contentHash(JSON.stringify([name, programs.map(({ key }) => key)]));
}

function readJournal(path: string): Map<string, SuiteReport> {
  const lines = readJsonLines(path).flatMap((value) => lineSchema.safeParse(value).data ?? []);
  return new Map(lines.map(({ passes, programs, report }) => [`${programs} ${passes}`, report]));
}
