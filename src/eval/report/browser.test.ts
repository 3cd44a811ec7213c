/** The report in a real browser, as phones and desktops see it. */

import { existsSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { madeUpRows } from "../../../test/support/eval-rows.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { evalTables, timeTables } from "../tables/all.ts";
import { reportPage } from "./page.ts";
import { evalPlots } from "./plots.ts";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];
const found = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => BROWSERS.map((name) => join(folder, name)))
  .find((path) => existsSync(path));

let browser: Browser | undefined;
let address = "";
let tableCount = 0;

beforeAll(async () => {
  if (found === undefined) return;
  const rows = madeUpRows("browser", { cases: 6, packages: 3 });
  const tables = [...evalTables(rows), ...timeTables(rows)];
  const page = reportPage({
    title: "Evaluation",
    about: "Made-up rows.",
    tables,
    plots: await evalPlots(rows),
    provenance: [["a long name without a space", "0123456789abcdef".repeat(12)]],
  });
  const path = join(tempFolder(), "report.html");
  writeFileSync(path, page);
  tableCount = tables.length;
  address = pathToFileURL(path).href;
  browser = await chromium.launch({ executablePath: found, args: ["--no-sandbox"] });
});

afterAll(() => browser?.close());

const reason = found === undefined ? ` (skipped: none of ${BROWSERS.join(", ")} is on PATH)` : "";

test.skipIf(found === undefined).each([
  [390, "dark"],
  [1280, "light"],
] as const)(
  `reportPage shows all tables and plots at %i pixels, %s, without overflow or error${reason}`,
  async (width, colorScheme) => {
    const page = await browser!.newPage({ viewport: { width, height: 844 }, colorScheme });
    const problems: string[] = [];
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (request.url() !== address) problems.push(`asked for ${request.url()}`);
    });
    await page.goto(address);
    const seen = await page.evaluate<Seen>(LOOK);
    expect(seen.overflow).toBeLessThanOrEqual(0);
    expect(seen.tables).toHaveLength(tableCount);
    for (const table of seen.tables) {
      expect(table).toMatchObject({ isVisible: true, fits: true, isSticky: true });
    }
    expect(seen.plots.length).toBeGreaterThan(10);
    for (const plot of seen.plots) expect(plot).toEqual({ isVisible: true, fits: true });
    expect(problems).toEqual([]);
    await page.close();
  },
);

interface Seen {
  /** Pixels by which the page is wider than the window. */
  readonly overflow: number;
  readonly tables: readonly { isVisible: boolean; fits: boolean; isSticky: boolean }[];
  readonly plots: readonly { isVisible: boolean; fits: boolean }[];
}

/** Runs in the browser, whose types this project does not have. A table's box is scrolled to its end, where names must stay. */
const LOOK = `(() => {
  const width = document.documentElement.clientWidth;
  const fits = (box) => box.left >= -1 && box.right <= width + 1;
  const look = (element) => {
    const box = element.getBoundingClientRect();
    return { isVisible: element.checkVisibility() && box.width > 50 && box.height > 20, fits: fits(box) };
  };
  const tables = [...document.querySelectorAll(".wide")].map((box) => {
    box.scrollLeft = 1e6;
    const name = box.querySelector("tbody th").getBoundingClientRect();
    const isSticky = Math.abs(name.left - box.getBoundingClientRect().left) < 3;
    return { ...look(box), isSticky };
  });
  const plots = [...document.querySelectorAll("figure > svg")].map(look);
  return { overflow: document.documentElement.scrollWidth - width, tables, plots };
})()`;
