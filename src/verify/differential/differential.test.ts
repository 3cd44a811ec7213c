import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileToBitcode } from "../../llvm/clang.ts";
import { type LoadedModule, type Pool, makePool } from "../../llvm/pool.ts";
import { findToolchain } from "../../llvm/toolchain.ts";
import { type DifferentialReport, type Reference, makeReference } from "./differential.ts";

const found = findToolchain();
const canRun = found.status === "found" && process.platform === "linux" && process.arch === "x64";

const SOURCE = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
struct node { int value; struct node *next; };
struct point { double x; float y; char tag; };
extern int outside(int);
int counter;
static int twice(int x) { return 2 * x; }

int sum_list(const struct node *n) { unsigned s = 0; for (; n; n = n->next) s += n->value; return s; }
unsigned weigh(unsigned a, unsigned b) { return a - 3 * b; }
void store_both(int *p, int *q) { p[1] = 11; *q = 22; counter += 1; }
struct point move(struct point p, float by) { p.x += by; p.tag ^= 1; return p; }
int apply(int (*f)(int), int x) { return f(x) > 0 ? 1 : outside(x & 7); }
int length_of(const char *s) { return (int)strlen(s) + twice(s[0] == 'a'); }
void print_it(int x) { printf("%d\\n", x & 15); }
char *copy_of(const char *s) { char *c = malloc(strlen(s) + 1); return c ? strcpy(c, s) : NULL; }
void harm(const char *p) { unlink("MARK"); if (*p == 'x') exit(3); system("touch MARK2"); }
int overflow(int x) { return x + 1 > x; }
int unset(int x) { int y[4]; return y[x & 3] & 1; }
extern struct node *roots;
int *spare;
int through_globals(int x) { return roots->next->value + *spare + x % 5; }
static int hidden(int x) { return x ^ 85; }
int (*const table[])(int) = { hidden };
void drop(struct node *n) { free(n->next); free(n); }
long long wide(__int128 a, long b) { return (long long)(a >> 3) ^ b; }
int rare(unsigned x) { return ((x * 3 + 7) ^ 85) == 1234567 ? 4711 : 0; }
int many(int n, ...) { return n; }
`;

let pool: Pool;
let module: LoadedModule;
let reference: Reference;
let scratch: string;
let optimised: string;

beforeAll(async () => {
  if (!canRun) return;
  scratch = mkdtempSync(join(tmpdir(), "llmc-diff-test-"));
  writeFileSync(join(scratch, "MARK"), "still here");
  writeFileSync(join(scratch, "a.c"), SOURCE.replaceAll("MARK", join(scratch, "MARK")));
  pool = makePool(found.toolchain, 1);
  const bitcode = await compileToBitcode(pool.toolchain, {
    path: join(scratch, "a.c"),
    flags: ["-w"],
  });
  if (bitcode.status !== "ok") throw new Error(bitcode.message);
  const loaded = await pool.load(bitcode.value, "a.c");
  if (loaded.status !== "ok") throw new Error(loaded.message);
  module = loaded.value;
  const made = await makeReference(pool, module, { scratch });
  if (made.status !== "ok") throw new Error(made.message);
  reference = made.value;
  const text = await pool.emit(module, "default<Oz>", "ir");
  optimised = text.status === "ok" ? Buffer.from(text.value).toString("utf8") : "";
});

afterAll(() => {
  if (!canRun) return;
  reference[Symbol.dispose]();
  pool.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** The optimised module with one thing changed. */
async function checkChanged(pattern: RegExp, replacement: string): Promise<DifferentialReport> {
  const text = optimised.replace(pattern, replacement);
  expect(text).not.toBe(optimised);
  const loaded = await pool.load(Buffer.from(text), "changed");
  if (loaded.status !== "ok") throw new Error(loaded.message);
  const object = await pool.emit(loaded.value, "", "object");
  if (object.status !== "ok") throw new Error(object.message);
  return reference.check({ object: object.value });
}

const statusOf = (report: DifferentialReport): Record<string, string> =>
  Object.fromEntries(report.functions.map(({ name, verdict }) => [name, verdict.status]));

describe.skipIf(!canRun)("differential", () => {
  test("check calls nothing wrong, and tests what can be called, when the pipeline is clang's own", async () => {
    const report = await reference.check({ passes: "default<O3>" });
    expect(report.verdict.status).toBe("undecided");
    expect(statusOf(report)).toMatchObject({
      sum_list: "correct",
      weigh: "correct",
      store_both: "correct",
      move: "correct",
      apply: "correct",
      length_of: "correct",
      print_it: "correct",
      copy_of: "correct",
      harm: "correct",
      wide: "correct",
      twice: "correct",
      through_globals: "correct",
      hidden: "correct",
      drop: "correct",
      unset: "undecided",
      many: "undecided",
    });
  });

  test("check really calls neither unlink nor system", () => {
    expect(existsSync(join(scratch, "MARK"))).toBe(true);
    expect(existsSync(join(scratch, "MARK2"))).toBe(false);
  });

  test.each([
    ["a result", /mul i32 %1, -3/, "mul i32 %1, -4", "weigh"],
    ["memory behind a pointer", /store i32 22, /, "store i32 23, ", "store_both"],
    ["a global", /store i32 %\S+, ptr @counter.*\n/, "\n", "store_both"],
    ["output", /and i32 (%\S+), 15/, "and i32 $1, 7", "print_it"],
    ["an external call", /@outside\(i32 (?:noundef )?%\S+\)/, "@outside(i32 noundef 9)", "apply"],
    ["what one input in 4 billion reaches", /i32 4711/, "i32 4712", "rare"],
    [
      "an endless loop",
      /(define [^@\n]*@wide\(.*\{\n)/,
      "$1  br label %llmc\nllmc:\n  store volatile i32 1, ptr @counter\n  br label %llmc\nend:\n",
      "wide",
    ],
  ])("check finds the miscompile when it changes %s", async (_, pattern, replacement, name) => {
    const report = await checkChanged(pattern, replacement);
    expect(statusOf(report)).toMatchObject({ [name]: "wrong" });
    expect(
      report.functions.filter(({ verdict }) => verdict.status === "wrong").map((fn) => fn.name),
    ).toEqual([name]);
    expect(JSON.stringify(report.verdict)).toContain(`${name}(`);
  });

  test("check is undecided, with the compiler's words, when the list cannot be run", async () => {
    const report = await reference.check({ passes: "no-such-pass" });
    expect(report.verdict).toMatchObject({ status: "undecided" });
    expect(JSON.stringify(report.verdict)).toContain("no-such-pass");
  });

  test("makeReference says so when the module is for another machine", async () => {
    const loaded = await pool.load(
      Buffer.from(
        'target triple = "aarch64-unknown-linux-gnu"\ndefine void @f() {\n  ret void\n}\n',
      ),
      "arm",
    );
    if (loaded.status !== "ok") throw new Error(loaded.message);
    expect(await makeReference(pool, loaded.value, { scratch })).toMatchObject({
      status: "rejected",
      message: expect.stringMatching(/cannot run aarch64/),
    });
  });
});
