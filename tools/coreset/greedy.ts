/** Greedy choice of a coreset: each next list is the one that, with those before it, saves most on average. */

/**
 * `savings[m][k]`: what list k saves on module m, in per mille of -Oz, below 0 when it is larger; with -Oz to fall
 * back on, a module's saving is the largest of the chosen lists' and 0. Gives up to `count` list indices in order; ends
 * early when no further list helps any module. Lists chosen later only break ties for no module: the order is
 * "first k do best together" up to the greedy bound of 1 - 1/e (Nemhauser, Wolsey, Fisher 1978).
 */
export function greedyCoreset(savings: readonly (readonly number[])[], count: number): number[] {
  const best = savings.map(() => 0);
  const chosen: number[] = [];
  const candidates = new Set(Array.from({ length: savings[0]?.length ?? 0 }, (_, k) => k));
  while (chosen.length < count && candidates.size > 0) {
    let winner = -1;
    let winnerGain = 0;
    for (const k of candidates) {
      const gain = savings.reduce((total, row, m) => total + Math.max(0, (row[k] ?? 0) - (best[m] ?? 0)), 0);
      if (gain > winnerGain) [winner, winnerGain] = [k, gain];
    }
    if (winner < 0) break;
    candidates.delete(winner);
    chosen.push(winner);
    for (const [m, row] of savings.entries()) best[m] = Math.max(best[m] ?? 0, row[winner] ?? 0);
  }
  return chosen;
}

/** Mean saving in percent over the modules when the first k of `chosen` are tried, for k = 1, 2, ... */
export function savingsOfFirst(savings: readonly (readonly number[])[], chosen: readonly number[]): number[] {
  const best = savings.map(() => 0);
  return chosen.map((k) => {
    for (const [m, row] of savings.entries()) best[m] = Math.max(best[m] ?? 0, row[k] ?? 0);
    return best.reduce((total, value) => total + value, 0) / best.length / 10;
  });
}
