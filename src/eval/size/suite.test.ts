import { expect, test } from "vitest";
import { evalKit, says, sayingModel } from "../../../test/support/eval.ts";
import { load, programBitcode, testPool, value } from "../../../test/support/llvm.ts";
import type { Model } from "../../model/model.ts";
import type { Program } from "../program.ts";
import { type SizeRow, rowSchema } from "../row.ts";
import { type Contender, RIVALS } from "../suite.ts";
import { sizeSuite } from "./suite.ts";

const pool = testPool(1);
const kit = evalKit(pool);
const bitcode = programBitcode("table.c");
const program: Program = {
  id: "table.c",
  package: "bundled",
  language: "c",
  bytes: bitcode.byteLength,
  hash: "00",
  bitcode,
};
const suite = sizeSuite({
  predictors: { "value prediction": (ir) => ({ before: ir.length, after: 7 }) },
});

async function answer(contender: Contender, asked = program): Promise<SizeRow> {
  const row = rowSchema.parse(await suite.answer(contender, asked, kit));
  if (row.suite !== "size") throw new Error(`a row of ${row.suite}`);
  return row;
}
const said = (model: Model): Promise<SizeRow> => answer({ kind: "model", name: "m", model });
const sayingOnce = (...texts: string[]): Promise<SizeRow> =>
  said(sayingModel(() => says(...texts)));

async function measured(passes: string): Promise<number> {
  const module = await load(pool, bitcode);
  return value(await pool.measure(module, [passes], { fresh: true })).sections.size;
}

test("sizeSuite measures what an answer's sizes are of: no pass, and the list that it names", async () => {
  const [before, after] = [await measured(""), await measured("default<O3>")];
  const oracle = await sayingOnce(`default<O3><|sizes|>${before} ${after}`);
  expect(oracle).toMatchObject({
    status: "ok",
    problem: "",
    predictedBefore: before,
    measuredBefore: before,
    predictedAfter: after,
    measuredAfter: after,
  });
  const useless = await sayingOnce("#aa<|sizes|>1 1");
  expect(useless).toMatchObject({ predictedBefore: 1, predictedAfter: 1, measuredBefore: before });
  expect(useless.measuredAfter).not.toBe(oracle.measuredAfter);
});

test("sizeSuite asks once, and gives the same row again", async () => {
  const counts: number[] = [];
  const model = sayingModel(({ count }) => {
    counts.push(count);
    return says("#ac<|sizes|>900 800");
  });
  const [row, again] = [await said(model), await said(model)];
  expect(counts).toEqual([1, 1]);
  expect(again).toEqual({ ...row, seconds: again.seconds });
});

test("sizeSuite keeps the sizes of an answer whose list cannot be run, and says so", async () => {
  const row = await sayingOnce("frobnicate<|sizes|>900 800");
  expect(row).toMatchObject({ status: "unparsed", predictedBefore: 900, predictedAfter: 800 });
  expect(row.measuredAfter).toBe(await measured("default<Oz>"));
});

test("sizeSuite calls an answer without sizes unparsed", async () => {
  expect(await sayingOnce("#ac")).toMatchObject({ status: "unparsed", predictedBefore: null });
  const published = sayingModel(() => says("opt -p 'globaldce'"));
  const row = await said({ ...published, dialect: "published" });
  expect(row).toMatchObject({ status: "unparsed", problem: "the model's answer holds no sizes" });
});

test("sizeSuite asks the rivals that predict, of -Oz", async () => {
  const taken = RIVALS.filter((name) => suite.takes({ kind: "rival", name, rival: name }));
  expect(taken).toEqual(["value prediction"]);
  const ir = value(await pool.normalize(await load(pool, bitcode))).text;
  const row = await answer({ kind: "rival", name: "v", rival: "value prediction" });
  expect(row).toMatchObject({ status: "ok", predictedBefore: ir.length, predictedAfter: 7 });
  expect(row.measuredAfter).toBe(await measured("default<Oz>"));
});

test("sizeSuite calls a program that LLVM does not take invalid", async () => {
  const torn = { ...program, bitcode: Buffer.from("no bitcode") };
  const row = await answer({ kind: "rival", name: "v", rival: "value prediction" }, torn);
  expect(row).toMatchObject({ status: "invalid", predictedBefore: null, measuredAfter: null });
});
