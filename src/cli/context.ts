/** What every command needs: the LLVM asked for, a worker pool, the place for caches, Ctrl-C, and how to fail. */

import { cpus } from "node:os";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { type Pool, makePool } from "../llvm/pool.ts";
import { type Toolchain, findToolchain } from "../llvm/toolchain.ts";
import { type Journal, journalFolderIn, memoryJournal, openJournal } from "../tuner/journal.ts";
import { cacheFolder } from "./cache-folder.ts";
import { paint } from "./terminal.ts";

export { cacheFolder };

/** 0 is "done"; a crash of ours gives Node's own 1 with a stack trace. */
export const EXIT = { problem: 1, usage: 2, environment: 3, interrupted: 130 } as const;

/** Ends the command with a message and an exit code; thrown, so that `using` handles are freed on the way out. */
export class CommandError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function requireToolchain(wanted: string | undefined): Toolchain {
  const found = findToolchain(wanted ?? process.env["LLMC_LLVM"]);
  if (found.status === "missing") throw new CommandError(found.message, EXIT.environment);
  return found.toolchain;
}

export function openPool(toolchain: Toolchain, jobs: number | undefined): Pool {
  return makePool(toolchain, jobs ?? Math.max(1, cpus().length));
}

/** The library's own version, "22.1.8". The first use of a pool: here a library that cannot be loaded is found out. */
export async function versionOf(pool: Pool): Promise<string> {
  try {
    return await pool.llvmVersion();
  } catch (error) {
    throw new CommandError(
      error instanceof Error ? error.message : String(error),
      EXIT.environment,
    );
  }
}

/** Where measurements are remembered unless told otherwise. */
export const journalFolder = async (pool: Pool): Promise<string> =>
  journalFolderIn(cacheFolder(), await versionOf(pool));

/** Opens journals in `folder`; where that cannot be written, measurements are remembered for this run only. */
export function journalsIn(folder: string): (moduleHash: string) => Journal {
  let hasComplained = false;
  return (moduleHash) => {
    try {
      return openJournal(join(folder, `${moduleHash}.jsonl`));
    } catch (error) {
      if (!hasComplained)
        warn(`no journal in ${folder}: ${error instanceof Error ? error.message : String(error)}`);
      hasComplained = true;
      return memoryJournal();
    }
  };
}

/** Of the process, which runs one command. */
const interrupted = new AbortController();

/**
 * First Ctrl-C: stop searching, keep the best (the pool drops what it is doing). Second: leave at once.
 */
export function interruptSignal(pool: Pool): AbortSignal {
  const onInterrupt = (): void => {
    if (interrupted.signal.aborted) process.exit(EXIT.interrupted);
    interrupted.abort();
    pool.interrupt();
  };
  process.on("SIGINT", onInterrupt).on("SIGTERM", onInterrupt);
  return interrupted.signal;
}

/** What else the first Ctrl-C ends, in a command that has asked for the signal. */
export function atInterrupt(end: () => void): void {
  if (interrupted.signal.aborted) end();
  else interrupted.signal.addEventListener("abort", end, { once: true });
}

export function complain(message: string): void {
  process.stderr.write(`${paint("red", "error:", process.stderr)} ${message}\n`);
}

function warn(message: string): void {
  process.stderr.write(`${paint("yellow", "warning:", process.stderr)} ${message}\n`);
}

/** commander drops the "--"; what stood behind it are the last arguments. */
export function splitAtDashes(
  args: readonly string[],
  command: Command,
): { paths: string[]; flags: string[] } {
  const raw = (command.parent as unknown as { rawArgs: string[] }).rawArgs;
  const dashes = raw.indexOf("--");
  const count = dashes < 0 ? 0 : raw.length - dashes - 1;
  const paths = args.slice(0, args.length - count);
  if (paths.length === 0)
    throw new CommandError("no input before --; want at least one file", EXIT.usage);
  return { paths, flags: args.slice(args.length - count) };
}

/** For commander: an integer of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) {
      throw new InvalidArgumentError(
        `want a whole number of at least ${least}, for example ${Math.max(least, 50)}.`,
      );
    }
    return value;
  };
}

/** For commander: "90", "90s", "5m" or "2h", in seconds. */
export function duration(text: string): number {
  const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text) ?? [];
  if (amount === undefined) throw new InvalidArgumentError("want a time such as 90s, 5m or 2h.");
  return Number(amount) * { s: 1, m: 60, h: 3600 }[unit as "s" | "m" | "h"];
}
