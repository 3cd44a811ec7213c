/** What people call the suites. */

import type { SuiteName } from "../suite.ts";

export const SUITE_TITLES: Readonly<Record<SuiteName, string>> = {
  tune: "Flag tuning",
  size: "Code-size prediction",
  disassemble: "Disassembly",
  emulate: "Compiler emulation",
  loss: "Next-token loss",
  code: "Programming",
};
