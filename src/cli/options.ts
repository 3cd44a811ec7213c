/** The options that many commands have, each told in one place; commander options are made anew for each command. */

import { InvalidArgumentError, Option } from "commander";
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

/** What it is the seed of. 0 where it is not given. */
export const seedOption = (of: string): Option =>
  new Option("--seed <n>", `seed of ${of}`).argParser(integer(0)).default(0);

type Chosen = "module" | "program";

/** How many of one package are taken where many are chosen from, so that none dominates. */
export const perPackageOption = (what: Chosen, usual: number): Option =>
  new Option("--per-package <n>", `${what}s of one package at most`)
    .argParser(integer(1))
    .default(usual);

/** What is smaller has little to save. */
export const minBytesOption = (what: Chosen): Option =>
  new Option("--min-bytes <n>", `bitcode of a ${what} at least`)
    .argParser(integer(0))
    .default(2500);

export const maxBytesOption = (what: Chosen, usual: number): Option =>
  new Option("--max-bytes <n>", `bitcode of a ${what} at most`)
    .argParser(integer(1))
    .default(usual);

/** For commander: names of `known`, separated by commas. */
export const namesAmong =
  <T extends string>(known: readonly T[]) =>
  (text: string): T[] =>
    text.split(",").map((name) => {
      const found = known.find((one) => one === name.trim());
      if (found === undefined)
        throw new InvalidArgumentError(`"${name}": want some of ${known.join(", ")}.`);
      return found;
    });
