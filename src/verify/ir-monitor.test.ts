import { expect, test } from "vitest";
import { samplePrograms } from "../../test/support/eval-code.ts";
import { testPool } from "../../test/support/llvm.ts";
import { value } from "../../test/support/outcome.ts";
import { openUnit } from "../dataset/unit.ts";
import { bareIr, bodyFirst } from "../tasks/bare-ir.ts";
import { firstWrong } from "./ir-monitor.ts";

const pool = testPool();

/** What stands at the place that is wrong, to the end of its line. */
async function wrongIn(text: string): Promise<string | undefined> {
  const at = await firstWrong(pool, text);
  return at === undefined ? undefined : (text.slice(at).split("\n")[0] ?? "");
}

const HEAD = "define i32 @f(i32 %0, ptr %1) {\n";

test("firstWrong names the place that LLVM refuses, and nothing that may yet come right", async () => {
  expect(await wrongIn(`${HEAD}%3 = add i32 %0, %1\n`)).toBe("%1");
  expect(await wrongIn(`${HEAD}%3 = load i64, ptr %1\nret i64 %3\n`)).toBe("i64 %3");
  expect(await wrongIn(`${HEAD}%3 = load i32, ptr %1\n%3 = load i32, ptr %1\n`)).toMatch(/^%3 =/);
  expect(await wrongIn(HEAD)).toBeUndefined();
  expect(await wrongIn(`${HEAD}br label %3\n`)).toBeUndefined();
  expect(await wrongIn(`${HEAD}%3 = call i32 @g(ptr @h)\n`)).toBeUndefined();
  expect(await wrongIn(`${HEAD}switch i32 %0, label %3 [\n`)).toBeUndefined();
  expect(await wrongIn(`${HEAD}%3 = add i32 %0`)).toBeUndefined();
  expect(await wrongIn(`${HEAD}ret i32 %0\n}\n`)).toBeUndefined();
});

test("firstWrong counts characters where LLVM counts bytes", async () => {
  const text = `@é = global i8 0\n`.replace("@é", '@"é"');
  expect(await wrongIn(`${text}@"é" = global i8 1 @"é"\n`)).toMatch(/^@"é"/);
});

test("firstWrong takes an array of any length: it is made right before anyone reads it", async () => {
  expect(await wrongIn('@s = constant [3 x i8] c"hello\\00"\n')).toBeUndefined();
});

test("firstWrong wants lines to be whole, but for instructions of several", async () => {
  expect(await wrongIn(`${HEAD}%3 = add i32 %0\n`)).toBe("");
  expect(await wrongIn("%T0 = type { i32, i32\n")).toBe("");
  expect(await wrongIn("define i32 @f(i32 %0)\n")).toBe("");
  expect(await wrongIn(`${HEAD}switch i32 %0, label %3 [\ni32 -1, label %4\n`)).toBeUndefined();
  expect(await wrongIn(`${HEAD}%3 = invoke i32 @g()\n`)).toBeUndefined();
  expect(await wrongIn(`${HEAD}%3 = landingpad { ptr, i32 }\n`)).toBeUndefined();
});

test("firstWrong leaves what may yet be defined, and looks at the lines behind it", async () => {
  const loop = `${HEAD}br label %3\n3:\n%4 = phi i32 [ %0, %2 ], [ %9, %3 ]\n`;
  expect(await wrongIn(`${loop}br label %3\n`)).toBeUndefined();
  expect(await wrongIn(`${loop}br label %3\n}\n`)).toBe("}");
  expect(await wrongIn(`${loop}br label %5\n}\n`)).toBe("");
  expect(await wrongIn("%T0 = type { %T1 }\n")).toBeUndefined();
  expect(await wrongIn(`${HEAD}%3 = alloca %T1\n`)).toBe("%T1");
});

test("firstWrong misses a type where types are over", async () => {
  const types = "%T0 = type { %T1, %T2 }\n%T2 = type { i32 }\n";
  expect(await wrongIn(types)).toBeUndefined();
  expect(await wrongIn(`${types}${HEAD}`)).toBe(HEAD.trimEnd());
  expect(await wrongIn(`${types}%T1 = type { ptr }\n${HEAD}`)).toBeUndefined();
});

test("firstWrong names an intrinsic that there is none of, or not with such operands", async () => {
  const called = (call: string): Promise<string | undefined> => wrongIn(`${HEAD}${call}\n`);
  expect(await called("%3 = tail call i32 @llvm.ctpop.i32(i32 %0)")).toBeUndefined();
  expect(await called("%3 = call i32 @llvm.ctpo.i32(i32 %0)")).toBe("@llvm.ctpo.i32(i32 %0)");
  expect(await called("%3 = call i64 @llvm.ctpop.i32(i32 %0)")).toBe("@llvm.ctpop.i32(i32 %0)");
  expect(await called("call void @llvm.lifetime.start.p0(ptr %1)")).toBeUndefined();
  expect(await called("call void @llvm.assume(i1 true)")).toBeUndefined();
});

test("firstWrong is not kept from what is new by what stands", async () => {
  const before = `${HEAD}%3 = add i32 %0, %1\n`;
  const text = `${before}%4 = call i32 @llvm.no(i32 %0)\n`;
  expect(await firstWrong(pool, text)).toBe(text.indexOf("%1\n"));
  expect(await firstWrong(pool, text, before.length)).toBe(text.indexOf("@llvm.no"));
});

test("firstWrong takes real modules line by line, as a model writes them", async () => {
  let lines = 0;
  for (const { bitcode } of await samplePrograms(16)) {
    using unit = value(await openUnit(pool, bitcode));
    const text = bodyFirst(bareIr(unit.text));
    for (let end = text.indexOf("\n"); end >= 0 && lines < 400; end = text.indexOf("\n", end + 1)) {
      lines++;
      expect(await wrongIn(text.slice(0, end + 1))).toBeUndefined();
    }
  }
  expect(lines).toBeGreaterThan(100);
});
