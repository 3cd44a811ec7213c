import { describe, expect, test } from "vitest";
import { toolchain } from "../../test/support/llvm.ts";
import { runTool } from "../llvm/tools.ts";
import { readAssemblySource } from "./source.ts";
import { assemble } from "./tools.ts";

const X86 = ".globl f\nf:\n\tleal 1(%rdi), %eax\n\tretq\n";
const ARM = ".globl f\nf:\n\tadd w0, w0, #1\n\tret\n";
const read = (text: string | Uint8Array, architecture?: "x86_64" | "aarch64") =>
  readAssemblySource(toolchain, Buffer.from(text), { architecture });

async function objectOf(text: string, architecture: "x86_64" | "aarch64"): Promise<Uint8Array> {
  const object = await assemble(toolchain, text, architecture);
  if (object.status !== "ok") throw new Error(object.message);
  return object.value;
}

describe("readAssemblySource", () => {
  test.each([
    [X86, "x86_64"],
    [ARM, "aarch64"],
  ] as const)(
    "readAssemblySource tells the architecture when it is not said",
    async (text, architecture) => {
      expect(await read(text)).toMatchObject({ status: "ok", value: { architecture } });
      expect(await read(await objectOf(text, architecture))).toMatchObject({
        status: "ok",
        value: { architecture },
      });
    },
  );

  test("readAssemblySource gives AT&T syntax when the file has Intel's", async () => {
    const source = await read(".intel_syntax noprefix\nf:\n\tmov eax, edi\n\tret\n");
    expect(source).toMatchObject({ value: { text: expect.stringContaining("movl %edi, %eax") } });
  });

  test.each([
    ["empty", "", undefined, /empty/],
    ["no text", "a\0b", undefined, /neither text nor an ELF object/],
    ["prose", "int main(void) { return 0; }", undefined, /not assembly for x86_64/],
    ["for another architecture", ARM, "x86_64", /for aarch64, not x86_64/],
  ] as const)(
    "readAssemblySource refuses a file when it is %s",
    async (_, text, architecture, message) => {
      expect(await read(text, architecture)).toMatchObject({
        status: "invalid",
        message: expect.stringMatching(message),
      });
    },
  );

  test("readAssemblySource refuses an object when it is cut off, at any byte", async () => {
    const object = await objectOf(X86, "x86_64");
    for (let length = 4; length < object.byteLength; length += 61)
      expect(await read(object.subarray(0, length))).toMatchObject({ status: "invalid" });
  });

  test("readAssemblySource refuses an object when it is linked or for another machine", async () => {
    const args = ["--target=i386-linux-gnu", "-c", "-x", "assembler", "-", "-o", "-"];
    const foreign = await runTool(toolchain, "clang", { args, stdin: "f:\n\tret\n" });
    if (foreign.status !== "ok") throw new Error(foreign.message);
    expect(await read(foreign.value)).toMatchObject({
      status: "invalid",
      message: expect.stringMatching(/64-bit/),
    });
    const linked = Buffer.from(await objectOf(X86, "x86_64"));
    linked.writeUInt16LE(3, 16);
    expect(await read(linked)).toMatchObject({
      status: "invalid",
      message: expect.stringMatching(/linked/),
    });
  });

  test.each([
    ["thread-local variables", "movslq %fs:t@TPOFF, %rax", "addq %rcx, %fs:q@TPOFF+8"],
    ["absolute addresses", "movl x+4, %eax", "leaq table(,%rax,8), %rcx"],
    ["addresses as immediates", "movl $x, %edi", "movq $x+8, 8(%rsp)"],
    ["the global offset table", "movq x@GOTPCREL(%rip), %rax", "callq *g@GOTPCREL(%rip)"],
    ["an immediate behind an address", "movl $7, x+4(%rip)", "cmpb $1, y(%rip)"],
  ])("readAssemblySource writes an object's %s as they were", async (_, ...lines) => {
    const text = `f:\n${lines.map((line) => `\t${line}\n`).join("")}\tretq\n`;
    const source = await read(await objectOf(text, "x86_64"));
    if (source.status !== "ok") throw new Error(source.message);
    for (const line of lines) expect(source.value.text).toContain(`\t${line}\n`);
  });

  test("readAssemblySource names the relocation when an object cannot be written as assembly", async () => {
    const object = await objectOf(
      "f:\n\tleaq x@TLSGD(%rip), %rdi\n\tcallq g@PLT\n\tretq\n",
      "x86_64",
    );
    expect(await read(object)).toMatchObject({
      status: "invalid",
      message: expect.stringMatching(
        /cannot be written as assembly: relocation 19 .*want the compiler's own/,
      ),
    });
  });
});
