/**
 * A copy of the reference that tells what a call went through: which blocks it reached, and whether it did something
 * undefined (signed overflow, a shift too far, an index outside its array, `unreachable`, a bool that is neither...).
 * An input on which the reference is undefined shows nothing, for then every answer is right. Globals and stack slots get pads
 * between them, so that reading past one gives what was painted there.
 *
 * Works on the text that LLVM prints, where an instruction is a line. Inserted values are named, so nothing is renumbered.
 */

import { leadingType, splitTopLevel } from "./ir-text.ts";

export interface Instrumented {
  readonly text: string;
  /** The function that block k of the coverage belongs to, by its name in the text. */
  readonly blocks: readonly string[];
}

const PAD_BYTES = 64;
const UNPADDED = /\b(?:external|extern_weak|appending|available_externally|thread_local)\b/;
const LABEL = /^(?:"[^"]*"|[-\w$.]+):/;
const OPERAND = String.raw`(-?\d+|[%@](?:"[^"]*"|[-\w$.]+))`;
const BINARY = new RegExp(
  `^  %\\S+ = (add|sub|mul|shl|ashr|lshr) ((?:nuw |nsw |exact )*)i(\\d+) ${OPERAND}, ${OPERAND}(?:,|$)`,
);
const RANGE_LOAD = /^  (%\S+) = load (?:volatile )?(i\d+), .*!range (!\d+)/;
const RANGE_NODE = /^(!\d+) = !\{(i\d+) (-?\d+), i\d+ (-?\d+)\}$/;
const GEP = new RegExp(`^  (%(?:"[^"]*"|[-\\w$.]+)) = getelementptr inbounds (?:nuw |nusw )*(.*)$`);
const TO_INTEGER = new RegExp(`^  %\\S+ = fpto([su])i (float|double) ${OPERAND} to i(\\d+)`);
const ASSUME = new RegExp(`call void @llvm\\.assume\\(i1 (?:noundef )?${OPERAND}\\)`);
const ALLOCA = /^(  %\S+ = alloca )(.+?)(, align \d+.*)$/;

export function instrument(text: string): Instrumented {
  const lines = text.split("\n");
  const ranges = rangeNodes(lines);
  const blocks: string[] = [];
  const pads: { name: string; bytes: number }[] = [];
  const intrinsics = new Set<string>();
  const out: string[] = [];
  let fn: string | undefined;
  let isBlockOpen = false; // a coverage mark is due before the next plain instruction
  let serial = 0;
  const fresh = (): string => `%llmc.${serial++}`;
  for (const line of lines) {
    if (fn === undefined) {
      out.push(line);
      if (line.startsWith("define ")) {
        fn = /@(?:"[^"]*"|[-\w$.]+)/.exec(line)?.[0] ?? "";
        isBlockOpen = true;
      }
      out.push(...padAfter(line, pads));
    } else if (line === "}") {
      fn = undefined;
      out.push(line);
    } else if (LABEL.test(line)) {
      isBlockOpen = true;
      out.push(line);
    } else if (!isPlain(line)) {
      out.push(line);
    } else {
      if (isBlockOpen)
        out.push(
          `  store i8 1, ptr getelementptr (i8, ptr @llmc_coverage, i64 ${blocks.push(fn) - 1})`,
        );
      isBlockOpen = false;
      out.push(
        ...checksBefore(line, fresh, intrinsics),
        padded(line),
        ...checksAfter(line, fresh, ranges),
      );
    }
  }
  const declared = [...intrinsics].filter((name) => !text.includes(`${name}(`));
  return {
    text: [...out, ...tables(blocks.length, pads), ...declared.map(overflowDeclaration)].join("\n"),
    blocks,
  };
}

/** Not a phi, a landing pad with its clauses, a debug record, a switch's rows or an empty line. */
function isPlain(line: string): boolean {
  return (
    /^  [^\s#]/.test(line) &&
    !/^  %\S+ = (?:phi|landingpad|catchpad|cleanuppad|catchswitch) /.test(line) &&
    line !== "  ]"
  );
}

function rangeNodes(lines: readonly string[]): Map<string, [low: string, high: string]> {
  return new Map(
    lines.flatMap((line) => {
      const [, id, , low, high] = RANGE_NODE.exec(line) ?? [];
      return id === undefined || low === undefined || high === undefined ? [] : [[id, [low, high]]];
    }),
  );
}

function checksBefore(line: string, fresh: () => string, intrinsics: Set<string>): string[] {
  if (line.startsWith("  unreachable")) return ["  call void @llmc_unreachable()"];
  const binary = BINARY.exec(line);
  if (binary !== null) return checkArithmetic(binary, fresh, intrinsics);
  const assumed = ASSUME.exec(line)?.[1];
  if (assumed !== undefined) {
    const isFalse = fresh();
    return [`  ${isFalse} = xor i1 ${assumed}, true`, flag(isFalse)];
  }
  return checkToInteger(line, fresh);
}

function checkArithmetic(
  match: RegExpExecArray,
  fresh: () => string,
  intrinsics: Set<string>,
): string[] {
  const [, operation = "", flags = "", bits = "", left = "", right = ""] = match;
  if (operation === "shl" || operation === "ashr" || operation === "lshr") {
    const isFar = fresh();
    return /^\d+$/.test(right)
      ? []
      : [`  ${isFar} = icmp uge i${bits} ${right}, ${bits}`, flag(isFar)];
  }
  return (["nsw", "nuw"] as const)
    .filter((kind) => flags.includes(kind))
    .flatMap((kind) => {
      const name = `@llvm.${kind === "nsw" ? "s" : "u"}${operation}.with.overflow.i${bits}`;
      intrinsics.add(name);
      const pair = fresh();
      const overflow = fresh();
      return [
        `  ${pair} = call { i${bits}, i1 } ${name}(i${bits} ${left}, i${bits} ${right})`,
        `  ${overflow} = extractvalue { i${bits}, i1 } ${pair}, 1`,
        flag(overflow),
      ];
    });
}

/** Out of range, or not a number, is poison. Bounds one beyond the range are exact in double for up to 64 bits. */
function checkToInteger(line: string, fresh: () => string): string[] {
  const [, sign, type = "", operand = "", bits = "0"] = TO_INTEGER.exec(line) ?? [];
  if (sign === undefined || Number(bits) > 64) return [];
  const wide = type === "float" ? fresh() : operand;
  const magnitude = 2 ** (sign === "s" ? Number(bits) - 1 : Number(bits));
  const low = fresh();
  const high = fresh();
  const both = fresh();
  const isOut = fresh();
  // Below -2^(n-1), where doubles lie between it and the next integer, only small types can be told exactly.
  const least = sign === "u" ? -1 : -magnitude - (Number(bits) < 53 ? 1 : 0);
  return [
    ...(type === "float" ? [`  ${wide} = fpext float ${operand} to double`] : []),
    `  ${low} = fcmp ${sign === "s" && Number(bits) >= 53 ? "oge" : "ogt"} double ${wide}, ${real(least)}`,
    `  ${high} = fcmp olt double ${wide}, ${real(magnitude)}`,
    `  ${both} = and i1 ${low}, ${high}`,
    `  ${isOut} = xor i1 ${both}, true`,
    flag(isOut),
  ];
}

/** A double as LLVM's hexadecimal literal. */
function real(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return `0x${view.getBigUint64(0).toString(16).toUpperCase().padStart(16, "0")}`;
}

function checksAfter(
  line: string,
  fresh: () => string,
  ranges: Map<string, [string, string]>,
): string[] {
  const [, value, type = "", node = ""] = RANGE_LOAD.exec(line) ?? [];
  const range = ranges.get(node);
  if (value !== undefined && range !== undefined) {
    const offset = fresh();
    const isOut = fresh();
    const width = BigInt(range[1]) - BigInt(range[0]);
    return width <= 0n
      ? []
      : [
          `  ${offset} = sub ${type} ${value}, ${range[0]}`,
          `  ${isOut} = icmp uge ${type} ${offset}, ${width}`,
          flag(isOut),
        ];
  }
  const gep = GEP.exec(line);
  return gep === null ? [] : checkPointer(gep, fresh);
}

function checkPointer([, result = "", rest = ""]: RegExpExecArray, fresh: () => string): string[] {
  const type = leadingType(rest);
  const [, base = "", first = "", second = ""] = splitTopLevel(rest);
  if (!base.startsWith("ptr ") || /[()<>]/.test(base)) return [];
  const checks = [`  call void @llmc_inbounds(${base}, ptr ${result})`];
  const length = /^\[(\d+) x /.exec(type)?.[1];
  const [, bits, index] = new RegExp(`^i(\\d+) ${OPERAND}$`).exec(second) ?? [];
  // A constant index was the programmer's own; [0 x T] is an array of unknown length.
  if (length === undefined || length === "0" || !first.endsWith(" 0")) return checks;
  if (index?.startsWith("%") !== true) return checks;
  const isOut = fresh();
  return [...checks, `  ${isOut} = icmp ugt i${bits} ${index}, ${length}`, flag(isOut)];
}

const flag = (condition: string): string => `  call void @llmc_undefined(i1 zeroext ${condition})`;

/** A stack slot of a fixed size gets a pad behind it. */
function padded(line: string): string {
  const [, head, type = "", tail] = ALLOCA.exec(line) ?? [];
  if (head === undefined || leadingType(type) !== type || type.startsWith("inalloca")) return line;
  return `${head}{ ${type}, [${PAD_BYTES} x i8] }${tail}`;
}

function padAfter(line: string, pads: { name: string; bytes: number }[]): string[] {
  const [, words = "", kind, rest = ""] =
    /^@(?:"[^"]*"|[-\w$.]+) = (.*?)\b(global|constant) (.*)$/.exec(line) ?? [];
  if (kind === undefined || UNPADDED.test(words) || rest.includes('section "')) return [];
  const name = `@llmc.pad.${pads.length}`;
  const isZero = /zeroinitializer| 0(?:,|$)/.test(rest);
  pads.push({ name, bytes: kind === "constant" ? 0 : PAD_BYTES }); // a constant cannot be painted
  if (kind === "constant")
    return [`${name} = internal constant [${PAD_BYTES} x i8] c"${"\\5B".repeat(PAD_BYTES)}"`];
  return [
    `${name} = internal global [${PAD_BYTES} x i8] ${isZero ? "zeroinitializer" : `c"${"\\01".repeat(PAD_BYTES)}"`}`,
  ];
}

function tables(blocks: number, pads: readonly { name: string; bytes: number }[]): string[] {
  const rows = pads.map(
    ({ name, bytes }) => `{ ptr, ptr, i64 } { ptr null, ptr ${name}, i64 ${bytes} }`,
  );
  return [
    `@llmc_coverage = global [${Math.max(blocks, 1)} x i8] zeroinitializer`,
    `@llmc_coverage_count = constant i64 ${blocks}`,
    `@llmc_pads = constant [${pads.length} x { ptr, ptr, i64 }] [${rows.join(", ")}]`,
    `@llmc_pad_count = constant i64 ${pads.length}`,
    "declare void @llmc_undefined(i1 zeroext)",
    "declare void @llmc_unreachable()",
    "declare void @llmc_inbounds(ptr, ptr)",
  ];
}

function overflowDeclaration(name: string): string {
  const type = name.slice(name.lastIndexOf(".") + 1);
  return `declare { ${type}, i1 } ${name}(${type}, ${type})`;
}
