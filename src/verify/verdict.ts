/**
 * Is it right? Three answers, kept apart everywhere. `wrong` has been seen to fail; `undecided` means that nothing was
 * shown either way, and never counts as correct.
 */

export type Verdict =
  /** `evidence`: what was run and agreed. */
  | { readonly status: "correct"; readonly evidence: string }
  /** `counterexample`: what differed, with the value seen and the value wanted. */
  | { readonly status: "wrong"; readonly counterexample: string }
  | { readonly status: "undecided"; readonly why: string };

export type VerdictStatus = Verdict["status"];

export const correct = (evidence: string): Verdict => ({ status: "correct", evidence });
export const wrong = (counterexample: string): Verdict => ({ status: "wrong", counterexample });
export const undecided = (why: string): Verdict => ({ status: "undecided", why });

/** One wrong part makes the whole wrong; one undecided part makes it undecided; nothing at all shows nothing. */
export function combine(verdicts: readonly Verdict[]): Verdict {
  const bad =
    verdicts.find(({ status }) => status === "wrong") ??
    verdicts.find(({ status }) => status === "undecided");
  if (bad !== undefined) return bad;
  if (verdicts.length === 0) return undecided("nothing was checked");
  const evidence = verdicts.flatMap((verdict) =>
    verdict.status === "correct" ? [verdict.evidence] : [],
  );
  return correct(evidence.join("; "));
}

/** One line for a person. */
export function describeVerdict(verdict: Verdict): string {
  switch (verdict.status) {
    case "correct":
      return `correct: ${verdict.evidence}`;
    case "wrong":
      return `wrong: ${verdict.counterexample}`;
    case "undecided":
      return `undecided: ${verdict.why}`;
    default:
      return verdict satisfies never;
  }
}
