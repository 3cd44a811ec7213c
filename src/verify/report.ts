/** A reduced failure written up so that it can be filed as it is: what, with what, how to see it, how small. */

import { chmodSync, copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import type { Reduced } from "./reduce.ts";
import type { Rig } from "./rig.ts";

/** Writes report.md, the program, the IR and reproduce.sh; creates the folder. */
export function writeReport(folder: string, reduced: Reduced, rig: Rig): void {
  const {
    ready: { program },
    wholeIr,
    ir,
  } = reduced;
  mkdirSync(folder, { recursive: true });
  copyFileSync(program.path, join(folder, originalName(reduced)));
  writeFileAtomic(join(folder, "original.ll"), wholeIr);
  if (ir !== undefined) writeFileAtomic(join(folder, "reduced.ll"), ir);
  writeFileAtomic(join(folder, "reproduce.sh"), reproduceScript(reduced, rig));
  chmodSync(join(folder, "reproduce.sh"), 0o755);
  writeFileAtomic(join(folder, "report.md"), reportText(reduced, rig));
}

function originalName({ ready: { program } }: Reduced): string {
  return program.language === "c" ? "original.c" : "original.cc";
}

const lines = (text: string): number => text.split("\n").length;

function reportText(reduced: Reduced, rig: Rig): string {
  const {
    ready: { program, reference },
    original,
    passes,
    counterexample,
    wholeIr,
    ir,
  } = reduced;
  const includes = readFileSync(program.path, "utf8").match(/^#include "[^"]+"/gm) ?? [];
  return `# \`${passes}\` breaks ${basename(program.name)}

LLVM ${rig.llvmVersion}. The program exits 0 at -O0 and does the same with \`default<Oz>\` and \`default<O3>\`.

| | |
|---|---|
| pass list | \`${passes}\` |
| found with | \`${original}\` |
| seen | ${counterexample.replaceAll("\n", " ").replaceAll("|", "\\|")} |
| wanted | exit code 0${reference.head === "" ? ", no output" : ` and \`${JSON.stringify(reference.head)}\``} |
| program | ${originalName(reduced)}, ${program.language}, flags \`${program.flags.join(" ")}\` |
| unoptimised IR | original.ll, ${lines(wholeIr)} lines |
| reduced IR | ${ir === undefined ? "none" : `reduced.ll, ${lines(ir)} lines`} |

\`./reproduce.sh\` builds and runs both; \`./reproduce.sh BIN\` takes LLVM's programs from the folder BIN.
${includes.length > 0 ? `\nThe program includes ${includes.join(", ")}; original.ll stands alone.\n` : ""}`;
}

function reproduceScript({ passes, ir }: Reduced, { toolchain: { major } }: Rig): string {
  const quoted = `'${passes.replaceAll("'", "'\\''")}'`;
  return `#!/bin/sh
# Builds the IR without passes and with the list, runs both. \`reproduce.sh BIN\` takes LLVM's programs from BIN.
cd "$(dirname "$0")" || exit 1
BIN=\${1:-/usr/lib/llvm-${major}/bin}
for input in original.ll${ir === undefined ? "" : " reduced.ll"}; do
  for passes in no-op-module ${quoted}; do
    "$BIN/opt" -relocation-model=pic -passes="$passes" "$input" -o out.bc &&
      "$BIN/llc" -relocation-model=pic -filetype=obj out.bc -o out.o &&
      "$BIN/clang++" -fuse-ld=lld out.o -lm -pthread -o out || exit 1
    timeout 10 ./out >out.txt
    echo "$input with $passes: exit code $?, output $(cksum <out.txt)"
  done
done
rm -f out out.o out.bc out.txt
`;
}
