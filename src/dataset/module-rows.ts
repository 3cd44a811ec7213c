/** All rows of one corpus module, for all stages wanted, with their tokens; and what was left out of each stage, and why. */

import type { WithBitcode } from "../corpus/corpus-module.ts";
import { type Outcome, ok } from "../llvm/outcome.ts";
import type { Pool } from "../llvm/pool.ts";
import { cutModule } from "../tasks/cut.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { readIr } from "../tasks/ir-text.ts";
import type { Tokenizer } from "../tokenizer/encode.ts";
import { disassembleRows } from "./disassemble.ts";
import { emulateRows } from "./emulate.ts";
import { pretrainRows } from "./pretrain.ts";
import { architectureOf, foreignTo, retarget } from "./retarget.ts";
import { type Counts, type Draft, type Made, type Row, count } from "./row.ts";
import type { SharedFunctions } from "./select.ts";
import { type Kit, type Source, failed } from "./source.ts";
import type { Stage } from "./stages.ts";
import type { Trials } from "./trials.ts";
import { tuneRows } from "./tune.ts";
import { type Unit, openText, openUnit, symbolsOf } from "./unit.ts";

/** What opening a module takes. */
export interface Opening extends Kit {
  readonly isForeign: SharedFunctions["isForeign"];
  readonly trialsOf: (hash: string) => Trials | undefined;
}

export interface Job extends Opening {
  readonly stages: readonly Stage[];
  readonly tokenizer: Tokenizer;
  readonly signal?: AbortSignal | undefined;
}

export interface TokenRow {
  readonly row: Row;
  readonly promptTokens: number;
  readonly answerTokens: number;
  /** Of prompt and answer, one after the other. */
  readonly tokens: Uint16Array;
  /** `row.told` in tokens, from the start of the row: where each stretch starts and ends. */
  readonly toldTokens: readonly number[];
}

export interface ModuleRows {
  readonly rows: readonly TokenRow[];
  readonly leftOut: Readonly<Partial<Record<Stage, Counts>>>;
}

const MAKERS: Readonly<Record<Stage, (source: Source) => AsyncGenerator<Made>>> = {
  pretrain: pretrainRows,
  emulate: emulateRows,
  tune: tuneRows,
  disassemble: disassembleRows,
};

/** Undefined where the signal fired on the way. */
export async function moduleRows(job: Job, module: WithBitcode): Promise<ModuleRows | undefined> {
  using stack = new DisposableStack();
  const opened = await openModule(job, module, stack);
  const rows: TokenRow[] = [];
  const leftOut: Partial<Record<Stage, Counts>> = {};
  for (const stage of job.stages) {
    const counts: Counts = (leftOut[stage] = {});
    // A module without labels is no loss of tuning: nobody measured it.
    if (stage === "tune" && job.trialsOf(module.hash) === undefined) continue;
    for await (const made of "left" in opened ? [opened] : MAKERS[stage](opened.source)) {
      if (job.signal?.aborted === true) return undefined;
      if ("left" in made) count(counts, made.left);
      else if ("source" in opened)
        addRow(job, { rows, counts }, rowOf(made, { stage, module, opened }));
    }
  }
  return job.signal?.aborted === true ? undefined : { rows, leftOut };
}

function addRow(job: Job, to: { rows: TokenRow[]; counts: Counts }, row: Row): void {
  const encode = (text: string): Uint32Array => job.tokenizer.encode(text, { specials: "tokens" });
  const prompt = encode(row.prompt);
  // What is told is a piece of its own: no token is half learned.
  const pieces = [0, ...row.told].map((from, index) =>
    encode(row.answer.slice(from, row.told[index])),
  );
  const edges: number[] = [];
  for (const { length: more } of pieces) edges.push((edges.at(-1) ?? prompt.length) + more);
  const length = edges.at(-1) ?? prompt.length;
  if (length > job.context) return count(to.counts, "row longer than the context");
  const tokens = new Uint16Array(length);
  tokens.set(prompt);
  for (const [index, piece] of pieces.entries())
    tokens.set(piece, (edges[index] ?? 0) - piece.length);
  const [promptTokens, answerTokens] = [prompt.length, length - prompt.length];
  to.rows.push({ row, promptTokens, answerTokens, tokens, toldTokens: edges.slice(0, -1) });
}

interface Opened {
  readonly source: Source;
  /** Hashes of the functions by their symbols. */
  readonly hashes: ReadonlyMap<string, string>;
}

function rowOf(
  { symbols, ...draft }: Draft,
  { stage, module, opened }: { stage: Stage; module: WithBitcode; opened: Opened },
): Row {
  return {
    stage,
    split: module.split,
    module: module.hash,
    package: module.package,
    path: module.path,
    told: [],
    ...draft,
    functions: symbols.flatMap((symbol) => opened.hashes.get(symbol) ?? []),
  };
}

type ModuleBytes = Pick<WithBitcode, "hash" | "bitcode" | "path" | "split">;

/** A module and what training makes rows of: without what other splits have, for both architectures. `stack` closes it. */
export async function openModule(
  job: Opening,
  module: ModuleBytes,
  stack: DisposableStack,
): Promise<Opened | { readonly left: string }> {
  const own = await ownFunctions(job, module);
  if (own.status !== "ok") return failed(own);
  if (own.value.hashes.size === 0) return { left: "every function is in another split" };
  const unit = await openText(job.pool, own.value.text);
  if (unit.status !== "ok") return failed(unit);
  stack.use(unit.value);
  const architecture = architectureOf(unit.value.module.info.triple);
  if (architecture === undefined) return { left: "another architecture" };
  const other = await openOther(job.pool, own.value.text, architecture);
  if (!("why" in other)) stack.use(other);
  const source: Source = {
    ...job,
    hash: module.hash,
    unit: unit.value,
    architecture,
    other,
    trials: job.trialsOf(module.hash),
    isWhole: own.value.isWhole,
  };
  return { source, hashes: own.value.hashes };
}

async function openOther(
  pool: Pool,
  text: string,
  architecture: Architecture,
): Promise<Unit | { readonly why: string }> {
  const retargeted = retarget(text, foreignTo(architecture));
  if ("why" in retargeted) return retargeted;
  const unit = await openUnit(pool, retargeted.text);
  return unit.status === "ok" ? unit.value : { why: failed(unit).left };
}

interface OwnFunctions {
  /** In normal form. */
  readonly text: string;
  readonly hashes: ReadonlyMap<string, string>;
  readonly isWhole: boolean;
}

/** The module without the functions that another split has. */
async function ownFunctions(
  { pool, isForeign }: Opening,
  { bitcode, path, split }: ModuleBytes,
): Promise<Outcome<OwnFunctions>> {
  const all = await hashedFunctions(pool, bitcode, path);
  if (all.status !== "ok") return all;
  const { text, hashes } = all.value;
  const own = [...hashes].filter(([, hash]) => !isForeign(hash, split));
  if (own.length === hashes.size || own.length === 0)
    return ok({ text, hashes: new Map(own), isWhole: true });
  const ir = readIr(text);
  const bodies = own.map(([symbol]) => [symbol, ir.functions.get(symbol) ?? []] as const);
  const cut = await hashedFunctions(pool, Buffer.from(cutModule(ir, new Map(bodies))), path);
  if (cut.status !== "ok") return cut;
  // A cut function may have another hash: what it calls is declared now. It is known by the one that it had.
  const symbols = [...cut.value.hashes.keys()];
  const kept = own.map(([, hash], index) => [symbols[index] ?? "", hash] as const);
  return ok({ text: cut.value.text, hashes: new Map(kept), isWhole: false });
}

async function hashedFunctions(
  pool: Pool,
  bytes: Uint8Array,
  name: string,
): Promise<Outcome<{ text: string; hashes: ReadonlyMap<string, string> }>> {
  const loaded = await pool.load(bytes, name);
  if (loaded.status !== "ok") return loaded;
  try {
    const normal = await pool.normalize(loaded.value);
    if (normal.status !== "ok") return normal;
    const { text, functions } = normal.value;
    const symbols = symbolsOf(text);
    const hashes = functions.map(({ hash }, index) => [symbols[index] ?? "", hash] as const);
    return ok({ text, hashes: new Map(hashes) });
  } finally {
    pool.unload(loaded.value);
  }
}
