import { describe, expect, test } from "vitest";
import { bitcodeOfC, load, testPool, value } from "../../test/support/llvm.ts";
import { assemblyFunctions } from "../tasks/assembly-cut.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { cutFunction } from "../tasks/fit.ts";
import { loneFunction } from "./lone-function.ts";
import { ARCHITECTURES, retarget } from "./retarget.ts";

const pool = testPool();

/** Two functions with the same tails, which call and read what only the module sees. */
const C = `
  static int hidden[4];
  static __attribute__((noinline)) int helper(int a, int b) { return hidden[a & 3] += a * b; }
  extern int sink(int, int, int, int);
  int first(int a, int b) { return helper(a, b) + sink(b * 3 ^ 77, a, 1234567, 7654321); }
  int second(int a, int b) { return helper(b, a) + sink(b * 3 ^ 77, a, 1234567, 7654321); }`;

async function moduleFor(architecture: Architecture): Promise<string> {
  const loaded = await load(pool, bitcodeOfC(C));
  const bitcode = value(await pool.emit(loaded, "default<Oz>", "bitcode"));
  const optimised = await load(pool, architecture === "x86_64" ? bitcode : await foreign(bitcode));
  return value(await pool.normalize(optimised)).text;
}

async function foreign(bitcode: Uint8Array): Promise<string> {
  const { text } = value(await pool.normalize(await load(pool, bitcode)));
  const there = retarget(text, "aarch64");
  if ("why" in there) throw new Error(there.why);
  return there.text;
}

async function listingOf(ir: string): Promise<string> {
  const module = await load(pool, ir);
  return Buffer.from(value(await pool.emit(module, "", "assembly"))).toString();
}

describe("loneFunction", () => {
  test.each(ARCHITECTURES)(
    "loneFunction gives IR that compiles back where the module's assembly does not, for %s",
    async (architecture) => {
      const ir = await moduleFor(architecture);
      const name = "first";
      const alone = await loneFunction(pool, cutFunction(ir, "@first") ?? "", {
        name,
        architecture,
      });
      if ("left" in alone) throw new Error(alone.left);
      const again = assemblyFunctions(await listingOf(alone.ir), architecture).cut(name);
      expect(again).toBe(alone.assembly);
      expect(assemblyFunctions(alone.listing, architecture).cut(name)).toBe(alone.assembly);
      const inModule = assemblyFunctions(await listingOf(ir), architecture).cut(name);
      expect(inModule).toContain("first:\n");
      expect(inModule).not.toBe(alone.assembly);
    },
  );

  test("loneFunction says why there is none when LLVM cannot read it or makes no code of it", async () => {
    const how = { name: "f", architecture: "x86_64" } as const;
    expect(await loneFunction(pool, "define", how)).toEqual({ left: "LLVM invalid" });
    const body = "define available_externally i32 @f() {\n  ret i32 0\n}\n";
    expect(await loneFunction(pool, body, how)).toEqual({ left: "function without assembly" });
  });
});
