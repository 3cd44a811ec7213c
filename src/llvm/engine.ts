/** The LLVM library as a worker process holds it, and what a loaded module is made of. */

import type { Llvm, Pointer } from "./bindings.ts";
import type { Outcome } from "./outcome.ts";

export interface Engine {
  readonly llvm: Llvm;
  readonly diagnosticHandler: Pointer;
  /** Errors that LLVM's context reported (inline assembly, bitcode reader, back end), oldest first. */
  readonly diagnostics: string[];
  /** Target machines made so far, by what they were made for; see machine.ts. */
  readonly machines: Map<string, Outcome<Pointer>>;
}

/** An LLVM module in a context of its own; `using` frees both. */
export interface Module extends Disposable {
  readonly engine: Engine;
  readonly context: Pointer;
  readonly pointer: Pointer;
}

const DIAGNOSTIC_ERROR = 0; // LLVMDSError
const MAX_DIAGNOSTICS = 20;

export function makeEngine(llvm: Llvm): Engine {
  const diagnostics: string[] = [];
  // LLVM's default handler calls exit(1) on an error; ours keeps the message and lets the call return.
  const diagnosticHandler = llvm.diagnosticHandler((info) => {
    if (
      llvm.getDiagInfoSeverity(info) !== DIAGNOSTIC_ERROR ||
      diagnostics.length >= MAX_DIAGNOSTICS
    )
      return;
    diagnostics.push(llvm.takeString(llvm.getDiagInfoDescription(info)));
  });
  for (const target of ["X86", "AArch64"]) llvm.initializeTarget(target);
  return { llvm, diagnosticHandler, diagnostics, machines: new Map() };
}
