// Writes src/passes/generated/registry-<major>.ts from an installed LLVM: which passes it has, at
// which level each runs, which parameters each takes, and the expanded -Oz pipeline. The source of
// truth is opt itself; what its table leaves out is found by trying: whether a loop pass wants
// MemorySSA, and which `no-x` or `x` a flag's counterpart accepts.
//
//   node tools/make-registry.ts [--llvm 22]     (default: every checked-in version that is installed)

import { spawnSync } from "node:child_process";
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { parsePassList } from "../src/passes/parse.ts";
import { printPassList } from "../src/passes/print.ts";
import type { PassLevel, PassList } from "../src/passes/tree.ts";
import { walk } from "../src/passes/tree.ts";

const CHECKED_IN = ["19", "22"];
const OPT_LEVELS = ["O0", "O1", "O2", "O3", "Os", "Oz"];
/** A pass over twenty instructions takes milliseconds; anything longer hangs. */
const OPT_TIMEOUT_MS = 10_000;
/** LLVM 19 has these pipelines but prints none of them. */
const PIPELINES = ["default", "thinlto-pre-link", "thinlto", "lto-pre-link", "lto"];

const LOOPS = `define i32 @f(ptr %p, i32 %n) {
entry: br label %outer
outer: %i = phi i32 [ 0, %entry ], [ %i2, %latch ]
  br label %inner
inner: %j = phi i32 [ 0, %outer ], [ %j2, %inner ]
  %a = getelementptr i32, ptr %p, i32 %j
  %v = load i32, ptr %a
  %w = add i32 %v, %n
  store i32 %w, ptr %a
  %j2 = add i32 %j, 1
  %c = icmp slt i32 %j2, %n
  br i1 %c, label %inner, label %latch
latch: %i2 = add i32 %i, 1
  %d = icmp slt i32 %i2, %n
  br i1 %d, label %outer, label %end
end: ret i32 %i2
}
`;

type Section = { level: PassLevel; what: "pass" | "analysis" };

const SECTIONS: Record<string, Section | undefined> = {
  "Module passes:": { level: "module", what: "pass" },
  "Module passes with params:": { level: "module", what: "pass" },
  "Module analyses:": { level: "module", what: "analysis" },
  "Module alias analyses:": { level: "module", what: "analysis" },
  "CGSCC passes:": { level: "cgscc", what: "pass" },
  "CGSCC passes with params:": { level: "cgscc", what: "pass" },
  "CGSCC analyses:": { level: "cgscc", what: "analysis" },
  "Function passes:": { level: "function", what: "pass" },
  "Function passes with params:": { level: "function", what: "pass" },
  "Function analyses:": { level: "function", what: "analysis" },
  "Function alias analyses:": { level: "function", what: "analysis" },
  "LoopNest passes:": { level: "loop", what: "pass" },
  "Loop passes:": { level: "loop", what: "pass" },
  "Loop passes with params:": { level: "loop", what: "pass" },
  "Loop analyses:": { level: "loop", what: "analysis" },
};

interface Row {
  levels: Set<PassLevel>;
  params: Set<string> | undefined;
}

class Opt {
  readonly #path: string;

  constructor(major: string) {
    this.#path = `/usr/lib/llvm-${major}/bin/opt`;
    if (!existsSync(this.#path))
      throw new Error(`${this.#path} is not there: apt install llvm-${major}`);
  }

  run(args: readonly string[], input = ""): { ok: boolean; stdout: string; stderr: string } {
    const done = spawnSync(this.#path, args, { input, encoding: "utf8", timeout: OPT_TIMEOUT_MS });
    return { ok: done.status === 0, stdout: done.stdout ?? "", stderr: done.stderr ?? "" };
  }

  version(): string {
    const found = /LLVM version (\S+)/.exec(this.run(["--version"]).stdout)?.[1];
    if (!found) throw new Error(`${this.#path} --version names no version`);
    return found;
  }

  expand(level: string): string {
    const passes = `-passes=default<${level}>`;
    return this.run([passes, "-print-pipeline-passes", "-disable-output"]).stdout.trim();
  }

  accepts(passes: string): boolean {
    return this.run([`-passes=${passes}`, "-disable-output"]).ok;
  }
}

class Tables {
  readonly passes = new Map<string, Row>();
  readonly analyses = new Map<string, Set<PassLevel>>();

  read(printed: string): void {
    let section: Section | undefined;
    for (const line of printed.split("\n")) {
      if (line.endsWith(":") || line.endsWith("(WIP):")) section = SECTIONS[line];
      else if (section && line.startsWith("  ")) this.#entry(line.trim(), section);
    }
    for (const name of PIPELINES) this.#pass(name, "module", OPT_LEVELS);
    // require<...> and invalidate<...> take any analysis of their level; registry.ts makes them
    // from the analyses.
    this.passes.delete("invalidate");
  }

  #entry(text: string, { level, what }: Section): void {
    if (what === "analysis") {
      this.analyses.set(text, (this.analyses.get(text) ?? new Set()).add(level));
      return;
    }
    const angle = text.indexOf("<");
    if (angle < 0) return this.#pass(text, level, undefined);
    const inner = text.slice(angle + 1, -1);
    // print<access-info><allow-partial>: the first bracket belongs to the name, the second may be
    // left out.
    const [subject, rest] = inner.split("><");
    const params = rest === undefined ? inner.split(";").filter((p) => p !== "") : [subject ?? ""];
    this.#pass(text.slice(0, angle), level, params);
  }

  #pass(name: string, level: PassLevel, params: readonly string[] | undefined): void {
    const row = this.passes.get(name) ?? { levels: new Set<PassLevel>(), params: undefined };
    row.levels.add(level);
    if (params) row.params = new Set([...(row.params ?? []), ...params]);
    this.passes.set(name, row);
  }
}

/**
 * Adds parameters that the stock pipelines use but the printed table leaves out, as LLVM 19's does
 * for simplifycfg.
 */
function addUsedParams(tables: Tables, pipelines: readonly PassList[]): void {
  for (const { node } of pipelines.flatMap((list) => walk(list))) {
    const row = tables.passes.get(node.name);
    if (!row?.params || node.params === undefined) continue;
    const plain = node.params.split(";").filter((p) => p !== "" && !p.includes("="));
    for (const param of plain) row.params.add(param);
  }
}

/**
 * Most flags come as `x` and `no-x`; the table names both, one or (for some passes) only the wrong
 * one.
 */
function addCounterparts(tables: Tables, opt: Opt): void {
  for (const [name, row] of tables.passes) {
    if (["print", "verify"].includes(name) || PIPELINES.includes(name)) continue;
    for (const param of row.params ?? []) {
      const other = param.startsWith("no-") ? param.slice(3) : `no-${param}`;
      if (param.includes("=") || row.params?.has(other)) continue;
      if (opt.accepts(`${name}<${other}>`)) row.params?.add(other);
    }
  }
}

/**
 * licm and lnicm end the process in loop(...); passes that do not keep MemorySSA do so in
 * loop-mssa(...).
 */
function findLoopLevels(tables: Tables, opt: Opt): void {
  const fatal = (passes: string): boolean =>
    opt.run([`-passes=${passes}`, "-disable-output"], LOOPS).stderr.includes("MemorySSA");
  for (const [name, row] of tables.passes) {
    // Printers would write files here.
    if (!row.levels.has("loop") || /^(dot|print)/.test(name)) continue;
    if (fatal(`function(loop(${name}))`)) row.levels.delete("loop");
    if (!fatal(`function(loop-mssa(${name}))`)) row.levels.add("loop-mssa");
  }
}

function render(
  major: string,
  version: string,
  { tables, oz }: { tables: Tables; oz: string },
): string {
  const text = JSON.stringify;
  const sorted = <T>(map: Map<string, T>): [string, T][] =>
    [...map].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const passes = sorted(tables.passes).map(
    ([name, { levels, params }]) =>
      `    [${text(name)}, ${text([...levels])}${params ? `, ${text([...params])}` : ""}],`,
  );
  const analyses = sorted(tables.analyses).map(
    ([name, levels]) => `    [${text(name)}, ${text([...levels])}],`,
  );
  return [
    `// Generated by tools/make-registry.ts from opt ${version}. Do not edit.`,
    "",
    'import type { GeneratedRegistry } from "./format.ts";',
    "",
    `export const registry${major}: GeneratedRegistry = {`,
    `  llvmVersion: ${major},`,
    "  passes: [",
    ...passes,
    "  ],",
    "  analyses: [",
    ...analyses,
    "  ],",
    `  oz: ${text(oz)},`,
    "};",
    "",
  ].join("\n");
}

function expanded(opt: Opt, level: string): PassList {
  const parsed = parsePassList(opt.expand(level));
  if (!parsed.ok)
    throw new Error(`cannot read the expanded ${level} pipeline: ${parsed.mistake.message}`);
  const last = parsed.list.at(-1);
  return last?.name === "verify" ? parsed.list.slice(0, -1) : parsed.list;
}

function makeRegistry(major: string): void {
  const opt = new Opt(major);
  const tables = new Tables();
  tables.read(opt.run(["-print-passes"]).stdout);
  addUsedParams(
    tables,
    OPT_LEVELS.map((level) => expanded(opt, level)),
  );
  addCounterparts(tables, opt);
  findLoopLevels(tables, opt);
  const target = join(import.meta.dirname, `../src/passes/generated/registry-${major}.ts`);
  const temporary = `${target}.${process.pid}.tmp`;
  const oz = printPassList(expanded(opt, "Oz"));
  writeFileSync(temporary, render(major, opt.version(), { tables, oz }));
  renameSync(temporary, target);
  process.stdout.write(
    `${target}: ${tables.passes.size} passes, ${tables.analyses.size} analyses\n`,
  );
}

const { values } = parseArgs({ options: { llvm: { type: "string" } } });
for (const major of values.llvm === undefined ? CHECKED_IN : [values.llvm]) makeRegistry(major);
