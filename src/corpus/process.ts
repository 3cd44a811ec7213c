// Foreign build commands, bounded: their own process group, limits of time and disk, output into a log file.
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { killGroup, runCommand } from "../base/run-command.ts";

export interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  logPath: string;
  limitMs: number;
  /** Asked once a second; `true` ends the command early because it has done enough. */
  enough?: () => boolean;
  /** Measured every few seconds; ends the command when the folder has grown beyond the bound. */
  disk?: { folder: string; maxBytes: number };
  /** Ends the command at once: it has left our process group, so no Ctrl-C reaches it. */
  signal: AbortSignal;
}

export type RunOutcome =
  | { status: "exited"; code: number }
  | { status: "timeout" }
  | { status: "disk full" }
  | { status: "enough" }
  | { status: "failed"; reason: string };

const POLL_MS = 1_000;
const DISK_POLL_MS = 3_000;
const DU_LIMITS = { timeoutMs: 60_000, maxOutputBytes: 1 << 20 };

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
  const stopWatching = watchDisk(options, () => {
    early ??= { status: "disk full" };
    killGroup(child.pid);
  });
  return new Promise((resolve) => {
    child.on("error", (error) => {
      clearInterval(poll);
      stopWatching();
      resolve({ status: "failed", reason: error.message });
    });
    child.on("exit", (code) => {
      clearInterval(poll);
      stopWatching();
      options.signal.removeEventListener("abort", stop);
      killGroup(child.pid); // background jobs that a build left behind
      resolve(early ?? { status: "exited", code: code ?? -1 });
    });
  });
}

/** Calls `onFull` once the folder is too large; gives what ends the watch. */
function watchDisk({ disk }: RunOptions, onFull: () => void): () => void {
  if (disk === undefined) return () => {};
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const look = async (): Promise<void> => {
    const bytes = await folderBytes(disk.folder);
    if (isOver) return;
    if (bytes > disk.maxBytes) onFull();
    else timer = setTimeout(() => void look(), DISK_POLL_MS);
  };
  void look();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** Bytes on disk; 0 where they cannot be told. */
async function folderBytes(folder: string): Promise<number> {
  const result = await runCommand("du", ["-s", "--block-size=1", folder], DU_LIMITS);
  return result.status === "exited" ? Number.parseInt(result.stdout.toString(), 10) || 0 : 0;
}
