import { expect, test } from "vitest";
import { testPool } from "../../test/support/llvm.ts";
import { TRIPLES } from "../disassemble/tools.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { firstWrongAssembly } from "./assembly-monitor.ts";

const pool = testPool();
const X86 = '.text\n.globl f\nf:\nleaq .L0(%rip), %rdi\njmp puts@PLT\n.L0:\n.asciz "a\\"\\\\b"\n';
const ARM = ".text\n.globl f\nf:\nadrp x8, :got:g\nldr x8, [x8, :got_lo12:g]\nret\n";

const wrongIn = (text: string, target: Architecture, isEnd = false) =>
  firstWrongAssembly(pool, text, { triple: TRIPLES[target], isEnd });

test("firstWrongAssembly finds nothing in the assembler's own language, line by line", async () => {
  for (const [text, target] of [
    [X86, "x86_64"],
    [ARM, "aarch64"],
  ] as const) {
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1))
      expect(await wrongIn(text.slice(0, end + 1), target)).toBeUndefined();
    expect(await wrongIn(text, target, true)).toBeUndefined();
  }
});

test("firstWrongAssembly tells the place that the assembler does", async () => {
  const unknown = X86.replace("leaq", "lead");
  expect(await wrongIn(unknown, "x86_64")).toBe(unknown.indexOf("lead"));
  const operand = ARM.replace(":got_lo12:g]", "#3, g]");
  expect(await wrongIn(operand, "aarch64")).toBe(operand.indexOf("g]"));
});

test("firstWrongAssembly lets a label come later, and not after the end", async () => {
  const begun = X86.slice(0, X86.indexOf(".L0:"));
  expect(await wrongIn(begun, "x86_64")).toBeUndefined();
  expect(await wrongIn(begun, "x86_64", true)).toBe(begun.length);
});

test("firstWrongAssembly says nothing of a line that is not whole, but at the end", async () => {
  const text = ".text\nf:\nfrobnic";
  expect(await wrongIn(text, "x86_64")).toBeUndefined();
  expect(await wrongIn(text, "x86_64", true)).toBe(text.indexOf("frobnic"));
});
