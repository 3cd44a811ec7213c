import { describe, expect, test } from "vitest";
import { madeUpRows } from "../../../test/support/eval-rows.ts";
import { makeRng } from "../../base/rng.ts";
import type { Table } from "../table.ts";
import { evalTables } from "../tables/all.ts";
import { cellText } from "./format.ts";
import { reportMarkdown } from "./markdown.ts";
import { reportPage } from "./page.ts";
import { evalPlots } from "./plots.ts";

const table: Table = {
  id: "tune",
  title: "Savings & losses",
  about: "Over -Oz.",
  columns: [{ title: "saved", digits: 2, unit: "%" }, { title: "cases" }, { title: "source" }],
  rows: [
    { name: "<b>ours</b> | x", cells: [{ value: 1.005, low: -0.5, high: 2.25 }, 12345, undefined] },
    { name: "theirs", isPublished: true, note: "LLVM 17", cells: [4.77, undefined, "paper"] },
    { name: "others", isPublished: true, note: "LLVM 17", cells: [5, undefined, "a|b"] },
  ],
};

const pageOf = (tables: readonly Table[]): string =>
  reportPage({ title: "T", about: "A", tables, plots: [], provenance: [["LLVM", "22 <x>"]] });

describe("cellText", () => {
  const column = { title: "saved", digits: 2, unit: "%" };

  test("writes digits, unit and interval", () => {
    expect(cellText({ value: 4.777, low: -1, high: 10 }, column)).toEqual({
      value: "4.78 %",
      interval: "[-1.00, 10.00]",
    });
    expect(cellText(1465, { title: "improved" }).value).toBe("1,465");
    expect(cellText("paper", column)).toEqual({ value: "paper", interval: "" });
  });

  test("writes no -0.00, but -0.01", () => {
    expect(cellText(-0.001, column).value).toBe("0.00 %");
    expect(cellText(-0.01, column).value).toBe("-0.01 %");
  });
});

describe("reportMarkdown", () => {
  test("writes a table with published rows marked and their common note once", () => {
    expect(reportMarkdown([table])).toBe(
      [
        "## Savings & losses",
        "",
        "Over -Oz.",
        "",
        "|  | saved | cases | source |",
        "| --- | ---: | ---: | ---: |",
        "| &lt;b>ours&lt;/b> \\| x | 1.01 % [-0.50, 2.25] | 12,345 |  |",
        "| theirs *(published)* <sup>a</sup> | 4.77 % |  | paper |",
        "| others *(published)* <sup>a</sup> | 5.00 % |  | a\\|b |",
        "",
        "<sup>a</sup> LLVM 17",
        "",
      ].join("\n"),
    );
  });

  test("says so when there is nothing", () => {
    expect(reportMarkdown([])).toContain("There is nothing to show");
  });
});

describe("reportPage", () => {
  const page = pageOf([table]);

  test("escapes names and marks published rows", () => {
    expect(page).toContain("&lt;b&gt;ours&lt;/b&gt; | x");
    expect(page).not.toContain("<b>ours");
    expect(page).toContain("22 &lt;x&gt;");
    expect(page.match(/<tr class="published">/g)).toHaveLength(2);
  });

  test("has no script and names no other file", () => {
    expect(page).not.toMatch(/<script|<link|<img|\bsrc=|@import|url\(/i);
  });

  test("says so when there is nothing", () => {
    expect(pageOf([])).toContain("There is nothing to show");
    expect(pageOf([])).not.toContain("<table");
  });
});

describe("evalPlots", () => {
  const rows = madeUpRows("plots", { cases: 6, suites: ["tune", "size", "disassemble"] });

  test("draws the five kinds, each name with its own look, the same from the same rows in another order", async () => {
    const plots = await evalPlots(rows);
    expect(plots.map(({ id }) => id)).toEqual([
      "tune-compilations",
      "tune-spread",
      "size-calibration",
      ...Array.from({ length: 6 }, (_, index) => `size-${index}`),
      "disassemble-compiles",
      "disassemble-equivalent",
    ]);
    const looks = plots[0]?.legend.map(({ colour, dash }) => `${colour} ${dash}`);
    expect(new Set(looks).size).toBe(13);
    expect(await evalPlots(makeRng("order").shuffle(rows))).toEqual(plots);
  });

  test("draws a point for each budget that was used: 1 to 10 and 100 compilations", async () => {
    const [plot] = await evalPlots(madeUpRows("one", { cases: 3, suites: ["tune"] }));
    const circles = plot?.svg.match(/<circle/g) ?? [];
    // -Oz, -Os, -O3, single list; two rivals to 50; random search to 100; six models to 10.
    expect(circles).toHaveLength(4 * 1 + 2 * 11 + 13 + 6 * 7);
  });

  test("names every length at which a point may be, the first 0", async () => {
    const plots = await evalPlots(rows.filter(({ suite }) => suite === "disassemble"));
    const axis = /aria-label="x-axis tick label".*?<\/g>/.exec(plots[0]?.svg ?? "")?.[0] ?? "";
    const texts = [...axis.matchAll(/>([^<]*)<\/text>/g)].map((match) => match[1]);
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(["0", "256", "1,024", "4,096", "16,384"]).toContain(text);
  });

  test("draws nothing from no rows, and survives sizes of 0 and contenders without a number", async () => {
    expect(await evalPlots([])).toEqual([]);
    const odd = madeUpRows("odd", { cases: 3, suites: ["size"] }).map((row) =>
      row.suite === "size"
        ? Object.assign(row, { measuredBefore: 0, predictedAfter: null, measuredAfter: null })
        : row,
    );
    expect(await evalPlots(odd)).toEqual([]);
  });

  test("escapes names in drawings", async () => {
    const named = madeUpRows("names", { cases: 2, suites: ["tune"] }).map((row) =>
      Object.assign(row, { contender: `<i>${row.contender}` }),
    );
    const plots = await evalPlots(named);
    const page = reportPage({
      title: "T",
      about: "",
      tables: evalTables([]),
      plots,
      provenance: [],
    });
    expect(page).toContain("&lt;i&gt;oracle");
    expect(page).not.toContain("<i>");
  });
});
