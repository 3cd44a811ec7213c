import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { programPath, tool, type ProgramName } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { measureElf, type Sections } from "./elf.ts";

const TARGETS = ["x86_64-linux-gnu", "aarch64-linux-gnu"];
const folder = tempFolder();

/** The same sums from what llvm-readelf prints. */
function byReadelf(path: string): Sections {
  const text = tool("llvm-readelf", ["-S", "-W", path]).toString();
  const sizes = { text: 0, data: 0, rodata: 0, ehFrame: 0, other: 0, bss: 0 };
  // [ 3] .text PROGBITS 0000000000000000 000040 0001a4 00 AX 0 0 4
  const row =
    /^\s*\[\s*\d+\] (\S+)\s+(\S+)\s+[0-9a-f]{16} [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+\s+([A-Za-z]*)\s/gm;
  for (const [, name = "", type, size = "", flags = ""] of text.matchAll(row)) {
    if (!flags.includes("A")) continue;
    const bytes = Number.parseInt(size, 16);
    if (type === "NOBITS") sizes.bss += bytes;
    else if (name === ".eh_frame") sizes.ehFrame += bytes;
    else if (/^\.text(\.|$)/.test(name)) sizes.text += bytes;
    else if (/^\.data(\.|$)/.test(name)) sizes.data += bytes;
    else if (/^\.rodata(\.|$)/.test(name)) sizes.rodata += bytes;
    else sizes.other += bytes;
  }
  return { ...sizes, size: sizes.text + sizes.data + sizes.rodata + sizes.ehFrame + sizes.other };
}

function compiled(program: ProgramName, flags: readonly string[]): string {
  const path = join(folder, "object.o");
  tool(program.endsWith(".cpp") ? "clang++" : "clang", [
    ...flags,
    "-c",
    programPath(program),
    "-o",
    path,
  ]);
  return path;
}

describe("measureElf", () => {
  test.each(TARGETS.flatMap((target) => ["-Oz", "-O2"].map((level) => [target, level])))(
    "agrees with llvm-readelf and llvm-size for %s at %s",
    (target, level) => {
      for (const flags of [[], ["-ffunction-sections", "-fdata-sections", "-g"]]) {
        const path = compiled("shapes.cpp", [`--target=${target}`, level, ...flags]);
        const measured = measureElf(readFileSync(path));
        expect(measured).toEqual(byReadelf(path));
        expect(measured.text).toBeGreaterThan(0);
        expect(measured.bss).toBeGreaterThan(0);
        // Berkeley format: text (with rodata and .eh_frame), data, bss.
        const [text, data, bss] =
          tool("llvm-size", [path]).toString().split("\n")[1]?.trim().split(/\s+/).map(Number) ??
          [];
        expect([measured.size, measured.bss]).toEqual([(text ?? 0) + (data ?? 0), bss]);
      }
    },
  );

  test("counts every section of an object with more than 65,280 of them", () => {
    const count = 66_000;
    const path = join(folder, "many.o");
    const assembly = Array.from(
      { length: count },
      (_, i) => `.section .text.f${i},"ax",@progbits\n.byte ${i % 256}\n`,
    ).join("");
    writeFileSync(
      path,
      tool("llvm-mc", ["-triple=x86_64-linux-gnu", "-filetype=obj", "-o", "-", "-"], assembly),
    );
    expect(measureElf(readFileSync(path))).toMatchObject({ text: count, size: count });
  });

  test("throws a RangeError that says what it wants when the bytes are no 64-bit ELF", () => {
    const elf32 = tool(
      "clang",
      ["--target=i386-linux-gnu", "-c", "-x", "c", "-", "-o", "-"],
      "int x = 1;",
    );
    for (const bytes of [new Uint8Array(), Buffer.from("\x7fELF"), Buffer.alloc(4096), elf32]) {
      expect(() => measureElf(bytes)).toThrow(/not a 64-bit little-endian ELF/);
    }
  });

  test("throws nothing but RangeErrors, and ends, whatever is wrong in the headers", () => {
    const good = readFileSync(compiled("shapes.cpp", ["-Oz"]));
    const spoil = fc.array(
      fc.tuple(fc.nat(good.byteLength - 1), fc.integer({ min: 0, max: 255 })),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(spoil, fc.nat(good.byteLength), (changes, length) => {
        const bytes = Uint8Array.from(good.subarray(0, length));
        for (const [at, byte] of changes)
          if (at < bytes.byteLength && (at < 4 || at > 5)) bytes[at] = byte;
        try {
          measureElf(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 200 },
    );
  });
});
