/**
 * The normal form on real modules: characters saved, modules a second, and whether objects stay the same.
 * `node bench/normalize.ts [FOLDER]`: bitcode files anywhere under FOLDER, else the modules of the packages kept apart.
 */

import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import type { NormalForm } from "../src/llvm/normalize.ts";
import { withoutComment } from "../src/llvm/normalize-sections.ts";
import type { Outcome } from "../src/llvm/outcome.ts";
import type { LoadedModule } from "../src/llvm/pool.ts";
import { objectShape } from "../test/support/object-shape.ts";
import { benchPool, testModules } from "./corpus.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

const MODULES = 320;
const MAX_BYTES = 1 << 20;
const MAX_TEXT_BYTES = 1 << 30;
const PIPELINES = ["", "default<Oz>"];

interface Row {
  readonly id: string;
  readonly characters: { recorded: number; withoutComments: number; normal: number };
  readonly instructions: number;
  readonly hashes: readonly string[];
  readonly milliseconds: number;
  readonly isStable: boolean;
  /** Per pipeline: whether the object equals that of the module as recorded; and that of its text merely printed. */
  readonly sameAsRecorded: readonly boolean[];
  readonly printedSameAsRecorded: readonly boolean[];
}

interface Input {
  readonly id: string;
  readonly bitcode: () => Uint8Array;
}

using pool = benchPool(1);

function inputs(folder: string | undefined): Input[] {
  if (folder === undefined) return testModules({ count: MODULES, maxBytes: MAX_BYTES });
  const paths = globSync("**/*.bc", { cwd: folder }).toSorted();
  const every = Math.max(1, Math.floor(paths.length / MODULES));
  return paths
    .filter((_, index) => index % every === 0)
    .slice(0, MODULES)
    .map((id) => ({ id, bitcode: () => readFileSync(join(folder, id)) }));
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.status !== "ok") throw new Error(`${outcome.status}: ${outcome.message}`);
  return outcome.value;
}

async function shapeOf(module: LoadedModule, passes: string): Promise<string> {
  return objectShape(valueOf(await pool.emit(module, passes, "object"))).join("\n");
}

async function normalForm(module: LoadedModule): Promise<[form: NormalForm, milliseconds: number]> {
  const start = performance.now();
  const form = valueOf(await pool.normalize(module));
  return [form, performance.now() - start];
}

async function measure({ id, bitcode }: Input): Promise<Row> {
  const bytes = bitcode();
  const recordedText = execFileSync(join(pool.toolchain.bin, "llvm-dis"), ["-o", "-", "-"], {
    input: bytes,
    maxBuffer: MAX_TEXT_BYTES,
  }).toString();
  const recorded = valueOf(await pool.load(bytes, id));
  const [form, milliseconds] = await normalForm(recorded);
  const printed = valueOf(await pool.load(valueOf(await pool.emit(recorded, "", "ir")), id));
  const normal = valueOf(await pool.load(Buffer.from(form.text), id));
  const [again] = await normalForm(normal);
  const shapes = (module: LoadedModule): Promise<string[]> =>
    Promise.all(PIPELINES.map((passes) => shapeOf(module, passes)));
  const [a, b, c] = [await shapes(recorded), await shapes(printed), await shapes(normal)];
  for (const module of [recorded, printed, normal]) pool.unload(module);
  return {
    id,
    characters: {
      recorded: recordedText.length,
      withoutComments: commentless(recordedText),
      normal: form.text.length,
    },
    instructions: form.instructions,
    hashes: form.functions.map(({ hash }) => hash),
    milliseconds,
    isStable:
      again.text === form.text &&
      again.functions.every(({ hash }, index) => hash === form.functions[index]?.hash),
    sameAsRecorded: c.map((shape, index) => shape === a[index]),
    printedSameAsRecorded: b.map((shape, index) => shape === a[index]),
  };
}

/** Characters without comments and blank lines; indentation counts. */
function commentless(text: string): number {
  return text
    .split("\n")
    .map(
      (line) =>
        (withoutComment(line) === "" ? 0 : (/^ */.exec(line)?.[0].length ?? 0) + 1) +
        withoutComment(line).length,
    )
    .reduce((sum, length) => sum + length, 0);
}

const folder = process.argv[2];
const rows: Row[] = [];
const failures: string[] = [];
for (const input of inputs(folder)) {
  try {
    rows.push(await measure(input));
  } catch (error) {
    failures.push(`${input.id}: ${String(error)}`);
  }
  if (rows.length % 50 === 0) say(`${rows.length} modules`);
}
const total = (of: (row: Row) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
const count = (holds: (row: Row) => boolean): string =>
  `${rows.filter(holds).length} of ${rows.length}`;
const after = total(({ characters }) => characters.normal);
const saved = (before: number): string => `${((100 * (before - after)) / before).toFixed(1)} %`;
const recorded = total(({ characters }) => characters.recorded);
const withoutComments = total(({ characters }) => characters.withoutComments);
const functions = rows.flatMap(({ hashes }) => hashes);
const perSecond = (1000 * rows.length) / total(({ milliseconds }) => milliseconds);
writeResults(
  "normalize",
  {
    provenance: provenance(await pool.llvmVersion()),
    failures,
    modules: rows.map(({ hashes, ...row }) => ({ ...row, functions: hashes.length })),
  },
  `${rows.length} modules ${folder === undefined ? "of the packages kept apart" : "recorded while building Debian packages (`node bench/normalize.ts FOLDER`)"}, as clang -Oz hands them to its optimiser; ${failures.length} failed. ` +
    `${total(({ instructions }) => instructions)} instructions. One worker, ${perSecond.toFixed(0)} modules a second, parse, print and hashes included; load average at the end ${loadavg()[0]?.toFixed(1)}.\n\n` +
    markdownTable(
      ["text", "characters", "an instruction", "saved by the normal form"],
      [
        ["llvm-dis as it is", recorded, saved(recorded)],
        ["without comments and blank lines", withoutComments, saved(withoutComments)],
        ["normal form", after, ""],
      ].map(([what = "", characters = 0, share = ""]) => [
        what,
        characters,
        (Number(characters) / total(({ instructions }) => instructions)).toFixed(1),
        share,
      ]),
    ) +
    `\nObjects: every allocated section's bytes and relocations and all symbols that a linker sees, local symbols by place.\n\n` +
    markdownTable(
      ["the same object as the recorded bitcode gives", ...PIPELINES.map((p) => p || "no passes")],
      [
        ["normal form", ...PIPELINES.map((_, i) => count((row) => row.sameAsRecorded[i] === true))],
        [
          "printed and parsed, nothing else",
          ...PIPELINES.map((_, i) => count((row) => row.printedSameAsRecorded[i] === true)),
        ],
      ],
    ) +
    `\nThe normal form of the normal form is the same, hashes too: ${count(({ isStable }) => isStable)}. ` +
    `Functions: ${functions.length}, of which ${new Set(functions).size} distinct by hash.\n`,
);
