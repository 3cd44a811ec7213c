/**
 * A failure made small: the shortest pass list that still fails on the program, then, with llvm-reduce, a small module
 * that still fails with that list while LLVM's own pipelines compile it right.
 */

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../base/run-command.ts";
import type { Pool } from "../llvm/pool.ts";
import { minimizePassList } from "../passes/minimize.ts";
import { parsePassList } from "../passes/parse.ts";
import { printPassList } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";
import type { ReadyProgram } from "./program.ts";
import type { Rig } from "./rig.ts";
import { tryList } from "./run-suite.ts";

export interface Reduced {
  readonly ready: ReadyProgram;
  readonly original: string;
  /** The shortest list found that fails. */
  readonly passes: string;
  /** What went wrong with it. */
  readonly counterexample: string;
  /** The program's unoptimised IR, and the smallest that fails; undefined without llvm-reduce, or when it found none. */
  readonly wholeIr: string;
  readonly ir: string | undefined;
}

export interface ReduceOptions {
  readonly passes: string;
  /** Undefined when the list is to be reduced, but not the IR. */
  readonly irSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

const MAX_MEASUREMENTS = 200;

/** Undefined when the list does not fail on the program after all. */
export async function reduceFailure(
  pool: Pool,
  rig: Rig,
  ready: ReadyProgram,
  { passes, irSeconds, signal, onProgress }: ReduceOptions,
): Promise<Reduced | undefined> {
  const loaded = await pool.load(ready.bitcode, ready.program.name);
  if (loaded.status !== "ok") return undefined;
  const failureOf = async (text: string): Promise<string | undefined> => {
    const { verdict } = await tryList(pool, { ready, module: loaded.value }, { rig, passes: text });
    return verdict.status === "wrong" ? verdict.counterexample : undefined;
  };
  try {
    const found = await failureOf(passes);
    if (found === undefined) return undefined;
    onProgress?.(`${ready.program.name}: shortening the pass list`);
    const shortest = await shortestList(passes, async (text) => {
      const failure = await failureOf(text);
      return failure !== undefined && kindOf(failure) === kindOf(found) && signal?.aborted !== true;
    });
    const counterexample = (await failureOf(shortest)) ?? found;
    const printed = await pool.emit(loaded.value, "", "ir");
    const wholeIr = printed.status === "ok" ? Buffer.from(printed.value).toString() : "";
    const request = { ready, passes: shortest, wholeIr, seconds: irSeconds ?? 0, signal };
    onProgress?.(`${ready.program.name}: reducing the IR`);
    const ir = irSeconds === undefined || wholeIr === "" ? undefined : await reduceIr(rig, request);
    return { ready, original: passes, passes: shortest, counterexample, wholeIr, ir };
  } finally {
    pool.unload(loaded.value);
  }
}

/** A list that stops linking is not the one that computed something wrong. */
const kindOf = (counterexample: string): string =>
  /^(?:does not link|hangs)/.exec(counterexample)?.[0] ?? "differs";

async function shortestList(
  passes: string,
  fails: (text: string) => Promise<boolean>,
): Promise<string> {
  const parsed = parsePassList(passes);
  if (!parsed.ok) return passes;
  const measure = async (list: PassList): Promise<number | undefined> =>
    (await fails(printPassList(list))) ? 1 : undefined;
  const { list } = await minimizePassList(parsed.list, measure, {
    value: 1,
    maxMeasurements: MAX_MEASUREMENTS,
  });
  return printPassList(list);
}

interface IrRequest {
  readonly ready: ReadyProgram;
  readonly passes: string;
  readonly wholeIr: string;
  readonly seconds: number;
  readonly signal: AbortSignal | undefined;
}

/** The script keeps each smaller module that fails, so that what llvm-reduce had when its time was up is not lost. */
async function reduceIr(
  rig: Rig,
  { ready, passes, wholeIr, seconds, signal }: IrRequest,
): Promise<string | undefined> {
  const llvmReduce = join(rig.toolchain.bin, "llvm-reduce");
  if (!existsSync(llvmReduce)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "llmc-reduce-"));
  try {
    const paths = {
      input: join(folder, "input.ll"),
      test: join(folder, "test.sh"),
      best: join(folder, "best.ll"),
    };
    writeFileSync(paths.input, wholeIr);
    writeFileSync(paths.test, interestingness(rig, { ready, passes, best: paths.best }));
    chmodSync(paths.test, 0o755);
    const isolated =
      rig.sandbox.mode === "root"
        ? ["unshare", "--net", "--pid", "--fork", "--kill-child"]
        : ["env"];
    const args = [
      ...isolated,
      llvmReduce,
      `--test=${paths.test}`,
      paths.input,
      "-o",
      join(folder, "out.ll"),
    ];
    await runCommand(args[0] ?? "env", args.slice(1), {
      cwd: folder,
      timeoutMs: seconds * 1000,
      maxOutputBytes: 64 << 20,
      signal,
    });
    return existsSync(paths.best) ? readFileSync(paths.best, "utf8") : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const shellQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Exit 0 when the module in $1 still fails: plain, -O1 and -O3 code of it all exit 0 with the same output, and code made
 * with the list does not. Without the stock pipelines a reduction soon ends in undefined behaviour.
 */
function interestingness(
  rig: Rig,
  { ready: { program }, passes, best }: { ready: ReadyProgram; passes: string; best: string },
): string {
  const clang = join(rig.toolchain.bin, program.language === "c" ? "clang" : "clang++");
  return `#!/bin/sh
# Does the IR in $1 still fail with the pass list, and only with it?
PASSES=${shellQuote(passes)}
BIN=${shellQuote(rig.toolchain.bin)}
W=$(mktemp -d) || exit 1
trap 'rm -rf "$W"' EXIT
cd "$W" || exit 1
build() { # name, input, passes
  timeout 20 "$BIN/opt" -relocation-model=pic -passes="$3" "$2" -o "$1.bc" 2>err &&
  timeout 20 "$BIN/llc" -relocation-model=pic -filetype=obj "$1.bc" -o "$1.o" 2>err &&
  ${clang} -fuse-ld=lld "$1.o" -lm -pthread -o "$1" 2>err
}
run() { # name; gives the exit code, or 124
  timeout 10 prlimit --core=0 --cpu=5 --as=536870912 --fsize=8388608 "./$1" <&- >"$1.txt" 2>&-
}
build listed "$1" "$PASSES" || exit 1
build plain "$1" "no-op-module" || exit 1
run plain || exit 1
run listed
[ $? = 0 ] && cmp -s plain.txt listed.txt && exit 1
for level in O1 O3; do
  build stock "$1" "default<$level>" || exit 1
  run stock || exit 1
  cmp -s plain.txt stock.txt || exit 1
done
cp "$1" ${shellQuote(best)}
exit 0
`;
}
