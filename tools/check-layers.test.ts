import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkLayers } from "./check-layers.ts";

/** What the checker says of a src/ folder with these files, as its command prints it. */
function check(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), "llmc-layers-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, "src", path)), { recursive: true });
    writeFileSync(join(root, "src", path), text);
  }
  return checkLayers(root).map(({ path, line, rule }) => `${path}:${line}: ${rule}`);
}

const NOTHING = "export const nothing = 0;\n";

describe("checkLayers", () => {
  test("accepts what the table allows, base for everyone and packages", () => {
    expect(
      check({
        "base/rng.ts": NOTHING,
        "passes/tree.ts": `import { nothing } from "../base/rng.ts";\nexport { nothing };\n`,
        "llvm/pool.ts": `import "node:fs";\nimport "zod";\nimport "../passes/tree.ts";\n`,
        "cli/main.ts": `import "../llvm/pool.ts";\nconsole.log(process.argv, process.env, process.stdout);\n`,
      }),
    ).toEqual([]);
  });

  test("names the file, the line and the rule when a folder imports what it may not", () => {
    expect(
      check({
        "llvm/pool.ts": NOTHING,
        "passes/check.ts": `// first line\nimport {\n  nothing,\n} from "../llvm/pool.ts";\nexport { nothing };\n`,
      }),
    ).toEqual(["src/passes/check.ts:2: passes may not import llvm; it may import base"]);
  });

  test.each([
    ["type imports", `import type { nothing } from "../cli/main.ts";\n`],
    ["re-exports", `export * from "../cli/main.ts";\n`],
    ["dynamic imports", `await import("../cli/main.ts");\n`],
  ])("counts %s as imports", (_what, text) => {
    const [fault] = check({ "cli/main.ts": NOTHING, "tuner/a.ts": text });
    expect(fault).toBe(
      "src/tuner/a.ts:1: tuner may not import cli; it may import base, passes, llvm, verify",
    );
  });

  test("excuses tests from the table, but lets nothing import a test", () => {
    expect(
      check({
        "cli/main.ts": NOTHING,
        "base/rng.test.ts": `import "../cli/main.ts";\nconsole.log(process.env);\n`,
        "base/rng.ts": `import "./rng.test.ts";\n`,
      }),
    ).toEqual(["src/base/rng.ts:1: imports the test src/base/rng.test.ts"]);
  });

  test("refuses folders that the table does not know and files outside src/", () => {
    expect(
      check({
        "utils/a.ts": `import "../base/rng.ts";\n`,
        "base/rng.ts": `import "../../tools/a.ts";\n`,
      }),
    ).toEqual([
      "src/base/rng.ts:1: imports tools/a.ts, which is outside src/",
      "src/utils/a.ts:1: utils is not in the layer table of tools/check-layers.ts",
    ]);
  });

  test("finds import cycles once, also those of types alone", () => {
    expect(
      check({
        "base/a.ts": `import "./b.ts";\n`,
        "base/b.ts": `import type { C } from "./c.ts";\nexport type B = C;\n`,
        "base/c.ts": `\nimport type { B } from "./a.ts";\nexport type C = B;\n`,
        "base/d.ts": `import "./a.ts";\nimport "./b.ts";\n`,
      }),
    ).toEqual([
      "src/base/c.ts:2: import cycle: src/base/a.ts -> src/base/b.ts -> src/base/c.ts -> src/base/a.ts",
    ]);
  });

  test("lets koffi into the bindings only", () => {
    const text = `import koffi from "koffi";\nkoffi;\n`;
    expect(check({ "llvm/bindings.ts": text, "llvm/module.ts": text })).toEqual([
      "src/llvm/module.ts:1: only src/llvm/bindings.ts and src/model/llama-cpp/native.ts may import koffi",
    ]);
  });

  test("shows the chain by which the command line would load the bindings", () => {
    const files = {
      "llvm/bindings.ts": NOTHING,
      "llvm/pool.ts": `import type { A } from "./bindings.ts";\nnew URL("./worker.ts", import.meta.url);\n`,
      "llvm/worker.ts": `import "./bindings.ts";\n`,
      "cli/main.ts": `import "../llvm/pool.ts";\n`,
    };
    expect(check(files)).toEqual([]);
    expect(
      check({ ...files, "llvm/pool.ts": `import { type A } from "./bindings.ts";\n` }),
    ).toEqual([
      "src/llvm/pool.ts:1: src/cli/main.ts -> src/llvm/pool.ts -> src/llvm/bindings.ts: " +
        "the bindings are for child processes alone",
    ]);
  });

  test("forbids the process and the console outside cli and server, but not what merely looks so", () => {
    expect(
      check({
        "tuner/a.ts": [
          `import { env } from "node:process";`,
          `console.error(process.env.HOME, env);`,
          `// process.argv in a comment, "console.log" in a string`,
          `const text = "process.env"; const re = /["'\`] console.log/;`,
          `process.exit(); slot.process.env; export { text, re };`,
        ].join("\n"),
        "llvm/worker.ts": `process.send?.(process.argv);\nprocess.stdout.write("");\n`,
      }),
    ).toEqual([
      "src/llvm/worker.ts:2: uses process.stdout, which only server and cli may",
      "src/tuner/a.ts:1: uses process.env, which only server and cli may",
      "src/tuner/a.ts:2: uses console.error, which only server and cli may",
      "src/tuner/a.ts:2: uses process.env, which only server and cli may",
    ]);
  });
});
