/**
 * `llmc cc` and `llmc c++`, a compiler to every build: `node cc.ts CLANG ARGUMENT...`. Started once a source, so it
 * loads next to nothing before it knows that a search is needed; the launcher has kept away what needs none of this.
 */

import { realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeChildren } from "../wrapper/children.ts";
import { compile } from "../wrapper/compile.ts";
import type { Settings } from "../wrapper/settings.ts";
import { cacheFolder } from "./cache-folder.ts";

const USAGE = 2;
const ENVIRONMENT = 3;
const DEFAULT_BUDGET = 10;
/** Changes when the same module and budget would end in another object: strategy, coreset, confirmation. */
const RECIPE = 1;

/** Runs one command and ends the process as clang would. */
export async function runWrapper(clang: string, args: readonly string[]): Promise<void> {
  const { LLMC_KNOWN: known } = process.env;
  // The launcher sets them for this process alone.
  for (const name of ["NODE_COMPILE_CACHE", "LLMC_KNOWN"]) delete process.env[name];
  if (args[0] === "--stats") {
    const { showStats } = await import("./cc-stats.ts");
    return showStats(wrapperFolder(), args.slice(1));
  }
  const id = clangId(clang);
  if (id === undefined) return stop(`no compiler at ${clang}; run \`llmc doctor\``, ENVIRONMENT);
  const budget = Number(process.env["LLMC_BUDGET"] || DEFAULT_BUDGET);
  if (!Number.isInteger(budget) || budget < 0)
    return stop(
      `LLMC_BUDGET is "${process.env["LLMC_BUDGET"]}"; want a whole number of pass lists, for example 10`,
      USAGE,
    );
  const verify = process.env["LLMC_VERIFY"] || "";
  if (verify !== "" && verify !== "differential")
    return stop(`LLMC_VERIFY is "${verify}"; want "differential" or nothing`, USAGE);
  const { code, signal } = await compile(args, settingsFor(clang, { id, budget, verify, known }));
  // As the shell would see it, had it started clang.
  if (signal !== null) process.kill(process.pid, signal);
  process.exitCode = code ?? 1;
}

interface Chosen {
  readonly id: string;
  readonly budget: number;
  readonly verify: string;
  readonly known: string | undefined;
}

function settingsFor(clang: string, { id, budget, verify, known }: Chosen): Settings {
  const children = makeChildren();
  const controller = new AbortController();
  const { signal } = controller;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => {
      children.killAll();
      controller.abort();
      process.kill(process.pid, name); // the handler is gone: this ends us as the sender meant
    });
  }
  const { LLMC_RECORD: folder, LLMC_RECORD_ROOT: root } = process.env;
  const cwd = process.cwd();
  return {
    clang,
    clangId: id,
    cwd,
    folder: wrapperFolder(),
    known: known || undefined,
    recipe: `${RECIPE} budget ${budget} ${verify}`,
    record: folder
      ? { folder: resolve(folder), root: root ? resolve(root) : undefined }
      : undefined,
    hasColours: process.stderr.isTTY && process.env["TERM"] !== "dumb",
    children,
    improve: async (work) => {
      const { isWorthSearching, keptObject } = await import("../wrapper/kept.ts");
      if (!isWorthSearching(work, budget)) return keptObject(work);
      const { improve } = await import("../wrapper/improve.ts");
      const isVerified = verify === "differential";
      const all = { clang, children, budget, isVerified, cacheFolder: cacheFolder(), signal };
      return improve(work, all);
    },
    say: (words) => void process.stderr.write(words),
    warn: (message) => void process.stderr.write(`llmc cc: ${message}\n`),
  };
}

const wrapperFolder = (): string => join(cacheFolder(), "cc");

/** Another build of clang is another compiler, whatever version it says it is. */
function clangId(clang: string): string | undefined {
  const stats = statSync(clang, { throwIfNoEntry: false });
  return stats && `${realpathSync(clang)} ${stats.size} ${stats.mtimeMs}`;
}

function stop(message: string, exitCode: number): void {
  process.stderr.write(`llmc cc: ${message}\n`);
  process.exitCode = exitCode;
}

if (import.meta.main) await runWrapper(process.argv[2] ?? "", process.argv.slice(3));
