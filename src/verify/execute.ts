/**
 * Runs a program that may do anything: bounded in CPU time, wall-clock time, memory, output, files and processes, with
 * a clean environment, in an empty folder of its own. Whatever it started is gone when the run is over.
 *
 * Three ways, the best that works here is found once (`openSandbox`):
 * - `root`: new network, process, mount and IPC namespaces, a user id of its own, a small memory file system as folder;
 * - `user`: the same in a user namespace, without a user id of its own;
 * - `plain`: limits alone, where namespaces are not allowed. The network is then open; what a program left running is
 *   found by a mark in its environment and killed.
 *
 * In a namespace the program is a child of its first process, a shell, so that signals mean what they mean outside.
 */

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../base/hash.ts";
import { runCommand } from "../base/run-command.ts";

/** What a run showed. Output is kept as a hash and its beginning. */
export type Run =
  | {
      readonly status: "exited";
      readonly code: number;
      readonly output: string;
      readonly head: string;
      readonly seconds: number;
    }
  | { readonly status: "stopped"; readonly why: StopReason; readonly seconds: number }
  /** It could not even be started: the machine's fault, not the program's. */
  | { readonly status: "failed"; readonly message: string };

export type StopReason = "time" | "output";

export type SandboxMode = "root" | "user" | "plain";

export interface Sandbox {
  readonly mode: SandboxMode;
  /** `cpuSeconds` bounds each process; wall-clock time is bounded at some times of it. */
  execute(program: string, limits: { cpuSeconds: number }): Promise<Run>;
}

/** Sleeping costs no CPU time, and a loaded machine gives little of it. */
export const WALL_PER_CPU_SECOND = 6;
const MAX_OUTPUT_BYTES = 1 << 20;
const MAX_HEAD_CHARACTERS = 400;
/** Address space of one process; the programs of the suites need less than 64 MB. */
const MAX_MEMORY_BYTES = 512 << 20;
const MAX_FILE_BYTES = 8 << 20;
const MAX_FOLDER_BYTES = 32 << 20;
/** Processes and threads of one run; with the address space this bounds a run's memory. */
const MAX_PROCESSES = 24;
/** Without a user id of its own a run shares this bound with all that the user runs. */
const MAX_PROCESSES_OF_USER = 4096;
const MAX_OPEN_FILES = 64;
const STACK_BYTES = 8 << 20;
/** User ids far above what systems hand out, one for each run: the kernel counts processes by user. */
const FIRST_UID = 1_000_000_000;
const UIDS = 900_000_000;
/** Added to a signal's number, as shells do. */
export const EXIT_OF_SIGNAL = 128;
const SIGXCPU = 24;
const SIGKILL = 9;
const MAX_SWEEPS = 100;

const NAMESPACES = ["--net", "--pid", "--mount", "--ipc", "--fork", "--kill-child"];
/** $1: the folder; the rest is the command. Shell as process 1, so it must not `exec` the program. */
const IN_FOLDER = `mount -t tmpfs -o size=${MAX_FOLDER_BYTES},mode=1777 scratch "$1" && cd "$1" || exit 1; shift; "$@"; exit $?`;

interface Place {
  /** Mount point, or the folder itself in plain mode. */
  readonly folder: string;
  /** Its user id, in root mode. */
  readonly user: number;
}

/** How a loader is started: it makes and clears its own folder, and bounds each run itself. */
export const LOADER_WRAPS: Record<
  Exclude<SandboxMode, "plain">,
  (program: string, folder: string) => string[]
> = {
  root: (program, folder) => ["unshare", ...NAMESPACES, "--", program, folder],
  user: (program, folder) => [
    "unshare",
    "--user",
    "--map-root-user",
    ...NAMESPACES,
    "--",
    program,
    folder,
  ],
};

type Wrap = (program: string, place: Place, cpuSeconds: number) => string[];

const WRAPS: Record<SandboxMode, Wrap> = {
  root: (program, { folder, user }, cpuSeconds) => [
    "unshare",
    ...NAMESPACES,
    "sh",
    "-c",
    IN_FOLDER,
    "sh",
    folder,
    "setpriv",
    `--reuid=${user}`,
    `--regid=${FIRST_UID}`,
    "--clear-groups",
    "--no-new-privs",
    ...limited(cpuSeconds, MAX_PROCESSES),
    program,
  ],
  user: (program, { folder }, cpuSeconds) => [
    "unshare",
    "--user",
    "--map-root-user",
    ...NAMESPACES,
    "sh",
    "-c",
    IN_FOLDER,
    "sh",
    folder,
    ...limited(cpuSeconds, MAX_PROCESSES),
    program,
  ],
  plain: (program, _place, cpuSeconds) => [
    "sh",
    "-c",
    '"$@"; exit $?',
    "sh",
    ...limited(cpuSeconds, MAX_PROCESSES_OF_USER),
    program,
  ],
};

function limited(cpuSeconds: number, processes: number): string[] {
  return [
    "prlimit",
    "--core=0",
    `--cpu=${cpuSeconds}:${cpuSeconds + 1}`,
    `--as=${MAX_MEMORY_BYTES}`,
    `--stack=${STACK_BYTES}`,
    `--fsize=${MAX_FILE_BYTES}`,
    `--nofile=${MAX_OPEN_FILES}`,
    `--nproc=${processes}`,
  ];
}

/**
 * `folder` must exist, be empty, and be reachable by every user (under /tmp, not under a home). `modes` are tried in
 * order. Undefined when not even limits work here (no `prlimit`: util-linux is missing).
 */
export async function openSandbox(
  folder: string,
  modes: readonly SandboxMode[] = ["root", "user", "plain"],
): Promise<Sandbox | undefined> {
  mkdirSync(join(folder, "scratch"), { recursive: true });
  for (const mode of modes) {
    const sandbox = makeSandbox(mode, folder);
    const probe = await sandbox.execute("/bin/true", { cpuSeconds: 5 });
    if (probe.status === "exited" && probe.code === 0) return sandbox;
  }
  return undefined;
}

let users = process.pid * 4096; // two of us at once share no user id

/** A user id that no other run has. */
export function nextUser(): number {
  return FIRST_UID + (users++ % UIDS);
}

function makeSandbox(mode: SandboxMode, folder: string): Sandbox {
  return {
    mode,
    async execute(program, { cpuSeconds }) {
      const isPlain = mode === "plain";
      const scratch = isPlain ? mkdtempSync(join(folder, "run-")) : join(folder, "scratch");
      const mark = `LLMC_RUN=${scratch}`;
      const command = WRAPS[mode](program, { folder: scratch, user: nextUser() }, cpuSeconds);
      const environment = [
        "PATH=/usr/bin:/bin:/usr/sbin:/sbin",
        `HOME=${scratch}`,
        "LC_ALL=C",
        mark,
      ];
      const wallMs = cpuSeconds * WALL_PER_CPU_SECOND * 1000;
      const started = performance.now();
      const result = await runCommand("env", ["-i", ...environment, ...command], {
        cwd: scratch,
        timeoutMs: wallMs,
        maxOutputBytes: MAX_OUTPUT_BYTES,
      });
      const seconds = (performance.now() - started) / 1000;
      if (isPlain) clear(scratch, mark);
      if (result.status === "exited") return readExit(result, { seconds, cpuSeconds });
      if (seconds * 1000 >= wallMs) return { status: "stopped", why: "time", seconds };
      if (result.message.includes("wrote more than"))
        return { status: "stopped", why: "output", seconds };
      return { status: "failed", message: result.message };
    },
  };
}

/** From an exit code as shells give it: 128 and the signal's number when one ended it. */
export function readExit(
  { code, stdout }: { code: number; stdout: Buffer },
  { seconds, cpuSeconds }: { seconds: number; cpuSeconds: number },
): Run {
  const isKilledLate = code === EXIT_OF_SIGNAL + SIGKILL && seconds >= cpuSeconds;
  if (code === EXIT_OF_SIGNAL + SIGXCPU || isKilledLate)
    return { status: "stopped", why: "time", seconds };
  const head = stdout.subarray(0, MAX_HEAD_CHARACTERS).toString("latin1");
  return { status: "exited", code, output: contentHash(stdout), head, seconds };
}

/** Kills what carries the mark, again and again while it multiplies, and takes its folder away. */
function clear(scratch: string, mark: string): void {
  for (let sweep = 0; sweep < MAX_SWEEPS && killMarked(mark) > 0; sweep++);
  rmSync(scratch, { recursive: true, force: true });
}

function killMarked(mark: string): number {
  const marked = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isMarked(name, mark));
  for (const pid of marked) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // it ended by itself
    }
  }
  return marked.length;
}

function isMarked(pid: string, mark: string): boolean {
  try {
    if (statSync(`/proc/${pid}`).uid !== process.getuid?.()) return false;
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(mark);
  } catch {
    return false; // it has ended, or is another user's
  }
}
