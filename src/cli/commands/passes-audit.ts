/** `llmc passes audit`: every transform pass over the suites; writes docs/pass-audit.md and the data of the registry. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { writeFileAtomic } from "../../base/files.ts";
import { registryFor } from "../../passes/registry.ts";
import { coresetFileSchema } from "../../tuner/coreset.ts";
import { auditMarkdown, auditModule } from "../../verify/audit-text.ts";
import { auditedPasses, casesOfPairs, casesOfPass, summarise } from "../../verify/audit.ts";
import { verifyManyLists } from "../../verify/many-lists.ts";
import { SUITE_NAMES, type SuiteName } from "../../verify/suites/index.ts";
import { EXIT, integer, interruptSignal, openPool, requireToolchain } from "../context.ts";
import { jobsOption, llvmOption, seedOption } from "../options.ts";
import { paint, statusLine, table } from "../terminal.ts";
import { openSuites, requireRig } from "./verify.ts";

const HELP = `
Examples:
  llmc passes audit --suite builtin --sample 40       a first look
  llmc passes audit --suite all --sample 300          the one that is checked in
  llmc passes audit --only structurizecfg,newgvn      some passes; prints, writes nothing

What was found goes into a journal in the cache folder: a stopped run goes on where it was.
Exit codes: 0 done, 2 bad usage, 3 something is missing here.`;

/** Programs on which a list may fail before it is given up: one is proof, three show what kind. */
const MAX_FAILURES = 3;
/** Lists tried together; those of one pass mostly give equal objects. */
const CHUNK = 8;

interface Options {
  suite: SuiteName | "all";
  count: number;
  sample?: number;
  seed: number;
  only?: string;
  out: string;
  jobs?: number;
  llvm?: string;
}

export function auditCommand(): Command {
  return new Command("audit")
    .description("try every transform pass on suites of self-checking programs")
    .addOption(
      new Option("-s, --suite <name>", "which programs")
        .choices([...SUITE_NAMES, "all"])
        .default("builtin"),
    )
    .option("--count <n>", "how many programs csmith makes", integer(1), 100)
    .option("--sample <n>", "only so many programs of each suite, drawn by the seed", integer(1))
    .addOption(seedOption("csmith and of the sample"))
    .option("--only <passes>", "only these, separated by commas; nothing is written")
    .option("--out <folder>", "the checkout to write docs/ and src/passes/generated/ in", ".")
    .addOption(jobsOption())
    .addOption(llvmOption())
    .addHelpText("after", HELP)
    .action(runAudit);
}

async function runAudit(options: Options): Promise<void> {
  const toolchain = requireToolchain(options.llvm);
  const registry = registryFor(toolchain.major);
  const only = options.only?.split(",");
  const wanted = auditedPasses(registry).filter(
    ({ name }) => only === undefined || only.includes(name),
  );
  const cases = [
    ...wanted.flatMap((info) => casesOfPass(info, registry)),
    ...(only === undefined ? casesOfPairs(shippedLists(), registry) : []),
  ];
  using pool = openPool(toolchain, options.jobs);
  const signal = interruptSignal(pool);
  using rig = await requireRig(pool);
  const suites = await openSuites(pool, rig, { ...options, signal });
  const line = statusLine();
  const started = performance.now();
  const lists = [...new Set(cases.map(({ passes }) => passes))];
  const rows = await verifyManyLists(pool, lists, suites, {
    rig,
    signal,
    journal: join(rig.cache, `audit-${rig.llvmVersion}.jsonl`),
    chunk: CHUNK,
    maxFailures: MAX_FAILURES,
    onProgress: ({ list, lists: all, suite, done, total }) =>
      line.show(
        `list ${list}/${all}, ${suite}: ${done}/${total} programs, ${minutes(started)} min`,
      ),
  });
  line.clear();
  if (signal.aborted) process.exitCode = EXIT.interrupted;
  const audit = summarise(cases, rows, { llvmVersion: rig.llvmVersion, suites });
  const bad = [
    ...Object.entries(audit.passes),
    ...audit.pairs.map(({ pair, ...found }) => [pair, found] as const),
  ].filter(([, { status }]) => status !== "safe");
  print(
    table(
      bad.map(([name, { status, evidence = "" }]) => [
        paint("bold", name),
        paint("red", status),
        evidence,
      ]),
      ["left", "left", "left"],
    ),
  );
  print(
    `${rows.length} lists, ${Object.keys(audit.passes).length} passes, ${minutes(started)} min`,
  );
  if (only !== undefined || signal.aborted) return;
  const command =
    `llmc passes audit --suite ${options.suite} --count ${options.count} --seed ${options.seed}` +
    (options.sample === undefined ? "" : ` --sample ${options.sample}`);
  writeFileAtomic(join(options.out, "docs", "pass-audit.md"), auditMarkdown(audit, command));
  writeFileAtomic(
    join(options.out, "src/passes/generated", `audit-${toolchain.major}.ts`),
    auditModule(audit),
  );
}

/** All of them: a list that this LLVM does not have fails as "rejected", which is worth a row. */
function shippedLists(): string[] {
  const text = readFileSync(new URL("../../tuner/coreset.json", import.meta.url), "utf8");
  return coresetFileSchema.parse(JSON.parse(text)).lists;
}

const minutes = (started: number): string => ((performance.now() - started) / 60_000).toFixed(1);

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
