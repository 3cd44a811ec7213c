import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assemblyDistance, comparedLines } from "./distance.ts";

const instruction = fc.constantFrom("movl %edi, %eax", "movl %esi, %eax", "addl $1, %eax", "retq");
const code = fc.array(instruction, { maxLength: 8 });

describe("assemblyDistance", () => {
  test("assemblyDistance is 0 for the same lines alone, the same both ways, and no more than both lengths", () => {
    fc.assert(
      fc.property(code, code, (a, b) => {
        const distance = assemblyDistance(a, b);
        expect(distance).toBe(assemblyDistance(b, a));
        expect(distance === 0).toBe(a.join() === b.join());
        expect(distance).toBeLessThanOrEqual(a.length + b.length);
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  test("assemblyDistance is shorter by way of a third code than never", () => {
    fc.assert(
      fc.property(code, code, code, (a, b, c) => {
        const around = assemblyDistance(a, b) + assemblyDistance(b, c);
        expect(assemblyDistance(a, c)).toBeLessThanOrEqual(around + 1e-9);
      }),
    );
  });

  test.each([
    ["an instruction is missing", "pushq %rbx\nretq", "retq", 1],
    ["an operand of two is another", "movl %edi, %eax", "movl %esi, %eax", 0.75],
    ["both operands are others", "movl %edi, %eax", "movl %esi, %ecx", 1],
    ["the instruction is another", "movl %edi, %eax", "addl %edi, %eax", 2],
  ])("assemblyDistance counts what is to be done when %s", (_, wanted, got, distance) => {
    expect(assemblyDistance(wanted.split("\n"), got.split("\n"))).toBe(distance);
  });
});

describe("comparedLines", () => {
  const jump = (target: string): string =>
    [".text", "f:", `jne ${target}`, "xorl %eax, %eax", ".L0:", "retq", ".L1:", "ud2", ""].join(
      "\n",
    );

  test("comparedLines tells a jump by what stands at its target, not by the label's name", () => {
    const renamed = jump(".L1").replaceAll(".L1", ".L7");
    expect(comparedLines(jump(".L1"))).toEqual(comparedLines(renamed));
    expect(
      assemblyDistance(comparedLines(jump(".L0")), comparedLines(jump(".L1"))),
    ).toBeGreaterThan(0);
  });

  test("comparedLines leaves out alignment and what is said about symbols", () => {
    const bare = comparedLines("f:\nretq\n");
    expect(comparedLines(".text\n.globl f\n.p2align 4\nf:\nretq\n")).toEqual(bare);
  });
});
