/** Runs the trainer on one run.json as a child process, tells what it does by its metrics, and how it ended. */

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { pythonOf } from "./environment.ts";
import { type MetricsEvent, followMetrics } from "./metrics.ts";

export type LaunchResult =
  | { readonly status: "finished" }
  /** With a checkpoint: by a signal or the time limit. */
  | { readonly status: "stopped"; readonly reason: string }
  /** `isConfig`: run.json or the arguments were wrong. */
  | { readonly status: "failed"; readonly message: string; readonly isConfig: boolean };

export interface LaunchOptions {
  /** The folder trainer/. */
  readonly trainer: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly timeLimitS?: number | undefined;
  readonly onEvent?: ((event: MetricsEvent) => void) | undefined;
  /** Makes the trainer stop with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 200;
const MAX_STDERR_CHARS = 64 << 10;

/** `runFile` is FOLDER/run.json with "out": "."; metrics are then in the same folder. */
export async function launch(runFile: string, options: LaunchOptions): Promise<LaunchResult> {
  const { onEvent, signal, timeLimitS } = options;
  const follower = followMetrics(join(dirname(runFile), "metrics.jsonl"));
  let stop: Extract<MetricsEvent, { event: "stop" }> | undefined;
  const tell = (): void => {
    for (const event of follower.next()) {
      if (event.event === "stop") stop = event;
      onEvent?.(event);
    }
  };
  const limit = timeLimitS === undefined ? [] : ["--time-limit", String(timeLimitS)];
  const timer = setInterval(tell, POLL_MS);
  const args = ["-m", "trainer", runFile, "--processes", "auto", ...limit];
  const ended = await runTrainer(args, options);
  clearInterval(timer);
  tell();
  // A signal that comes before the trainer listens ends it with an exit code, and without a step.
  const isInterrupted = signal?.aborted === true && stop?.reason !== "error";
  if (isInterrupted && stop?.reason !== "finished")
    return { status: "stopped", reason: "interrupted" };
  if (ended.code === 0) return endedWell(stop, ended.stderr);
  const message =
    stop?.message ??
    (lastError(ended.stderr) || `the trainer ended with ${ended.code ?? ended.signal}`);
  return { status: "failed", message, isConfig: ended.code === 2 };
}

function endedWell(stop: { readonly reason: string } | undefined, stderr: string): LaunchResult {
  if (stop === undefined)
    return {
      status: "failed",
      message: `the trainer left no word of its end: ${stderr}`,
      isConfig: false,
    };
  return stop.reason === "finished"
    ? { status: "finished" }
    : { status: "stopped", reason: stop.reason };
}

/** What it said after "error:", else the end of what it said: a traceback ends with its reason. */
function lastError(stderr: string): string {
  const said = /^error: (.*)/ms.exec(stderr)?.[1] ?? stderr.trim().split("\n").slice(-3).join("\n");
  return said.trim();
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

function runTrainer(
  args: readonly string[],
  { trainer, variables, signal }: LaunchOptions,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(pythonOf(trainer), args, {
      cwd: dirname(trainer),
      env: variables,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-MAX_STDERR_CHARS);
    });
    // Ctrl-C reaches the child from the terminal as well; it takes the second signal as the first.
    const onAbort = (): void => void child.kill("SIGTERM");
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    const end = (ended: Ended): void => {
      signal?.removeEventListener("abort", onAbort);
      resolve(ended);
    };
    child.on("error", (error) => end({ code: null, signal: null, stderr: error.message }));
    child.on("close", (code, killedBy) => end({ code, signal: killedBy, stderr }));
  });
}
