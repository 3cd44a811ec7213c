import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const CLANG = "/usr/lib/llvm-22/bin/clang";
const RECORDER = join(import.meta.dirname, "record-cc.ts");

test.skipIf(!existsSync(CLANG))(
  "record-cc makes the object and one portable record when it compiles",
  () => {
    const root = mkdtempSync(join(tmpdir(), "record-cc-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const records = join(root, "records");
    mkdirSync(records);
    writeFileSync(join(root, "a.c"), "const char *where(void) { return __FILE__; }\n");
    const compile = (...args: string[]) =>
      spawnSync(process.execPath, [RECORDER, CLANG, ...args], {
        cwd: root,
        env: { PATH: "/usr/bin:/bin", LLMC_RECORD_DIR: records, LLMC_RECORD_ROOT: root },
        encoding: "utf8",
      });

    expect(compile("-O2", `-I${root}/inc`, "-c", join(root, "a.c"), "-o", "a.o").status).toBe(0);
    expect(existsSync(join(root, "a.o"))).toBe(true);
    const [bitcode = "", note = ""] = readdirSync(records).toSorted();
    expect([bitcode, note].map((name) => name.replace(/^\w+/, ""))).toEqual([".bc", ".json"]);
    expect(readFileSync(join(records, bitcode)).includes(root)).toBe(false);
    expect(JSON.parse(readFileSync(join(records, note), "utf8"))).toEqual({
      path: "a.c",
      language: "c",
      flags: ["-I./inc"],
      cwd: "",
    });

    expect(compile("-c", "missing.c").status).not.toBe(0);
    expect(readdirSync(records)).toHaveLength(2);
  },
);
