/** Works through items with so many at a time. Stops taking new ones when the signal fires. */
export async function inLanes<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
  { lanes, signal }: { lanes: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const queue = items[Symbol.iterator](); // shared: each lane takes the next one
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      if (signal?.aborted === true) return;
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
