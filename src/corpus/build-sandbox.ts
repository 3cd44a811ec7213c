/**
 * Where foreign builds run: without network, in process and mount namespaces of their own, so that all they started ends
 * with them, bounded in memory, file size and number of processes.
 *
 * Three ways, the best that works here is found once:
 * - `root`: as a user of their own, so that the bound on processes is theirs alone and nothing outside can be written;
 * - `user`: in a user namespace, for those who are not root;
 * - `plain`: limits alone, where namespaces are not allowed. The network is then open, and a process that leaves its
 *   group outlives the build.
 */

import { join } from "node:path";
import { makeFolder } from "../base/files.ts";
import { runCommand } from "../base/run-command.ts";
import { recorderPath } from "./shims.ts";

export type SandboxMode = "root" | "user" | "plain";

export interface BuildSandbox {
  readonly mode: SandboxMode;
  /** What to run in place of `command`; `user` comes from `own`. */
  wrap(command: readonly string[], user: number): string[];
  /** Gives `folder`, with all in it, to a fresh user; its number goes to `wrap`. */
  own(folder: string): Promise<number>;
}

/** Template-heavy C++ takes clang 2 GB; data alone, because node reserves far more address space than it uses. */
const MAX_DATA_BYTES = 6 * 2 ** 30;
const MAX_FILE_BYTES = 2 ** 30;
const MAX_PROCESSES = 512;
/** Without a user of its own a build shares this bound with all that the user runs. */
const MAX_PROCESSES_OF_USER = 4096;
/** User ids far above what systems hand out, other than those of verify/execute.ts. */
const FIRST_UID = 2_000_000_000;
const UIDS = 100_000_000;
const CHOWN_TIMEOUT_MS = 120_000;
const PROBE_TIMEOUT_MS = 20_000;

const NAMESPACES = ["--net", "--pid", "--mount-proc", "--ipc", "--fork", "--kill-child"];
/** A shell as process 1, so that signals mean to a build what they mean outside. */
const AS_CHILD = ["sh", "-c", '"$@"; exit $?', "sh"];

const WRAPS: Record<SandboxMode, (user: number) => string[]> = {
  root: (user) => [
    "unshare",
    ...NAMESPACES,
    ...AS_CHILD,
    "setpriv",
    `--reuid=${user}`,
    `--regid=${user}`,
    "--clear-groups",
    "--no-new-privs",
    ...limits(MAX_PROCESSES),
  ],
  user: () => [
    "unshare",
    "--user",
    "--map-root-user",
    ...NAMESPACES,
    ...AS_CHILD,
    ...limits(MAX_PROCESSES_OF_USER),
  ],
  plain: () => limits(MAX_PROCESSES_OF_USER),
};

const limits = (processes: number): string[] => [
  "prlimit",
  "--core=0",
  `--data=${MAX_DATA_BYTES}`,
  `--fsize=${MAX_FILE_BYTES}`,
  `--nproc=${processes}`,
];

/**
 * `folder`: where builds will be; it must be reachable by every user for the `root` way (not under a private home).
 * Undefined where not even limits work (no `prlimit`: util-linux is missing).
 */
export async function openBuildSandbox(
  folder: string,
  modes: readonly SandboxMode[] = ["root", "user", "plain"],
): Promise<BuildSandbox | undefined> {
  for (const mode of modes) {
    const sandbox = makeSandbox(mode);
    if (await works(sandbox, folder)) return sandbox;
  }
  return undefined;
}

/** Tells apart what one process asks for at the same time. */
let serial = 0;

function makeSandbox(mode: SandboxMode): BuildSandbox {
  return {
    mode,
    wrap: (command, user) => [...WRAPS[mode](user), ...command],
    async own(folder) {
      const user = FIRST_UID + ((process.pid * 4096 + serial++) % UIDS); // two of us at once share none
      if (mode !== "root") return user;
      await runCommand("chown", ["-R", `${user}:${user}`, folder], {
        timeoutMs: CHOWN_TIMEOUT_MS,
        maxOutputBytes: 1 << 20,
      });
      return user;
    },
  };
}

/** Whether a build could write in `folder` and start the recorder. */
async function works(sandbox: BuildSandbox, folder: string): Promise<boolean> {
  const probe = join(folder, `.probe.${process.pid}.${serial++}.tmp`);
  makeFolder(probe);
  const user = await sandbox.own(probe);
  const script = `: > "${probe}/x" && test -r "${recorderPath()}" && exec "${process.execPath}" -e 0`;
  const [program = "", ...args] = sandbox.wrap(["sh", "-c", script], user);
  const options = { timeoutMs: PROBE_TIMEOUT_MS, maxOutputBytes: 1 << 20 };
  const result = await runCommand(program, args, options);
  await runCommand("rm", ["-rf", probe], options);
  return result.status === "exited" && result.code === 0;
}
