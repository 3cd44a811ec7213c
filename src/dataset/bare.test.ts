/** What tasks/bare-ir.ts leaves of IR, as the real LLVM reads and compiles it. */

import { describe, expect, test } from "vitest";
import { bitcodeOfC, load, testPool, value } from "../../test/support/llvm.ts";
import { openCorpus } from "../corpus/store.ts";
import { bareIr, bodyFirst } from "../tasks/bare-ir.ts";
import { bareUnit } from "./disassemble.ts";
import { assemblyOf, openUnit } from "./unit.ts";

const pool = testPool();
const TRIPLE = 'target triple = "x86_64-pc-linux-gnu"\n';

const normal = async (bytes: Uint8Array | string): Promise<string> => {
  using unit = value(await openUnit(pool, bytes));
  return unit.text;
};

describe("bareIr", () => {
  test("leaves out what no assembly tells, and keeps what code generation asks about", async () => {
    const text = await normal(
      bitcodeOfC(`#pragma GCC diagnostic ignored "-Wall"
      struct big { long a[5]; };
      extern void stop(void) __attribute__((noreturn));
      extern void take(struct big b, short s);
      int sum(int *p, long *q, int n) { int s = 0; for (int i = 0; i < n; i++) { s += p[i]; *q = s; } return s; }
      void give(struct big *b, short s) { if (s == 3) stop(); take(*b, s); }`),
    );
    expect(text).toMatch(/, !tbaa !\d+$/m);
    expect(text).toMatch(/llvm\.lifetime\.start/);
    expect(text).toMatch(/noundef/);
    const bare = bareIr(text);
    expect(bare).not.toMatch(/tbaa|llvm\.loop|lifetime|noundef|^target |wchar_size|target-cpu/m);
    expect(bare).toMatch(/byval\(%T\d+\) align 8/);
    expect(bare).toMatch(/signext|i16 %/);
    expect(bare).toMatch(/^define dso_local i32 @sum\(ptr %0, ptr %1, i32 %2\) #0 \{$/m);
    expect(bare).toMatch(/^attributes #0 = \{ minsize optsize \}$/m);
    expect(bare).toMatch(/^attributes #\d = \{ noreturn \}$/m);
    expect(bareIr(bare)).toBe(bare);
  });

  test("gives IR that compiles to the assembly of the bare unit, of twenty real modules", async () => {
    const corpus = await openCorpus("test/corpus/sample.parquet");
    let seen = 0;
    for await (const { bitcode } of corpus.modules({ splits: ["test"] })) {
      if (bitcode.length > 12_000) continue;
      using unit = value(await openUnit(pool, bitcode));
      using bare = value(await bareUnit(pool, unit, "default<Oz>"));
      using again = value(await openUnit(pool, TRIPLE + bareIr(bare.text)));
      expect(again.text).toBe(bare.text);
      expect(value(await assemblyOf(pool, again))).toBe(value(await assemblyOf(pool, bare)));
      if (++seen === 20) break;
    }
    corpus.close();
    expect(seen).toBe(20);
  });

  test("bodyFirst tells types, then bodies, then what they mention, which LLVM reads as the same", async () => {
    const ir = bareIr(
      await normal(
        bitcodeOfC(`extern int table[4]; extern int ask(const char *);
        struct pair { int a, b; };
        int g(struct pair *p) { return ask("x") + table[p->b]; }`),
      ),
    );
    const turned = bodyFirst(ir);
    const kinds = turned.split("\n").map((line) => /^(?:%T|define |@|declare )/.exec(line)?.[0]);
    expect([...new Set(kinds.filter(Boolean))]).toEqual(["%T", "define ", "@", "declare "]);
    expect(await normal(TRIPLE + turned)).toBe(await normal(TRIPLE + ir));
    expect(bodyFirst(turned)).toBe(turned);
  });

  test("keeps flags of the module that reach the code, and metadata that globals mention", async () => {
    const text = await normal(
      `${TRIPLE}@g = global i32 0, !type !3
      define void @f() { ret void }
      !llvm.module.flags = !{!0, !1, !2}
      !0 = !{i32 1, !"wchar_size", i32 4}
      !1 = !{i32 8, !"cf-protection-branch", i32 1}
      !2 = !{i32 8, !"PIC Level", i32 2}
      !3 = !{i64 0, !"name"}`,
    );
    const bare = bareIr(text);
    expect(bare).toMatch(/cf-protection-branch/);
    expect(bare).not.toMatch(/wchar_size|PIC Level/);
    expect(bare).toMatch(/!type !\d/);
    await load(pool, TRIPLE + bare);
  });
});
