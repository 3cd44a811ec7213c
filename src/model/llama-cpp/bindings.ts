/**
 * The only file that knows node-llama-cpp; only the child process loads it.
 *
 * Evaluation goes by the package's native objects, below its public interface: that one sorts the whole vocabulary for
 * every token of which more than the best is wanted, and has no grammar where it gives probabilities without a choice.
 * The package's version is pinned, and the tests of this folder run on it.
 */

import { LlamaLogLevel, type LlamaModel, type Token, getLlama } from "node-llama-cpp";

/** Candidates for the next token, the most likely first. */
export interface Candidates {
  readonly tokens: readonly number[];
  /** Natural logarithms, over the whole vocabulary; none for "best". */
  readonly logProbabilities: readonly number[];
}

/** How many candidates; "best" is one without its probability, at a quarter of the price: 16,384 exponentials take as long as a layer. */
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
const SMALL_BATCH_TOKENS = 8;
/**
 * A token of a smaller model is one thread's work of a millisecond: several start and meet for each, which may take ten where the
 * system is slow to spread them (12 ms against 1.2 for a model of 6 MB on two virtual cores).
 */
const SMALL_MODEL_BYTES = 64 << 20;
/** Of the numbers that one batch gives where every token's are wanted: 512 tokens of 16,384. */
const MAX_LOGITS_BYTES = 32 << 20;
const LOGIT_BYTES = 4;
const SEQUENCE = 0;
const DAMAGED = "the model's output is not a number; the file is damaged";

/** Which logits: of these tokens, of the highest, the lowest, the chosen one, and of so many from the best on. */
type Wanted = readonly [
  tokens: readonly number[],
  highest: boolean,
  lowest: boolean,
  chosen: boolean,
  top: number,
];
interface NativeContext {
  setThreads(count: number): void;
  initBatch(size: number): void;
  addToBatch(
    sequence: number,
    first: number,
    tokens: Uint32Array,
    wanted: Uint32Array,
  ): Uint32Array;
  decodeBatch(): Promise<void>;
  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean;
  sampleToken(
    index: number,
    sampler: NativeSampler,
    probabilities: boolean,
    confidence: boolean,
    logits: Wanted | false,
    totalWeight: boolean,
  ): Promise<[token: number, undefined, undefined, logits?: number[], totalWeight?: number]>;
}
interface NativeSampler {
  applyConfig(config: Readonly<Record<string, number>>): void;
}
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
    new (model: NativeModel): NativeSampler;
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
    const model = await llama.loadModel({ modelPath: options.path });
    const contextTokens =
      options.contextTokens ?? Math.min(model.trainContextSize, options.maxContextTokens);
    const batchTokens = Math.min(BATCH_TOKENS, contextTokens);
    const context = await model.createContext({
      contextSize: contextTokens,
      sequences: 1,
      batchSize: batchTokens,
      threads: { ideal: threads, min: threads },
    });
    const { _bindings: addon } = llama as unknown as { _bindings: Addon };
    const { _model: nativeModel } = model as unknown as { _model: NativeModel };
    const { _ctx: native } = context as unknown as { _ctx: NativeContext };
    const texts = textSide(model, nativeModel);
    const best = new addon.AddonSampler(nativeModel);
    best.applyConfig({ temperature: 0 });
    const samplers = { best, top: new addon.AddonSampler(nativeModel) };
    const isSmall = model.size < SMALL_MODEL_BYTES;
    const threadsFor = (tokens: number): number =>
      isSmall && tokens <= SMALL_BATCH_TOKENS ? 1 : threads;
    const outputTokens = Math.floor(MAX_LOGITS_BYTES / (LOGIT_BYTES * texts.vocabularySize));
    return {
      contextTokens,
      threads,
      ...texts,
      ...evaluation(native, {
        ...samplers,
        batchTokens,
        threadsFor,
      }),
      ...following(native, {
        sampler: best,
        batchTokens: Math.max(1, Math.min(batchTokens, outputTokens)),
        threadsFor,
      }),
      grammar: grammars(addon, nativeModel),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error([why, ...words.slice(-3)].join("; "), { cause: error });
  }
}

type TextSide = Pick<Engine, "tokenize" | "detokenize" | "isEnd" | "vocabularySize">;

function textSide(model: LlamaModel, native: NativeModel): TextSide {
  const { bos } = model.tokens;
  const begin = native.shouldPrependBosToken() && bos !== null ? [bos] : [];
  return {
    vocabularySize: Array.from(model.iterateAllTokens()).length,
    tokenize: (text, specials) => [...begin, ...model.tokenize(text, specials)],
    detokenize: (tokens) => model.detokenize(tokens as readonly Token[], true),
    isEnd: (token) => model.isEogToken(token as Token),
  };
}

interface Batches {
  readonly batchTokens: number;
  /** For a batch of so many tokens. */
  readonly threadsFor: (tokens: number) => number;
}

interface Samplers {
  /** Chooses the best token. */
  readonly best: NativeSampler;
  /** Puts the best ones in order. */
  readonly top: NativeSampler;
}

function evaluation(
  native: NativeContext,
  { best, top, batchTokens, threadsFor }: Samplers & Batches,
): Pick<Engine, "rewind" | "evaluate" | "widen"> {
  let last = -1;
  /** Minus the log probability of the best token after `last`, where it was weighed. */
  let total = Number.NaN;

  async function bestToken(isWeighed: boolean): Promise<number> {
    const [token, , , , weight = Number.NaN] = await native.sampleToken(
      last,
      best,
      false,
      false,
      false,
      isWeighed,
    );
    total = Math.log(weight);
    if (token < 0 || (isWeighed && !Number.isFinite(total))) throw new Error(DAMAGED);
    return token;
  }

  /** Tokens and logits in turn. */
  async function bestPairs(width: number): Promise<number[]> {
    top.applyConfig({ temperature: 1, topK: width, topP: 1, minP: 0, seed: 0 });
    const wanted = [[], false, false, false, width] as const;
    const [, , , pairs = []] = await native.sampleToken(last, top, false, false, wanted, false);
    return pairs;
  }

  function candidatesOf(pairs: readonly number[]): Candidates {
    const tokens = pairs.filter((_, at) => at % 2 === 0);
    const logits = pairs.filter((_, at) => at % 2 === 1);
    return { tokens, logProbabilities: logits.map((logit) => logit - (logits[0] ?? 0) - total) };
  }

  /**
   * The best token's logarithm is minus that of the sum of exp(logit - best logit) over the vocabulary, so one pass without
   * sorting gives both; more of them take a second pass, at the same time on another thread.
   */
  async function candidates(width: Width): Promise<Candidates> {
    if (width === 0) return { tokens: [], logProbabilities: [] };
    if (width === "best") return { tokens: [await bestToken(false)], logProbabilities: [] };
    if (width === 1) return { tokens: [await bestToken(true)], logProbabilities: [-total] };
    const [, pairs] = await Promise.all([bestToken(true), bestPairs(width)]);
    return candidatesOf(pairs);
  }

  return {
    rewind: (position) => void native.removeTokenCellsFromSequence(SEQUENCE, position, -1),
    async evaluate(tokens, position, width) {
      for (let at = 0; at < tokens.length; at += batchTokens) {
        const part = Uint32Array.from(tokens.slice(at, at + batchTokens));
        native.setThreads(threadsFor(part.length));
        native.initBatch(part.length); // also forgets the batch before
        const isLast = at + batchTokens >= tokens.length;
        const wanted = Uint32Array.from(isLast && width !== 0 ? [part.length - 1] : []);
        const [index] = native.addToBatch(SEQUENCE, position + at, part, wanted);
        await native.decodeBatch();
        if (index !== undefined) last = index;
      }
      return candidates(width);
    },
    widen: async (width) => candidatesOf(await bestPairs(width)),
  };
}

/** What every token of a text is given, at the price of one pass over the vocabulary each. */
function following(
  native: NativeContext,
  { sampler, batchTokens, threadsFor }: { readonly sampler: NativeSampler } & Batches,
): Pick<Engine, "follow"> {
  /** Its logit less the best one, less the logarithm of the sum of exp(logit - best logit) over the vocabulary. */
  async function logProbability(index: number, token: number): Promise<number> {
    const [best, , , pairs = [], weight = Number.NaN] = await native.sampleToken(
      index,
      sampler,
      false,
      false,
      [[token], false, false, true, 0],
      true,
    );
    const logits = new Map(
      Array.from({ length: pairs.length / 2 }, (_, at) => [pairs[2 * at], pairs[2 * at + 1]]),
    );
    const value =
      (logits.get(token) ?? Number.NaN) - (logits.get(best) ?? Number.NaN) - Math.log(weight);
    if (!Number.isFinite(value)) throw new Error(DAMAGED);
    return value;
  }

  return {
    async follow(tokens, position, { next, skip }) {
      const values: number[] = [];
      for (let at = 0; at < tokens.length; at += batchTokens) {
        const part = Uint32Array.from(tokens.slice(at, at + batchTokens));
        const wanted = Uint32Array.from(part.keys()).filter((place) => at + place >= skip);
        native.setThreads(threadsFor(part.length));
        native.initBatch(part.length);
        const indexes = native.addToBatch(SEQUENCE, position + at, part, wanted);
        await native.decodeBatch();
        for (const [order, index] of indexes.entries())
          values.push(await logProbability(index, next[at + (wanted[order] ?? 0)] ?? -1));
      }
      return values;
    },
  };
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
