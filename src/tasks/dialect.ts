/**
 * What the three tasks have in common: the closed sets, and the one interface behind which both dialects stand.
 *
 * A *dialect* is how a task is written down for a model: `compact` is ours (marks.ts), `published` the strings of the
 * published LLM Compiler weights (published.ts). A *prompt* goes to the model, an *answer* comes back, a *target* is the
 * answer we train towards; prompt and target together are a training row. Nothing here runs a model or a compiler.
 */

export const DIALECTS = ["compact", "published"] as const;
export type DialectName = (typeof DIALECTS)[number];

export const TASKS = ["tune", "emulate", "disassemble"] as const;
export type TaskName = (typeof TASKS)[number];

export type Architecture = "x86_64" | "aarch64";

/** What code is written in. */
export type CodeKind = "ir" | "assembly";

export interface TaskDialect<Input, Answer, Context> {
  /** Throws a RangeError where a number of the input is no count. */
  readonly prompt: (input: Input) => string;
  /** The inverse of `parse`. Throws a RangeError where a number of the answer is no count. */
  readonly target: (answer: Answer) => string;
  /** Never throws, whatever the text. */
  readonly parse: (answer: ModelAnswer, context: Context) => Parsed<Answer>;
  /** Generation ends at any of these; they may be in the answer's text or not. */
  readonly stops: readonly string[];
}

export interface ModelAnswer {
  readonly text: string;
  /** The model stopped by itself (end token or a stop string), not at a limit of tokens or time. */
  readonly ended: boolean;
  /** It was given up: no next line was found that can stand. */
  readonly isLost?: boolean;
}

export type Parsed<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | {
      readonly ok: false;
      readonly faults: readonly [Fault, ...Fault[]];
      /** What was read all the same, each part as good as in a whole answer: a list in it passed the check. */
      readonly partial: Partial<Answer>;
    };

export type FaultKind =
  /** Stopped by a limit. */
  | "no end mark"
  /** Stopped by a limit while it repeated itself. */
  | "endless"
  | "lost"
  | "empty"
  | "pass list wrong"
  | "coreset list unknown"
  | "sizes missing"
  | "sizes wrong"
  | "code missing"
  /** A mark where none belongs. */
  | "out of order";

export interface Fault {
  readonly kind: FaultKind;
  /** What was seen and what was wanted. */
  readonly message: string;
}

/** Instructions of IR, and bytes of the object made from it. */
export interface CodeSizes {
  readonly instructions: number;
  readonly bytes: number;
}

/** All parts where there is no fault, else the faults and the parts. */
export function parsedOf<Answer>(
  faults: readonly Fault[],
  partial: Partial<Answer>,
  whole: Answer | undefined,
): Parsed<Answer> {
  const [first, ...rest] = faults;
  if (first) return { ok: false, faults: [first, ...rest], partial };
  if (whole === undefined) throw new Error("parsedOf: no fault and no answer; name the fault");
  return { ok: true, answer: whole };
}
