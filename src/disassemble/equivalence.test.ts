import { beforeAll, describe, expect, test } from "vitest";
import {
  type Program,
  compileProgram,
  liftOne,
  reply,
  truth,
} from "../../test/support/lifted-programs.ts";
import { testPool } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";

const canRun = process.platform === "linux" && process.arch === "x64";
const pool = testPool();
const scratch = tempFolder();

const STORES = `
@counter = external global i32
define void @store_both(ptr %p, ptr %q) {
  %c = getelementptr i32, ptr %p, i64 1
  store i32 11, ptr %c
  store i32 22, ptr %q
  %n = load i32, ptr @counter
  %m = sub i32 %n, -1
  store i32 %m, ptr @counter
  ret void
}`;
const CALLS = `
@table = external global [0 x i32]
declare i32 @outside(i32)
define i32 @choose(i32 %x) {
  %small = icmp slt i32 %x, 13
  br i1 %small, label %low, label %high
low:
  %i = urem i32 %x, 4
  %w = zext i32 %i to i64
  %at = getelementptr i32, ptr @table, i64 %w
  %v = load i32, ptr %at
  ret i32 %v
high:
  %y = sub i32 %x, -5
  %r = call i32 @outside(i32 %y)
  ret i32 %r
}`;

describe.skipIf(!canRun)("equivalence", () => {
  let program: Program;
  beforeAll(async () => {
    program = await compileProgram(pool, "-O2", "x86_64");
  });

  test.each([
    [
      "arithmetic",
      "weigh",
      "define i32 @weigh(i32 %a, i32 %b) {\n %t = shl i32 %b, 2\n %u = sub i32 %b, %t\n %r = add i32 %u, %a\n ret i32 %r\n}",
    ],
    ["stores", "store_both", STORES],
    ["calls", "choose", CALLS],
  ])("equivalence calls %s equivalent when it is written in another way", async (_, name, ir) => {
    const lifted = await liftOne(program.assembly, [reply(ir)], { pool, scratch, name });
    expect(lifted).toMatchObject({
      verdict: "equivalent",
      reason: expect.stringMatching(/inputs show the same/),
    });
    expect(lifted.ir).toContain(`@${name}(`);
  });

  test.each([
    ["a constant", "weigh", /mul(.*) i32 (%\d+), -3/, "mul$1 i32 $2, -5"],
    ["a predicate", "choose", /icmp sgt i32/, "icmp slt i32"],
    ["a type's offset", "sum_list", /i64 8/, "i64 16"],
  ])("equivalence fails IR when %s is wrong", async (_, name, pattern, replacement) => {
    const [right] = truth(program.ir)(name);
    const changed = (right?.text ?? "").replace(pattern, replacement);
    expect(changed).not.toBe(right?.text);
    const lifted = await liftOne(program.assembly, [reply(changed)], { pool, scratch, name });
    expect(lifted).toMatchObject({ verdict: "failed", ir: undefined });
    expect(lifted.reason).toMatch(/got .* want|want it/);
  });

  test.each([
    ["returns nothing", "weigh", "define void @weigh(i32 %a, i32 %b) {\n ret void\n}"],
    [
      "takes less",
      "widest",
      "define i64 @widest(i32 %a, i64 %b) {\n %w = zext i32 %a to i64\n %s = ashr i64 %b, 3\n %x = xor i64 %s, %w\n %r = mul i64 %x, 5\n ret i64 %r\n}",
    ],
    [
      "returns less",
      "widest",
      "define i32 @widest(i64 %a, i64 %b) {\n %s = ashr i64 %b, 3\n %x = xor i64 %s, %a\n %m = mul i64 %x, 5\n %r = trunc i64 %m to i32\n ret i32 %r\n}",
    ],
    [
      "traps on rare inputs",
      "weigh",
      "declare void @llvm.trap()\ndefine i32 @weigh(i32 %a, i32 %b) {\n %c = icmp eq i32 %a, 987654321\n br i1 %c, label %t, label %e\nt:\n call void @llvm.trap()\n unreachable\ne:\n %m = mul i32 %b, -3\n %r = add i32 %a, %m\n ret i32 %r\n}",
    ],
    [
      "crashes where the machine code returns",
      "sum_list",
      "define i32 @sum_list(ptr %n) {\n br label %l\nl:\n %p = phi ptr [ %n, %0 ], [ %x, %l ]\n %s = phi i32 [ 0, %0 ], [ %t, %l ]\n %v = load i32, ptr %p\n %t = add i32 %s, %v\n %a = getelementptr i8, ptr %p, i64 8\n %x = load ptr, ptr %a\n %c = icmp eq ptr %x, null\n br i1 %c, label %e, label %l\ne:\n ret i32 %t\n}",
    ],
    ["is undefined", "weigh", "define i32 @weigh(i32 %a, i32 %b) {\n unreachable\n}"],
  ])("equivalence does not call IR equivalent when it %s", async (_, name, ir) => {
    const lifted = await liftOne(program.assembly, [reply(ir)], { pool, scratch, name });
    expect(["unverified", "failed"]).toContain(lifted.verdict);
  });

  test("equivalence is bounded and does not verify when IR runs for ever", async () => {
    const text = "define i32 @weigh(i32 %a, i32 %b) {\n br label %l\nl:\n br label %l\n}";
    const how = { pool, scratch, name: "weigh" };
    const { verdict } = await liftOne(program.assembly, [reply(text)], how);
    expect(["unverified", "failed"]).toContain(verdict);
  });
});
