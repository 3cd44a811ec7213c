import { expect, test } from "vitest";
import { testPool } from "../../test/support/llvm.ts";
import { functionMonitor } from "./monitor.ts";

const pool = testPool();
const assembly = ".text\n.globl f\nf:\nmovl %edi, %eax\njmp g@PLT\n";
const monitor = functionMonitor(pool, { dialect: "compact" }, { name: "f", assembly });

/** What stands at the place that is wrong, to the end of its line. */
async function wrongIn(text: string): Promise<string | undefined> {
  const at = await monitor?.look(text, false, 0);
  return at === undefined ? undefined : (text.slice(at).split("\n")[0] ?? "");
}

test("functionMonitor holds an answer to the function's name, to LLVM and to the assembly", async () => {
  const head = "define i32 @f(i32 %0) {\n";
  expect(await wrongIn(head)).toBeUndefined();
  expect(await wrongIn(head.replace("@f", "@h"))).toBe("@h(i32 %0) {");
  expect(await wrongIn(`${head}%2 = tail call i32 @g(i32 %0)\n`)).toBeUndefined();
  expect(await wrongIn(`${head}%2 = tail call i32 @h(i32 %0)\n`)).toBe("@h(i32 %0)");
  expect(await wrongIn(`${head}%2 = tail call i32 @g(i64 %0)\n`)).toBe("%0)");
});

test("functionMonitor lets an answer end when its function is whole", async () => {
  const head = "define i32 @f(i32 %0) {\n";
  expect(await monitor?.look(head, true, 0)).toBe(head.length);
  expect(await monitor?.look(`${head}ret i32 %0\n}\n`, true, 0)).toBeUndefined();
});

test("functionMonitor has none for the published dialect, whose answers are not IR alone", () => {
  const published = functionMonitor(pool, { dialect: "published" }, { name: "f", assembly });
  expect(published).toBeUndefined();
});
