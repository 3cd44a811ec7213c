/**
 * A pool of LLVM worker processes. Takes modules by key, sends each to a worker when that worker first needs it, keeps
 * a module's requests on one worker while there are modules enough for all, and recycles workers before they leak.
 */

import type { Failure, Outcome } from "./outcome.ts";
import type { Toolchain } from "./toolchain.ts";
import {
  type Answer,
  type Measurement,
  type ModuleInfo,
  NO_MODULE,
  type Replies,
  type Request,
} from "./protocol.ts";
import type { NormalForm } from "./normalize.ts";
import type { EmitKind } from "./module.ts";
import { type Slot, makeSlots } from "./slots.ts";
import type { Limits } from "./worker-process.ts";

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
  /** Parses IR text and keeps nothing: what the parser says of it, with line and column ("module:3:7: error: ..."), bytes counted. */
  read(bytes: Uint8Array): Promise<Outcome<null>>;
  /** `steps`: a pass list cut at its top-level commas; see protocol.ts for staged and fresh. */
  measure(
    module: LoadedModule,
    steps: readonly string[],
    how: { fresh: boolean } & Partial<Limits>,
  ): Promise<Outcome<Measurement>>;
  emit(module: LoadedModule, passes: string, as: EmitKind): Promise<Outcome<Uint8Array>>;
  /** The module as prepared, in normal form; see normalize-text.ts. */
  normalize(module: LoadedModule): Promise<Outcome<NormalForm>>;
  unload(module: LoadedModule): void;
  /** Resident bytes of all workers together. */
  residentBytes(): number;
  /**
   * Drops the staged measurements, running and waiting: they end as "crashed". What a result is made of (loading,
   * fresh measurements, emission) goes on, and the pool can be used on.
   */
  interrupt(): void;
  /** Ends all workers for good: running, waiting and later requests end as "crashed". */
  close(): void;
  [Symbol.dispose](): void;
}

/** Over this a search has lost its way: lists that take longer were slow and never among the best. */
const MEASURE_TIMEOUT_MS = 10_000;
/** Of text that a model writes: a few kilobytes. */
const READ_TIMEOUT_MS = 10_000;
/** Loading and the final emission happen once; a module of 50 MB may take its time. */
const ONCE_TIMEOUT_MS = 120_000;
const MEMORY_LIMIT_BYTES = 3 * 2 ** 30;
/** koffi, V8 and LLVM leak little; a fresh process costs 90 ms. */
const RECYCLE_AFTER_REQUESTS = 20_000;
const RECYCLE_ABOVE_BYTES = 1.5 * 2 ** 30;

const dropped = (why: string): Failure => ({ status: "crashed", message: `not done: ${why}` });
const isSearching = (request: Request | undefined): boolean =>
  request?.kind === "measure" && !request.fresh;

export function makePool(toolchain: Toolchain, workers: number): Pool {
  const slots = makeSlots(toolchain.library, workers);
  let isClosed = false;
  let interrupts = 0;
  const modules = new Map<string, { bitcode: Uint8Array; hash: string }>();
  let serial = 0;

  async function run<K extends Request["kind"]>(
    request: Extract<Request, { kind: K }>,
    limits: Limits,
  ): Promise<Outcome<Replies[K]>> {
    const before = interrupts;
    const isDropped = (): boolean => isClosed || (isSearching(request) && interrupts !== before);
    if (isClosed) return dropped("the pool is closed");
    const slot = await slots.acquire(request);
    if (slot === undefined) return dropped("interrupted");
    try {
      if (isDropped()) return dropped("interrupted");
      recycleIfDue(slot);
      const first = await slot.process.request(request, limits);
      const how = { limits, isDropped, module: modules.get(request.key) };
      const answer = first.status === "missing" ? await sendModuleFirst(slot, request, how) : first;
      return answer as Outcome<Replies[K]>; // the worker answers each kind of request with its own reply
    } finally {
      slots.release(slot);
    }
  }

  const close = (): void => {
    isClosed = true;
    slots.stop(() => true);
  };
  return {
    toolchain,
    workers,
    llvmVersion: () => slots.first.process.llvmVersion(),
    async load(bytes, name) {
      const key = `${++serial}`;
      slots.adopt(key);
      const loaded = await run<"load">(
        { kind: "load", key, bytes, name },
        limitsOf({}, ONCE_TIMEOUT_MS),
      );
      if (loaded.status !== "ok") return (slots.forget(key), loaded);
      modules.set(key, loaded.value);
      return { status: "ok", value: { key, info: loaded.value } };
    },
    read: (bytes) =>
      run<"read">({ kind: "read", key: NO_MODULE, bytes }, limitsOf({}, READ_TIMEOUT_MS)),
    measure: (module, steps, { fresh, ...how }) =>
      run<"measure">(
        { kind: "measure", key: module.key, steps, fresh },
        limitsOf(how, MEASURE_TIMEOUT_MS),
      ),
    emit: (module, passes, as) =>
      run<"emit">({ kind: "emit", key: module.key, passes, as }, limitsOf({}, ONCE_TIMEOUT_MS)),
    normalize: ({ key }) =>
      run<"normalize">({ kind: "normalize", key }, limitsOf({}, ONCE_TIMEOUT_MS)),
    unload({ key }) {
      modules.delete(key);
      slots.forget(key);
    },
    residentBytes: () => slots.all.reduce((total, slot) => total + slot.process.residentBytes(), 0),
    interrupt() {
      interrupts++;
      slots.stop(isSearching);
    },
    close,
    [Symbol.dispose]: close,
  };
}

interface SendHow {
  readonly module: { bitcode: Uint8Array; hash: string } | undefined;
  readonly limits: Limits;
  readonly isDropped: () => boolean;
}

/** For a worker that does not hold the request's module yet. */
async function sendModuleFirst(
  { process }: Slot,
  request: Request,
  { module, limits, isDropped }: SendHow,
): Promise<Answer> {
  if (isDropped()) return dropped("interrupted");
  if (module === undefined)
    throw new Error(`pool: module ${request.key} was unloaded and asked for again`);
  const once = { ...limits, timeoutMs: ONCE_TIMEOUT_MS };
  const held = await process.request({ kind: "hold", key: request.key, ...module }, once);
  if (isDropped()) return dropped("interrupted");
  return held.status === "ok" ? process.request(request, limits) : held;
}

function limitsOf(
  { timeoutMs, memoryBytes = MEMORY_LIMIT_BYTES }: Partial<Limits>,
  usualTimeoutMs: number,
): Limits {
  return { timeoutMs: timeoutMs ?? usualTimeoutMs, memoryBytes };
}

function recycleIfDue(slot: Slot): void {
  const { process } = slot;
  if (process.answered < RECYCLE_AFTER_REQUESTS && process.residentBytes() < RECYCLE_ABOVE_BYTES)
    return;
  process.kill();
}
