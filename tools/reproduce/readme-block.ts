/** The tables that the README shows, between two marks: made of the committed evaluation, and held to it by a test. */

import { reportMarkdown } from "../../src/eval/report/markdown.ts";
import type { Table } from "../../src/eval/table.ts";

const BEGIN = "<!-- evaluation: written by npm run reproduce -->";
const END = "<!-- end of evaluation -->";

/** The others are in results/evaluation/. */
const SHOWN: readonly string[] = ["tune-compilations-total", "disassemble", "emulate-ir", "size"];

export function readmeBlock(tables: readonly Table[]): string {
  const shown = SHOWN.flatMap((id) => tables.filter((table) => table.id === id));
  return `${BEGIN}\n${reportMarkdown(shown).replaceAll(/^## /gm, "#### ")}${END}`;
}

/** Throws an Error where the README has not the marks. */
export function blockOf(readme: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md: want the lines ${BEGIN} and ${END}`);
  return readme.slice(begin, end + END.length);
}
