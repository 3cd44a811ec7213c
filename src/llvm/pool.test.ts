import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bitcodeOfC,
  load,
  optAndLlc,
  programBitcode,
  type ProgramName,
  testPool,
  tool,
  value,
} from "../../test/support/llvm.ts";
import { measureElf } from "./elf.ts";
import type { LoadedModule } from "./pool.ts";

const pool = testPool();
const OZ = "default<Oz>";
const fresh = { fresh: true };

async function sizeAtOz(module: LoadedModule): Promise<number> {
  return value(await pool.measure(module, [OZ], fresh)).sections.size;
}

describe("pool.load", () => {
  test("takes bitcode and the same module as text", async () => {
    const bitcode = programBitcode("table.c");
    const fromBitcode = await load(pool, bitcode);
    const fromText = await load(pool, tool("llvm-dis", ["-o", "-", "-"], bitcode));
    expect(fromBitcode.info).toMatchObject({
      triple: "x86_64-pc-linux-gnu",
      functions: 7,
      optnoneRemoved: 0,
      sizeAttributesSet: 0,
    });
    expect(fromText.info.instructions).toBe(fromBitcode.info.instructions);
    expect(await sizeAtOz(fromText)).toBe(await sizeAtOz(fromBitcode));
  });

  test("says line and column when the text is broken", async () => {
    const broken = await pool.load(
      Buffer.from("define i32 @f() {\n  ret i33 %x\n}\n"),
      "broken.ll",
    );
    expect(broken).toEqual({
      status: "invalid",
      message: expect.stringMatching(/^broken\.ll:2:7: error: .*'i32'/),
    });
  });

  test("says what the verifier found when IR parses and is still wrong", async () => {
    const text =
      "define i32 @f(i1 %c) {\n  br i1 %c, label %a, label %b\na:\n  %x = add i32 1, 2\n  br label %b\nb:\n  ret i32 %x\n}\n";
    expect(await pool.load(Buffer.from(text), "m.ll")).toEqual({
      status: "invalid",
      message: expect.stringContaining("does not dominate"),
    });
  });

  test("gives an outcome for any piece of bitcode or text, cut or spoilt, and works on", async () => {
    const bitcode = programBitcode("tokens.c");
    const text = tool("llvm-dis", ["-o", "-", "-"], bitcode);
    const spoilt = fc.record({
      of: fc.constantFrom(bitcode, text),
      keep: fc.double({ min: 0, max: 1, noNaN: true }),
      at: fc.nat(),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(spoilt, async ({ of, keep, at, byte }) => {
        const bytes = Uint8Array.from(of.subarray(0, Math.ceil(of.byteLength * keep)));
        bytes[at % bytes.byteLength] = byte;
        const outcome = await pool.load(bytes, "spoilt");
        expect(["ok", "invalid", "rejected", "crashed"]).toContain(outcome.status);
        if (outcome.status === "ok") pool.unload(outcome.value);
        else expect(outcome.message).not.toBe("");
      }),
      { numRuns: 40 },
    );
    expect(value(await pool.load(bitcode, "good")).info.functions).toBe(5);
  });

  test.each([
    "mips-linux-gnu",
    "riscv64-linux-gnu",
    "i386-linux-gnu",
    "banana",
    "x86_64-pc-windows-msvc",
    "x86_64-w64-windows-gnu",
    "x86_64-apple-darwin",
    "arm64-apple-macosx14",
    "x86_64-linux-gnux32",
    "aarch64-linux-gnu_ilp32",
    "aarch64_be-linux-gnu",
  ])("refuses target %s with the reason", async (triple) => {
    const outcome = await pool.load(
      Buffer.from(`target triple = "${triple}"\ndefine void @f() { ret void }`),
      "m.ll",
    );
    expect(outcome.status).toBe("rejected");
    expect(outcome).toHaveProperty(
      "message",
      expect.stringMatching(/^target ".*" is not supported: want 64-bit ELF on x86_64 or aarch64/),
    );
  });

  test("takes IR without a target as opt and llc do", async () => {
    const module = await load(
      pool,
      "define i32 @f(i32 %x) {\n  %y = add i32 %x, 1\n  ret i32 %y\n}\n",
    );
    expect(module.info).toMatchObject({
      triple: "x86_64-pc-linux-gnu",
      functions: 1,
      instructions: 2,
      sizeAttributesSet: 1,
    });
    expect(value(await pool.emit(module, OZ, "ir")).toString()).toContain("target datalayout");
  });
});

describe("pool.load prepares", () => {
  const text =
    "int f(int x) { int s = 0; for (int i = 0; i < x; i++) s += i * x; return s; }\nint g(int x) { return f(x) + f(x + 1); }";

  test("an -O0 module, which then ends as small as the -Oz one or nearly", async () => {
    // Frame pointers, which -O0 switches on, may be wanted and stay.
    const made = await load(pool, bitcodeOfC(text, ["-O0", "-fomit-frame-pointer"]));
    expect(made.info).toMatchObject({ optnoneRemoved: 2, sizeAttributesSet: 2 });
    const atOz = await sizeAtOz(await load(pool, bitcodeOfC(text)));
    expect(await sizeAtOz(made)).toBeLessThanOrEqual(atOz * 1.15);
    expect(await sizeAtOz(made)).toBeLessThan(
      measureElf(optAndLlc(bitcodeOfC(text, ["-O0"]), OZ)).size,
    );
  });

  test("an -O2 module by giving it the size attributes", async () => {
    const module = await load(pool, bitcodeOfC(text, ["-O2"]));
    expect(module.info).toMatchObject({ optnoneRemoved: 0, sizeAttributesSet: 2 });
  });

  test("no lone function that its author marked optnone", async () => {
    const module = await load(pool, bitcodeOfC(`__attribute__((optnone)) ${text}`));
    expect(module.info).toMatchObject({ optnoneRemoved: 0, sizeAttributesSet: 0 });
    expect(value(await pool.emit(module, OZ, "ir")).toString()).toMatch(
      /noinline nounwind optnone/,
    );
  });
});

describe("pool.emit makes the object of opt and llc", () => {
  const LISTS = [OZ, "default<O2>", "function(sroa,simplifycfg),cgscc(inline),globaldce"];

  test.each<[ProgramName, string]>([
    ["table.c", "x86_64-linux-gnu"],
    ["tokens.c", "x86_64-linux-gnu"],
    ["shapes.cpp", "x86_64-linux-gnu"],
    ["shapes.cpp", "aarch64-linux-gnu"],
  ])("of %s for %s", async (name, target) => {
    const bitcode = programBitcode(name, [`--target=${target}`]);
    const module = await load(pool, bitcode);
    for (const list of LISTS) {
      const object = Buffer.from(value(await pool.emit(module, list, "object")));
      expect(object.equals(optAndLlc(bitcode, list)), list).toBe(true);
      expect(value(await pool.measure(module, [list], fresh)).sections).toEqual(measureElf(object));
    }
  });

  test("without position independence when clang was called with -fno-pic", async () => {
    const bitcode = programBitcode("tokens.c", ["-fno-pic"]);
    const object = Buffer.from(value(await pool.emit(await load(pool, bitcode), OZ, "object")));
    expect(object.equals(optAndLlc(bitcode, OZ, "static"))).toBe(true);
    expect(object.equals(optAndLlc(bitcode, OZ, "pic"))).toBe(false);
  });
});

test("pool.emit gives assembly, IR and bitcode of the same module", async () => {
  const module = await load(pool, programBitcode("tokens.c"));
  const object = Buffer.from(value(await pool.emit(module, OZ, "object")));
  const assembly = value(await pool.emit(module, OZ, "assembly"));
  expect(
    measureElf(
      tool("llvm-mc", ["-triple=x86_64-linux-gnu", "-filetype=obj", "-o", "-", "-"], assembly),
    ).size,
  ).toBe(measureElf(object).size);
  for (const as of ["ir", "bitcode"] as const) {
    const again = tool(
      "llc",
      ["-relocation-model=pic", "-filetype=obj", "-o", "-", "-"],
      value(await pool.emit(module, OZ, as)),
    );
    expect(measureElf(again).size, as).toBe(measureElf(object).size);
  }
});

describe("pool.measure", () => {
  test("rejects a pass list that LLVM does not know, with LLVM's words", async () => {
    const module = await load(pool, programBitcode("tokens.c"));
    for (const how of [fresh, { fresh: false }]) {
      expect(await pool.measure(module, ["nonsense"], how)).toEqual({
        status: "rejected",
        message: expect.stringContaining("unknown pass name 'nonsense'"),
      });
    }
  });

  test.each([
    ["an empty module", "", 0],
    ["a module without functions", '@x = global i32 3\n@y = constant [3 x i8] c"abc"', 7],
    [
      "inline assembly",
      'define void @f() nounwind {\n  call void asm sideeffect "nop; nop", ""()\n  ret void\n}',
      3,
    ],
    ["assembly at file level", 'module asm ".globl q"\nmodule asm "q: nop"', 1],
    [
      "a huge array",
      "@a = global { i8, [30000000 x i8] } { i8 1, [30000000 x i8] zeroinitializer }",
      30_000_001,
    ],
    ["a huge zero array", "@a = global [2000000000 x i8] zeroinitializer", 0],
  ])("measures %s", async (_, text, size) => {
    const module = await load(pool, text);
    expect(await sizeAtOz(module)).toBe(size);
    expect(measureElf(value(await pool.emit(module, OZ, "object"))).size).toBe(size);
    pool.unload(module);
  });

  test.each([
    [
      "in a function",
      'define void @f() {\n  call void asm sideeffect "frobnicate eax", ""()\n  ret void\n}',
    ],
    ["at file level", 'module asm "frobnicate eax"'],
  ])("says what the assembler says of wrong inline assembly %s", async (_, text) => {
    const module = await load(pool, text);
    const wanted = {
      status: "invalid",
      message: expect.stringContaining("invalid instruction mnemonic 'frobnicate'"),
    };
    expect(await pool.measure(module, [OZ], fresh)).toEqual(wanted);
    expect(await pool.emit(module, OZ, "object")).toEqual(wanted);
    expect(await pool.measure(module, [OZ], fresh), "again").toEqual(wanted);
  });

  test("counts instructions of the optimised module", async () => {
    const module = await load(
      pool,
      "define i32 @f() {\n  %a = add i32 1, 2\n  %b = add i32 %a, 3\n  ret i32 %b\n}",
    );
    expect(module.info.instructions).toBe(3);
    expect(value(await pool.measure(module, [OZ], fresh)).instructions).toBe(1);
  });
});
