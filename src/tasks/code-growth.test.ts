import fc from "fast-check";
import { expect, test } from "vitest";
import { extentOfAssembly, extentOfIr, firstOvergrowth } from "./code-growth.ts";

const QUESTION = `define void @f(ptr %0) {
%2 = load i32, ptr %0
store i32 %2, ptr %0
call void @g(ptr %0)
ret void
}
`;
const HEAD = "define void @f(ptr %0) {\n";
const asked = extentOfIr(QUESTION);

const lastLineIn = (text: string): string | undefined => {
  const at = firstOvergrowth("emulated ir", asked, text);
  return at === undefined ? undefined : text.slice(at);
};

test("extentOfIr counts lines of bodies, stores and calls that are the same, and lines that are alike", () => {
  const ir = QUESTION.replace("ret void\n", "store i32 1, ptr %0\nstore i32 1, ptr %0\nret void\n");
  expect(extentOfIr(ir)).toEqual({ lines: 6, same: 2, alike: 2, threeAlike: 1, empty: 0 });
  expect(extentOfIr("declare void @g(ptr)\n".repeat(9)).lines).toBe(0);
});

test("extentOfAssembly counts instructions, and those of the same mnemonic", () => {
  const assembly = ".text\nf:\nmovl $1, %eax\nmovl $1, %eax\nmovl $2, %ecx\nretq\n.L0:\n";
  expect(extentOfAssembly(assembly)).toEqual({
    lines: 4,
    same: 2,
    alike: 3,
    threeAlike: 1,
    empty: 0,
  });
});

test("firstOvergrowth names the line that is one too many", () => {
  const line = "%9 = add i32 %8, 1\n";
  const lines = Array.from({ length: 12 }, (_, at) => `%${at} = o${"p".repeat(at)} i32 0\n`);
  expect(lastLineIn(HEAD + lines.join(""))).toBeUndefined();
  expect(lastLineIn(HEAD + lines.join("") + line.repeat(4))).toBe(line);
});

test("firstOvergrowth names a store that was there often enough", () => {
  const store = "store i32 0, ptr %0, align 8\n";
  expect(lastLineIn(HEAD + store.repeat(4))).toBeUndefined();
  expect(lastLineIn(HEAD + store.repeat(5))).toBe(store);
});

test("firstOvergrowth names the branch of one empty block too many, in an answer of emulation", () => {
  const chain = (length: number): string =>
    Array.from({ length }, (_, at) => `${at + 5}:\nbr label %${at + 6}\n`).join("");
  expect(lastLineIn(HEAD + chain(2))).toBeUndefined();
  expect(lastLineIn(HEAD + chain(3))).toBe("br label %8\n");
  const other = chain(3).replace("br label %7", "br label %9");
  expect(lastLineIn(HEAD + other)).toBeUndefined();
  const many = extentOfIr(HEAD + chain(3));
  expect(firstOvergrowth("emulated ir", many, HEAD + chain(5))).toBeUndefined();
  expect(firstOvergrowth("disassembled", many, HEAD + chain(9))).toBeUndefined();
});

test("firstOvergrowth says nothing outside bodies, and nothing of a line that is not whole", () => {
  const long = HEAD + "store i32 0, ptr %0\n".repeat(40);
  expect(lastLineIn(`${long}}\n`)).toBeUndefined();
  expect(lastLineIn(`${long}store i32`)).toBeUndefined();
});

test("firstOvergrowth takes the question itself, however little of it is there", () => {
  const lines = fc.array(
    fc.constantFrom("store i32 0, ptr %0", "%2 = load i32, ptr %0", "br label %1"),
  );
  fc.assert(
    fc.property(lines, fc.constantFrom("emulated ir", "disassembled"), (body, answered) => {
      const ir = `${HEAD}${body.join("\n")}\nret void\n}\n`;
      for (let end = ir.indexOf("\n"); end >= 0; end = ir.indexOf("\n", end + 1))
        expect(firstOvergrowth(answered, extentOfIr(ir), ir.slice(0, end + 1))).toBeUndefined();
    }),
  );
});
