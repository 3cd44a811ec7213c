/**
 * The invariants of src/ that are absences: which folder never imports which, no import cycle, FFI in one file that
 * only the worker process loads, and nothing but the command line and the server reads the process or prints.
 * Tests (*.test.ts) are held to none of it but the ban on cycles. `node tools/check-layers.ts [root]` prints
 * file:line and the broken rule, and exits 1.
 */

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSources } from "./layers/parse.ts";
import type { Import, Source } from "./layers/parse.ts";

/** What each folder of src/ may import besides itself and `base`. `"*"` is every folder. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  passes: [],
  tokenizer: [],
  tasks: ["passes"],
  llvm: ["passes"],
  model: ["tokenizer"],
  verify: ["passes", "tasks", "llvm"],
  tuner: ["passes", "llvm", "verify"],
  corpus: ["llvm"],
  label: ["passes", "llvm", "verify", "tuner", "corpus"],
  optimize: ["passes", "tasks", "llvm", "model", "verify", "tuner"],
  wrapper: ["passes", "llvm", "tuner", "verify", "optimize", "corpus"],
  disassemble: ["tasks", "llvm", "model", "verify"],
  emulate: ["passes", "tasks", "llvm", "model", "verify"],
  dataset: ["passes", "tasks", "tokenizer", "llvm", "corpus", "tuner", "label"],
  train: ["tasks", "tokenizer", "dataset", "model"],
  eval: [
    "passes",
    "tasks",
    "tokenizer",
    "llvm",
    "model",
    "verify",
    "tuner",
    "corpus",
    "label",
    "optimize",
    "disassemble",
    "emulate",
    "dataset",
    "train",
  ],
  server: ["*"],
  cli: ["*"],
};

/** The folders that are a program: they read the process and print. */
const PROGRAMS = ["server", "cli"];

/** Native code that may take its process down: the one file for each library that imports a package, which child processes alone load. */
const BINDINGS: Readonly<Record<string, readonly string[]>> = {
  "koffi": ["src/llvm/bindings.ts", "src/model/llama-cpp/native.ts"],
  "node-llama-cpp": ["src/model/llama-cpp/bindings.ts"],
};

/** Entry points of processes of our own, which get their arguments by argv. */
const PROCESS_ENTRIES = ["src/llvm/worker.ts", "src/corpus/record-cc.ts"];

const PROCESS_MEMBERS = ["env", "argv", "stdin", "stdout", "stderr"];

interface Place {
  readonly path: string;
  readonly line: number;
}

export interface Violation extends Place {
  readonly rule: string;
}

/** Every broken rule in the src/ folder under `root`, in the order of paths and lines. */
export function checkLayers(root: string): Violation[] {
  const sources = parseSources(readSources(root));
  const code = sources.filter((source) => !isTest(source.path));
  return [
    ...code.flatMap((source) => source.imports.flatMap((found) => layerFault(source, found))),
    ...code.flatMap(nativeFaults),
    ...code.flatMap(processFaults),
    ...Object.values(BINDINGS)
      .flat()
      .flatMap((bindings) => bindingsReached(code, bindings)),
    ...cycles(sources),
  ].toSorted((a, b) => compare(a.path, b.path) || a.line - b.line);
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const isTest = (path: string): boolean => path.endsWith(".test.ts");
const folderOf = (path: string): string => path.split("/")[1] ?? "";

function readSources(root: string): Map<string, string> {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const paths = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join("src", file))
    .toSorted();
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

function layerFault({ path }: Source, found: Import): Violation[] {
  const { target, line } = found;
  if (target === undefined) return [];
  if (target === "package.json") return [];
  const fault = (rule: string): Violation[] => [{ path, line, rule }];
  if (!target.startsWith("src/")) return fault(`imports ${target}, which is outside src/`);
  const [from, to] = [folderOf(path), folderOf(target)];
  const allowed = MAY_IMPORT[from];
  if (allowed === undefined)
    return fault(`${from} is not in the layer table of tools/check-layers.ts`);
  if (isTest(target)) return fault(`imports the test ${target}`);
  if (from === to || to === "base" || allowed.includes(to) || allowed.includes("*")) return [];
  return fault(`${from} may not import ${to}; it may import ${["base", ...allowed].join(", ")}`);
}

function nativeFaults({ path, imports }: Source): Violation[] {
  return imports.flatMap(({ specifier, line }) => {
    const bindings = BINDINGS[specifier];
    return bindings === undefined || bindings.includes(path)
      ? []
      : [{ path, line, rule: `only ${bindings.join(" and ")} may import ${specifier}` }];
  });
}

function processFaults({ path, imports, globals }: Source): Violation[] {
  if (PROGRAMS.includes(folderOf(path))) return [];
  const isBanned = (name: string): boolean =>
    name.startsWith("console.") || PROCESS_MEMBERS.some((member) => name === `process.${member}`);
  const isExcused = (name: string): boolean =>
    PROCESS_ENTRIES.includes(path) && name === "process.argv";
  const named = imports.flatMap(({ specifier, names, line }) =>
    names.map((name) => ({ name: `${specifier.replace("node:", "")}.${name}`, line })),
  );
  return [...globals, ...named]
    .filter(({ name }) => isBanned(name) && !isExcused(name))
    .map(({ name, line }) => ({
      path,
      line,
      rule: `uses ${name}, which only ${PROGRAMS.join(" and ")} may`,
    }));
}

/** The shortest chain of imports, dynamic ones too, by which the main process would load the bindings. */
function bindingsReached(sources: readonly Source[], bindings: string): Violation[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const entries = [...byPath.keys()].filter((path) => PROGRAMS.includes(folderOf(path)));
  const cameFrom = new Map<string, Place | undefined>(entries.map((path) => [path, undefined]));
  const queue = [...entries];
  for (let path = queue.shift(); path !== undefined && path !== bindings; path = queue.shift()) {
    for (const { target, line, isErased } of byPath.get(path)?.imports ?? []) {
      if (target === undefined || isErased || cameFrom.has(target)) continue;
      cameFrom.set(target, { path, line });
      queue.push(target);
    }
  }
  const last = cameFrom.get(bindings);
  if (last === undefined) return [];
  const chain = [bindings];
  for (let step: Place | undefined = last; step; step = cameFrom.get(step.path))
    chain.unshift(step.path);
  return [{ ...last, rule: `${chain.join(" -> ")}: the bindings are for child processes alone` }];
}

/** A violation for each edge that closes a cycle in a depth-first walk. Types count: a cycle of them is one to read. */
function cycles(sources: readonly Source[]): Violation[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const found: Violation[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const here = [...trail, path];
    for (const { target, line } of byPath.get(path)?.imports ?? []) {
      if (target === undefined || done.has(target)) continue;
      const start = here.indexOf(target);
      if (start >= 0)
        found.push({
          path,
          line,
          rule: `import cycle: ${[...here.slice(start), target].join(" -> ")}`,
        });
      else visit(target, here);
    }
    done.add(path);
  };
  for (const { path } of sources) if (!done.has(path)) visit(path, []);
  return found;
}

if (import.meta.main) {
  const violations = checkLayers(process.argv[2] ?? dirname(import.meta.dirname));
  for (const { path, line, rule } of violations) console.log(`${path}:${line}: ${rule}`);
  if (violations.length > 0) process.exitCode = 1;
}
