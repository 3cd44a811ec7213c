/** `@file` among a compiler's arguments, as clang reads it on Unix: words apart by white space, quotes and backslashes. */

import { readFileSync } from "node:fs";

const MAX_DEPTH = 8;

/** The arguments with every response file in place of its name; null where clang should look at them itself. */
export function expandResponseFiles(args: readonly string[], depth = 0): string[] | null {
  const all: string[] = [];
  for (const arg of args) {
    if (!arg.startsWith("@")) {
      all.push(arg);
      continue;
    }
    const words = depth < MAX_DEPTH ? readWords(arg.slice(1)) : null;
    const inner = words && expandResponseFiles(words, depth + 1);
    if (inner === null) return null;
    all.push(...inner);
  }
  return all;
}

function readWords(path: string): string[] | null {
  try {
    return splitWords(readFileSync(path, "utf8"));
  } catch {
    return null; // clang then takes "@file" for a file name and says what it thinks of it
  }
}

/** As llvm::cl::TokenizeGNUCommandLine: within '...' too a backslash takes the next character as it is. */
export function splitWords(text: string): string[] {
  const word = /(?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"?|'(?:[^'\\]|\\[^])*'?)+/g;
  const part = /"((?:[^"\\]|\\[^])*)"?|'((?:[^'\\]|\\[^])*)'?|((?:[^"'\\]|\\[^])+)/g;
  return [...text.matchAll(word)].map(([raw]) =>
    raw
      .replace(part, (_, double, single, plain) => double ?? single ?? plain)
      .replace(/\\([^])/g, "$1"),
  );
}
