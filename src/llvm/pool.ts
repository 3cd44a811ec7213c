/**
 * A pool of LLVM worker processes. Takes modules by key, sends each to a worker when that worker first needs it, keeps
 * a module's requests on the worker that knows it where it can, and recycles workers before they leak.
 */

import type { Outcome } from "./outcome.ts";
import type { Toolchain } from "./toolchain.ts";
import type { Answer, Measurement, ModuleInfo, Replies, Request } from "./protocol.ts";
import type { EmitKind } from "./module.ts";
import { type Limits, type WorkerProcess, makeWorkerProcess } from "./worker-process.ts";

/** A module the pool can work on. Unload it when done. */
export interface LoadedModule {
  readonly key: string;
  readonly info: ModuleInfo;
}

export interface Pool {
  readonly toolchain: Toolchain;
  readonly workers: number;
  llvmVersion(): Promise<string>;
  /** Parses, verifies and prepares IR text or bitcode. `name` appears in messages. */
  load(bytes: Uint8Array, name: string): Promise<Outcome<LoadedModule>>;
  /** `steps`: a pass list cut at its top-level commas; see protocol.ts for staged and fresh. */
  measure(module: LoadedModule, steps: readonly string[], how: { fresh: boolean } & Partial<Limits>): Promise<Outcome<Measurement>>;
  emit(module: LoadedModule, passes: string, as: EmitKind): Promise<Outcome<Uint8Array>>;
  unload(module: LoadedModule): void;
  /** Resident bytes of all workers together. */
  residentBytes(): number;
  /** Drops what the workers are doing: those requests end as "crashed". The pool can be used on. */
  interrupt(): void;
  close(): void;
  [Symbol.dispose](): void;
}

/** Over this a search has lost its way: lists that take longer were slow and never among the best. */
const MEASURE_TIMEOUT_MS = 10_000;
/** Loading and the final emission happen once; a module of 50 MB may take its time. */
const ONCE_TIMEOUT_MS = 120_000;
const MEMORY_LIMIT_BYTES = 3 * 2 ** 30;
/** koffi, V8 and LLVM leak little; a fresh process costs 90 ms. */
const RECYCLE_AFTER_REQUESTS = 20_000;
const RECYCLE_ABOVE_BYTES = 1.5 * 2 ** 30;

interface Slot {
  readonly process: WorkerProcess;
  readonly holds: Set<string>;
  busy: boolean;
}

interface Waiting {
  readonly key: string | undefined;
  readonly start: (slot: Slot) => void;
}

export function makePool(toolchain: Toolchain, workers: number): Pool {
  const slots: Slot[] = Array.from({ length: workers }, () => ({
    process: makeWorkerProcess(toolchain.library), holds: new Set(), busy: false,
  }));
  const queue: Waiting[] = [];
  const modules = new Map<string, { bytes: Uint8Array; name: string }>();
  let serial = 0;

  const acquire = (key?: string): Promise<Slot> => {
    const free = slots.find((slot) => !slot.busy && key !== undefined && slot.holds.has(key))
      ?? slots.find((slot) => !slot.busy);
    if (free === undefined) return new Promise((start) => queue.push({ key, start }));
    free.busy = true;
    return Promise.resolve(free);
  };
  const release = (slot: Slot): void => {
    const index = queue.findIndex(({ key }) => key !== undefined && slot.holds.has(key));
    const [next] = queue.splice(Math.max(index, 0), 1);
    slot.busy = next !== undefined;
    next?.start(slot);
  };

  async function run<K extends Request["kind"]>(
    request: Extract<Request, { kind: K }>, limits: Limits,
  ): Promise<Outcome<Replies[K]>> {
    const slot = await acquire(request.key);
    try {
      recycleIfDue(slot);
      const first = await slot.process.request(request, limits);
      const answer = first.status === "missing" ? await sendModuleFirst(slot, request, limits) : first;
      if (answer.status === "ok") slot.holds.add(request.key);
      else if (slot.process.answered === 0) slot.holds.clear(); // its process has ended
      return answer as Outcome<Replies[K]>; // the worker answers each kind of request with its own reply
    } finally {
      release(slot);
    }
  }

  async function sendModuleFirst(slot: Slot, request: Request, limits: Limits): Promise<Answer> {
    const module = modules.get(request.key);
    if (module === undefined) throw new Error(`pool: module ${request.key} was unloaded and asked for again`);
    const once = { ...limits, timeoutMs: ONCE_TIMEOUT_MS };
    const loaded = await slot.process.request({ kind: "load", key: request.key, ...module }, once);
    return loaded.status === "ok" ? slot.process.request(request, limits) : loaded;
  }

  const limitsOf = (how: Partial<Limits>, timeoutMs: number): Limits => ({
    timeoutMs: how.timeoutMs ?? timeoutMs, memoryBytes: how.memoryBytes ?? MEMORY_LIMIT_BYTES,
  });
  const close = (): void => slots.forEach((slot) => slot.process.kill());
  return {
    toolchain,
    workers,
    llvmVersion: () => (slots[0] as Slot).process.llvmVersion(),
    async load(bytes, name) {
      const key = `${++serial}`;
      const loaded = await run<"load">({ kind: "load", key, bytes, name }, limitsOf({}, ONCE_TIMEOUT_MS));
      if (loaded.status !== "ok") return loaded;
      modules.set(key, { bytes: loaded.value.bitcode, name });
      return { status: "ok", value: { key, info: loaded.value } };
    },
    measure: (module, steps, { fresh, ...how }) =>
      run<"measure">({ kind: "measure", key: module.key, steps, fresh }, limitsOf(how, MEASURE_TIMEOUT_MS)),
    emit: (module, passes, as) =>
      run<"emit">({ kind: "emit", key: module.key, passes, as }, limitsOf({}, ONCE_TIMEOUT_MS)),
    unload: ({ key }) => void modules.delete(key),
    residentBytes: () => slots.reduce((total, slot) => total + slot.process.residentBytes(), 0),
    interrupt: () => slots.filter(({ busy }) => busy).forEach((slot) => slot.process.kill()),
    close,
    [Symbol.dispose]: close,
  };
}

function recycleIfDue(slot: Slot): void {
  const { process } = slot;
  if (process.answered === 0) slot.holds.clear();
  if (process.answered < RECYCLE_AFTER_REQUESTS && process.residentBytes() < RECYCLE_ABOVE_BYTES) return;
  process.kill();
  slot.holds.clear();
}
