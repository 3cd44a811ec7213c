/**
 * Assembly to IR with a verdict a function: cut out, asked of the model, its answers judged, the best one kept.
 * A function that the model cannot be asked about, or gives nothing for, is `failed` with the reason; nothing is left out.
 */

import type { AssemblySource } from "./assembly-source.ts";
import type { Pool } from "../llvm/pool.ts";
import type { Model, ModelOutcome, ModelReply } from "../model/model.ts";
import { assemblyFunctions } from "../tasks/assembly-cut.ts";
import { disassemble } from "../tasks/disassemble.ts";
import { enoughTokens } from "../tasks/endless.ts";
import { judgeReplies } from "./candidate.ts";
import { functionMonitor } from "./monitor.ts";
import { type LiftedFunction, bestOf } from "./verdict.ts";

export interface DisassembleOptions {
  /** Answers asked for, a function. */
  readonly candidates: number;
  /** A folder for checking programs; one that is used again saves time. */
  readonly scratch: string;
  /** Functions whose turn comes later are failed with that reason. */
  readonly timeLimitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onFunction?: (name: string, index: number) => void;
}

/** Of one check; a function that takes longer is unverified. */
const CHECK_LIMIT_MS = 30_000;
const ANSWER_LIMIT_MS = 600_000;
/** With less room no function's IR fits. */
export const LEAST_ANSWER_TOKENS = 64;

/** The functions that the assembly defines, in its order. */
export const functionNames = (source: AssemblySource): readonly string[] =>
  assemblyFunctions(source.text, source.architecture).names;

export interface Disassembly {
  /** In the order of their names in the question. */
  readonly functions: readonly LiftedFunction[];
  /** The model could not be reached; functions from there on were not asked about. */
  readonly unreachable?: string;
}

/** `names`: some of `functionNames`. */
export async function disassembleFunctions(
  pool: Pool,
  model: Model,
  {
    source,
    names,
    ...options
  }: { source: AssemblySource; names: readonly string[] } & DisassembleOptions,
): Promise<Disassembly> {
  const { cut } = assemblyFunctions(source.text, source.architecture);
  const ends = performance.now() + (options.timeLimitMs ?? Number.POSITIVE_INFINITY);
  const lifted: LiftedFunction[] = [];
  let stop: string | undefined;
  let unreachable: string | undefined;
  for (const [index, name] of names.entries()) {
    options.onFunction?.(name, index);
    if (options.signal?.aborted === true) stop ??= "not asked: interrupted";
    if (performance.now() > ends) stop ??= "not asked: the time was over";
    const wanted = cut(name);
    const why = stop ?? (wanted === undefined ? "no function in the assembly" : undefined);
    if (why !== undefined || wanted === undefined) {
      lifted.push(nothing(name, why ?? ""));
      continue;
    }
    const leftMs = ends - performance.now();
    const replies = await ask(pool, model, { source, name, wanted, leftMs, ...options });
    if (replies.status === "unreachable") {
      unreachable = replies.message;
      stop = `not asked: the model cannot be reached: ${unreachable}`;
    }
    lifted.push(
      replies.status === "ok"
        ? await judge(pool, model, {
            name,
            wanted,
            source,
            leftMs,
            replies: replies.value,
            options,
          })
        : nothing(name, `the model gave nothing: ${replies.status}: ${replies.message}`),
    );
  }
  return unreachable === undefined ? { functions: lifted } : { functions: lifted, unreachable };
}

const nothing = (name: string, reason: string): LiftedFunction => ({
  name,
  verdict: "failed",
  reason,
  ir: undefined,
  candidates: [],
});

interface Question {
  readonly source: AssemblySource;
  readonly name: string;
  readonly wanted: string;
  readonly leftMs: number;
  readonly candidates: number;
}

/** The published weights know assembly as `clang -S` writes it: as the file has it, where it is one function's. */
function ask(
  pool: Pool,
  model: Model,
  { source: { text, architecture }, name, wanted, leftMs, candidates }: Question,
): Promise<ModelOutcome<readonly ModelReply[]>> {
  const { prompt: render, stops } = disassemble[model.dialect];
  const isAlone = assemblyFunctions(text, architecture).names.length === 1;
  const assembly = model.dialect === "published" && isAlone ? text : wanted;
  const prompt = render({ assembly, architecture });
  const promptTokens = model.countTokens(prompt);
  const room = model.contextTokens - promptTokens;
  if (room < LEAST_ANSWER_TOKENS) {
    const message = `the function's prompt has ${promptTokens} tokens, the model's context ${model.contextTokens}`;
    return Promise.resolve({ status: "refused", message });
  }
  const limitMs = Math.min(ANSWER_LIMIT_MS, leftMs);
  return model.propose({
    prompt,
    count: candidates,
    maxTokens: Math.min(room, enoughTokens("disassemble", promptTokens)),
    stops,
    limitMs,
    monitor: functionMonitor(pool, model, { name, assembly: wanted }),
  });
}

interface Judging {
  readonly name: string;
  readonly wanted: string;
  readonly source: AssemblySource;
  readonly leftMs: number;
  readonly replies: readonly ModelReply[];
  readonly options: DisassembleOptions;
}

async function judge(
  pool: Pool,
  { dialect }: Model,
  { name, wanted, source, leftMs, replies, options: { scratch, signal } }: Judging,
): Promise<LiftedFunction> {
  const timeLimitMs = Math.min(CHECK_LIMIT_MS, Math.max(1000, leftMs));
  const question = {
    name,
    wanted,
    architecture: source.architecture,
    scratch,
    timeLimitMs,
    signal,
  };
  const candidates = await judgeReplies(pool, question, { replies, dialect });
  const best = bestOf(candidates);
  if (best === undefined) return nothing(name, "the model gave no answer");
  const { verdict, reason } = best;
  return { name, verdict, reason, candidates, ir: verdict === "failed" ? undefined : best.ir };
}
