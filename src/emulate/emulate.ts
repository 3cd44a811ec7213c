/**
 * Compiler emulation: the model is given IR and a pass list and says what `opt` would make of it, and how large that is.
 * Nothing is run but what measures the IR that goes in; check.ts holds the answer against the real compiler.
 */

import { type Outcome, describeFailure, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import type { Model, ModelOutcome, ModelReply } from "../model/model.ts";
import type { PassList } from "../passes/tree.ts";
import type { CodeKind, CodeSizes, Parsed } from "../tasks/dialect.ts";
import { type EmulateAnswer, emulate } from "../tasks/emulate.ts";
import { enoughTokens } from "../tasks/endless.ts";
import { type Check, checkAnswer } from "./check.ts";
import { codeMonitor } from "./monitor.ts";
import { type Part, partsOf, singlesOf, unload } from "./parts.ts";
import { sizesOf } from "./sizes.ts";

export interface EmulateOptions {
  readonly passes: PassList;
  readonly want: CodeKind;
  /** Runs the real compiler too. */
  readonly isChecked: boolean;
  /** Of one answer. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onPart?: (index: number, count: number) => void;
}

export interface Emulated {
  /** Symbols as IR writes them; undefined for all of the module. */
  readonly functions: readonly string[] | undefined;
  /** Of the IR that went in. */
  readonly before: CodeSizes;
  /** What was read of the answer; undefined where there is none. */
  readonly answer: Parsed<EmulateAnswer> | undefined;
  /** Why there is no answer, or what is wrong with it. */
  readonly problem?: string;
  /** Undefined where nothing was checked. */
  readonly check?: Check;
}

export interface Emulation {
  readonly parts: readonly Emulated[];
  /** Functions that the model's context has no room for. */
  readonly tooLong: readonly { readonly symbol: string; readonly tokens: number }[];
  /** Times that the model had no answer about several functions together and was asked about each of them. */
  readonly split: number;
  /** The model could not be reached; what is there came before. */
  readonly unreachable?: string;
}

const ANSWER_LIMIT_MS = 600_000;
/** Of the context, for the IR that goes in; as much is left for what comes out, and passes and marks take the rest. */
const IR_SHARE = 0.42;

/** A module that the model cannot be asked about is a failure; an answer that is wrong is a part's `problem`. */
export async function emulateModule(
  pool: Pool,
  model: Model,
  { module, ...options }: { module: LoadedModule } & EmulateOptions,
): Promise<Outcome<Emulation>> {
  const maxTokens = Math.floor(model.contextTokens * IR_SHARE);
  const room = { maxTokens, countTokens: (text: string): number => model.countTokens(text) };
  const cut = await partsOf(pool, module, room);
  if (cut.status !== "ok") return cut;
  const { parts, tooLong } = cut.value;
  const queue = [...parts];
  const opened = [...parts];
  const done: Emulated[] = [];
  let split = 0;
  try {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      if (options.signal?.aborted === true) break;
      options.onPart?.(done.length, done.length + 1 + queue.length);
      const emulated = await emulatePart(pool, model, { part, ...options });
      if (emulated.status !== "ok") return emulated;
      const { unreachable, ...result } = emulated.value;
      if (unreachable !== undefined)
        return ok({ parts: [...done, result], tooLong, split, unreachable });
      const singles = result.answer?.ok === true ? ok([]) : await singlesOf(pool, part);
      if (singles.status !== "ok") return singles;
      opened.push(...singles.value);
      queue.unshift(...singles.value);
      if (singles.value.length === 0) done.push(result);
      else split++;
    }
    return ok({ parts: done, tooLong, split });
  } finally {
    unload(pool, opened);
  }
}

async function emulatePart(
  pool: Pool,
  model: Model,
  { part, ...options }: { part: Part } & EmulateOptions,
): Promise<Outcome<Emulated & { readonly unreachable?: string }>> {
  const before = await sizesOf(pool, part.module, "");
  if (before.status !== "ok") return before;
  const base = { functions: part.functions, before: before.value };
  const replies = await ask(pool, model, { part, before: before.value, ...options });
  if (replies.status !== "ok") {
    const problem = `the model gave nothing: ${replies.status}: ${replies.message}`;
    const unreachable = replies.status === "unreachable" ? { unreachable: replies.message } : {};
    return ok({ ...base, answer: undefined, problem, ...unreachable });
  }
  const [reply] = replies.value;
  if (reply === undefined)
    return ok({ ...base, answer: undefined, problem: "the model gave no answer" });
  const answer = emulate[model.dialect].parse(reply, { want: options.want });
  const faults = answer.ok
    ? {}
    : { problem: answer.faults.map(({ message }) => message).join("; ") };
  if (!options.isChecked) return ok({ ...base, answer, ...faults });
  const check = await checkAnswer(pool, part, { answer, ...options });
  if (check.status !== "ok")
    return { ...check, message: `the real compiler: ${describeFailure(check)}` };
  return ok({ ...base, answer, ...faults, check: check.value });
}

interface Question extends EmulateOptions {
  readonly part: Part;
  readonly before: CodeSizes;
}

function ask(
  pool: Pool,
  model: Model,
  { part, before, passes, want, limitMs = ANSWER_LIMIT_MS }: Question,
): Promise<ModelOutcome<readonly ModelReply[]>> {
  const { prompt: render, stops } = emulate[model.dialect];
  const prompt = render({ ir: part.text, passes, sizes: before, want });
  const promptTokens = model.countTokens(prompt);
  const room = model.contextTokens - promptTokens;
  if (room < 1) {
    const message = `the prompt leaves no room in the model's context of ${model.contextTokens} tokens; want a shorter pass list`;
    return Promise.resolve({ status: "refused", message });
  }
  const maxTokens = Math.min(room, enoughTokens("emulate", promptTokens));
  const monitor = codeMonitor(pool, model, {
    ir: part.text,
    passes,
    want,
    triple: part.module.info.triple,
  });
  return model.propose({
    prompt,
    count: 1,
    maxTokens,
    stops,
    limitMs,
    monitor,
  });
}
