/** JSON whose last key has a row a line: a change shows as that line in a diff. */

/** `head`: all other keys; lists of plain values in it stay on one line. */
export function formatRows(head: object, key: string, rows: readonly unknown[]): string {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  const open = JSON.stringify(head, null, 2).replace(
    /\[\s+([^[\]]*?)\s+\]/g,
    (_, body: string) => `[${body.replace(/\s+/g, " ")}]`,
  );
  return `${open.slice(0, -2)},\n  "${key}": [\n${lines}\n  ]\n}\n`;
}
