/**
 * The compilers that one wrapper process starts. They stay in its process group, so that Ctrl-C in the terminal reaches
 * them, and are known, so that a signal to the wrapper alone ends them too.
 */

import { type ChildProcess, spawn } from "node:child_process";

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: Buffer;
}

export interface Children {
  /** `collect` keeps standard error; otherwise, and always for the rest, the child has the wrapper's own streams. */
  run(program: string, args: readonly string[], how?: { collect?: boolean }): Promise<Ended>;
  killAll(): void;
}

export function makeChildren(): Children {
  const running = new Set<ChildProcess>();
  return {
    run: (program, args, { collect = false } = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, args, {
          stdio: ["inherit", "inherit", collect ? "pipe" : "inherit"],
        });
        running.add(child);
        const chunks: Buffer[] = [];
        child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
        child.on("error", reject);
        child.on("close", (code, signal) => {
          running.delete(child);
          resolve({ code, signal, stderr: Buffer.concat(chunks) });
        });
      }),
    killAll() {
      for (const child of running) child.kill("SIGTERM");
    },
  };
}
