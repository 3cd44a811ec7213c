import { describe, expect, test } from "vitest";
import { madeUpRows } from "../../test/support/eval-rows.ts";
import { elsewhereTable, publishedRows } from "./published.ts";
import { evalTables } from "./tables/all.ts";

describe("publishedRows", () => {
  const tables = evalTables(madeUpRows("published", { cases: 4 }));
  const beside = tables.filter(({ rows }) => rows.some((row) => row.isPublished));

  test("stand in the tables that measure the same, at the end, marked and with what differs", () => {
    expect(beside.map(({ id }) => id)).toEqual([
      "tune-instructions",
      "tune-published",
      "size",
      "disassemble",
      "emulate-ir",
      "code-humaneval",
      "published",
    ]);
    for (const { rows } of beside) {
      const first = rows.findIndex((row) => row.isPublished);
      for (const row of rows.slice(first)) {
        expect(row.isPublished).toBe(true);
        expect(row.note).toMatch(/\w{3}/);
        expect(row.cells.some((cell) => cell !== undefined)).toBe(true);
      }
    }
  });

  test("name measures that the tables have: no figure is lost", () => {
    const table = tables.find(({ id }) => id === "tune-published");
    const row = table?.rows.find(({ name }) => name === "LLM Compiler FTD 13B");
    expect(row?.cells.filter((cell) => cell !== undefined)).toEqual([4.88, 5.26, 1466, 299]);
    const disassembly = tables.find(({ id }) => id === "disassemble");
    expect(disassembly?.rows.at(-1)?.cells.filter((cell) => cell !== undefined)).toEqual([
      2.6, 0, 0.615,
    ]);
  });

  test("are none where nothing is measured as theirs", () => {
    expect(publishedRows("tune", ["one shot, total"])).toEqual([]);
  });

  test("bytes over -Oz are never beside instructions", () => {
    const names = (id: string) => publishedRows(id, []).map(({ name }) => name);
    expect(
      names("tune-published").filter((name) => names("tune-instructions").includes(name)),
    ).toEqual([]);
  });
});

test("elsewhereTable says of each system what differs", () => {
  for (const row of elsewhereTable().rows) expect(row.note).toMatch(/\.$/);
});
