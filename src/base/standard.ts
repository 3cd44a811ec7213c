/** Features on one scale: how many standard deviations from the mean of the training modules, with what is far out cut off. */

export interface Standard {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** A module unlike all others in one way is judged by its other features too. */
const MAX_DEVIATIONS = 3;

/** `rows`: the features of the training modules. */
export function standardOf(rows: readonly (readonly number[])[]): Standard {
  const columns = Array.from({ length: rows[0]?.length ?? 0 }, (_, k) =>
    rows.map((row) => row[k] ?? 0),
  );
  const means = columns.map(
    (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  );
  const deviations = columns.map((values, k) => {
    const square = values.reduce((sum, value) => sum + (value - (means[k] ?? 0)) ** 2, 0);
    return Math.sqrt(square / values.length);
  });
  return { means, deviations };
}

/** 0 where a feature was the same in all training modules. */
export function standardise(
  features: readonly number[],
  { means, deviations }: Standard,
  limit = MAX_DEVIATIONS,
): number[] {
  return means.map((average, k) => {
    const deviation = deviations[k] ?? 0;
    if (deviation === 0) return 0;
    const value = ((features[k] ?? 0) - average) / deviation;
    return Math.max(-limit, Math.min(limit, value));
  });
}
