/** The command line as a user runs it, from the sources, with a cache of its own and without the shipped model. */

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { tempFolder } from "./temp.ts";

export interface CliResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called with the running process, to signal it. */
  readonly onStart?: (child: ChildProcess) => void;
}

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const cache = tempFolder();

export function llmc(
  args: readonly string[],
  { env, cwd, onStart }: CliOptions = {},
): Promise<CliResult> {
  const { LLMC_LLVM: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...inherited, XDG_CACHE_HOME: cache, LLMC_MODEL: "none", ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  onStart?.(child);
  return new Promise((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
}
