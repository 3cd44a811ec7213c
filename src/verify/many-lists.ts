/** Many lists over several suites, some at a time, each report kept in a journal: a run that was stopped goes on. */

import { z } from "zod";
import { jsonLineAppender, readJsonLines } from "../base/files.ts";
import { contentHash } from "../base/hash.ts";
import type { Pool } from "../llvm/pool.ts";
import {
  type PreparedSuite,
  type SuiteReport,
  type VerifyOptions,
  verifyPassLists,
} from "./run-suite.ts";

export interface ListReports {
  readonly passes: string;
  /** One a suite, in the order of the suites. */
  readonly reports: readonly SuiteReport[];
}

export interface ManyOptions extends Omit<VerifyOptions, "onProgress"> {
  readonly journal: string;
  /** Lists that share the loading of a program. */
  readonly chunk: number;
  readonly onProgress?: ((at: ManyProgress) => void) | undefined;
}

export interface ManyProgress {
  /** Lists done, of `lists`. */
  readonly list: number;
  readonly lists: number;
  readonly suite: string;
  readonly done: number;
  readonly total: number;
}

const failureStatus = z.enum(["rejected", "invalid", "crashed", "timeout", "oom"]);
const reportSchema = z.object({
  suite: z.string(),
  run: z.number(),
  correct: z.number(),
  wrong: z.array(z.object({ program: z.string(), counterexample: z.string() })),
  undecided: z.array(
    z.object({ program: z.string(), why: z.string(), outcome: failureStatus.exactOptional() }),
  ),
  seconds: z.number(),
  executed: z.number(),
});
const lineSchema = z.object({ passes: z.string(), programs: z.string(), report: reportSchema });

/** The reports of those lists that were done when the signal fired, of all without one. */
export async function verifyManyLists(
  pool: Pool,
  lists: readonly string[],
  suites: readonly PreparedSuite[],
  options: ManyOptions,
): Promise<ListReports[]> {
  const { journal, chunk, onProgress, ...verify } = options;
  const known = readJournal(journal);
  const append = jsonLineAppender(journal);
  const rows: ListReports[] = [];
  for (let from = 0; from < lists.length; from += chunk) {
    const some = lists.slice(from, from + chunk);
    for (const suite of suites) {
      const programs = suiteHash(suite, verify.maxFailures);
      const open = some.filter((passes) => !known.has(`${programs} ${passes}`));
      const reports =
        open.length === 0
          ? []
          : await verifyPassLists(pool, open, suite, {
              ...verify,
              onProgress: ({ done, total }) =>
                onProgress?.({ list: from, lists: lists.length, suite: suite.name, done, total }),
            });
      if (options.signal?.aborted === true) return rows;
      for (const [index, report] of reports.entries()) {
        const passes = open[index] ?? "";
        known.set(`${programs} ${passes}`, report);
        append({ passes, programs, report });
      }
    }
    rows.push(
      ...some.map((passes) => ({
        passes,
        reports: suites.flatMap(
          (suite) => known.get(`${suiteHash(suite, verify.maxFailures)} ${passes}`) ?? [],
        ),
      })),
    );
  }
  return rows;
}

/** Names which programs the suite held and how far a failing list is followed. */
function suiteHash({ name, programs }: PreparedSuite, maxFailures: number | undefined): string {
  return contentHash(JSON.stringify([name, programs.map(({ key }) => key), maxFailures]));
}

function readJournal(path: string): Map<string, SuiteReport> {
  const lines = readJsonLines(path).flatMap((value) => lineSchema.safeParse(value).data ?? []);
  return new Map(lines.map(({ passes, programs, report }) => [`${programs} ${passes}`, report]));
}
