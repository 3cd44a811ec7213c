import { expect, test } from "vitest";
import { testPool } from "../../test/support/llvm.ts";
import { irMonitor } from "./monitor.ts";

const pool = testPool();

test("irMonitor looks at the IR behind the sizes, and finds places in all of the answer", async () => {
  const monitor = irMonitor(pool, { dialect: "compact" }, "ir");
  const answer = "3 17<|ir|>define i32 @f(i32 %0) {\n%2 = add i32 %0, %3\n";
  expect(await monitor?.look("3 17")).toBeUndefined();
  expect(await monitor?.look(answer.slice(0, answer.indexOf("\n") + 1))).toBeUndefined();
  expect(await monitor?.look(answer)).toBe(answer.indexOf("%3"));
});

test("irMonitor has none for assembly", () => {
  expect(irMonitor(pool, { dialect: "compact" }, "assembly")).toBeUndefined();
});
