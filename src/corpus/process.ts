// Foreign build commands, bounded: their own process group, a time limit, output into a log file.
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

export interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  logPath: string;
  limitMs: number;
  /** Asked once a second; `true` ends the command early because it has done enough. */
  enough?: () => boolean;
  /** Ends the command at once: it has left our process group, so no Ctrl-C reaches it. */
  signal: AbortSignal;
}

export type RunOutcome =
  | { status: "exited"; code: number }
  | { status: "timeout" }
  | { status: "enough" }
  | { status: "failed"; reason: string };

const POLL_MS = 1_000;

/** Runs a command to its end, its time limit or `enough`; whatever it started ends with it. */
export function run(command: readonly string[], options: RunOptions): Promise<RunOutcome> {
  const [program = "", ...args] = command;
  const log = openSync(options.logPath, "a");
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", log, log],
    detached: true, // a group of its own, so that make's children can be killed with it
  });
  closeSync(log);
  const started = Date.now();
  let early: RunOutcome | null = null;
  const stop = () => killGroup(child.pid);
  options.signal.addEventListener("abort", stop, { once: true });
  if (options.signal.aborted) stop();
  const poll = setInterval(() => {
    if (Date.now() - started > options.limitMs) early = { status: "timeout" };
    else if (options.enough?.()) early = { status: "enough" };
    if (early) killGroup(child.pid);
  }, POLL_MS);
  return new Promise((resolve) => {
    child.on("error", (error) => {
      clearInterval(poll);
      resolve({ status: "failed", reason: error.message });
    });
    child.on("exit", (code) => {
      clearInterval(poll);
      options.signal.removeEventListener("abort", stop);
      killGroup(child.pid); // background jobs that a build left behind
      resolve(early ?? { status: "exited", code: code ?? -1 });
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // the whole group has ended already
  }
}
