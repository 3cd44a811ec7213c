/**
 * What the parent and the child that holds the model say to each other: one message each way at a time, by structured clone. While a
 * monitored answer is written the child asks back, a `Look` for each line, and the parent says what its monitor found.
 */

import type {
  ModelOutcome,
  ModelReply,
  ModelRequest,
  ModelScore,
  ScoreRequest as Score,
  WeighRequest as Weigh,
} from "../model.ts";

export interface LoadRequest {
  readonly kind: "load";
  readonly path: string;
  /** Of the context; undefined is what the model was trained with, up to DEFAULT_CONTEXT_TOKENS. */
  readonly contextTokens: number | undefined;
  /** Fixed for the life of the child: llama.cpp's sums may differ in the last bit between numbers of threads. */
  readonly threads: number | undefined;
  /** Whether marks such as <|begin|> in a prompt are special tokens. */
  readonly specials: boolean;
}

export interface Loaded {
  readonly contextTokens: number;
  readonly threads: number;
}

export type ProposeRequest = {
  readonly kind: "propose";
  readonly isMonitored: boolean;
} & Omit<ModelRequest, "monitor">;
export type ScoreRequest = { readonly kind: "score" } & Score;
export type WeighRequest = { readonly kind: "weigh" } & Weigh;

export interface Replies {
  load: Loaded;
  propose: readonly ModelReply[];
  score: ModelScore;
  /** Of each option. */
  weigh: readonly number[];
}

export type Request = LoadRequest | ProposeRequest | ScoreRequest | WeighRequest;
export type Answer = ModelOutcome<Replies[keyof Replies]>;

/** model.ts, Monitor: the question and its answer. */
export interface Look {
  readonly kind: "look";
  readonly text: string;
  readonly isEnd: boolean;
  readonly stands: number;
}
export interface Looked {
  readonly kind: "looked";
  readonly at: number | undefined;
}

/** The child is up and has not loaded anything yet. */
export const READY = "ready";

/** Longer contexts than this take gigabytes; ask for them by `contextTokens`. */
export const DEFAULT_CONTEXT_TOKENS = 16_384;
