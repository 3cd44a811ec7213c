/** How many functions of which length a list of cases takes: of each target, in all and of one program. */

import { ARCHITECTURES } from "../../dataset/retarget.ts";
import type { Architecture } from "../../tasks/dialect.ts";

export interface Bucket {
  /** Nominal tokens of assembly. */
  readonly maxTokens: number;
  /** For each target. */
  readonly cases: number;
}

export interface Places {
  /** Before each program. */
  nextProgram(): void;
  /** The first bucket is: longer functions are rarer, and not looked for by themselves. */
  isFull(): boolean;
  /** Whether the program can have one more. */
  hasPlace(architecture: Architecture): boolean;
  /** "taken": by others of its length. */
  placeFor(architecture: Architecture, tokens: number): Place | "taken" | "too long";
}

interface Place {
  /** Of the program and of all. */
  take(): void;
}

/** `buckets` by rising length: the first that a function fits is its own. */
export function placesOf(buckets: readonly Bucket[], perProgram: number): Places {
  const counters = ARCHITECTURES.flatMap((architecture) =>
    buckets.map(({ maxTokens, cases }) => ({ architecture, maxTokens, left: cases, leftHere: 0 })),
  );
  const isFree = ({ left, leftHere }: { left: number; leftHere: number }): boolean =>
    left > 0 && leftHere > 0;
  return {
    nextProgram() {
      for (const counter of counters) counter.leftHere = perProgram;
    },
    isFull: () =>
      counters.every(({ maxTokens, left }) => left === 0 || maxTokens !== buckets[0]?.maxTokens),
    hasPlace: (wanted) =>
      counters.some((counter) => counter.architecture === wanted && isFree(counter)),
    placeFor(wanted, tokens) {
      const own = counters.find(
        ({ architecture, maxTokens }) => architecture === wanted && tokens <= maxTokens,
      );
      if (own === undefined) return "too long";
      if (!isFree(own)) return "taken";
      return {
        take() {
          own.left--;
          own.leftHere--;
        },
      };
    },
  };
}
