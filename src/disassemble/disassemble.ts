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
import { withRefined } from "./refine/candidate.ts";
import { type LiftedFunction, bestOf } from "./verdict.ts";

export interface DisassembleOptions {
  /** Answers asked for, a function. */
  readonly candidates: number;
  /** What the model may write more, in tokens, where no answer is exact (refine/refine.ts); 0 for nothing. */
  readonly refineTokens: number;
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
  const { cut, names: all } = assemblyFunctions(source.text, source.architecture);
  const isAlone = all.length === 1;
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
    const question = { source, isAlone, name, wanted, leftMs, ...options };
    const prompt = promptOf(model, question);
    const replies = await ask(pool, model, { ...question, prompt });
    if (replies.status === "unreachable") {
      unreachable = replies.message;
      stop = `not asked: the model cannot be reached: ${unreachable}`;
    }
    lifted.push(
      replies.status === "ok"
        ? await judge(pool, model, { ...question, prompt, replies: replies.value })
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

interface Question extends DisassembleOptions {
  readonly source: AssemblySource;
  /** It is the source's only function. */
  readonly isAlone: boolean;
  readonly name: string;
  readonly wanted: string;
  readonly leftMs: number;
}

/** The published weights know assembly as `clang -S` writes it: as the file has it, where it is one function's. */
function promptOf(
  { dialect }: Model,
  { source: { text, architecture }, isAlone, wanted }: Question,
): string {
  const assembly = dialect === "published" && isAlone ? text : wanted;
  return disassemble[dialect].prompt({ assembly, architecture });
}

function ask(
  pool: Pool,
  model: Model,
  { name, wanted, leftMs, candidates, prompt }: Question & { prompt: string },
): Promise<ModelOutcome<readonly ModelReply[]>> {
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
    stops: disassemble[model.dialect].stops,
    limitMs,
    monitor: functionMonitor(pool, model, { name, assembly: wanted }),
  });
}

interface Judging extends Question {
  readonly prompt: string;
  readonly replies: readonly ModelReply[];
}

async function judge(
  pool: Pool,
  model: Model,
  { name, wanted, source, leftMs, replies, prompt, ...options }: Judging,
): Promise<LiftedFunction> {
  const { scratch, signal, refineTokens } = options;
  const timeLimitMs = Math.min(CHECK_LIMIT_MS, Math.max(1000, leftMs));
  const { architecture } = source;
  const question = { name, wanted, architecture, scratch, timeLimitMs, signal };
  const said = await judgeReplies(pool, question, { replies, dialect: model.dialect });
  const candidates = await withRefined({ pool, model }, question, {
    candidates: said,
    replies,
    prompt,
    tokens: refineTokens,
    timeLimitMs: Math.min(ANSWER_LIMIT_MS, leftMs),
  });
  const best = bestOf(candidates);
  if (best === undefined) return nothing(name, "the model gave no answer");
  const { verdict, reason } = best;
  return { name, verdict, reason, candidates, ir: verdict === "failed" ? undefined : best.ir };
}
