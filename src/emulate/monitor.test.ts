import { expect, test } from "vitest";
import { testPool } from "../../test/support/llvm.ts";
import type { PassList } from "../passes/tree.ts";
import { codeMonitor } from "./monitor.ts";

const pool = testPool();
const ir = "define i32 @f(i32 %0) {\n%2 = add i32 %0, 1\nret i32 %2\n}\n";
const asked = { ir, passes: [], want: "assembly", triple: "x86_64-pc-linux-gnu" } as const;

test("codeMonitor looks at the IR behind the sizes, and finds places in all of the answer", async () => {
  const monitor = codeMonitor(pool, { dialect: "compact" }, { ...asked, want: "ir" });
  const answer = "3 17<|ir|>define i32 @f(i32 %0) {\n%2 = add i32 %0, %3\n";
  expect(await monitor?.look("3 17", false, 0)).toBeUndefined();
  expect(await monitor?.look(answer.slice(0, answer.indexOf("\n") + 1), false, 0)).toBeUndefined();
  expect(await monitor?.look(answer, false, 0)).toBe(answer.indexOf("%3"));
  expect(await monitor?.look("3 17", true, 0)).toBe(4);
  const foreign = "3 17<|ir|>define i32 @g(i32 %0) {\n";
  expect(await monitor?.look(foreign, false, 0)).toBe(foreign.indexOf("@g"));
});

const ASSEMBLY = ".text\n.globl f\nf:\nleal 1(%rdi), %eax\nretq\n";

test("codeMonitor looks at assembly behind the sizes, and wants the function at its end", async () => {
  const monitor = codeMonitor(pool, { dialect: "compact" }, asked);
  const answer = `3 17<|asm|>${ASSEMBLY}`;
  expect(await monitor?.look(answer, true, 0)).toBeUndefined();
  const unknown = answer.replace("leal", "lead");
  expect(await monitor?.look(unknown, false, 0)).toBe(unknown.indexOf("lead"));
  const other = answer.replace("f:", "g:");
  expect(await monitor?.look(other, true, 0)).toBe(other.length);
});

test("codeMonitor wants a local function at the end where no pass of the list takes functions away", async () => {
  const local = "define internal i32 @g(i32 %0) {\nret i32 %0\n}\n";
  const answer = `3 17<|ir|>${ir}`;
  const lookAfter = (passes: PassList): Promise<number | undefined> | undefined =>
    codeMonitor(
      pool,
      { dialect: "compact" },
      { ...asked, ir: ir + local, passes, want: "ir" },
    )?.look(answer, true, 0);
  const within = [{ name: "function", body: [{ name: "sroa" }] }];
  expect(await lookAfter(within)).toBe(answer.length);
  expect(await lookAfter([...within, { name: "globaldce" }])).toBeUndefined();
});

test("codeMonitor has none for the published dialect", () => {
  expect(codeMonitor(pool, { dialect: "published" }, asked)).toBeUndefined();
});
