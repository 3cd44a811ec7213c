/** Runs a foreign program, bounded in time and output, without a shell. Its end is a value, never an exception. */

import { spawn } from "node:child_process";

export interface CommandOptions {
  readonly cwd?: string | undefined;
  readonly stdin?: Uint8Array | undefined;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export type CommandResult =
  | {
      readonly status: "exited";
      readonly code: number;
      readonly stdout: Buffer;
      readonly stderr: string;
    }
  | { readonly status: "failed"; readonly message: string; readonly stderr: string };

const MAX_STDERR_CHARS = 64 << 10;

export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    // A process group of its own, so that what the program started ends with it.
    const child = spawn(program, args, {
      cwd: options.cwd,
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let stderr = "";
    let why: string | undefined;
    const stop = (reason: string): void => {
      why ??= reason;
      killGroup(child.pid);
    };
    const onAbort = (): void => stop("interrupted");
    const timer = setTimeout(
      () => stop(`${program} did not end within ${options.timeoutMs / 1000} s`),
      options.timeoutMs,
    );
    options.signal?.addEventListener("abort", onAbort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > options.maxOutputBytes)
        stop(`${program} wrote more than ${options.maxOutputBytes} bytes`);
      else chunks.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (stderr.length < MAX_STDERR_CHARS) stderr += chunk.toString();
    });
    child.stdin.on("error", () => {}); // the program ended without reading all of it
    child.stdin.end(options.stdin);
    const end = (code: number | null, signal: string | null): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      if (why === undefined && signal !== null) why = `${program} died of ${signal}`;
      resolve(
        why === undefined
          ? { status: "exited", code: code ?? -1, stdout: Buffer.concat(chunks), stderr }
          : { status: "failed", message: why, stderr },
      );
    };
    child.on(
      "error",
      (error) => ((why ??= `cannot run ${program}: ${error.message}`), end(null, null)),
    );
    child.on("close", end);
  });
}

/** Kills a process that leads a group, and all of the group that is left. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it has ended already
  }
}
