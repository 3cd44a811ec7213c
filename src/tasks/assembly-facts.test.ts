import { expect, test } from "vitest";
import { firstForeignName } from "./assembly-facts.ts";

const IR = `define void @greet(ptr %0) {
call void @print_name(ptr %0)
ret void
}
@names = external global ptr
declare void @print_name(ptr)
`;
const X86 = ".text\n.globl greet\ngreet:\nmovq names@GOTPCREL(%rip), %rax\njmp print_name@PLT\n";
const AARCH64 = "greet:\nadrp x8, :got:names\nldr x8, [x8, :got_lo12:names]\nb print_name\n";

const foreignIn = (assembly: string): string | undefined => {
  const at = firstForeignName(IR, assembly);
  return at === undefined ? undefined : assembly.slice(at).split(/[\W]/, 1)[0];
};

test("firstForeignName takes symbols of the IR, of either target", () => {
  expect(foreignIn(X86)).toBeUndefined();
  expect(foreignIn(AARCH64)).toBeUndefined();
});

test("firstForeignName tells where a name goes astray that the IR does not have", () => {
  expect(foreignIn(X86.replace("print_name@PLT", "print_names@PLT"))).toBe("s");
  expect(foreignIn(AARCH64.replace("b print_name", "b print_nome"))).toBe("ome");
  expect(foreignIn(AARCH64.replace("greet:", "meet:"))).toBe("et");
  expect(foreignIn(AARCH64.replace("greet:", ".L0:"))).toBeUndefined();
});

test("firstForeignName looks into an unfinished line for names without end alone", () => {
  const begun = X86.replace(/print_name@PLT\n$/, "");
  expect(foreignIn(`${begun}print_nome`)).toBeUndefined();
  expect(foreignIn(`${begun}print_name${"_name".repeat(5)}`)).toBe("_name".repeat(5));
  expect(foreignIn(`${begun}${"_".repeat(40)}`)).toBe("_".repeat(40 - "_".length));
  expect(foreignIn(`${begun}greet.${"cold.".repeat(6)}`)).toBeUndefined();
  expect(foreignIn(`${begun}greet.${"cold.".repeat(8)}`)).toBe("");
});

test("firstForeignName names words of strings that the IR does not have", () => {
  const words = (content: string): string | undefined => foreignIn(`.LD0:\n.asciz "${content}`);
  const ir = String.raw`@.0 = constant [15 x i8] c"my name\0Ais \22you\22\00"`;
  const at = (content: string): number | undefined => firstForeignName(ir, `.asciz "${content}`);
  expect(at(String.raw`my name\nis \"you\""\n`)).toBeUndefined();
  expect(at("my na")).toBeUndefined();
  expect(at("my nose")).toBe('.asciz "my n'.length);
  expect(words("a".repeat(50))).toBe("a".repeat(49));
});

test("firstForeignName lets pass what code generation and passes add", () => {
  for (const name of ["OUTLINED_FUNCTION_0", "memcpy", "__stack_chk_fail", "greet.cold.1"])
    expect(foreignIn(X86.replace("print_name@PLT", name))).toBeUndefined();
  expect(foreignIn(AARCH64.replace("greet:", "greet.cold.1:"))).toBeUndefined();
  expect(foreignIn(AARCH64.replace("greet:", "gree.cold.1:"))).toBe("");
});

test("firstForeignName takes registers, directives and mnemonics for no symbols", () => {
  expect(
    foreignIn('.section .rodata.str1.1,"aMS",@progbits,1\nprefetchnta (%rdi)\n'),
  ).toBeUndefined();
  expect(foreignIn("ldr x0, [x1, w2, sxtw #3]\nadd v0.16b, v1.16b, v2.16b\n")).toBeUndefined();
});
