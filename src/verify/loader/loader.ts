/**
 * Objects run without being linked, by processes of loader.c that serve one object after the other: 2 ms each, where
 * ld.lld and a sandbox of its own take 35. What only a linker can do is said to be unsupported; the caller links then.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../../base/hash.ts";
import { makeFolder } from "../../base/files.ts";
import { killGroup, runCommand } from "../../base/run-command.ts";
import type { Toolchain } from "../../llvm/toolchain.ts";
import {
  EXIT_OF_SIGNAL,
  LOADER_WRAPS,
  type Run,
  type Sandbox,
  WALL_PER_CPU_SECOND,
  nextUser,
  readExit,
} from "../execute.ts";

export type Loaded = Run | { readonly status: "unsupported"; readonly why: string };

export interface Loader extends Disposable {
  /** As many at a time as are asked for, each on a process of its own. */
  run(object: Uint8Array, limits: { cpuSeconds: number }): Promise<Loaded>;
}

const SOURCE = new URL("./loader.c", import.meta.url);
/** Everything that a program may ask for by name must be in the process that loads it. */
const FLAGS = ["-O1", "-rdynamic", "-Wl,--no-as-needed", "-lstdc++", "-lm", "-lgcc_s"];
const COMPILE_LIMITS = { timeoutMs: 60_000, maxOutputBytes: 1 << 20 };
/** Beyond what loader.c itself waits for. */
const GRACE_MS = 30_000;

/** Undefined where there are no namespaces to put it in, and on machines that are not x86-64: there everything is linked. */
export async function openLoader(
  toolchain: Toolchain,
  { cache, sandbox, folder }: { cache: string; sandbox: Sandbox; folder: string },
): Promise<Loader | undefined> {
  if (process.arch !== "x64" || sandbox.mode === "plain") return undefined;
  const program = await compile(toolchain, cache);
  if (program === undefined) return undefined;
  const wrap = LOADER_WRAPS[sandbox.mode];
  const idle: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  const start = (): ChildProcess => {
    const [command = "", ...args] = wrap(program, folder);
    const child = spawn(command, args, {
      cwd: folder,
      env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", HOME: folder, LC_ALL: "C" },
      stdio: ["pipe", "pipe", "ignore"],
      detached: true,
    });
    child.stdin?.on("error", () => {}); // its end is seen on standard output
    child.on("error", () => {});
    all.add(child);
    return child;
  };
  return {
    async run(object, { cpuSeconds }) {
      const child = idle.pop() ?? start();
      const user = sandbox.mode === "root" ? nextUser() : 0;
      child.stdin?.write(`${object.byteLength} ${cpuSeconds} ${user}\n`);
      child.stdin?.write(object);
      const timeoutMs = cpuSeconds * WALL_PER_CPU_SECOND * 1000 + GRACE_MS;
      const answer = await readAnswer(child, timeoutMs);
      if (answer === undefined) {
        all.delete(child);
        killGroup(child.pid);
        return { status: "unsupported", why: "the loader ended" };
      }
      idle.push(child);
      return asRun(answer, cpuSeconds);
    },
    [Symbol.dispose]() {
      for (const child of all) killGroup(child.pid);
    },
  };
}

async function compile(toolchain: Toolchain, cache: string): Promise<string | undefined> {
  const key = contentHash(readFileSync(SOURCE, "utf8") + toolchain.bin).slice(0, 16);
  const program = join(cache, `loader-${key}`);
  if (existsSync(program)) return program;
  makeFolder(cache);
  const temporary = `${program}.${process.pid}.tmp`;
  const clang = join(toolchain.bin, "clang");
  const made = await runCommand(
    clang,
    ["-w", SOURCE.pathname, "-o", temporary, ...FLAGS],
    COMPILE_LIMITS,
  );
  if (made.status !== "exited" || made.code !== 0) return undefined;
  renameSync(temporary, program);
  return program;
}

interface LoaderAnswer {
  readonly kind: string;
  readonly number: number;
  readonly output: Buffer;
  readonly seconds: number;
}

/** Undefined when the loader ended or went silent. */
function readAnswer(child: ChildProcess, timeoutMs: number): Promise<LoaderAnswer | undefined> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    const finish = (answer: LoaderAnswer | undefined): void => {
      clearTimeout(timer);
      child.stdout?.off("data", onData);
      child.off("exit", onEnd);
      child.off("error", onEnd);
      resolve(answer);
    };
    const onEnd = (): void => finish(undefined);
    const onData = (chunk: Buffer): void => {
      received = received.byteLength === 0 ? chunk : Buffer.concat([received, chunk]);
      const answer = parseAnswer(received);
      if (answer !== undefined) finish(answer);
    };
    const timer = setTimeout(onEnd, timeoutMs);
    child.stdout?.on("data", onData);
    child.on("exit", onEnd);
    child.on("error", onEnd);
    if (child.exitCode !== null || child.signalCode !== null) onEnd();
  });
}

function parseAnswer(received: Buffer): LoaderAnswer | undefined {
  const end = received.indexOf("\n");
  if (end < 0) return undefined;
  const [kind = "", number, bytes, microseconds] = received.toString("latin1", 0, end).split(" ");
  const output = received.subarray(end + 1);
  return output.byteLength < Number(bytes)
    ? undefined
    : { kind, number: Number(number), output, seconds: Number(microseconds) / 1e6 };
}

function asRun({ kind, number, output, seconds }: LoaderAnswer, cpuSeconds: number): Loaded {
  switch (kind) {
    case "exit":
      return readExit({ code: number, stdout: output }, { seconds, cpuSeconds });
    case "signal":
      return readExit({ code: EXIT_OF_SIGNAL + number, stdout: output }, { seconds, cpuSeconds });
    case "time":
    case "output":
      return { status: "stopped", why: kind, seconds };
    default:
      return { status: "unsupported", why: output.toString("utf8") };
  }
}
