/**
 * One worker process seen from outside: a request gets exactly one outcome, whatever happens to the process. It is
 * killed when it takes too long or too much memory; a dead one is replaced on the next request.
 */

import { type ChildProcess, fork } from "node:child_process";
import { residentBytes } from "../base/resident.ts";
import type { Answer, Hello, Request } from "./protocol.ts";
import type { Failure } from "./outcome.ts";

export interface Limits {
  /** Wall-clock time for one request. */
  readonly timeoutMs: number;
  /** Resident memory of the worker; about 80 MB are LLVM and Node themselves. */
  readonly memoryBytes: number;
}

export interface WorkerProcess {
  request(request: Request, limits: Limits): Promise<Answer>;
  /** Requests answered by the present process. */
  readonly answered: number;
  /** Resident bytes of the present process; 0 when there is none. */
  residentBytes(): number;
  llvmVersion(): Promise<string>;
  /** Ends the process; the next request starts a fresh one. */
  kill(): void;
}

/** How often memory is looked at: LLVM fills about 2 GB/s, so a worker overshoots its limit by some 100 MB. */
const MEMORY_POLL_MS = 50;
const START_TIMEOUT_MS = 30_000;
const MAX_STDERR_BYTES = 4096;

interface Running {
  readonly child: ChildProcess;
  readonly hello: Promise<Hello>;
  stderr: string;
  answered: number;
}

export function makeWorkerProcess(libraryPath: string): WorkerProcess {
  let running: Running | undefined;
  const kill = (): void => {
    running?.child.kill("SIGKILL");
    running = undefined;
  };
  const ensure = (): Running => (running ??= start(libraryPath));
  return {
    async request(request, limits) {
      const worker = ensure();
      const started = await worker.hello.then(
        () => undefined,
        (error: Error) => error,
      );
      const answer: Answer =
        started === undefined ? await ask(worker, request, limits) : crashed(started.message);
      if (hasEnded(answer)) kill();
      else worker.answered++;
      return answer;
    },
    get answered() {
      return running?.answered ?? 0;
    },
    residentBytes: () => (running === undefined ? 0 : residentBytes(running.child.pid)),
    llvmVersion: async () => (await ensure().hello).llvmVersion,
    kill,
  };
}

const crashed = (message: string): Failure => ({ status: "crashed", message });

/** After these the process is gone or in an unknown state. */
function hasEnded(answer: Answer): boolean {
  return answer.status === "crashed" || answer.status === "timeout" || answer.status === "oom";
}

function start(libraryPath: string): Running {
  const isSource = import.meta.url.endsWith(".ts");
  const script = new URL(isSource ? "./worker.ts" : "./worker.js", import.meta.url);
  const child = fork(script, [libraryPath], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
  });
  const worker: Running = { child, hello: untilHello(child), stderr: "", answered: 0 };
  child.stderr?.on("data", (chunk: Buffer) => {
    worker.stderr = (worker.stderr + chunk.toString()).slice(-MAX_STDERR_BYTES);
  });
  worker.hello.catch(() => {}); // told to whoever asks; nobody may be asking yet
  child.unref();
  child.channel?.unref();
  return worker;
}

function untilHello(child: ChildProcess): Promise<Hello> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error("the LLVM worker did not start in 30 s")),
      START_TIMEOUT_MS,
    );
    const done = (): void => clearTimeout(timer);
    child.once("message", (hello: Hello) => (done(), resolve(hello)));
    let words = "";
    child.stderr?.on("data", (chunk: Buffer) => (words += chunk.toString()));
    child.once("close", () => {
      done();
      reject(
        new Error(
          `the LLVM worker ended while starting; see \`llmc doctor\`. Its words:\n${words.slice(0, MAX_STDERR_BYTES)}`,
        ),
      );
    });
    child.once("error", (error) => (done(), reject(error)));
  });
}

function ask(worker: Running, request: Request, limits: Limits): Promise<Answer> {
  const { child } = worker;
  return new Promise((resolve) => {
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      clearInterval(poll);
      child.off("message", finish).off("close", onClose);
      resolve(answer);
    };
    const onClose = (code: number | null, signal: string | null): void =>
      finish(crashed(epitaph(worker, code, signal)));
    const timer = setTimeout(
      () =>
        finish({
          status: "timeout",
          message: `gave no answer within ${limits.timeoutMs / 1000} s`,
        }),
      limits.timeoutMs,
    );
    const poll = setInterval(() => {
      if (residentBytes(child.pid) > limits.memoryBytes) {
        finish({
          status: "oom",
          message: `took more than ${Math.round(limits.memoryBytes / 2 ** 20)} MiB of memory`,
        });
      }
    }, MEMORY_POLL_MS);
    child.once("message", finish).once("close", onClose);
    if (child.exitCode !== null || child.signalCode !== null)
      onClose(child.exitCode, child.signalCode);
    else
      child.send(
        request,
        (error) => error && finish(crashed(`cannot reach the worker: ${error.message}`)),
      );
  });
}

/** What is known of a death: LLVM's own last words if it had any, else how the process ended. */
function epitaph(worker: Running, code: number | null, signal: string | null): string {
  const how =
    signal === null ? `LLVM ended the process with exit code ${code}` : `LLVM died of ${signal}`;
  const words = worker.stderr
    .split("\n")
    .find((line) => /LLVM ERROR|Assertion|fatal error|terminate called/.test(line));
  return words === undefined ? how : `${how}: ${words.trim()}`;
}
