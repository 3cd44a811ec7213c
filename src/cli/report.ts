/** How results look in a terminal. */

import { savedPercent } from "../base/stats.ts";
import { type ModuleResult, totalOf } from "../optimize/result.ts";
import { printPassList } from "../passes/print.ts";
import { paint, table } from "./terminal.ts";

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

export function printResult(result: ModuleResult): void {
  const { baselineBytes, bytes, compilations, seconds, source } = result;
  const saved = baselineBytes - bytes;
  const percent = savedPercent(baselineBytes, bytes).toFixed(2);
  print(paint("bold", result.input));
  if (source === "-Oz") print(`  -Oz ${baselineBytes} B: nothing smaller found, -Oz is the answer`);
  else {
    print(
      `  -Oz ${baselineBytes} B → ${paint("green", `${bytes} B`)}, saved ${paint("green", `${saved} B (${percent} %)`)}`,
    );
    print(`  passes  ${printPassList(result.passList)}`);
  }
  print(
    `  ${paint("dim", `from ${source}, ${result.verdict}; ${compilations} compilations, ${seconds.toFixed(1)} s`)}`,
  );
  for (const note of result.notes) print(`  ${paint("yellow", "note:")} ${note}`);
}

/** Running sizes; a step that made the object larger often makes room for a later one. */
export function printExplanation({ explanation = [] }: ModuleResult): void {
  const rows = explanation.map(({ step, bytes }, index) => {
    const before = explanation[index - 1]?.bytes;
    const change = bytes === undefined || before === undefined ? "" : signed(bytes - before);
    return [`    ${bytes ?? "?"} B`, change, step];
  });
  print(table(rows, ["right", "right", "left"]));
}

const signed = (value: number): string =>
  value > 0 ? `+${value}` : value === 0 ? "±0" : `${value}`;

export function printTotal(
  results: readonly ModuleResult[],
  seconds: number,
  how: { written: string | undefined },
): void {
  const total = totalOf(results, seconds);
  const smaller = results.filter(({ bytes, baselineBytes }) => bytes < baselineBytes).length;
  const saved = `${total.baselineBytes - total.bytes} B (${total.savedPercent.toFixed(2)} %)`;
  print(
    `${paint("bold", "total")}  -Oz ${total.baselineBytes} B → ${total.bytes} B, saved ${paint("green", saved)}; ` +
      `${smaller} of ${results.length} modules smaller, ${total.compilations} compilations, ${seconds.toFixed(1)} s`,
  );
  print(
    how.written === undefined
      ? "nothing written; -o FILE or -o FOLDER/ keeps the objects"
      : `written to ${how.written}`,
  );
}
