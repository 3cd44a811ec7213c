/** For tests that want the value of an outcome and nothing else. */

import type { Outcome } from "../../src/llvm/outcome.ts";
import type { ModelOutcome } from "../../src/model/model.ts";

/** The value of an outcome that must be ok. */
export function value<T>(outcome: Outcome<T> | ModelOutcome<T> | undefined): T {
  if (outcome === undefined) throw new Error("no outcome");
  if (outcome.status !== "ok") throw new Error(`${outcome.status}: ${outcome.message}`);
  return outcome.value;
}
