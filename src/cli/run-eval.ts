/** What `llmc eval` does: opens what was asked for, runs it, keeps the rows. */

import { join } from "node:path";
import { writeEvaluation } from "../eval/evaluation-file.ts";
import { writeRows } from "../eval/row-files.ts";
import { openRows } from "../eval/rows-journal.ts";
import { runEval } from "../eval/run.ts";
import { printPassList } from "../passes/print.ts";
import { coresetHash } from "../tasks/provenance.ts";
import { CommandError, EXIT, openPool, requireToolchain, versionOf } from "./context.ts";
import type { EvalOptions } from "./eval-options.ts";
import { codeCases, entrantsOf, kitOf, planOf, programsOf } from "./open-eval.ts";
import { evaluationOf, progress, tell } from "./tell-eval.ts";
import { statusLine } from "./terminal.ts";

export async function runEvalCommand(options: EvalOptions): Promise<void> {
  const { output } = options;
  if (output === undefined) throw new CommandError("-o FOLDER is missing", EXIT.usage);
  const code = codeCases(options);
  using pool = openPool(requireToolchain(options.llvm), options.jobs);
  using stack = new DisposableStack();
  const kit = await kitOf(pool, options, stack);
  const llvm = await versionOf(pool);
  const line = statusLine();
  const coreset = coresetHash(kit.coreset.lists.map(printPassList));
  const entrants = await entrantsOf(options, { kit, coreset, output });
  try {
    const programs = await programsOf(options, kit, line.show);
    const plan = await planOf(options, { kit, programs, code, stack });
    const rows = await runEval({
      suites: plan.suites,
      entrants,
      kit,
      llvmVersion: llvm,
      journal: openRows(join(output, "rows.jsonl")),
      lanes: pool.workers,
      onProgress: progress(options, line.show),
    });
    line.clear();
    await writeRows(output, rows);
    const isWhole = kit.signal?.aborted !== true;
    writeEvaluation(
      output,
      await evaluationOf(options, { llvm, coreset, programs, plan, entrants, isWhole }),
    );
    tell(rows, options, output);
    if (!isWhole) process.exitCode = EXIT.interrupted;
  } finally {
    line.clear();
    for (const entrant of entrants) if (entrant.kind !== "rival") await entrant.model.close();
  }
}
