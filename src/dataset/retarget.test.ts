import { describe, expect, test } from "vitest";
import { bitcodeOfC, load, testPool, value } from "../../test/support/llvm.ts";
import { ARCHITECTURES, architectureOf, foreignTo, retarget } from "./retarget.ts";

const pool = testPool();

async function normal(text: string | Uint8Array): Promise<{ text: string; triple: string }> {
  const module = await load(pool, text);
  const form = value(await pool.normalize(module));
  pool.unload(module);
  return { text: form.text, triple: module.info.triple };
}

const C =
  "struct s { int a; char b; }; int f(struct s *p, double d) { return p->a + p->b + (int)d; }";

describe("retarget", () => {
  test("gives a module of the other architecture, and back again the one it was", async () => {
    const own = await normal(bitcodeOfC(C));
    const there = retarget(own.text, "aarch64");
    if ("why" in there) throw new Error(there.why);
    const foreign = await normal(there.text);
    expect(architectureOf(foreign.triple)).toBe("aarch64");
    expect(foreign.text).not.toMatch(/x86|\+sse/);
    const back = retarget(foreign.text, "x86_64");
    if ("why" in back) throw new Error(back.why);
    const returned = await normal(back.text);
    expect(returned.text.replace('"min-legal-vector-width"="0" ', "")).toBe(
      own.text.replace('"min-legal-vector-width"="0" ', ""),
    );
  });

  test.each([
    ['call void asm sideeffect "pause", "~{memory}"()', "inline assembly"],
    ['module asm ".globl x"', "inline assembly"],
    ["declare void @llvm.x86.sse2.pause()", "target intrinsic"],
    ["%1 = alloca x86_fp80", "target type"],
  ])("refuses %s", (line, why) => {
    expect(retarget(`${line}\n`, "aarch64")).toEqual({ why });
  });

  test("takes a compiler's barrier, which is no code", () => {
    const line = 'call void asm sideeffect "", "~{memory}"()\n';
    expect(retarget(line, "aarch64")).toEqual({ text: line });
  });

  test("foreignTo leads from each architecture to the other", () => {
    expect(ARCHITECTURES.map(foreignTo)).toEqual([...ARCHITECTURES].toReversed());
    expect(architectureOf("riscv64-linux-gnu")).toBeUndefined();
  });
});
