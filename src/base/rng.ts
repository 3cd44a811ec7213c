/**
 * Seeded pseudo-random numbers: sfc32 (Chris Doty-Humphrey, PractRand), seeded from a string.
 * Randomness is always passed in as an `Rng`, so that the same seed gives the same answer.
 * Not for secrets.
 */

export interface Rng {
  /** A float in [0, 1) with 32 random bits. */
  next(): number;
  /** An integer in 0 .. n-1; n >= 1. */
  int(n: number): number;
  /** One element of a non-empty array. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

export function makeRng(seed: number | string): Rng {
  const next = sfc32(seedWords(String(seed)));
  const int = (n: number): number => Math.floor(next() * n);
  return {
    next,
    int,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0)
        throw new RangeError("rng.pick: the array is empty, want at least one element");
      return items[int(items.length)] as T;
    },
    shuffle<T>(items: readonly T[]): T[] {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(i + 1);
        [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
      }
      return copy;
    },
  };
}

type Words = [number, number, number, number];

/** Four 32-bit words from a string, each an FNV-1a hash with its own offset. */
function seedWords(text: string): Words {
  const word = (offset: number): number => {
    let h = 0x811c9dc5 ^ offset;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    return h >>> 0;
  };
  return [word(0), word(0x9e3779b9), word(0x3c6ef372), 1];
}

function sfc32(state: Words): () => number {
  let [a, b, c, counter] = state;
  const step = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 15; i++) step(); // mixes the seed in, as the author recommends
  return step;
}
