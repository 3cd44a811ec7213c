/** Where in a text a tool means: LLVM tells lines and columns, both from 1 on, columns in bytes of UTF-8. */

export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/** The index of that character; the end of the line where the column is behind it, that of the text where the line is. */
export function indexOfPlace(text: string, { line, column }: LineAndColumn): number {
  const lines = text.split("\n");
  const wanted = lines[line - 1];
  if (wanted === undefined) return text.length;
  const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  const before = Buffer.from(wanted)
    .subarray(0, column - 1)
    .toString();
  return start + Math.min(before.length, wanted.length);
}
