import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WILD_PROGRAMS } from "../../../test/support/wild-programs.ts";
import { findToolchain } from "../../llvm/toolchain.ts";
import { openSandbox } from "../execute.ts";
import { type Loader, openLoader } from "./loader.ts";

const found = findToolchain();
const folder = mkdtempSync(join(tmpdir(), "llmc-loader-"));
let loader: Loader | undefined;

beforeAll(async () => {
  if (found.status !== "found") return;
  chmodSync(folder, 0o711);
  const sandbox = await openSandbox(folder);
  if (sandbox === undefined) return;
  loader = await openLoader(found.toolchain, {
    cache: join(folder, "cache"),
    sandbox,
    folder: join(folder, "scratch"),
  });
});

afterAll(() => {
  loader?.[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

function compile(
  source: string,
  language: "c" | "c++" = "c",
  flags: readonly string[] = [],
): Buffer {
  if (found.status !== "found") throw new Error(found.message);
  const [input, object] = [join(folder, "in"), join(folder, "out.o")];
  writeFileSync(input, source);
  const how = ["-w", "-O1", "-fPIC", ...flags, "-x", language, "-c", input, "-o", object];
  execFileSync(join(found.toolchain.bin, "clang"), how);
  return readFileSync(object);
}

const run = (object: Buffer, cpuSeconds = 1) => {
  if (loader === undefined) throw new Error("no loader");
  return loader.run(object, { cpuSeconds });
};

const CONSTRUCTORS = `#include <cstdio>
#include <stdexcept>
#include <string>
struct Named { std::string name; explicit Named(const char *n) : name(n) {} ~Named() { std::puts(name.c_str()); } };
static Named second("second");
__attribute__((constructor(101))) static void first() { std::puts("first"); }
__attribute__((destructor)) static void last() { std::puts("last"); }
int main() {
  try { throw std::runtime_error("thrown"); } catch (const std::exception &e) { std::puts(e.what()); }
  return 0;
}`;

describe.runIf(found.status === "found" && process.arch === "x64")("loader", () => {
  test.each<[keyof typeof WILD_PROGRAMS, object]>([
    ["quiet", { status: "exited", code: 7, head: "" }],
    ["prints", { status: "exited", code: 0, head: "hello\n" }],
    ["aborts", { status: "exited", code: 134 }],
    ["endless", { status: "stopped", why: "time" }],
    ["sleeps", { status: "stopped", why: "time" }],
    ["floods", { status: "stopped", why: "output" }],
    ["leaves", { status: "exited", code: 0 }],
    ["writes", { status: "exited", code: 0 }],
    ["bigFile", { status: "exited", code: 128 + 25 }],
    ["net", { status: "exited", code: 0 }],
  ])("run bounds a program that does as %s does", async (name, expected) => {
    expect(await run(compile(WILD_PROGRAMS[name]))).toMatchObject(expected);
    expect(readdirSync(join(folder, "scratch"))).toEqual([]);
  });

  test("run bounds memory", async () => {
    expect(await run(compile(WILD_PROGRAMS.eats, "c", ["-O0"]), 5)).toMatchObject({ code: 3 });
  });

  test.runIf(process.getuid?.() === 0)(
    "run ends a fork bomb, and serves the next object",
    async () => {
      expect((await run(compile(WILD_PROGRAMS.forks))).status).toBe("stopped");
      expect(await run(compile(WILD_PROGRAMS.quiet))).toMatchObject({ code: 7 });
    },
  );

  test.each([[[]], [["-fno-use-init-array"]]])(
    "run does what start-up files and libstdc++ do, compiled with %j",
    async (flags) => {
      expect(await run(compile(CONSTRUCTORS, "c++", flags))).toMatchObject({
        code: 0,
        head: "first\nthrown\nsecond\nlast\n",
      });
    },
  );

  test("run refuses writes to constants", async () => {
    const source =
      "const int table[4] = {1}; int *volatile p = (int *)table; int main() { *p = 2; return *p; }";
    expect(await run(compile(source))).toMatchObject({ status: "exited", code: 139 });
  });

  test("run gives two runs of one object the same start", async () => {
    const counting = compile(
      "static int n; int shared = 5; int main() { n++; shared++; return n + shared; }",
    );
    expect(await run(counting)).toMatchObject({ code: 7 });
    expect(await run(counting)).toMatchObject({ code: 7 });
  });

  test.each([
    [
      "thread-local variables",
      "_Thread_local int n; int main() { return n; }",
      "tdata|tbss|kind of n|n",
    ],
    ["a symbol nobody has", "int nobody(void); int main() { return nobody(); }", "symbol nobody"],
    ["no main", "int x;", "symbol main"],
  ])("run says what it leaves to a linker: %s", async (_, source, why) => {
    expect(await run(compile(source))).toEqual({
      status: "unsupported",
      why: expect.stringMatching(why),
    });
  });

  test("run survives bytes that are no object", async () => {
    expect(await run(Buffer.from("not an object"))).toMatchObject({ status: "unsupported" });
    expect((await run(Buffer.alloc(1 << 16, 0x7f))).status).toBe("unsupported");
  });
});
