/**
 * The child that holds a model, seen from outside: a request gets exactly one outcome, whatever happens to the process. It
 * is killed when it takes too long or too much memory; the next request starts a fresh one, which loads the model again.
 */

import { type ChildProcess, fork } from "node:child_process";
import { Socket } from "node:net";
import { totalmem } from "node:os";
import { residentBytes } from "../../base/resident.ts";
import type { ModelOutcome, Monitor } from "../model.ts";
import {
  type Answer,
  type LoadRequest,
  type Look,
  type Looked,
  READY,
  type Replies,
  type Request,
} from "./protocol.ts";

export interface LlamaOptions {
  readonly load: LoadRequest;
  /** Resident memory of the child, weights among it. */
  readonly memoryBytes?: number | undefined;
  /** How long after the end of its time a request may go on before its child is killed. */
  readonly graceMs?: number | undefined;
}

export interface LlamaProcess {
  /** One after the other, in the order in which they come. Loads the model where no child has it. */
  request<Kind extends Request["kind"]>(
    request: Extract<Request, { kind: Kind }>,
    limitMs: number,
    monitor?: Monitor,
  ): Promise<ModelOutcome<Replies[Kind]>>;
  /** Ends the child, and with it what it is doing; what is asked from now on is refused. */
  close(): void;
  /** Of the present child; undefined where there is none. */
  readonly pid: number | undefined;
}

/** Node and llama.cpp take one to two seconds; a machine that is busy or whose disk is slow, many more. */
const START_LIMIT_MS = 60_000;
/** 26 GB from a slow disk. */
export const LOAD_LIMIT_MS = 600_000;
/** The child looks at the clock between tokens and batches; one that does not answer in this time more is killed. */
const GRACE_MS = 5000;
const MEMORY_POLL_MS = 200;
/** Of the machine's memory: beyond it the system itself would begin to kill. */
const MEMORY_SHARE = 0.9;
const MAX_STDERR_CHARACTERS = 4096;

/** Nothing of this process's own: llama.cpp reads variables too, and an answer depends on the request alone. */
const ENVIRONMENT = {};

const CLOSED: Answer = { status: "refused", message: "the model was closed" };

interface Running {
  readonly child: ChildProcess;
  stderr: string;
}

export function makeLlamaProcess(options: LlamaOptions): LlamaProcess {
  const { load, memoryBytes, graceMs = GRACE_MS } = options;
  const limitBytes = memoryBytes ?? MEMORY_SHARE * totalmem();
  let running: Running | undefined;
  let isClosed = false;
  let queue: Promise<unknown> = Promise.resolve();

  const kill = (): void => {
    running?.child.kill("SIGKILL");
    running = undefined;
  };

  /** Starts a child with the model in it. */
  async function ensure(): Promise<ModelOutcome<Replies["load"]> | undefined> {
    if (running !== undefined) return undefined;
    running = start();
    const worker = running;
    const ready = await nextMessage(worker, { limitMs: START_LIMIT_MS, limitBytes });
    const loaded =
      ready.status === "ok"
        ? await nextMessage(worker, { limitMs: LOAD_LIMIT_MS, limitBytes, send: load })
        : ready;
    if (loaded.status !== "ok") kill();
    return loaded as ModelOutcome<Replies["load"]>;
  }

  async function ask(request: Request, limitMs: number, monitor?: Monitor): Promise<Answer> {
    if (isClosed) return CLOSED;
    const loaded = await ensure();
    if (loaded !== undefined && (loaded.status !== "ok" || request.kind === "load")) return loaded;
    const worker = running;
    if (worker === undefined) return CLOSED;
    const limits = { limitMs: limitMs + graceMs, limitBytes };
    const answer = await nextMessage(worker, { ...limits, send: request, monitor });
    const isGone = worker.child.exitCode !== null || worker.child.signalCode !== null;
    if (answer.status === "crashed" || isGone || worker.child.killed) kill();
    return isClosed ? CLOSED : answer;
  }

  return {
    request<Kind extends Request["kind"]>(
      request: Extract<Request, { kind: Kind }>,
      limitMs: number,
      monitor?: Monitor,
    ) {
      const answer = queue.then(() => ask(request, limitMs, monitor));
      queue = answer;
      return answer as Promise<ModelOutcome<Replies[Kind]>>;
    },
    close() {
      isClosed = true;
      kill();
    },
    get pid() {
      return running?.child.pid;
    },
  };
}

function start(): Running {
  const isSource = import.meta.url.endsWith(".ts");
  const script = new URL(isSource ? "./child.ts" : "./child.js", import.meta.url);
  const child = fork(script, [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
    env: ENVIRONMENT,
  });
  const worker: Running = { child, stderr: "" };
  child.stderr?.on("data", (chunk: Buffer) => {
    worker.stderr = (worker.stderr + chunk.toString()).slice(-MAX_STDERR_CHARACTERS);
  });
  // Who waits for an answer keeps this process alive by the timer; a model that was not closed does not.
  child.unref();
  child.channel?.unref();
  if (child.stderr instanceof Socket) child.stderr.unref();
  return worker;
}

interface Bounds {
  readonly limitMs: number;
  readonly limitBytes: number;
  readonly send?: Request;
  readonly monitor?: Monitor | undefined;
}

/** The next message of the child, after `send`. The timer keeps this process alive meanwhile. */
function nextMessage(worker: Running, bounds: Bounds): Promise<Answer> {
  const { limitMs, limitBytes, send, monitor } = bounds;
  const { child } = worker;
  return new Promise((resolve) => {
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      clearInterval(poll);
      child.off("message", onMessage).off("close", onClose).off("error", onError);
      resolve(answer);
    };
    const stop = (answer: Answer): void => {
      child.kill("SIGKILL");
      finish(answer);
    };
    const onMessage = (message: Answer | Look | typeof READY): void => {
      if (message === READY) finish({ status: "ok", value: [] });
      else if ("kind" in message) void lookFor(child, message, monitor);
      else finish(message);
    };
    const onClose = (code: number | null, signal: string | null): void =>
      finish(crashed(epitaph(worker, code, signal)));
    const onError = (error: Error): void => finish(crashed(error.message));
    const timer = setTimeout(
      () => stop({ status: "timeout", message: `no answer within ${limitMs / 1000} s` }),
      limitMs,
    );
    const poll = setInterval(() => {
      if (residentBytes(child.pid) <= limitBytes) return;
      const limit = `${Math.round(limitBytes / 2 ** 20)} MiB`;
      stop(crashed(`took more than ${limit} of memory; use a smaller model or context`));
    }, MEMORY_POLL_MS);
    child.on("message", onMessage).once("close", onClose).once("error", onError);
    if (child.exitCode !== null || child.signalCode !== null)
      onClose(child.exitCode, child.signalCode);
    else if (send !== undefined)
      child.send(send, (error) => error && finish(crashed(`cannot reach it: ${error.message}`)));
  });
}

/** A child that is gone meanwhile needs no answer; it is told of as what it died of. */
async function lookFor(
  child: ChildProcess,
  { text, isEnd, stands }: Look,
  monitor?: Monitor,
): Promise<void> {
  const looked: Looked = { kind: "looked", at: await monitor?.look(text, isEnd, stands) };
  if (child.connected) child.send(looked, () => {});
}

const crashed = (message: string): Answer => ({
  status: "crashed",
  message: `the process of the model ${message}`,
});

/** What is known of a death: its last words if it had any, and how the process ended. */
function epitaph({ stderr }: Running, code: number | null, signal: string | null): string {
  const how = signal === null ? `ended with exit code ${code}` : `died of ${signal}`;
  const words = stderr
    .split("\n")
    .findLast((line) => /GGML_ASSERT|error|terminate called|out of memory/i.test(line));
  return words === undefined ? how : `${how}: ${words.trim()}`;
}
