import { describe, expect, test } from "vitest";
import { signatureDoubt } from "./signature.ts";

const parameter = (type: string) => ({ type, attributes: "" });
const signature = (returnType: string, ...types: readonly string[]) => ({
  returnType,
  parameters: types.map(parameter),
});

describe("signatureDoubt", () => {
  test.each([
    ["sums of two", signature("i32", "i32", "i32"), ["leal (%rdi,%rsi), %eax", "retq"]],
    ["wide sums", signature("i64", "i64", "ptr"), ["leaq (%rdi,%rsi), %rax", "retq"]],
    [
      "an argument that is saved whole and used in part",
      signature("i32", "i32"),
      ["pushq %rbx", "movq %rdi, %rbx", "callq 5", "addl %ebx, %eax", "popq %rbx", "retq"],
    ],
    ["a stack that is aligned", signature("void"), ["pushq %rax", "callq 6", "popq %rax", "retq"]],
    [
      "a register that was cleared",
      signature("i32"),
      ["xorl %esi, %esi", "movl %esi, %eax", "retq"],
    ],
    ["floats", signature("double", "double"), ["addsd %xmm0, %xmm0", "retq"]],
    [
      "a result of two registers",
      signature("{ i64, i64 }", "i64"),
      ["movq %rdi, %rax", "xorl %edx, %edx", "retq"],
    ],
    [
      "a register that a loop works with, and nothing is returned",
      signature("void", "ptr"),
      ["movq (%rdi), %rax", "testq %rax, %rax", "je 4", "retq"],
    ],
  ])("signatureDoubt has nothing to say when the code is %s", (_, declared, code) => {
    expect(signatureDoubt(declared, code)).toBeUndefined();
  });

  test.each([
    [
      "reads an argument that is not passed",
      signature("i32", "i32"),
      ["leal (%rdi,%rsi), %eax", "retq"],
      /reads %rsi.*passes 1/,
    ],
    [
      "reads more of an argument",
      signature("i64", "i32"),
      ["leaq (%rdi,%rdi), %rax", "retq"],
      /all of %rdi.*32 bits/,
    ],
    [
      "leaves a result",
      signature("void", "i32"),
      ["movl %edi, %eax", "retq"],
      /leaves a value in %eax/,
    ],
    [
      "leaves a result of a loop",
      signature("void", "ptr"),
      ["movq %rdi, %rax", "testq %rax, %rax", "je 5", "movq (%rax), %rax", "jmp 1", "retq"],
      /leaves a value in %rax/,
    ],
    [
      "leaves a float",
      signature("void", "float"),
      ["addss %xmm0, %xmm0", "retq"],
      /leaves a value in %xmm0/,
    ],
    [
      "leaves a wide result",
      signature("i32", "i64"),
      ["leaq 1(%rdi), %rax", "retq"],
      /64 bits in %rax/,
    ],
    [
      "leaves a second result",
      signature("i64", "i64"),
      ["movq %rdi, %rax", "movl $1, %edx", "retq"],
      /leaves a value in %edx/,
    ],
  ])("signatureDoubt names it when the code %s", (_, declared, code, doubt) => {
    expect(signatureDoubt(declared, code)).toMatch(doubt);
  });
});
