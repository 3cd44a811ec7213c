/** The queue of a best-first search: the most probable branch first, of equals the one that was put in first. */

export interface Queue<T> {
  put(item: T, logProbability: number): void;
  take(): T | undefined;
}

interface Entry<T> {
  readonly item: T;
  readonly logProbability: number;
  readonly order: number;
}

export function makeQueue<T>(): Queue<T> {
  const heap: Entry<T>[] = [];
  let order = 0;
  const goesBefore = (a: Entry<T>, b: Entry<T>): boolean =>
    a.logProbability > b.logProbability ||
    (a.logProbability === b.logProbability && a.order < b.order);

  function rise(at: number): void {
    const [item, above] = [heap[at], heap[(at - 1) >> 1]];
    if (at === 0 || item === undefined || above === undefined || !goesBefore(item, above)) return;
    heap[at] = above;
    heap[(at - 1) >> 1] = item;
    rise((at - 1) >> 1);
  }

  function sink(at: number): void {
    const item = heap[at];
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
    if (item === undefined || left === undefined) return;
    const isRight = right !== undefined && goesBefore(right, left);
    const best = isRight ? right : left;
    if (!goesBefore(best, item)) return;
    const place = 2 * at + (isRight ? 2 : 1);
    heap[at] = best;
    heap[place] = item;
    sink(place);
  }

  return {
    put(item, logProbability) {
      heap.push({ item, logProbability, order: order++ });
      rise(heap.length - 1);
    },
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        sink(0);
      }
      return first.item;
    },
  };
}
