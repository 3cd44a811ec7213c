import { describe, expect, test } from "vitest";
import { value } from "../../test/support/outcome.ts";
import { testPool } from "../../test/support/llvm.ts";
import { samplePrograms } from "../../test/support/eval-code.ts";
import { openUnit } from "../dataset/unit.ts";
import { bareIr } from "./bare-ir.ts";
import { firstSlip } from "./ir-slips.ts";

/** What stands at the place, to the end of the line; undefined where nothing is wrong. */
function wrongIn(text: string): string | undefined {
  const at = firstSlip(text);
  return at === undefined ? undefined : (text.slice(at).split("\n")[0] ?? "");
}

/** A function's head and these lines. */
const f = (...lines: string[]): string => `define i32 @f(i32 %0, i1 %1) {\n${lines.join("\n")}\n`;

describe("firstSlip, blocks", () => {
  const DIAMOND = ["br i1 %1, label %3, label %4", "3:", "br label %5", "4:", "br label %5", "5:"];

  test("firstSlip takes a phi of all that comes here, and names what is one too many, twice or missing", () => {
    const phi = (incoming: string): string | undefined =>
      wrongIn(f(...DIAMOND, `%6 = phi i32 ${incoming}`));
    expect(phi("[ 0, %3 ], [ 1, %4 ]")).toBeUndefined();
    expect(phi("[ 0, %3 ], [ 1, %4 ], [ 2, %2 ]")).toBe("%2 ]");
    expect(phi("[ 0, %3 ], [ 1, %3 ], [ 1, %4 ]")).toBe("%3 ], [ 1, %4 ]");
    expect(phi("[ 0, %3 ]")).toBe("");
    // What comes later may come here too.
    expect(phi("[ 0, %3 ], [ 1, %4 ], [ 2, %9 ]")).toBeUndefined();
  });

  test("firstSlip holds later branches to the phis that are there", () => {
    const loop = ["br label %3", "3:", "%4 = phi i32 [ 0, %2 ], [ %7, %6 ]"];
    const second = [...loop, "br i1 %1, label %5, label %6"];
    expect(wrongIn(f(...second, "5:", "ret i32 %4", "6:", "%7 = add i32 %4, 1"))).toBeUndefined();
    expect(wrongIn(f(...second, "5:", "br label %3"))).toBe("label %3");
    expect(wrongIn(f(...second, "5:", "ret i32 %4", "6:", "ret i32 0"))).toBe("");
  });

  test("firstSlip wants announced blocks before others, and all of them before the end", () => {
    expect(wrongIn(f("br label %4", "4:"))).toBeUndefined();
    expect(wrongIn(f("br label %4", "3:"))).toBe("3:");
    expect(wrongIn(f("br i1 %1, label %3, label %4", "3:", "ret i32 0", "}"))).toBe("}");
    expect(wrongIn(f("ret i32 0", "}"))).toBeUndefined();
    expect(wrongIn(f("br i1 %1, label %3, label %2"))).toBe("label %2");
  });

  test("firstSlip reads a switch and an invoke to their ends", () => {
    const open = ["switch i32 %0, label %3 [", "i32 1, label %4"];
    expect(wrongIn(f(...open))).toBeUndefined();
    const both = [...open, "]", "3:", "br label %4", "4:"];
    expect(wrongIn(f(...both, "%5 = phi i32 [ 0, %2 ], [ 1, %3 ]"))).toBeUndefined();
    expect(wrongIn(f(...both, "%5 = phi i32 [ 1, %3 ]"))).toBe("");
    const invoke = ["%3 = invoke i32 @g()", "to label %4 unwind label %5", "4:", "ret i32 %3"];
    expect(wrongIn(f(...invoke, "5:"))).toBeUndefined();
    const asm = ['callbr void asm "", ""()', "to label %3 [label %4]", "3:", "br label %4", "4:"];
    expect(wrongIn(f(...asm, "%5 = phi i32 [ 0, %2 ], [ 1, %3 ]"))).toBeUndefined();
    expect(wrongIn(f(...asm, "%5 = phi i32 [ 1, %3 ]"))).toBe("");
    const twice = "switch i32 %0, label %3 [\ni32 1, label %3\n]\n3:";
    expect(wrongIn(f(twice, "%4 = phi i32 [ 0, %2 ], [ 0, %2 ]"))).toBeUndefined();
  });
});

describe("firstSlip, values", () => {
  test("firstSlip names a value that is not there yet, but in a phi", () => {
    expect(wrongIn(f("%3 = add i32 %0, %4"))).toBe("%4");
    expect(wrongIn(f("%3 = add i32 %0, %3"))).toBe("%3");
    expect(wrongIn(f("br label %3", "3:", "%4 = phi i32 [ 0, %2 ], [ %8, %5 ]"))).toBeUndefined();
    expect(wrongIn(f('call void asm "mov %9", ""()', "ret i32 %0"))).toBeUndefined();
  });

  test("firstSlip wants the values that phis name before the end", () => {
    const loop = ["br label %3", "3:", "%4 = phi i32 [ 0, %2 ], [ %6, %5 ]", "br label %5", "5:"];
    const end = ["%6 = add i32 %4, 1", "br label %3", "}"];
    expect(wrongIn(f(...loop, ...end))).toBeUndefined();
    expect(wrongIn(f(...loop, ...end.slice(1)))).toBe("}");
  });

  test("firstSlip names a value of a block that need not have been gone through", () => {
    const split = ["br i1 %1, label %3, label %5", "3:", "%4 = add i32 %0, 1", "br label %5", "5:"];
    expect(wrongIn(f(...split, "ret i32 %4"))).toBe("%4");
    expect(wrongIn(f(...split, "%6 = phi i32 [ %4, %3 ], [ 0, %2 ]"))).toBeUndefined();
    expect(wrongIn(f(...split, "%6 = phi i32 [ 0, %3 ], [ %4, %2 ]"))).toBe("%4, %2 ]");
    const loop = ["br label %3", "3:", "%4 = phi i32 [ 0, %2 ], [ %7, %5 ]"];
    const back = [...loop, "br i1 %1, label %5, label %6", "5:", "br label %3", "6:"];
    expect(wrongIn(f(...back, "%7 = add i32 %4, 1"))).toBe("%7 = add i32 %4, 1");
    expect(wrongIn(f(...loop, "br label %5", "5:", "%7 = add i32 %4, 1"))).toBeUndefined();
  });

  test("firstSlip knows types by their numbers", () => {
    const typed = (types: string): string | undefined => wrongIn(`%T0 = type { i32, ${types} }\n`);
    expect(typed("%T1")).toBeUndefined();
    expect(typed("%T")).toBe("%T }");
    expect(wrongIn(f("%3 = load %T1, ptr null"))).toBe("%T1, ptr null");
    expect(wrongIn('@.0 = constant [3 x i8] c"%d\\00"\n')).toBeUndefined();
  });
});

describe("firstSlip, lines without end", () => {
  test("firstSlip refuses what repeats itself where the repetition begins", () => {
    const line = `%3 = getelementptr i8, ptr %0${", i32 0".repeat(30)}`;
    const at = firstSlip(`define i32 @f(ptr %0) {\n${line}`);
    expect(at).toBeGreaterThan(30);
    expect(at).toBeLessThan(80);
    expect(wrongIn(f(`%3 = add i32 %0, ${"1".repeat(40)}`).slice(0, -1))).toMatch(/^1+$/);
    expect(wrongIn(f("call void @g(i32 0)\n".repeat(60).trim()))).toBe("call void @g(i32 0)");
    expect(wrongIn(`@t = constant [9 x i32] [${"i32 0, ".repeat(20)}`)).toBeUndefined();
  });
});

test("firstSlip never refuses what the compiler wrote, however little of it is there", async () => {
  const pool = testPool();
  let seen = 0;
  let orders = 0;
  for (const { bitcode } of await samplePrograms(60)) {
    using unit = value(await openUnit(pool, bitcode));
    for (const [body] of bareIr(unit.text).matchAll(/^define [^]*?^}$/gm)) {
      const at = firstSlip(`${body}\n`);
      seen++;
      // Blocks that come before all that mentions them are refused: one function in two hundred has some.
      if (at !== undefined && /^\d+:/.test(body.slice(at))) orders++;
      else expect(body.slice(at ?? body.length)).toBe("");
    }
  }
  expect(seen).toBeGreaterThan(50);
  expect(orders).toBeLessThan(seen / 20);
});
