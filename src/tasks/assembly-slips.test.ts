import { describe, expect, test } from "vitest";
import { firstAssemblySlip, labelsIn } from "./assembly-slips.ts";

const LOOP = ".text\nf:\ntestl %edi, %edi\nje .L0\n.L1:\ndecl %edi\njne .L1\n.L0:\nretq\n";

describe("firstAssemblySlip", () => {
  test("firstAssemblySlip finds nothing in clean assembly, however much of it is there", () => {
    for (let at = 0; at <= LOOP.length; at++)
      expect(firstAssemblySlip(LOOP.slice(0, at), false)).toBeUndefined();
    expect(firstAssemblySlip(LOOP, true)).toBeUndefined();
  });

  test.each([
    ["a label is there twice", LOOP.replace(".L1:", ".L0:").replace(/.L1$/m, ".L0"), ".L0:\nretq"],
    ["a number is left out", LOOP.replaceAll(".L1", ".L2"), ".L2:"],
    ["a label is a number", LOOP.replace("retq", "7:\nretq"), "7:"],
    ["a line is empty", LOOP.replace("retq", "\nretq"), "\nretq"],
    ["the first of a kind is not 0", LOOP.replaceAll(".L0", ".LD3"), ".LD3"],
  ])("firstAssemblySlip names the place when %s", (_, text, wrong) => {
    expect(firstAssemblySlip(text, false)).toBe(text.indexOf(wrong));
  });

  test.each([
    ["a label is not defined", LOOP.replace(".L0:\n", "")],
    ["a label is not mentioned", LOOP.replace("jne .L1\n", "")],
  ])("firstAssemblySlip lets the text go on and not end when %s", (_, text) => {
    expect(firstAssemblySlip(text, false)).toBeUndefined();
    expect(firstAssemblySlip(text, true)).toBe(text.length);
  });

  test("firstAssemblySlip takes common symbols for defined, and strings for no labels", () => {
    const text = 'f:\nmovl .LD0(%rip), %eax\n.local .LD0\n.comm .LD0,4,4\n.asciz ".L7"\n';
    expect(firstAssemblySlip(text, true)).toBeUndefined();
  });
});

test("firstAssemblySlip sees a line without end before its end", () => {
  const at = (line: string): number | undefined => firstAssemblySlip(`f:\n${line}`, false);
  expect(at(`fxch ${"%st, ".repeat(20)}`)).toBe("f:\nfxch %st, ".length);
  expect(at(`.asciz "${"=".repeat(79)}`)).toBeUndefined();
  expect(at(`.asciz "${"=".repeat(300)}`)).toBeDefined();
});

test("labelsIn names what is no local label", () => {
  expect(labelsIn(LOOP)).toEqual(["f"]);
});
