import { join } from "node:path";
import { expect, test } from "vitest";
import { llmc } from "../../../test/support/cli.ts";
import { SAMPLE, TOKENIZER } from "../../../test/support/dataset.ts";
import { tempFolder } from "../../../test/support/temp.ts";

test("llmc dataset build, stats and show lead from a corpus to a row", async () => {
  const out = join(tempFolder(), "data");
  const options = "--limit 2 --max-bytes 3000 --stages disassemble --context 1024 --jobs 1".split(
    " ",
  );
  const from = ["--corpus", SAMPLE, "--tokenizer", TOKENIZER, "--out", out];
  const built = await llmc(["dataset", "build", ...from, ...options, "--json"]);
  expect(built.stderr).toBe("");
  const { status, speed, dataset } = JSON.parse(built.stdout);
  expect([status, speed.modules, speed.modulesKept]).toEqual(["built", 2, 0]);
  expect(dataset.stages.disassemble.train.rows).toBe(speed.rows);

  const stats = await llmc(["dataset", "stats", out]);
  expect(stats.stdout).toMatch(/2 train, 0 valid, 0 test modules/);
  expect(stats.stdout).toMatch(new RegExp(`disassemble +train +${speed.rows} `));

  const row = await llmc(["dataset", "show", out, "--task", "disassemble", "--row", "1"]);
  expect(row.stdout).toMatch(/row +1 of disassemble, train/);
  expect(row.stdout).toMatch(
    /--- prompt ---\n<\|begin\|>\n<\|disassemble\|>\n<\|(?:x86_64|aarch64)\|>\n<\|asm\|>\n/,
  );
  expect(row.stdout).toMatch(/--- answer ---\n(?:%T|define )/);
  const json = await llmc([
    "dataset",
    "show",
    out,
    "--task",
    "disassemble",
    "--row",
    "1",
    "--json",
  ]);
  expect(JSON.parse(json.stdout)).toMatchObject({ row: 1, stage: "disassemble", teaches: "ir" });

  const missing = await llmc(["dataset", "show", out, "--task", "disassemble", "--row", "999"]);
  expect([missing.code, missing.stderr]).toEqual([
    2,
    expect.stringMatching(/no row 999; train has \d+/),
  ]);
}, 240_000);

const FROM = ["--corpus", SAMPLE, "--tokenizer", TOKENIZER, "--out", "o"];
test.each([
  [
    ["dataset", "build", "--corpus", "none", "--tokenizer", TOKENIZER, "--out", "o"],
    /none: no corpus here/,
  ],
  [
    ["dataset", "build", "--corpus", TOKENIZER, "--tokenizer", TOKENIZER, "--out", "o"],
    /tokenizer\.json: not a corpus/,
  ],
  [
    ["dataset", "build", "--corpus", SAMPLE, "--tokenizer", SAMPLE, "--out", "o"],
    /want a file that `llmc tokenizer train` wrote/,
  ],
  [["dataset", "build", ...FROM, "--stages", "guess"], /pretrain, emulate, disassemble, tune/],
  [["dataset", "build", ...FROM, "--stages", "tune"], /the stage tune wants --labels/],
  [
    ["dataset", "build", ...FROM, "--labels", "none.parquet"],
    /none\.parquet: no such file; `llmc label merge`/,
  ],
  [["dataset", "build", ...FROM, "--labels", SAMPLE], /not a file of labels/],
  [
    ["dataset", "stats", "/none"],
    /no dataset\.json; want a folder that `llmc dataset build` finished/,
  ],
])("llmc %j exits with 2 and says what is wanted", async (args, said) => {
  const { code, stderr } = await llmc(args);
  expect(stderr).toMatch(said);
  expect(code).toBe(2);
});
