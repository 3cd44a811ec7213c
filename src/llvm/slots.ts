/**
 * Which worker does which request. A module has a home worker, which holds its states, and its requests go there; to
 * others only when those are no module's home. What finds no free worker waits in order.
 */

import { NO_MODULE, type Request } from "./protocol.ts";
import { type WorkerProcess, makeWorkerProcess } from "./worker-process.ts";

export interface Slot {
  readonly process: WorkerProcess;
  /** Keys of the loaded modules whose requests come here first. */
  readonly home: Set<string>;
  /** What its worker is doing. */
  current: Request | undefined;
}

export interface Slots {
  readonly all: readonly Slot[];
  readonly first: Slot;
  /** Gives a module its home: the worker with the fewest. */
  adopt(key: string): void;
  /** The module is gone: what waits for it is dropped. */
  forget(key: string): void;
  /** A free worker for the request, now or later; undefined when the request was dropped. */
  acquire(request: Request): Promise<Slot | undefined>;
  release(slot: Slot): void;
  /** Drops what waits, and kills the workers that are doing it. */
  stop(which: (request: Request | undefined) => boolean): void;
}

interface Waiting {
  readonly request: Request;
  readonly start: (slot: Slot | undefined) => void;
}

export function makeSlots(libraryPath: string, workers: number): Slots {
  const makeSlot = (): Slot => ({
    process: makeWorkerProcess(libraryPath),
    home: new Set(),
    current: undefined,
  });
  const first = makeSlot();
  const all = [first, ...Array.from({ length: workers - 1 }, makeSlot)];
  let queue: Waiting[] = [];

  const mayServe = (slot: Slot, key: string): boolean =>
    key === NO_MODULE || slot.home.has(key) || slot.home.size === 0;
  const release = (slot: Slot): void => {
    const index = queue.findIndex(({ request }) => mayServe(slot, request.key));
    const [next] = index < 0 ? [] : queue.splice(index, 1);
    slot.current = next?.request;
    next?.start(slot);
  };
  const dropWaiting = (which: (request: Request) => boolean): void => {
    const gone = queue.filter(({ request }) => which(request));
    queue = queue.filter(({ request }) => !which(request));
    for (const { start } of gone) start(undefined);
  };
  return {
    all,
    first,
    adopt: (key) =>
      void all
        .reduce((least, slot) => (slot.home.size < least.home.size ? slot : least))
        .home.add(key),
    forget(key) {
      for (const slot of all) slot.home.delete(key);
      dropWaiting((request) => request.key === key);
      for (const slot of all.filter(({ current }) => current === undefined)) release(slot); // it may serve others now
    },
    acquire(request) {
      const free = all.filter((slot) => slot.current === undefined && mayServe(slot, request.key));
      const slot = free.find(({ home }) => home.has(request.key)) ?? free[0];
      if (slot === undefined) return new Promise((start) => queue.push({ request, start }));
      slot.current = request;
      return Promise.resolve(slot);
    },
    release,
    stop(which) {
      dropWaiting(which);
      for (const slot of all.filter(({ current }) => which(current))) slot.process.kill();
    },
  };
}
