/**
 * A language model as everything above sees it: text in, text out. Three back ends stand behind it: llama.cpp in a child
 * process, a server that speaks OpenAI's protocol, and a replay for tests. What a model says is a proposal, never trusted;
 * what goes wrong with it is a value.
 */

/** Outcomes of a call. "refused": the prompt does not fit, or the back end cannot do what was asked. */
export type ModelOutcome<T> =
  | { readonly status: "ok"; readonly value: T }
  | {
      readonly status: "refused" | "crashed" | "timeout" | "unreachable";
      readonly message: string;
    };

export interface ModelRequest {
  /** With its marks, whole: nothing is put before or after it. */
  readonly prompt: string;
  /** How many distinct answers are wanted, at least 1; fewer come where there are no more. */
  readonly count: number;
  /** Of one answer, in tokens. */
  readonly maxTokens: number;
  /** An answer ends before the first of these; the model's own end token always ends it. */
  readonly stops: readonly string[];
  /** GBNF that every answer follows; a back end that cannot hold to it says "refused". */
  readonly grammar?: string;
  /** A help, and no promise: a back end that cannot go back within an answer does without. */
  readonly monitor?: Monitor | undefined;
  /** False where a single answer need not tell its log probability: it then comes a little sooner. */
  readonly probability?: boolean;
  readonly limitMs: number;
}

/**
 * Looks at an answer while it is written, line by line; the model goes back to before what cannot stand ("monitor-guided
 * decoding", arXiv 2306.10763).
 */
export interface Monitor {
  /** What its judgement depends on; the same name looks at the same text in the same way. */
  readonly name: string;
  /**
   * `text`: the answer so far, after each of its lines, now and then within a long one, and all of it at its end; `stands`: so many
   * characters of it stand, for they were looked at before. The place of the first character behind them that is wrong whatever
   * follows, the text's length where it is the end itself; undefined where there is none.
   */
  readonly look: (text: string, isEnd: boolean, stands: number) => Promise<number | undefined>;
}

export interface ModelReply {
  readonly text: string;
  /** By itself (end token or stop), not at the limit of tokens. */
  readonly ended: boolean;
  /** It did not end because no next line was found that the monitor takes. */
  readonly isLost?: boolean;
  /** Sum of the log probabilities (nats) of its tokens; undefined where the back end does not tell. */
  readonly logProbability?: number;
  readonly tokens: number;
}

export interface ScoreRequest {
  /** What stands before the text, marks as in a prompt; "" where nothing does. It is not scored. */
  readonly before: string;
  readonly text: string;
  readonly limitMs: number;
}

/**
 * How likely a model finds a text. A text's first token counts only where something is before it: `before`, or the begin token
 * that some models want.
 */
export interface ModelScore {
  /** Minus the sum of the log probabilities of the tokens that count, each given those before it. */
  readonly nats: number;
  /** How many count. */
  readonly tokens: number;
}

export interface WeighRequest {
  /** As of a ModelRequest. */
  readonly prompt: string;
  /** Beginnings of an answer, at least one; none of them empty. */
  readonly options: readonly string[];
  readonly limitMs: number;
}

export interface Model {
  /** The path or address that was asked for. */
  readonly name: string;
  readonly dialect: "compact" | "published";
  /** What it was trained for; without it there is no saying. */
  readonly tasks?: readonly string[] | undefined;
  /** Tokens of prompt and answer together. */
  readonly contextTokens: number;
  /** Exact where the tokenizer is at hand, else never too low for text of code. */
  countTokens(text: string): number;
  /**
   * Distinct answers, the model's first choice first; a higher count adds others behind it. Embedded: by the probability of the
   * branch at which each leaves those before (llama-cpp/sample.ts), and the same request gives the same replies, always. A
   * server: as far as it keeps that (openai.ts). The order is not that of `logProbability`, which favours short answers.
   */
  propose(request: ModelRequest): Promise<ModelOutcome<readonly ModelReply[]>>;
  /**
   * For next-token loss. Embedded: a text longer than the context is taken in windows (llama-cpp/score.ts). Undefined where the
   * back end has no such thing.
   */
  score?(request: ScoreRequest): Promise<ModelOutcome<ModelScore>>;
  /**
   * For a choice among answers that are known: of each option the log probability (nats) that the answer begins with it. Undefined where
   * the back end has no such thing.
   */
  weigh?(request: WeighRequest): Promise<ModelOutcome<readonly number[]>>;
  close(): Promise<void>;
}
