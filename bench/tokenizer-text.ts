/**
 * Makes the text that bench/tokenizer.ts measures on: `node bench/tokenizer-text.ts BITCODE OUT`. BITCODE holds
 * PACKAGE/records/*.bc, or PACKAGE/*.bc; OUT gets train/ and test/, by the package, and there of each module
 *
 *   NAME.ll            the normal form
 *   NAME.printed.ll    what llvm-dis prints, of some
 *   NAME.x86_64.s      cleaned assembly of the -Oz object
 *   NAME.aarch64.s     the same module for AArch64, of every second one, where it compiles for it
 */

import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeFileAtomic } from "../src/base/files.ts";
import { splitOf } from "../src/corpus/split.ts";
import type { LoadedModule } from "../src/llvm/pool.ts";
import { cleanAssembly } from "../src/tasks/assembly.ts";
import type { Architecture } from "../src/tasks/dialect.ts";
import { benchPool } from "./corpus.ts";
import { say } from "./report.ts";

const MAX_MODULE_BYTES = 300_000;
/** So that no package is most of the text. */
const MAX_PACKAGE_BYTES = { train: 1_800_000, test: 500_000 };
const PRINTED_MODULES = 300;
const MAX_TEXT_BYTES = 1 << 30;

const AARCH64 = [
  'target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128-Fn32"',
  'target triple = "aarch64-unknown-linux-gnu"',
] as const;

const [bitcode, out] = process.argv.slice(2);
if (bitcode === undefined || out === undefined) {
  process.stderr.write("want: BITCODE OUT, two folders\n");
  process.exit(2);
}

using pool = benchPool(1);

async function assemblyOf(
  module: LoadedModule,
  architecture: Architecture,
): Promise<string | undefined> {
  const assembly = await pool.emit(module, "default<Oz>", "assembly");
  if (assembly.status !== "ok") return undefined;
  return cleanAssembly(Buffer.from(assembly.value).toString(), architecture);
}

/** Inline assembly and intrinsics of x86 do not compile for AArch64; such a module is left out. */
async function aarch64Of(normal: string): Promise<string | undefined> {
  const text = normal
    .replace(/^target datalayout.*$/m, AARCH64[0])
    .replace(/^target triple.*$/m, AARCH64[1])
    .replaceAll(/"(?:target-cpu|target-features|tune-cpu)"="[^"]*"/g, "");
  const module = await pool.load(Buffer.from(text), "AArch64");
  if (module.status !== "ok") return undefined;
  const assembly = await assemblyOf(module.value, "aarch64");
  pool.unload(module.value);
  return assembly;
}

const used = new Map<string, number>();
const printed = { train: 0, test: 0 };
const files = globSync("*/**/*.bc", { cwd: bitcode });
// By hash, so that a run that is cut short has something of every package.
for (const [index, path] of files
  .toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1))
  .entries()) {
  const [packageName = ""] = path.split("/");
  const split = splitOf(packageName);
  const bytes = readFileSync(join(bitcode, path));
  const total = (used.get(packageName) ?? 0) + bytes.length;
  if (split === "valid" || bytes.length > MAX_MODULE_BYTES || total > MAX_PACKAGE_BYTES[split])
    continue;
  used.set(packageName, total);
  const loaded = await pool.load(bytes, path);
  if (loaded.status !== "ok") continue;
  const normal = await pool.normalize(loaded.value);
  const x86 = await assemblyOf(loaded.value, "x86_64");
  pool.unload(loaded.value);
  if (normal.status !== "ok") continue;
  const write = (ending: string, text: string | undefined): void => {
    const name = `${packageName}-${basename(path, ".bc")}.${ending}`;
    if (text !== undefined) writeFileAtomic(join(out, split, name), text);
  };
  write("ll", normal.value.text);
  write("x86_64.s", x86);
  if (index % 2 === 0) write("aarch64.s", await aarch64Of(normal.value.text));
  if (printed[split]++ < PRINTED_MODULES)
    write(
      "printed.ll",
      execFileSync(join(pool.toolchain.bin, "llvm-dis"), ["-o", "-", "-"], {
        input: bytes,
        maxBuffer: MAX_TEXT_BYTES,
      }).toString(),
    );
  if (index % 100 === 0) say(`${index} of ${files.length} modules`);
}
