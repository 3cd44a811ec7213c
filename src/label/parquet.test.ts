import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { coresetOf } from "./coreset.ts";
import type { LabelRow, Labels } from "./labels.ts";
import { readLabels, writeLabels } from "./parquet.ts";
import { labelStats } from "./stats.ts";

const row = (module: string, split: string, some: Partial<LabelRow>): LabelRow => ({
  module,
  split,
  package: `package of ${module}`,
  bitcodeBytes: 5000,
  oz: [100, 50],
  sizes: [],
  own: null,
  compilations: 40,
  milliseconds: 1234,
  ...some,
});
const list = (passes: string, isBroadcast: boolean) =>
  ({ passes, isBroadcast, verdict: "correct" }) as const;
const labels: Labels = {
  llvm: "22.1.8",
  lists: [list("function(sroa)", true), list("globalopt", true), list("it's,own", false)],
  rows: [
    row("a", "train", { sizes: [[90, 45], null], own: { list: 0, size: [90, 45] } }),
    row("b", "train", { sizes: [[110, 60], [60, 50]], own: { list: 2, size: [50, 40] } }), // prettier-ignore
    row("c", "test", { oz: [200, 100], sizes: [[180, 90], [200, 80]] }), // prettier-ignore
  ],
};

test("readLabels gives what writeLabels wrote, from two files and no other", async () => {
  const folder = tempFolder();
  await writeLabels(join(folder, "labels.parquet"), labels);
  expect(readdirSync(folder)).toEqual(["labels-lists.parquet", "labels.parquet"]);
  expect(await readLabels(join(folder, "labels.parquet"))).toEqual(labels);
});

test("writeLabels refuses a name that does not end in .parquet", async () => {
  await expect(writeLabels("labels.txt", labels)).rejects.toThrow(/labels\.txt.*\.parquet/);
});

test("labelStats agrees with savings computed by hand", () => {
  const { splits, missing } = labelStats(labels, ["globalopt", "unknown", "function(sroa)"]);
  expect(missing).toEqual(["unknown"]);
  const train = splits.find(({ split }) => split === "train")!;
  expect(train).toMatchObject({ modules: 2, packages: 2, failed: 1 });
  // "globalopt" alone: 100 and 60 of 200; then with "function(sroa)": 90 and 60.
  expect(train.coreset[1]!.size).toEqual({ total: 20, mean: 20 });
  expect(train.coreset[5]!.size).toEqual({ total: 25, mean: 25 });
  expect(train.coreset[5]!.published).toEqual({ total: 5, mean: 5 });
  expect(train.own.size).toEqual({ total: 30, mean: 30 });
  expect(train.bestList).toMatchObject({ passes: "globalopt", saving: { mean: 20 } });
  expect(splits.find(({ split }) => split === "test")!.coreset[1]!.published.total).toBe(20);
});

test("coresetOf chooses from right broadcast lists by the training modules alone", () => {
  const all = coresetOf(labels, { count: 5, isUsable: () => true });
  expect(all.lists).toEqual(["globalopt", "function(sroa)"]);
  expect(all.savings).toEqual([20, 25]);
  expect(all.packages).toEqual(["package of a", "package of b"]);
  const without = coresetOf(labels, { count: 5, isUsable: (passes) => passes !== "globalopt" });
  expect(without.lists).toEqual(["function(sroa)"]);
  const unchecked = labels.lists.map((one) => ({ ...one, verdict: "unchecked" as const }));
  expect(coresetOf({ ...labels, lists: unchecked }, { count: 5, isUsable: () => true }).lists).toEqual([]); // prettier-ignore
});
