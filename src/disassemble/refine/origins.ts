/**
 * Which lines of IR the instructions come from in which its code differs from what is wanted. Every line of the function is given a
 * debug location, its own number, and the code generator tells them. Both codes are put side by side without registers, for these
 * change all the way down where one value more is kept.
 */

import type { Toolchain } from "../../llvm/toolchain.ts";
import { runTool } from "../../llvm/tools.ts";
import { labelOf, readAssembly } from "../../tasks/assembly-text.ts";
import type { Architecture } from "../../tasks/dialect.ts";
import { type Way, flagsOf } from "../ways.ts";
import { withoutLocals } from "./distance.ts";

export interface Compared {
  readonly name: string;
  readonly architecture: Architecture;
  readonly wanted: string;
  readonly way: Way;
}

/** IR whose every instruction has its line's place (the first is 0) as debug location. */
export function withLocations(ir: string): string {
  let isBody = false;
  const lines = ir.split("\n").map((line, at) => {
    if (line.startsWith("define ")) {
      isBody = true;
      return line.replace(/ \{$/, ` !dbg !${SCOPE} {`);
    }
    isBody &&= line !== "}";
    const isWhole = isBody && INSTRUCTION.test(line) && !line.endsWith("[");
    return isWhole ? `${line}, !dbg !DILocation(line: ${at + 1}, scope: !${SCOPE})` : line;
  });
  return [...lines, ...METADATA, ""].join("\n");
}

const INSTRUCTION =
  /^(?:%\S+ = |store |br |(?:tail |musttail |notail )?call |ret\b|switch |unreachable)/;
/** Above the numbers that an answer has. */
const SCOPE = 900_001;
const METADATA = [
  "!llvm.dbg.cu = !{!900002}",
  "!llvm.module.flags = !{!900004}",
  `!${SCOPE} = distinct !DISubprogram(name: "f", file: !900003, line: 1, type: !900005, unit: !900002, spFlags: DISPFlagDefinition)`,
  "!900002 = distinct !DICompileUnit(language: DW_LANG_C99, file: !900003, emissionKind: LineTablesOnly)",
  '!900003 = !DIFile(filename: "a", directory: "/")',
  '!900004 = !{i32 2, !"Debug Info Version", i32 3}',
  "!900005 = !DISubroutineType(types: !{})",
];

/** An instruction without its registers and labels, and the place of the line that it comes from; undefined where it has none. */
interface Instruction {
  readonly text: string;
  readonly line: number | undefined;
}

/**
 * Places of lines, nearest to the function's beginning first: those of instructions that differ, and of the ones before and after them;
 * the function's first instruction where the difference begins there. `ir`: valid, of withLocations. Empty where the code generator fails.
 */
export async function differingLines(
  toolchain: Toolchain,
  ir: string,
  { name, architecture, wanted, way }: Compared,
): Promise<number[]> {
  const made = await runTool(toolchain, "llc", {
    args: [...flagsOf(way), "-o", "-", "-"],
    stdin: ir,
  });
  if (made.status !== "ok") return [];
  const read = (text: string): Instruction[] =>
    instructions(readAssembly(text, architecture), name).filter(
      ({ text: one }) => !FRAME.test(one),
    );
  const got = read(Buffer.from(made.value).toString("utf8"));
  const first = Number(/!DILocation\(line: (\d+)/.exec(ir)?.[1] ?? 1) - 1;
  const found = new Set<number>();
  const texts = [read(wanted), got].map((list) => list.map(({ text }) => text));
  for (const [from, to] of differences(texts[0] ?? [], texts[1] ?? [])) {
    if (from === 0) found.add(first);
    for (const { line } of got.slice(Math.max(0, from - 1), to + 1))
      if (line !== undefined) found.add(line);
  }
  return [...found].toSorted((a, b) => a - b);
}

/** They say how many values are kept, not which. */
const FRAME = /^(?:(?:push|pop)q? R$|(?:sub|add)q \$\d+, R$|retq?$)/;
const REGISTER = /%[a-z]\w*(?:\(\d\))?|\b[wxsdqv]\d+\b|\b[wx]zr\b|\bsp\b/g;

function instructions(lines: readonly string[], name: string): Instruction[] {
  const found: Instruction[] = [];
  let line: number | undefined;
  for (const text of lines.slice(lines.indexOf(`${name}:`) + 1)) {
    if (text.startsWith(".Lfunc_end")) break;
    const location = /^\.loc \d+ (\d+)/.exec(text)?.[1];
    if (location !== undefined) line = Number(location) > 1 ? Number(location) - 1 : undefined;
    else if (labelOf(text) === undefined && !text.startsWith("."))
      found.push({ text: withoutLocals(text).replaceAll(REGISTER, "R"), line });
  }
  return found;
}

/** Stretches of `got`, end excluded, that are not in the longest common subsequence, or where it leaves something of `wanted` out. */
function differences(
  wanted: readonly string[],
  got: readonly string[],
): (readonly [from: number, to: number])[] {
  const common = commonLengths(wanted, got);
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  const found: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  while (i < wanted.length || j < got.length) {
    const [left, from] = [i, j];
    while ((i < wanted.length || j < got.length) && (i >= wanted.length || wanted[i] !== got[j]))
      if (j >= got.length || (i < wanted.length && at(i + 1, j) >= at(i, j + 1))) i++;
      else j++;
    if (i > left || j > from) found.push([from, j]);
    i++;
    j++;
  }
  return found;
}

/** [i][j]: the length of the longest common subsequence of what is left from i and from j on. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () =>
    Array.from({ length: b.length + 1 }, () => 0),
  );
  for (let i = a.length - 1; i >= 0; i--) {
    const [row, below] = [lengths[i] ?? [], lengths[i + 1] ?? []];
    for (let j = b.length - 1; j >= 0; j--)
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return lengths;
}
