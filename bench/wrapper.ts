/**
 * What `llmc cc` adds to one compiler command, beside clang itself, in turn: commands that it only hands on, and
 * compilations for size out of a warm cache. Wanted: less than 60 ms on what is handed on.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, quantile } from "../src/base/stats.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

const RUNS = 30;
const WARM_UP = 3;
const ROOT = join(import.meta.dirname, "..");
const CLANG = "/usr/lib/llvm-22/bin/clang";
const LLMC = join(ROOT, "llmc");

interface Case {
  readonly name: string;
  readonly args: readonly string[];
}

const SOURCES = join(ROOT, "examples/wavpack");
const CASES: readonly Case[] = [
  { name: "`--version`", args: ["--version"] },
  { name: "`-O2 -c`, small file", args: ["-O2", "-c", "small.c"] },
  { name: "`-Oz -E`", args: ["-Oz", "-E", "small.c", "-o", "small.i"] },
  { name: "link", args: ["-Oz", "small.o", "-o", "small"] },
  {
    name: "`-Oz -fsplit-machine-functions -c`: handed on by Node",
    args: ["-Oz", "-fsplit-machine-functions", "-c", "small.c"],
  },
  { name: "`-Oz -c`, small file, warm", args: ["-Oz", "-c", "quoted.c"] },
  { name: "`-Oz -c`, 2,600 B of code, warm", args: ["-Oz", "-c", `${SOURCES}/unpack_floats.c`] },
  { name: "`-Oz -c`, 12,000 B of code, warm", args: ["-Oz", "-c", `${SOURCES}/unpack.c`] },
  {
    name: "`-Oz -c`, the same, warm, answered by Node",
    args: ["-Oz", "-c", `${SOURCES}/unpack.c`, "@empty.rsp"],
  },
];

interface Cost {
  readonly wall: number;
  /** User and system time of all its processes: other jobs on the machine disturb it less. */
  readonly cpu: number;
}

/** Milliseconds of one command. */
function run(
  command: string,
  args: readonly string[],
  how: { cwd: string; env: NodeJS.ProcessEnv },
): Cost {
  const script = `TIMEFORMAT='%R %U %S'; time "$@" >/dev/null 2>words`;
  const { status, stderr } = spawnSync("bash", ["-c", script, "bash", command, ...args], how);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: exit ${status}`);
  const [wall = 0, user = 0, system = 0] = stderr.toString().trim().split(" ").map(Number);
  return { wall: 1000 * wall, cpu: 1000 * (user + system) };
}

function ms(costs: readonly Cost[], of: keyof Cost): string {
  const values = costs.map((cost) => cost[of]);
  return `${median(values).toFixed(0)} (${quantile(values, 0.1).toFixed(0)})`;
}

const cwd = mkdtempSync(join(tmpdir(), "llmc-wrapper-"));
const MAIN = "int main(void) { return 0; }\n";
const files = {
  "small.c": MAIN,
  "quoted.c": `#include "empty.h"\n${MAIN}`,
  "empty.h": "",
  "empty.rsp": "",
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
const env = { ...process.env, LLMC_LLVM: "22", LLMC_CACHE: join(cwd, "cache"), LLMC_RECORD: "" };
run(CLANG, ["-c", "small.c"], { cwd, env });
const rows = CASES.map(({ name, args }) => {
  const clang: Cost[] = [];
  const ours: Cost[] = [];
  // In turn, so that what else the machine does falls on both alike.
  for (let i = -WARM_UP; i < RUNS; i++) {
    const pair = [
      run(CLANG, args, { cwd, env }),
      run(LLMC, ["cc", ...args], { cwd, env }),
    ] as const;
    if (i < 0) continue;
    clang.push(pair[0]);
    ours.push(pair[1]);
  }
  say(`${name}: clang ${ms(clang, "wall")} ms, llmc cc ${ms(ours, "wall")} ms`);
  return { name, clang, ours };
});
rmSync(cwd, { recursive: true, force: true });

writeResults(
  "wrapper",
  { provenance: provenance("22.1.8"), rows },
  `Milliseconds for one command, medians of ${RUNS} runs of \`clang\` and \`llmc cc\` in turn; in brackets the fastest tenth. Wanted: less than 60 ms more on what is only handed on. Other jobs kept the machine busy, so CPU time (user + system) and the fastest tenth say more than the median of the wall clock.\n\n` +
    markdownTable(
      ["command", "clang, wall", "llmc cc, wall", "clang, CPU", "llmc cc, CPU", "more CPU"],
      rows.map(({ name, clang, ours }) => [
        name,
        ms(clang, "wall"),
        ms(ours, "wall"),
        ms(clang, "cpu"),
        ms(ours, "cpu"),
        (median(ours.map(({ cpu }) => cpu)) - median(clang.map(({ cpu }) => cpu))).toFixed(0),
      ]),
    ),
);
