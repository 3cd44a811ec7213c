/** What is known of a lifted function, in the order of what it is worth. */

export const FUNCTION_VERDICTS = ["exact", "equivalent", "unverified", "failed"] as const;

/**
 * `exact`: compiles back to the same assembly. `equivalent`: did the same as the machine code whenever both were run.
 * `unverified`: valid IR of which nothing was shown. `failed`: no answer, no valid IR, or seen to do something else.
 */
export type FunctionVerdict = (typeof FUNCTION_VERDICTS)[number];

/** One answer of the model. */
export interface Candidate {
  readonly verdict: FunctionVerdict;
  /** What was shown, or what is wrong. */
  readonly reason: string;
  /** The function's IR, as a module of its own; undefined where the answer has none that LLVM takes. */
  readonly ir: string | undefined;
  /** Slips in the answer were mended (tasks/ir-repair.ts): as written LLVM does not read it. */
  readonly isMended: boolean;
  /** The model's, in nats; undefined where it does not tell. */
  readonly logProbability?: number | undefined;
}

export interface LiftedFunction {
  readonly name: string;
  /** Of the best candidate; failed where there is none. */
  readonly verdict: FunctionVerdict;
  readonly reason: string;
  /** Of the best candidate; undefined where it failed. */
  readonly ir: string | undefined;
  /** In the model's order, behind what was made of them (refine/candidate.ts). */
  readonly candidates: readonly Candidate[];
}

/** The first of the best verdict; undefined where there is no candidate. */
export function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  const rank = ({ verdict }: Candidate): number => FUNCTION_VERDICTS.indexOf(verdict);
  return candidates.toSorted((a, b) => rank(a) - rank(b))[0];
}

export const countVerdicts = (
  functions: readonly { readonly verdict: FunctionVerdict }[],
): Record<FunctionVerdict, number> => {
  const counts = { exact: 0, equivalent: 0, unverified: 0, failed: 0 };
  for (const { verdict } of functions) counts[verdict]++;
  return counts;
};
