import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { countRecords, parseFunctions, readRecords } from "./records.ts";

test("parseFunctions counts functions and no data when llvm-nm lists both", () => {
  const output =
    "r/1.bc: f t ---- 0\nr/1.bc: g D ---- 0\nr/1.bc: h T ---- 0\nr/2.bc: _ZN1aE W ---- 0\n";
  expect([...parseFunctions(output)]).toEqual([
    ["r/1.bc", ["f", "h"]],
    ["r/2.bc", ["_ZN1aE"]],
  ]);
});

test("readRecords pairs bitcode with what was noted about it, leaving unfinished files alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "records-"));
  writeFileSync(join(folder, "1.bc"), "BC");
  writeFileSync(
    join(folder, "1.json"),
    JSON.stringify({ path: "a.c", language: "c", flags: ["-DA"], cwd: "" }),
  );
  writeFileSync(join(folder, ".2.77.tmp"), "half");
  const functions = new Map([[join(folder, "1.bc"), ["f"]]]);
  const found = readRecords(folder, { package: "p", version: "1", functions });
  expect(countRecords(folder)).toBe(1);
  expect(found).toMatchObject([
    { package: "p", path: "a.c", flags: ["-DA"], bytes: 2, functions: ["f"] },
  ]);
  rmSync(folder, { recursive: true });
});
