/** The target triples of the architectures that are read, and the assembler for them. */

import type { Outcome } from "../llvm/outcome.ts";
import type { Toolchain } from "../llvm/toolchain.ts";
import { runAssembler } from "../llvm/tools.ts";
import type { Architecture } from "../tasks/dialect.ts";

export const TRIPLES: Readonly<Record<Architecture, string>> = {
  x86_64: "x86_64-pc-linux-gnu",
  aarch64: "aarch64-unknown-linux-gnu",
};

export const assemble = (
  toolchain: Toolchain,
  text: string,
  architecture: Architecture,
): Promise<Outcome<Uint8Array>> => runAssembler(toolchain, text, TRIPLES[architecture]);
