/**
 * What came of asking LLVM for something. Everything that LLVM or its input can do wrong is one of these values;
 * an exception means a bug of ours or a broken set-up.
 */

export type Outcome<T> =
  | { readonly status: "ok"; readonly value: T }
  /** LLVM refused the request: a pass list it does not know, a target it was not built for. */
  | { readonly status: "rejected"; readonly message: string }
  /** The IR was broken: on input (with the parser's line and column) or after passes (the verifier's words). */
  | { readonly status: "invalid"; readonly message: string }
  /** The worker process died: a signal, or an exit that LLVM itself asked for after a fatal error. */
  | { readonly status: "crashed"; readonly message: string }
  | { readonly status: "timeout"; readonly message: string }
  | { readonly status: "oom"; readonly message: string };

export type OutcomeStatus = Outcome<unknown>["status"];
export type Failure = Exclude<Outcome<unknown>, { status: "ok" }>;

export const ok = <T>(value: T): Outcome<T> => ({ status: "ok", value });

/** One line for a person: "timeout: gave no answer within 10 s". */
export function describeFailure(failure: Failure): string {
  return `${failure.status}: ${failure.message}`;
}
