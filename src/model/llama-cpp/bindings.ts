/**
 * A model in llama.cpp; only the child process loads it. Text and grammars go by node-llama-cpp, of which this is the only file that
 * knows, and there by its native objects: its public interface has no grammar where it gives probabilities without a choice.
 * Evaluation goes by native.ts. The package's version is pinned, and the tests of this folder run on it.
 */

import { setImmediate } from "node:timers/promises";
import { LlamaLogLevel, type LlamaModel, type Token, getLlama } from "node-llama-cpp";
import { bestToken, logSum, topTokens } from "./logits.ts";
import { type Native, openNative } from "./native.ts";

/** Candidates for the next token, the most likely first. */
export interface Candidates {
  readonly tokens: readonly number[];
  /** Natural logarithms, over the whole vocabulary; none for "best". */
  readonly logProbabilities: readonly number[];
}

/** How many candidates; "best" is one without its probability, which takes an exponential for each token of the vocabulary. */
export type Width = number | "best";

/** A position in a grammar. */
export interface GrammarState {
  clone(): GrammarState;
  allows(token: number): boolean;
  /** Throws where the token is not allowed. */
  accept(token: number): void;
}

export interface Engine {
  readonly contextTokens: number;
  readonly vocabularySize: number;
  readonly threads: number;
  /** With the begin token where the file says that it wants one. */
  tokenize(text: string, specials: boolean): number[];
  /** Special tokens as their text. */
  detokenize(tokens: readonly number[]): string;
  isEnd(token: number): boolean;
  /** Forgets all tokens from this position on. */
  rewind(position: number): void;
  /** Puts tokens behind the `position` ones that are there; `width` candidates for what follows, none for 0. */
  evaluate(tokens: readonly number[], position: number, width: Width): Promise<Candidates>;
  /**
   * Puts tokens behind the `position` ones that are there, and tells the log probability (nats, over the whole vocabulary) of
   * `next[i]` after `tokens[i]`; the first `skip` are evaluated and not asked for. As long as `tokens` less `skip`.
   */
  follow(
    tokens: readonly number[],
    position: number,
    rest: { readonly next: readonly number[]; readonly skip: number },
  ): Promise<number[]>;
  /** Candidates anew for what was evaluated last: more of them. */
  widen(width: number): Promise<Candidates>;
  /** The state before the first token, to be cloned. Throws an Error where the text is no GBNF. */
  grammar(text: string): Pick<GrammarState, "clone">;
}

export interface EngineOptions {
  readonly path: string;
  readonly contextTokens: number | undefined;
  readonly maxContextTokens: number;
  readonly threads: number | undefined;
}

/** Tokens that are evaluated at once. Fixed, for sums may depend on it in the last bit. */
const BATCH_TOKENS = 512;
/** Of the numbers that one batch gives where every token's are wanted: 512 tokens of 16,384. */
const MAX_LOGITS_BYTES = 32 << 20;
/** One token after the other is evaluated without a look at anything else; messages are looked at as often. */
const YIELD_MS = 50;
const DAMAGED = "the model's output is not a number; the file is damaged";

interface NativeGrammar {
  readonly isNativeGrammar: never;
}
interface NativeState {
  readonly isNativeState: never;
}
interface NativeModel {
  shouldPrependBosToken(): boolean;
}
interface Addon {
  readonly AddonSampler: {
    canBeNextTokenForGrammarEvaluationState(state: NativeState, token: number): boolean;
    acceptGrammarEvaluationStateToken(state: NativeState, token: number): void;
  };
  readonly AddonGrammar: new (text: string, options: { addonExports: Addon }) => NativeGrammar;
  readonly AddonGrammarEvaluationState: {
    new (model: NativeModel, grammar: NativeGrammar): NativeState;
    new (state: NativeState): NativeState;
  };
}

/** Throws an Error with llama.cpp's words where the file cannot be loaded. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const words: string[] = [];
  const llama = await getLlama({
    gpu: false,
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
    logger: (_, message) => words.push(message.trim()),
  });
  const threads = options.threads ?? Math.max(1, llama.cpuMathCores);
  try {
    const model = await llama.loadModel({ modelPath: options.path, vocabOnly: true });
    const { release } = llama.llamaCppRelease;
    const native = await openNative({ ...options, release, threads, batchTokens: BATCH_TOKENS });
    const { _bindings: addon } = llama as unknown as { _bindings: Addon };
    const { _model: nativeModel } = model as unknown as { _model: NativeModel };
    return {
      threads: native.threads,
      contextTokens: native.contextTokens,
      vocabularySize: native.vocabularySize,
      ...textSide(model, nativeModel),
      ...evaluation(native),
      grammar: grammars(addon, nativeModel),
    };
  } catch (error) {
    await setImmediate(); // what llama.cpp says of it comes as an event
    const why = error instanceof Error ? error.message : String(error);
    throw new Error([why, ...words.slice(-3)].join("; "), { cause: error });
  }
}

type TextSide = Pick<Engine, "tokenize" | "detokenize" | "isEnd">;

function textSide(model: LlamaModel, native: NativeModel): TextSide {
  const { bos } = model.tokens;
  const begin = native.shouldPrependBosToken() && bos !== null ? [bos] : [];
  return {
    tokenize: (text, specials) => [...begin, ...model.tokenize(text, specials)],
    detokenize: (tokens) => model.detokenize(tokens as readonly Token[], true),
    isEnd: (token) => model.isEogToken(token as Token),
  };
}

function evaluation(native: Native): Pick<Engine, "rewind" | "evaluate" | "follow" | "widen"> {
  const { batchTokens, vocabularySize } = native;
  const outputs = Math.floor(MAX_LOGITS_BYTES / (Float32Array.BYTES_PER_ELEMENT * vocabularySize));
  let last = 0;
  let rested = 0;

  async function rest(): Promise<void> {
    if (performance.now() - rested < YIELD_MS) return;
    await setImmediate();
    rested = performance.now();
  }

  function candidates(width: Width): Candidates {
    if (width === 0) return { tokens: [], logProbabilities: [] };
    const logits = native.logits(last);
    const tokens = width === 1 || width === "best" ? [bestToken(logits)] : topTokens(logits, width);
    if (width === "best") return { tokens, logProbabilities: [] };
    const sum = logSum(logits, tokens[0]);
    if (!Number.isFinite(sum)) throw new Error(DAMAGED);
    return { tokens, logProbabilities: tokens.map((token) => (logits[token] ?? Number.NaN) - sum) };
  }

  return {
    rewind: (position) => native.rewind(position),
    async evaluate(tokens, position, width) {
      for (let at = 0; at < tokens.length; at += batchTokens) {
        await rest();
        const part = tokens.slice(at, at + batchTokens);
        const isLast = at + batchTokens >= tokens.length;
        last = part.length - 1;
        await native.decode(part, position + at, isLast && width !== 0 ? last : part.length);
      }
      return candidates(width);
    },
    async follow(tokens, position, { next, skip }) {
      const values: number[] = [];
      const size = Math.max(1, Math.min(batchTokens, outputs));
      for (let at = 0; at < tokens.length; at += size) {
        await rest();
        const part = tokens.slice(at, at + size);
        const from = Math.min(part.length, Math.max(0, skip - at));
        await native.decode(part, position + at, from);
        for (let place = from; place < part.length; place++)
          values.push(logProbability(native.logits(place), next[at + place] ?? -1));
      }
      return values;
    },
    widen: async (width) => candidates(width),
  };
}

function logProbability(logits: Float32Array, token: number): number {
  const value = (logits[token] ?? Number.NaN) - logSum(logits);
  if (!Number.isFinite(value)) throw new Error(DAMAGED);
  return value;
}

/** The last grammar is kept: one request after the other brings the same, and reading it takes longer than a token. */
function grammars(addon: Addon, model: NativeModel): Engine["grammar"] {
  let last: { readonly text: string; readonly start: GrammarState } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, start: grammarState(addon, model, text) };
    return last.start;
  };
}

function grammarState(addon: Addon, model: NativeModel, text: string): GrammarState {
  const grammar = new addon.AddonGrammar(text, { addonExports: addon });
  const { AddonGrammarEvaluationState: State, AddonSampler: Sampler } = addon;
  const wrap = (state: NativeState): GrammarState => ({
    clone: () => wrap(new State(state)),
    allows: (token) => Sampler.canBeNextTokenForGrammarEvaluationState(state, token),
    accept: (token) => Sampler.acceptGrammarEvaluationStateToken(state, token),
  });
  return wrap(new State(model, grammar));
}
