import { expect, test } from "vitest";
import { firstContradiction } from "./ir-facts.ts";

const ASSEMBLY = `.text
.globl greet
greet:
pushq %rax
leaq .LD0(%rip), %rdi
callq puts@PLT
movl count(%rip), %eax
popq %rcx
retq
.section .rodata.str1.1,"aMS",@progbits,1
.LD0:
.asciz "hello\\n\\"you\\" there"
`;

const IR = String.raw`define i32 @greet() {
%1 = tail call i32 @puts(ptr @.0)
%2 = load i32, ptr @count
ret i32 %2
}
@.0 = private unnamed_addr constant [19 x i8] c"hello\0A\22you\22 there\00", align 1
@count = external global i32
declare i32 @puts(ptr)
`;

const wrongIn = (ir: string): string | undefined => {
  const at = firstContradiction("disassemble", ASSEMBLY, ir);
  return at === undefined ? undefined : ir.slice(at, at + 6);
};

test("firstContradiction takes the IR that the assembly was made from, however little of it is there", () => {
  for (let end = 0; end >= 0 && end < IR.length; end = IR.indexOf("\n", end + 1))
    expect(wrongIn(IR.slice(0, end + 1))).toBeUndefined();
});

test("firstContradiction names symbols and words that the assembly does not know", () => {
  expect(wrongIn(IR.replace("@puts(ptr @.0)", "@putc(ptr @.0)"))).toBe("@putc(");
  expect(wrongIn(IR.replace("ptr @count\n", "ptr @total\n"))).toBe("@total");
  expect(wrongIn(IR.replace("22 there", "22 their"))).toBe('ir\\00"');
  const again = "%1 = tail call i32 @puts(ptr @.0)\n".repeat(9);
  expect(wrongIn(IR.replace("{\n", `{\n${again}`))).toBe("@puts(");
});

test("firstContradiction lets pass what code generation calls by another name", () => {
  const other = (name: string): string | undefined => wrongIn(IR.replace("@puts(ptr @.0)", name));
  expect(other("@bcmp(ptr @.0, ptr @.0, i64 3)")).toBeUndefined();
  expect(other("@llvm.ctpop.i32(i32 3)")).toBeUndefined();
  expect(other("@__strcpy_chk(ptr @.0, ptr @.0, i64 3)")).toBeUndefined();
});

const QUESTION = String.raw`$_ZN1A1fEv = comdat any
@.0 = private unnamed_addr constant [13 x i8] c"hello @there\00", align 1
define linkonce_odr void @_ZN1A1fEv() comdat {
%1 = call i32 @puts(ptr @.0)
ret void
}
declare i32 @puts(ptr)
`;

test("firstContradiction holds all of emulated IR to the question, from its first line", () => {
  const emulated = (ir: string): string | undefined => {
    const at = firstContradiction("emulate", QUESTION, ir);
    return at === undefined ? undefined : ir.slice(at, at + 12);
  };
  expect(emulated(QUESTION)).toBeUndefined();
  expect(emulated(QUESTION.replace("@puts(ptr)", "@strlen(ptr)"))).toBeUndefined();
  expect(emulated(QUESTION.replace("declare i32 @puts", "declare i32 @gets"))).toBe("@gets(ptr)\n");
  expect(emulated("$_ZN1A1gEv = comdat any\n")).toBe("$_ZN1A1gEv =");
  const other = '@.0 = private unnamed_addr constant [13 x i8] c"hello @theirs\\00", align 1\n';
  expect(emulated(other)).toBe('irs\\00", ali');
});

test("firstContradiction takes types of the question's alone, whatever their numbers", () => {
  const question = "%T0 = type { i32, %T1 }\n%T1 = type { ptr, [4 x i8] }\n";
  const typed = (ir: string): string | undefined => {
    const at = firstContradiction("emulate", question, ir);
    return at === undefined ? undefined : ir.slice(at);
  };
  expect(typed("%T0 = type { ptr, [4 x i8] }\n%T1 = type { i32, %T0 }\n")).toBeUndefined();
  expect(typed("%T0 = type { i32, %T")).toBeUndefined();
  expect(typed("%T0 = type { i32, i32")).toBe("i32");
  expect(typed("%T0 = type { i32, %T1, %T1 }\n")).toBe(", %T1 }\n");
  expect(typed("%T0 = type { ptr\n")).toBe("\n");
  expect(firstContradiction("disassemble", question, "%T0 = type { i8 }\n")).toBeUndefined();
});
