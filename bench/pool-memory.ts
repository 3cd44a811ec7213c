/** 10,000 evaluations through a worker pool: how its resident memory grows. Wanted: less than 100 MB. */

import { makeRng } from "../src/base/rng.ts";
import { randomPassList } from "../src/passes/mutate.ts";
import { printPassList } from "../src/passes/print.ts";
import { registryFor } from "../src/passes/registry.ts";
import { benchPool, testModules } from "./corpus.ts";
import { markdownTable, provenance, say, writeResults } from "./report.ts";

const EVALUATIONS = 10_000;
/** Growth is counted from here: code pages and caches are warm. */
const WARM_UP = 500;
const STEP = 500;

using pool = benchPool(2);
const registry = registryFor(22);
const rng = makeRng(1);
const loaded = await Promise.all(
  testModules({ count: 4, maxBytes: 12_000 }).map((module) =>
    pool.load(module.bitcode(), module.id),
  ),
);
const modules = loaded.flatMap((outcome) => (outcome.status === "ok" ? [outcome.value] : []));
const samples: [evaluations: number, megabytes: number][] = [];
for (let done = 0; done < EVALUATIONS; done += STEP) {
  await Promise.all(
    Array.from({ length: STEP }, () => {
      const list = randomPassList(rng, registry, { minLength: 1, maxLength: 12 });
      return pool.measure(rng.pick(modules), [printPassList(list)], { fresh: true });
    }),
  );
  samples.push([done + STEP, pool.residentBytes() / 1e6]);
  say(`${done + STEP}: ${(pool.residentBytes() / 1e6).toFixed(0)} MB`);
}
const at = (count: number): number =>
  samples.find(([evaluations]) => evaluations === count)?.[1] ?? Number.NaN;
const growth = at(EVALUATIONS) - at(WARM_UP);
writeResults(
  "pool-memory",
  { provenance: provenance("22.1.8"), growthMegabytes: growth, samples },
  `Two workers, random lists on ${modules.length} modules, fresh. Growth after the first ${WARM_UP}: **${growth.toFixed(0)} MB** (wanted: below 100).\n\n` +
    markdownTable(
      ["evaluations", "resident MB"],
      samples.map(([n, mb]) => [n, mb.toFixed(0)]),
    ),
);
