/** A min-heap of pairs of numbers, ordered by the first and then the second, in typed arrays. */

export interface PairHeap {
  readonly size: () => number;
  readonly push: (first: number, second: number) => void;
  /** The least pair's numbers; NaN where the heap is empty. */
  readonly first: () => number;
  readonly second: () => number;
  /** Drops the least pair. */
  readonly pop: () => void;
  readonly clear: () => void;
}

const FIRST_CAPACITY = 256;

export function makePairHeap(): PairHeap {
  let firsts = new Float64Array(FIRST_CAPACITY);
  let seconds = new Float64Array(FIRST_CAPACITY);
  let size = 0;

  const at = (array: Float64Array, index: number): number => array[index] as number;

  function isLess(index: number, first: number, second: number): boolean {
    const other = at(firsts, index);
    return other < first || (other === first && at(seconds, index) < second);
  }

  function place(index: number, first: number, second: number): void {
    firsts[index] = first;
    seconds[index] = second;
  }

  function siftUp(first: number, second: number): void {
    let hole = size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const [above, beside] = [at(firsts, parent), at(seconds, parent)];
      if (above < first || (above === first && beside <= second)) break;
      place(hole, above, beside);
      hole = parent;
    }
    place(hole, first, second);
  }

  function siftDown(first: number, second: number): void {
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && isLess(child + 1, at(firsts, child), at(seconds, child))) child++;
      if (!isLess(child, first, second)) break;
      place(hole, at(firsts, child), at(seconds, child));
      hole = child;
    }
    place(hole, first, second);
  }

  return {
    size: () => size,
    push(first, second) {
      if (size === firsts.length) [firsts, seconds] = [doubled(firsts), doubled(seconds)];
      siftUp(first, second);
    },
    first: () => (size === 0 ? Number.NaN : at(firsts, 0)),
    second: () => (size === 0 ? Number.NaN : at(seconds, 0)),
    pop() {
      if (size === 0) return;
      size--;
      if (size > 0) siftDown(at(firsts, size), at(seconds, size));
    },
    clear() {
      size = 0;
    },
  };
}

function doubled(old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const next = new Float64Array(old.length * 2);
  next.set(old);
  return next;
}
