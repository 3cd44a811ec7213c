import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { llmc } from "../../../test/support/cli.ts";
import { tempFolder } from "../../../test/support/temp.ts";

const SAMPLE = join(import.meta.dirname, "../../../test/corpus/sample.parquet");

test("llmc label, label merge and label stats lead from a corpus to savings", async () => {
  const out = tempFolder({ "lists.txt": "function(sroa)\n\ndefault<Os>\n" });
  const options =
    `--count train=2 --min-bytes 2500 --max-bytes 3500 --budget 3 --deep-modules 0 --json`.split(
      " ",
    );
  const labelled = await llmc(
    ["label", "--corpus", SAMPLE, "--out", out, "--lists", join(out, "lists.txt")].concat(
      ["--phase", "seed,search"],
      options,
    ),
  );
  expect(labelled.stderr).toBe("");
  expect(JSON.parse(labelled.stdout)).toMatchObject({ modules: 2, searched: 2, unusable: 0 });
  const parquet = join(out, "labels.parquet");
  const merged = await llmc(["label", "merge", join(out, "labels.jsonl"), "-o", parquet, "--json"]);
  expect(JSON.parse(merged.stdout)).toMatchObject({ conflicts: 0, modules: 2, rows: 2 });
  const stats = await llmc(["label", "stats", parquet, "--json"]);
  expect(stats.code).toBe(0);
  expect(JSON.parse(stats.stdout)).toMatchObject({
    lists: { broadcast: 2 },
    splits: [{ split: "train", modules: 2, packages: 2, failed: 0 }],
  });
  const more = tempFolder({ "lists.txt": "default<Os>\n" });
  const others = await llmc(
    ["label", "--corpus", SAMPLE, "--out", more, "--lists", join(more, "lists.txt")].concat(
      ["--phase", "seed", "--not-in", parquet],
      options,
    ),
  );
  expect(JSON.parse(others.stdout)).toMatchObject({ modules: 2 });
  const both = [join(out, "labels.jsonl"), join(more, "labels.jsonl")];
  const all = await llmc(["label", "merge", ...both, "--partly", "-o", parquet, "--json"]);
  expect(JSON.parse(all.stdout)).toMatchObject({ conflicts: 0, modules: 4 });
});

test("llmc label merge exits with 1, names module and list, and writes nothing when journals disagree", async () => {
  const head = { v: 1, llvm: "22.1.8" };
  const lists = { ...head, kind: "lists", set: "s", role: "seed", lists: ["globalopt"] };
  const of = { module: "m0d", package: "giflib", bytes: 1, baseline: [9, 9], seconds: 0 };
  const sizes = (size: number): string => {
    const line = { ...head, ...of, kind: "sizes", set: "s", sizes: [size], published: [size] };
    return [lists, line].map((value) => JSON.stringify(value)).join("\n");
  };
  const folder = tempFolder({ "a.jsonl": sizes(8), "b.jsonl": sizes(7) });
  const paths = ["a.jsonl", "b.jsonl"].map((name) => join(folder, name));
  const { code, stderr } = await llmc([
    "label",
    "merge",
    ...paths,
    "-o",
    join(folder, "l.parquet"),
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/module m0d, globalopt: 8 and 8 bytes in one journal, 7 and 7 in another/);
  expect(() => readFileSync(join(folder, "l.parquet"))).toThrow();
});

test.each([
  [["label"], /--corpus DIR and --out FOLDER/],
  [["label", "--corpus", "none", "--out", "o"], /none: no such corpus/],
  [
    ["label", "--corpus", SAMPLE, "--out", "o", "--not-in", "none.parquet"],
    /none.parquet: no such labels/,
  ],
  [["label", "--count", "train"], /train=3000,test=500/],
  [["label", "--phase", "guess"], /seed, search, deepen, verify, broadcast/],
  [["label", "merge", "none.jsonl", "-o", "l.parquet"], /none\.jsonl: no such journal/],
  [["label", "merge", "none.jsonl"], /--output/],
  [["label", "stats", "none.parquet"], /none\.parquet: no such file; `llmc label merge` makes it/],
])("llmc %j exits with 2 and says what is wanted", async (args, said) => {
  const { code, stderr } = await llmc(args);
  expect(stderr).toMatch(said);
  expect(code).toBe(2);
});
