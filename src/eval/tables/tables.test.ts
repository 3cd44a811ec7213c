import { describe, expect, test } from "vitest";
import { madeUpRows } from "../../../test/support/eval-rows.ts";
import { makeRng } from "../../base/rng.ts";
import { STATUSES } from "../row.ts";
import type { Row, TuneRow } from "../row.ts";
import { SUITES } from "../suite.ts";
import type { Cell, Table } from "../table.ts";
import { evalTables, timeTables } from "./all.ts";
import { compare } from "./compared.ts";

const rows = madeUpRows("tables", { cases: 18, packages: 9, hasRivals: false });
const tables = evalTables(rows);

const tableOf = (id: string, from: readonly Table[] = tables): Table => {
  const found = from.find((table) => table.id === id);
  if (found === undefined)
    throw new Error(`no table ${id} among ${from.map((table) => table.id).join(", ")}`);
  return found;
};

/** The number of a cell, by the names of its row and column. */
function numberAt(table: Table, row: string, column: string): number | undefined {
  const at = table.columns.findIndex(({ title }) => title === column);
  if (at < 0) throw new Error(`no column ${column} in ${table.id}`);
  const cell = table.rows.find(({ name }) => name === row)?.cells[at];
  return typeof cell === "object" ? cell.value : typeof cell === "number" ? cell : undefined;
}

const measuredNames = (table: Table): string[] =>
  table.rows.filter((row) => !row.isPublished).map(({ name }) => name);

/** A row of flag tuning; `sizes` of lists in the order of trying. */
const tuned = (
  contender: string,
  name: string,
  { oz, sizes, ...rest }: { oz: number; sizes: (number | null)[] } & Partial<TuneRow>,
): TuneRow => ({
  suite: "tune",
  contender,
  case: name,
  package: "p",
  language: "c",
  bytes: oz,
  promptTokens: null,
  status: "ok",
  problem: "",
  seconds: 1,
  ozSize: oz,
  ozPublished: oz,
  ozInstructions: oz,
  sizes,
  published: sizes,
  instructions: sizes,
  unreadable: 0,
  ...rest,
});

describe("evalTables", () => {
  test("has tables of every suite, and each id once", () => {
    for (const suite of SUITES) tableOf(`${suite}-statuses`);
    const ids = tables.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[\w-]+$/);
  });

  test("puts the oracle first and the useless contender last in every table that ranks", () => {
    const ranking = tables.filter(
      ({ id }) => !/-statuses$|-by-package$|-by-stage$|^published$/.test(id),
    );
    expect(ranking.length).toBeGreaterThan(30);
    for (const table of ranking) {
      const names = measuredNames(table);
      expect([table.id, names[0]]).toEqual([table.id, "oracle"]);
      expect([table.id, names.at(-1)]).toEqual([table.id, "useless"]);
    }
  });

  test("puts the oracle's column first and the useless one's last in every table of packages", () => {
    const byPackage = tables.filter(({ id }) => id.endsWith("-by-package"));
    expect(byPackage.length).toBeGreaterThan(5);
    for (const { columns } of byPackage) {
      expect(columns[1]?.title).toBe("oracle");
      expect(columns.at(-1)?.title).toBe("useless");
    }
  });

  test("gives intervals that hold their value", () => {
    const estimates = tables.flatMap((table) =>
      table.rows.flatMap(({ cells }) => cells.filter((cell) => typeof cell === "object")),
    );
    expect(estimates.length).toBeGreaterThan(500);
    for (const { value, low, high } of estimates) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  });

  test("gives the same bytes from the same rows in another order and at another speed", () => {
    const slower = rows.map((row): Row => Object.assign({}, row, { seconds: row.seconds + 7 }));
    const shuffled = makeRng("another order").shuffle(slower);
    expect(JSON.stringify(evalTables(shuffled))).toBe(JSON.stringify(tables));
    expect(timeTables(shuffled)).toEqual(timeTables(slower));
    expect(timeTables(shuffled)).not.toEqual(timeTables(rows));
  });

  test("has a cell for each column in every row, and is empty from no rows", () => {
    for (const table of [...tables, ...timeTables(rows)])
      for (const { cells } of table.rows) expect(cells).toHaveLength(table.columns.length);
    expect(evalTables([])).toEqual([]);
    expect(timeTables([])).toEqual([]);
  });
});

describe("a fair comparison", () => {
  const complete = [1, 2, 3].map((n) => tuned("a", `case ${n}`, { oz: 100, sizes: [90] }));
  const partial = [1, 2].map((n) => tuned("b", `case ${n}`, { oz: 100, sizes: [80 + 10 * n] }));

  test("is on the cases that all contenders have rows for, and says how many", () => {
    const compared = compare([...complete, ...partial]);
    expect(compared.cases).toEqual(["case 1", "case 2"]);
    expect(compared.about).toBe("On the 2 of 3 cases that all 2 contenders have rows for.");
    const table = tableOf("tune", evalTables([...complete, ...partial]));
    expect(table.about).toContain(compared.about);
    expect(numberAt(table, "a", "improved")).toBe(2);
    expect(numberAt(table, "b", "one shot, mean")).toBeCloseTo(5, 12);
  });

  test("does not lose the cases it leaves out: statuses count them", () => {
    const statuses = tableOf("tune-statuses", evalTables([...complete, ...partial]));
    expect(numberAt(statuses, "a", "cases")).toBe(3);
    expect(numberAt(statuses, "b", "no row")).toBe(1);
  });

  test("leaves no table but that of statuses where no case is common", () => {
    const apart = [...complete.slice(0, 1), ...partial.slice(1)];
    const ids = evalTables(apart).map(({ id }) => id);
    expect(ids).toEqual(["tune-statuses", "published"]);
  });
});

test("evalTables counts every case by its status", () => {
  const emulated = madeUpRows("statuses", { suites: ["emulate"], cases: 8 });
  for (const [index, row] of emulated.entries())
    row.status = STATUSES[index % STATUSES.length] ?? "ok";
  const table = tableOf("emulate-statuses", evalTables(emulated));
  for (const { name, cells } of table.rows) {
    const [all, ...counts] = cells;
    expect([name, counts.reduce((sum: number, cell?: Cell) => sum + Number(cell), 0)]).toEqual([
      name,
      all,
    ]);
    expect(all).toBe(8);
  }
});

describe("flag tuning, worked by hand", () => {
  const found = evalTables(
    [
      tuned("one", "a", { oz: 100, sizes: [120, 80, null, 60, 90] }),
      tuned("one", "b", { oz: 300, sizes: [null, 330] }),
      tuned("one", "c", { oz: 600, sizes: [570], published: [660], instructions: [300] }),
      tuned("one", "d", { oz: 50, sizes: [50] }),
      tuned("one", "e", { oz: 50, sizes: [], status: "too long" }),
    ],
    { known: new Map([["b", 240]]) },
  );

  test("one shot takes the first list as it is, and -Oz where there is none", () => {
    const table = tableOf("tune", found);
    // 120 + 300 + 570 + 50 + 50 of 1,100; -20, 0, 5, 0 and 0 %.
    expect(numberAt(table, "one", "one shot, total")).toBeCloseTo((100 * 10) / 1100, 12);
    expect(numberAt(table, "one", "one shot, mean")).toBeCloseTo(-3, 12);
    expect(numberAt(table, "one", "with fall-back, mean")).toBeCloseTo(1, 12);
    expect(numberAt(table, "one", "improved")).toBe(1);
    expect(numberAt(table, "one", "same")).toBe(1);
    expect(numberAt(table, "one", "regressed")).toBe(1);
    expect(numberAt(table, "one", "no list that runs")).toBe(2);
  });

  test("k compilations take the best of the first k and -Oz; what no contender used is not there", () => {
    const table = tableOf("tune-compilations-mean", found);
    expect(numberAt(table, "one", "k = 1")).toBeCloseTo(1, 12);
    expect(numberAt(table, "one", "k = 5")).toBeCloseTo((40 + 5) / 5, 12);
    expect(table.columns.map(({ title }) => title)).toEqual([
      "k = 1",
      "k = 5",
      "all lists",
      "lists tried, mean",
    ]);
    expect(numberAt(table, "one", "all lists")).toBeCloseTo(9, 12);
    expect(numberAt(table, "one", "lists tried, mean")).toBeCloseTo(9 / 5, 12);
  });

  test("the geometric mean of 60/100, 570/600 and three times 1", () => {
    const table = tableOf("tune-compilations-geomean", found);
    const expected = 100 * (1 - (0.6 * 0.95) ** (1 / 5));
    expect(numberAt(table, "one", "all lists")).toBeCloseTo(expected, 12);
  });

  test("the share of the potential counts the best of all rows and of what is known", () => {
    const table = tableOf("tune-potential", found);
    // Saved 40 + 0 + 30 of 40 + 60 + 30 bytes; 40 + 0 + 5 of 40 + 20 + 5 percent.
    expect(numberAt(table, "one", "all lists, with fall-back: bytes")).toBeCloseTo(
      (100 * 70) / 130,
      12,
    );
    expect(numberAt(table, "one", "all lists, with fall-back: mean")).toBeCloseTo(
      (100 * 45) / 65,
      12,
    );
  });

  test("bytes, instructions and published size are kept apart", () => {
    const instructions = tableOf("tune-instructions", found);
    expect(numberAt(instructions, "one", "bytes, one shot")).toBeCloseTo(-3, 12);
    expect(numberAt(instructions, "one", "instructions, one shot, mean")).toBeCloseTo(
      (-20 + 50) / 5,
      12,
    );
    const published = tableOf("tune-published", found);
    expect(numberAt(published, "one", "one shot, mean")).toBeCloseTo((-20 - 10) / 5, 12);
    expect(numberAt(published, "one", "regressed")).toBe(2);
  });
});

test("a budget that one contender alone used is there, empty for the others", () => {
  const sizes = Array.from({ length: 10 }, (_, n) => 100 - n);
  const found = evalTables([
    tuned("search", "a", { oz: 100, sizes }),
    tuned("single", "a", { oz: 100, sizes: [90] }),
  ]);
  const table = tableOf("tune-compilations-mean", found);
  expect(numberAt(table, "search", "k = 10")).toBeCloseTo(9, 12);
  expect(numberAt(table, "single", "k = 10")).toBeUndefined();
  expect(table.columns.map(({ title }) => title)).not.toContain("k = 50");
});

test("a model's answers that hold no list are told beside its lists, and are nothing of a rival's", () => {
  const asked = { oz: 100, promptTokens: 9 };
  const found = evalTables([
    tuned("model", "a", { ...asked, sizes: [90, null, null], unreadable: 2 }),
    tuned("model", "b", { ...asked, sizes: [], unreadable: 3, status: "unparsed" }),
    tuned("model", "c", { oz: 100, sizes: [], status: "invalid" }), // never asked
    ...["a", "b", "c"].map((name) => tuned("coreset", name, { oz: 100, sizes: [90] })),
  ]);
  for (const average of ["total", "mean", "geomean"]) {
    const table = tableOf(`tune-compilations-${average}`, found);
    expect(numberAt(table, "model", "answers without a list, mean")).toBe(2.5);
    expect(numberAt(table, "coreset", "answers without a list, mean")).toBeUndefined();
  }
});

test("tables by stage have a row for each size of model and the stages in the order of training", () => {
  const table = tableOf("disassemble-by-stage");
  expect(table.columns.map(({ title }) => title)).toEqual(["pretrain", "emulate", "tune"]);
  expect(table.rows.map(({ name }) => name)).toEqual(["base", "small"]);
  expect(numberAt(table, "base", "pretrain")).toBeUndefined();
  expect(numberAt(table, "small", "tune")).toBe(
    numberAt(tableOf("disassemble"), "small/tune", "equivalent"),
  );
});

test("tables by size, language and package add up to all cases", () => {
  const [sizes, languages] = ["tune-by-size", "tune-by-language"].map((id) => tableOf(id));
  for (const table of [sizes, languages]) {
    const counts = table?.columns.flatMap(({ title }) => /\((\d+)\)$/.exec(title)?.[1] ?? []);
    expect(counts?.reduce((sum, count) => sum + Number(count), 0)).toBe(18);
  }
  const cases = tableOf("tune-by-package").rows.map(({ cells }) => cells[0]);
  expect(cases.reduce((sum: number, count) => sum + Number(count), 0)).toBe(18);
});

test("a contender that predicts no number has an error of 1, not none", () => {
  const silent = madeUpRows("silent", { cases: 4, suites: ["size"] }).map((row): Row =>
    row.suite === "size" && row.contender === "useless"
      ? Object.assign(row, { predictedBefore: null, predictedAfter: null })
      : row,
  );
  const table = tableOf("size", evalTables(silent));
  expect(numberAt(table, "useless", "MAPE after")).toBe(1);
  expect(numberAt(table, "useless", "predicted after")).toBe(0);
  expect(numberAt(table, "useless", "Pearson after")).toBeUndefined();
});

test("a text that one contender could not score counts for none of them", () => {
  const scored = madeUpRows("loss", { cases: 6, suites: ["loss"] });
  const kind = (row: Row) => row.suite === "loss" && row.kind === "ir";
  const lost = scored.find((row) => kind(row) && row.contender === "small/tune");
  const partly = scored.map((row): Row =>
    row === lost && row.suite === "loss"
      ? Object.assign({}, row, { nats: null, tokens: null })
      : row,
  );
  const count = scored.filter((row) => kind(row) && row.contender === "small/tune").length;
  expect(tableOf("loss-ir", evalTables(partly)).about).toContain(
    `On the ${count - 1} of ${count} cases`,
  );
});

test("pass@k is not there where fewer than k samples were drawn, and a problem without any is failed", () => {
  const [row] = madeUpRows("code", { cases: 1, suites: ["code"] });
  if (row?.suite !== "code") throw new Error("a row of code is wanted");
  const passed = [true, false, false, false];
  const table = tableOf(
    "code-humaneval",
    evalTables([
      { ...row, case: "1", passed },
      { ...row, case: "2", passed: [], status: "crashed" },
    ]),
  );
  expect(numberAt(table, row.contender, "pass@1")).toBeCloseTo(12.5, 12);
  expect(table.columns.map(({ title }) => title)).toEqual(["pass@1"]);
});
