/** Greedy choice of lists: each next one is the one that, with those before it, saves most on average. */

/**
 * `savings[m][k]`: what list k saves on module m, in percent of -Oz, below 0 when it is larger; with -Oz to fall back
 * on, a module's saving is the largest of the chosen lists' and 0 (or `start[m]`, what is had already). Gives up to
 * `count` list indices in order: the first k are within 1 - 1/e of the best k (Nemhauser, Wolsey, Fisher 1978). When no
 * further list helps any module, a second layer begins, chosen as if the first were not there. Lists that help no
 * module at all are never chosen.
 */
export function greedyCoreset(
  savings: readonly (readonly number[])[],
  count: number,
  start: readonly number[] = savings.map(() => 0),
): number[] {
  let best = [...start];
  const chosen: number[] = [];
  const helps = (k: number): boolean => savings.some((row) => (row[k] ?? 0) > 0);
  const candidates = new Set([...(savings[0] ?? []).keys()].filter(helps));
  while (chosen.length < count && candidates.size > 0) {
    const next = largestGain(savings, candidates, best);
    if (next === undefined) {
      best = savings.map(() => 0);
      continue;
    }
    candidates.delete(next);
    chosen.push(next);
    best = best.map((value, m) => Math.max(value, savings[m]?.[next] ?? 0));
  }
  return chosen;
}

function largestGain(
  savings: readonly (readonly number[])[],
  candidates: ReadonlySet<number>,
  best: readonly number[],
): number | undefined {
  let winner: number | undefined;
  let winnerGain = 0;
  for (const k of candidates) {
    const gain = savings.reduce(
      (total, row, m) => total + Math.max(0, (row[k] ?? 0) - (best[m] ?? 0)),
      0,
    );
    if (gain > winnerGain) [winner, winnerGain] = [k, gain];
  }
  return winner;
}

/** Mean saving in percent over the modules when the first k of `chosen` are tried, for k = 1, 2, ... */
export function savingsOfFirst(
  savings: readonly (readonly number[])[],
  chosen: readonly number[],
): number[] {
  const best = savings.map(() => 0);
  return chosen.map((k) => {
    for (const [m, row] of savings.entries()) best[m] = Math.max(best[m] ?? 0, row[k] ?? 0);
    return best.reduce((total, value) => total + value, 0) / best.length;
  });
}
