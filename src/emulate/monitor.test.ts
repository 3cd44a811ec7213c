import { expect, test } from "vitest";
import { testPool } from "../../test/support/llvm.ts";
import { irMonitor } from "./monitor.ts";

const pool = testPool();
const ir = "define i32 @f(i32 %0) {\n%2 = add i32 %0, 1\nret i32 %2\n}\n";

test("irMonitor looks at the IR behind the sizes, and finds places in all of the answer", async () => {
  const monitor = irMonitor(pool, { dialect: "compact" }, { ir, want: "ir" });
  const answer = "3 17<|ir|>define i32 @f(i32 %0) {\n%2 = add i32 %0, %3\n";
  expect(await monitor?.look("3 17", false)).toBeUndefined();
  expect(await monitor?.look(answer.slice(0, answer.indexOf("\n") + 1), false)).toBeUndefined();
  expect(await monitor?.look(answer, false)).toBe(answer.indexOf("%3"));
  expect(await monitor?.look("3 17", true)).toBe(4);
  const foreign = "3 17<|ir|>define i32 @g(i32 %0) {\n";
  expect(await monitor?.look(foreign, false)).toBe(foreign.indexOf("@g"));
});

test("irMonitor has none for assembly", () => {
  expect(irMonitor(pool, { dialect: "compact" }, { ir, want: "assembly" })).toBeUndefined();
});
