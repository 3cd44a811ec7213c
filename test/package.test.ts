/** The package as published: built, packed, installed into an empty folder and run there. Needs no network. */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const MODULES = join(ROOT, "node_modules");
const INSTALL_TIMEOUT_MS = 180_000;

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;

const folder = mkdtempSync(join(tmpdir(), "llmc-package-"));
const app = join(folder, "app");
afterAll(() => rmSync(folder, { recursive: true }));

/** What `npm test` puts there for its own scripts would lead the inner npm to this folder. */
const outside = Object.entries(process.env).filter(
  ([name]) => !/^npm_(?!config_(?:cache|registry)$)/.test(name),
);
const env = {
  ...Object.fromEntries(outside),
  PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
  XDG_CACHE_HOME: join(folder, "cache"),
};

function run(command: string, args: readonly string[], cwd = app): string {
  return execFileSync(command, args, {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const llmc = (...args: readonly string[]): string => run(join(app, "node_modules/.bin/llmc"), args);

/** Folders of what the package declares, and of koffi's binary: npm then asks no registry. */
function dependencies(): string[] {
  const binaries = readdirSync(join(MODULES, "@koromix")).map((name) => `@koromix/${name}`);
  return [...Object.keys(manifest.dependencies), ...binaries].map((name) => join(MODULES, name));
}

beforeAll(() => {
  mkdirSync(app);
  run("npm", ["pack", "--silent", "--pack-destination", folder], ROOT);
  const tarball = join(folder, `llm-compiler-${manifest.version}.tgz`);
  run("npm", ["install", "--silent", "--offline", "--ignore-scripts", tarball, ...dependencies()]);
}, INSTALL_TIMEOUT_MS);

describe("the installed package", () => {
  test("prints its version", () => {
    expect(llmc("--version").trim()).toBe(manifest.version);
  });

  test("holds no tests and no TypeScript but declarations", () => {
    const files = readdirSync(join(app, "node_modules/llm-compiler/dist"), {
      recursive: true,
      encoding: "utf8",
    });
    expect(files.filter((file) => file.includes(".test.") || /(?<!\.d)\.ts$/.test(file))).toEqual(
      [],
    );
  });

  test("doctor finds LLVM", () => {
    expect(JSON.parse(llmc("doctor", "--json"))).toMatchObject({ ok: true });
  });

  test("optimize makes an object no larger than -Oz", () => {
    writeFileSync(join(app, "twice.c"), "int twice(int x) { return x + x; }\n");
    const { total } = JSON.parse(
      llmc("optimize", "twice.c", "--budget", "2", "--json", "-o", "twice.o"),
    );
    expect(total.bytes).toBeGreaterThan(0);
    expect(total.bytes).toBeLessThanOrEqual(total.baselineBytes);
    expect(readFileSync(join(app, "twice.o")).subarray(0, 4).toString("latin1")).toBe("\x7fELF");
  });
});
