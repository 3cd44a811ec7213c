/** A recipe: the Debian source packages of a corpus, one a line, `#` before comments. */

import { readFileSync } from "node:fs";

/** Names in the order of the file, each once. */
export function parseRecipe(text: string): string[] {
  const names = text.split("\n").map((line) => line.replace(/#.*/, "").trim());
  return [...new Set(names.filter((name) => name !== ""))];
}

/** The recipe that is checked in. */
export function shippedRecipe(): string {
  return readFileSync(new URL("./recipe.txt", import.meta.url), "utf8");
}
