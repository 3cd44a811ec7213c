/** The smallest sizes that labels know of programs: part of what was ever tried, so of the potential. */

import { readLabels } from "../label/parquet.ts";
import type { Program } from "./program.ts";

/** By case; of the programs that the labels at `path` have. None without labels. */
export async function knownSizes(
  path: string | undefined,
  programs: readonly Program[],
): Promise<Map<string, number>> {
  if (path === undefined) return new Map();
  const { rows } = await readLabels(path);
  const known = new Map(
    rows.map(({ module, sizes, own }) => {
      const tried = sizes.flatMap((size) => (size === null ? [] : [size[0]]));
      return [module, Math.min(...tried, own?.size[0] ?? Number.POSITIVE_INFINITY)];
    }),
  );
  return new Map(
    programs.flatMap(({ id, hash }) => {
      const size = known.get(hash);
      return size === undefined || !Number.isFinite(size) ? [] : [[id, size] as const];
    }),
  );
}
