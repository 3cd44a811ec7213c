import { expect, test } from "vitest";
import { testPool, value } from "../../../test/support/llvm.ts";
import type { Architecture } from "../../tasks/dialect.ts";
import { withTarget } from "../isolate.ts";
import { differingLines, withLocations } from "./origins.ts";

const pool = testPool();

const IR = `define i32 @f(ptr %0, i32 %1) #0 {
%3 = load i32, ptr %0
%4 = icmp eq i32 %3, %1
br i1 %4, label %5, label %7
5:
%6 = mul i32 %3, 12345
ret i32 %6
7:
%8 = call i32 @g(i32 %1)
ret i32 %8
}
declare i32 @g(i32)
attributes #0 = { minsize optsize }
`;
const LINES = IR.split("\n");

async function codeOf(ir: string, architecture: Architecture): Promise<string> {
  const module = value(await pool.load(Buffer.from(value(withTarget(ir, architecture))), "f"));
  const made = value(await pool.emit(module, "", "assembly"));
  pool.unload(module);
  return Buffer.from(made).toString("utf8");
}

const placesOf = async (wanted: string, architecture: Architecture): Promise<string[]> => {
  const ir = value(withTarget(withLocations(IR), architecture));
  const asked = {
    name: "f",
    architecture,
    wanted: await codeOf(wanted, architecture),
    way: "for size",
  } as const;
  return (await differingLines(pool.toolchain, ir, asked)).map((at) => LINES[at] ?? "");
};

test.each(["x86_64", "aarch64"] as const)(
  "differingLines names the line that %s code differs at, and few others",
  async (architecture) => {
    const changed = await placesOf(IR.replace("12345", "12347"), architecture);
    expect(changed).toContain("%6 = mul i32 %3, 12345");
    expect(changed).not.toContain("%3 = load i32, ptr %0");
    const called = await placesOf(IR.replaceAll("@g", "@h"), architecture);
    expect(called).toContain("%8 = call i32 @g(i32 %1)");
    expect(called).not.toContain("%3 = load i32, ptr %0");
  },
);

test("differingLines names nothing when the code is the same, nor when there is no code", async () => {
  expect(await placesOf(IR, "x86_64")).toEqual([]);
  const asked = {
    name: "f",
    architecture: "x86_64",
    wanted: "f:\nretq\n",
    way: "for size",
  } as const;
  expect(await differingLines(pool.toolchain, "no IR", asked)).toEqual([]);
});

test("withLocations leaves IR that LLVM takes, with the same code", async () => {
  const located = await codeOf(withLocations(IR), "x86_64");
  expect(located).toContain(".loc");
  expect(await codeOf(IR, "x86_64")).not.toContain(".loc");
});
