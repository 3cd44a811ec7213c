/** The entries of a data file, JSON lines or one JSON array, each with its line, so that an error can name it. */

export interface Entry {
  readonly value: unknown;
  /** Where it begins, from 1. */
  readonly line: number;
}

/** Throws an Error with the line where the text is no JSON. */
export const entriesOf = (text: string): Entry[] =>
  text.trimStart().startsWith("[") ? entriesOfArray(text) : entriesOfLines(text);

const entriesOfLines = (text: string): Entry[] =>
  text.split("\n").flatMap((line, at): Entry[] => {
    if (line.trim() === "") return [];
    try {
      return [{ value: JSON.parse(line), line: at + 1 }];
    } catch {
      throw new Error(`line ${at + 1} is no JSON: ${JSON.stringify(line.slice(0, 60))}`);
    }
  });

function entriesOfArray(text: string): Entry[] {
  const values = parsedArray(text);
  const lines = objectLines(text);
  return values.map((value, at) => ({ value, line: lines[at] ?? 1 }));
}

/** The engine's own words name line and column. */
function parsedArray(text: string): unknown[] {
  try {
    const values: unknown = JSON.parse(text);
    return Array.isArray(values) ? values : [];
  } catch (error) {
    throw new Error(`is no JSON: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

/** Where each object that is in no other begins. */
function objectLines(text: string): number[] {
  const lines: number[] = [];
  let [line, depth] = [1, 0];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}\n]/g)) {
    if (token === "\n") line++;
    else if (token === "{" && depth++ === 0) lines.push(line);
    else if (token === "}") depth--;
  }
  return lines;
}
