/** Ranges of sizes and lengths, each four times the one before: 256–1,023. The same whatever the rows, so that reports compare. */

const FIRST_END = 256;
const FACTOR = 4;
/** What is longer is together in one range. */
const LAST = 6;

/** From 0 up; `value` >= 0. */
export function bucketOf(value: number): number {
  let bucket = 0;
  for (let end = FIRST_END; value >= end && bucket < LAST; end *= FACTOR) bucket++;
  return bucket;
}

/** The first range starts at a quarter of its end where 0 has no place, on a logarithmic axis. */
export const bucketStart = (bucket: number): number => (FIRST_END / FACTOR) * FACTOR ** bucket;

export function bucketTitle(bucket: number): string {
  const end = bucketStart(bucket + 1);
  if (bucket === 0) return `under ${end}`;
  const from = bucketStart(bucket).toLocaleString("en");
  return bucket === LAST ? `${from} and more` : `${from}–${(end - 1).toLocaleString("en")}`;
}
