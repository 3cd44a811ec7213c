/** What tasks/ir-repair.ts makes of IR, as the real LLVM reads it. */

import { describe, expect, test } from "vitest";
import { testPool, value } from "../../test/support/llvm.ts";
import { openCorpus } from "../corpus/store.ts";
import { normalText } from "../dataset/unit.ts";
import { repairIr } from "../tasks/ir-repair.ts";
import { cutFunction } from "../tasks/fit.ts";

const pool = testPool();

const FUNCTION = `@.0 = private unnamed_addr constant [4 x i8] c"ab\\0A\\00", align 1
@.1 = private unnamed_addr constant [3 x i32] [i32 1, i32 2, i32 3], align 4
define i32 @f(i32 %0, ptr %1) #0 {
%3 = icmp eq i32 %0, 0
br i1 %3, label %7, label %4
4:
%5 = call i32 @puts(ptr @.0)
%6 = load i32, ptr @.1
br label %7
7:
%8 = phi i32 [ 1, %2 ], [ %6, %4 ]
ret i32 %8
}
declare i32 @puts(ptr)
attributes #0 = { minsize nounwind optsize }
`;

describe("repairIr", () => {
  test("changes nothing that LLVM reads when there is nothing to mend", async () => {
    const corpus = await openCorpus("test/corpus/sample.parquet");
    let seen = 0;
    for await (const { bitcode, path } of corpus.modules({ splits: ["test"] })) {
      if (bitcode.length > 12_000) continue;
      const loaded = value(await pool.load(bitcode, path));
      const { text } = value(await pool.normalize(loaded));
      pool.unload(loaded);
      expect(value(await normalText(pool, repairIr(text))), path).toBe(text);
      if (++seen === 20) break;
    }
    corpus.close();
    expect(seen).toBe(20);
  });

  test.each([
    [
      "numbers have gaps",
      (ir: string) => ir.replaceAll(/%8|8(?=:)/g, "%12").replaceAll("%6", "%9"),
    ],
    ["a block ahead is miscounted", (ir: string) => ir.replaceAll("label %7", "label %6")],
    ["a string is said to be longer", (ir: string) => ir.replace("[4 x i8]", "[7 x i8]")],
    ["a table is said to be shorter", (ir: string) => ir.replace("[3 x i32]", "[2 x i32]")],
    [
      "a declaration comes twice",
      (ir: string) => ir.replace(/^declare.*\n/m, (line) => line + line),
    ],
    ["a called function is not declared", (ir: string) => ir.replace(/^declare.*\n/m, "")],
  ])("gives the IR that was meant when %s", async (_, spoil) => {
    const spoiled = spoil(FUNCTION);
    expect((await normalText(pool, spoiled)).status).not.toBe("ok");
    const wanted = value(await normalText(pool, FUNCTION));
    expect(value(await normalText(pool, repairIr(spoiled)))).toBe(wanted);
  });

  test.each([
    ["metadata is missing", (ir: string) => ir.replace("ptr @.1\n", "ptr @.1, !tbaa !4\n")],
    [
      "a value is given twice",
      (ir: string) => ir.replace("%6 = load", "%5 = load").replace("%6", "%5"),
    ],
    ["a symbol is nowhere", (ir: string) => ir.replace("@.1\n", "@table\n")],
  ])("gives IR that LLVM reads when %s", async (_, spoil) => {
    const spoiled = spoil(FUNCTION);
    expect((await normalText(pool, spoiled)).status).not.toBe("ok");
    expect((await normalText(pool, repairIr(spoiled))).status).toBe("ok");
  });

  test("gives any text back as text when it is no IR", () => {
    for (const text of ["", "\n", "define", "define i32 @f(", '@x = [3 x i8] c"', "%1 = call @"])
      expect(typeof repairIr(text)).toBe("string");
    expect(cutFunction(repairIr(FUNCTION), "@f")).toContain("ret i32 %v8");
  });
});
