/** The options that many commands have, each told in one place; commander options are made anew for each command. */

import { Option } from "commander";
import { integer } from "./context.ts";

/** `what` it is wanted for. Undefined where it is not given: see `requireToolchain`. */
export const llvmOption = (what = "LLVM to use"): Option =>
  new Option(
    "--llvm <version|folder>",
    `${what}: 17 to 22, or its folder (default: LLMC_LLVM, else 22, else 19)`,
  );

/** `what` there are so many of. Undefined where it is not given: see `openPool`. */
export const jobsOption = (what = "worker processes"): Option =>
  new Option("-j, --jobs <n>", `${what} (default: one a CPU core)`).argParser(integer(1));

/** False where it is not given. */
export const jsonOption = (kind: "object" | "value" = "object"): Option =>
  new Option("--json", `print one JSON ${kind} and nothing else on standard output`).default(false);
