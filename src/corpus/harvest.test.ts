import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { toolchain } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { type SandboxMode, openBuildSandbox } from "./build-sandbox.ts";
import { claim } from "./claim.ts";
import {
  type HarvestPlace,
  harvest,
  harvestedPackages,
  readHarvest,
  recordsFolder,
  shimsFolder,
} from "./harvest.ts";
import { countRecords } from "./records.ts";
import { writeShims } from "./shims.ts";

/** A place to harvest to; every package's source is `files`. */
async function place(
  files: Readonly<Record<string, string>>,
  over: Partial<HarvestPlace> & { mode?: SandboxMode } = {},
): Promise<HarvestPlace> {
  const cache = tempFolder();
  execFileSync("chmod", ["755", cache]); // builds have a user of their own
  writeShims(shimsFolder(cache), toolchain.bin);
  const sandbox = await openBuildSandbox(cache, over.mode ? [over.mode] : undefined);
  if (sandbox === undefined) throw new Error("no sandbox works here, not even limits alone");
  return {
    cache,
    sandbox,
    path: "/usr/bin:/bin",
    limitMs: 60_000,
    maxDiskBytes: 2 ** 29,
    maxRecords: 100,
    installDependencies: false,
    retry: false,
    signal: new AbortController().signal,
    fetch: (_, root) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      return Promise.resolve({ version: "1.0-1" });
    },
    ...over,
  };
}

const TWO_FILES = {
  "Makefile": "all: a.o b.o\n%.o: %.c\n\t$(CC) -DX=1 -O2 -g -c -o $@ $<\n",
  "a.c": "int a(int x) { return x * X; }\n",
  "b.c": "int b(int x) { return x + X; }\n",
};
const log = ({ cache }: HarvestPlace): string =>
  readFileSync(join(cache, "packages/demo/build.log"), "utf8");

describe("harvest", () => {
  test("builds a tree and leaves records, a log and a done file, and nothing else", async () => {
    const where = await place(TWO_FILES);
    const outcome = await harvest("demo", where);
    expect(outcome).toMatchObject({
      status: "done",
      harvest: { package: "demo", version: "1.0-1", records: 2 },
    });
    const folder = recordsFolder(where.cache, "demo");
    const notes = readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
    expect(notes.map(({ path, flags }) => [path, flags]).toSorted()).toEqual([
      ["a.c", ["-DX=1"]],
      ["b.c", ["-DX=1"]],
    ]);
    expect(readdirSync(dirname(folder)).toSorted()).toEqual(["build.log", "done.json", "records"]);
    expect(harvestedPackages(where.cache)).toEqual(["demo"]);
  });

  test("lets one package's configure know what another's found out", async () => {
    // What autoconf writes into every configure script, and one question.
    const configure = `#!/bin/sh
cache_file=/dev/null
. "$CONFIG_SITE"
[ ! -r "$cache_file" ] || . "$cache_file"
echo "memcpy: \${ac_cv_func_memcpy-unknown}"
echo 'ac_cv_func_memcpy=\${ac_cv_func_memcpy=yes}' >>"$cache_file"
`;
    const where = await place({ ...TWO_FILES, configure });
    const executable: HarvestPlace["fetch"] = async (name, root, to) => {
      const fetched = await where.fetch?.(name, root, to);
      execFileSync("chmod", ["755", join(root, "configure")]);
      return fetched ?? { failure: "nothing to fetch" };
    };
    await harvest("first", { ...where, fetch: executable });
    await harvest("demo", { ...where, fetch: executable });
    const first = readFileSync(join(where.cache, "packages/first/build.log"), "utf8");
    expect(first).toContain("memcpy: unknown");
    expect(log(where)).toContain("memcpy: yes");
  });

  test("does not build again what is done, but again what was cut off", async () => {
    let fetched = 0;
    const where = await place(TWO_FILES);
    const counting: HarvestPlace = {
      ...where,
      fetch: (name, root, self) => (fetched++, where.fetch!(name, root, self)),
    };
    const half = recordsFolder(where.cache, "demo");
    mkdirSync(half, { recursive: true });
    writeFileSync(join(half, "torn.bc"), "half"); // a run that was killed
    expect(readHarvest(where.cache, "demo")).toBeNull();
    await harvest("demo", counting);
    expect(existsSync(join(half, "torn.bc"))).toBe(false);
    await harvest("demo", counting);
    expect(fetched).toBe(1);
  });

  test("builds again with retry only what recorded nothing", async () => {
    const where = await place({ README: "no code" });
    expect(await harvest("demo", where)).toMatchObject({ harvest: { records: 0 } });
    let fetched = 0;
    const again: HarvestPlace = {
      ...where,
      retry: true,
      fetch: (...args) => (fetched++, where.fetch!(...args)),
    };
    await harvest("demo", again);
    expect(fetched).toBe(1);
  });

  test("tries each source alone when the build cannot work", async () => {
    const where = await place({ ...TWO_FILES, "Makefile": "all:\n\tfalse\n", "a.c": "int a;\n" });
    expect(await harvest("demo", where)).toMatchObject({
      harvest: {
        records: 1,
        how: expect.stringMatching(/^make: exit 2, .*each source alone: exit 0$/),
      },
    });
  });

  test("leaves a package to the one that is building it", async () => {
    const where = await place(TWO_FILES);
    mkdirSync(join(where.cache, "packages"));
    await using held = await claim(where.cache, "demo");
    expect(held).toBeDefined();
    expect(await harvest("demo", where)).toMatchObject({ status: "busy" });
  });

  test("says how much disk it wants when there is less", async () => {
    const where = await place(TWO_FILES, { maxDiskBytes: 2 ** 60 });
    expect(await harvest("demo", where)).toMatchObject({
      status: "failed",
      message: expect.stringMatching(/GB are free in .*, want 1073741824\.0 GB/),
    });
  });

  test("ends with the signal, without a done file", async () => {
    const controller = new AbortController();
    const where = await place({ Makefile: "all:\n\tsleep 1000\n" }, { signal: controller.signal });
    const running = harvest("demo", where);
    setTimeout(() => controller.abort(), 500);
    await expect(running).rejects.toThrow();
    expect(readHarvest(where.cache, "demo")).toBeNull();
  });
});

const BAD: readonly [string, string, RegExp, number?][] = [
  ["loops", "while :; do :; done", /^make: timeout/],
  ["leaves processes behind", "(setsid sleep 1000 &); sleep 1000", /^make: timeout/],
  [
    "fills the disk",
    "for i in {1..60}; do dd if=/dev/zero of=big$$i bs=1M count=32 status=none; sleep 0.2; done",
    /^make: disk full/,
    40_000,
  ],
  ["prints without end", "yes", /^make: (exit 2|disk full|timeout)/],
];

const probeFolder = tempFolder();
execFileSync("chmod", ["755", probeFolder]);
const MODES: readonly SandboxMode[] = ["root", "user"];
const working = await Promise.all(
  MODES.map(async (mode) => ({
    mode,
    works: (await openBuildSandbox(probeFolder, [mode])) !== undefined,
  })),
);

describe.each(working)("harvest in the $mode sandbox (works here: $works)", ({ mode, works }) => {
  test.skipIf(!works).each(BAD)(
    "bounds a build that %s, and keeps what was recorded before",
    async (_, command, how, limitMs = 8_000) => {
      const files = {
        "Makefile": `SHELL=/bin/bash\nbad: a.o\n\t${command}\na.o: a.c\n\t$(CC) -c -o a.o a.c\n`,
        "a.c": "int a(int x) { return 2 * x; }\n",
      };
      const where = await place(files, { mode, limitMs, maxDiskBytes: 2 ** 28 });
      const outcome = await harvest("demo", where);
      expect(outcome).toMatchObject({ harvest: { records: 1, how: expect.stringMatching(how) } });
      expect(countRecords(recordsFolder(where.cache, "demo"))).toBe(1);
    },
  );

  test.skipIf(!works)("gives a build no network", async () => {
    const server = createServer((_, response) => response.end("int a;")).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const reach = `exec 3<>/dev/tcp/127.0.0.1/${port} && echo REACHED; true`;
    const where = await place({ Makefile: `SHELL=/bin/bash\nall:\n\t${reach}\n` }, { mode });
    await harvest("demo", where);
    server.close();
    expect(log(where)).toContain("/dev/tcp/127.0.0.1");
    expect(log(where)).not.toMatch(/^REACHED/m);
  });
});

// Only a user of its own bounds a build's processes without touching those of others.
test.skipIf(!working[0]?.works)("harvest bounds a build that forks without end", async () => {
  const bomb = "all:\n\tf() { f | f & f; }; f\n";
  const where = await place(
    { Makefile: `SHELL=/bin/bash\n${bomb}` },
    { mode: "root", limitMs: 4_000 },
  );
  const outcome = await harvest("demo", where);
  expect(outcome).toMatchObject({ status: "done", harvest: { records: 0 } });
  const left = execFileSync("ps", ["-eo", "args"]).toString();
  expect(left.split("\n").filter((line) => line.includes(where.cache))).toEqual([]);
});
