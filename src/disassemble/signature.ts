/**
 * Is the signature that IR declares the one that the machine code has? Running both shows nothing about it: called with an
 * i32, code that takes an i64 sees a small i64, and a result that nobody declares is never looked at. So before a function
 * is called equivalent, its x86_64 code is read for signs of another signature: an argument register read that no parameter
 * is passed in, or read wider than its parameter; a result left that is not declared, or wider than declared.
 *
 * Code is read in the order of its text, not of its control flow: signs are found, not all of them, and some where none
 * are. A doubt makes a function `unverified`, never `failed`.
 */

import type { IrFunction } from "../verify/differential/ir-text.ts";
import { type Reading, family, readingOf, widthOf } from "./x86-reading.ts";

const ARGUMENTS = ["di", "si", "dx", "cx", "r8", "r9"] as const;
const LOST_IN_CALLS = ["ax", "cx", "dx", "si", "di", "r8", "r9", "r10", "r11"];

/** What speaks against the signature, or undefined. `code`: instructions as llvm-objdump prints them. */
export function signatureDoubt(
  { parameters, returnType }: Pick<IrFunction, "parameters" | "returnType">,
  code: readonly string[],
): string | undefined {
  const readings = code.map(readingOf);
  const passed = parameters
    .filter(({ attributes }) => !attributes.includes("byval("))
    .flatMap(({ type }) => registersFor(type));
  const isPlain = !parameters.some(({ type }) => /[{[%]/.test(type));
  return (
    (isPlain ? argumentDoubt(readings, passed) : undefined) ?? resultDoubt(readings, returnType)
  );
}

/** Bits in each general register that a parameter takes; none for what is passed otherwise. */
function registersFor(type: string): number[] {
  if (type === "ptr") return [64];
  const bits = Number(/^i(\d+)$/.exec(type)?.[1] ?? 0);
  return Array.from({ length: Math.ceil(bits / 64) }, () => Math.min(bits, 64));
}

/** Follows copies of whole registers: saving one is no use of it. */
function argumentDoubt(
  readings: readonly Reading[],
  passed: readonly number[],
): string | undefined {
  const holds = new Map<string, number>(ARGUMENTS.map((name, index) => [name, index]));
  for (const reading of readings) {
    const { copied, read, written, isCall } = reading;
    if (copied === undefined) {
      for (const register of read) {
        const index = holds.get(family(register));
        const bits = index === undefined ? undefined : passed[index];
        if (index === undefined) continue;
        if (bits === undefined)
          return `the machine code reads %${register}, and the signature passes ${passed.length} arguments in registers`;
        if (bits <= 32 && widthOf(register) === 64 && !reading.isNarrow)
          return `the machine code reads all of %${register}, and the signature passes ${bits} bits in it`;
      }
    }
    const source = copied === undefined ? undefined : holds.get(family(copied));
    for (const register of written) holds.delete(family(register));
    if (source !== undefined) for (const register of written) holds.set(family(register), source);
    if (isCall) for (const name of LOST_IN_CALLS) holds.delete(name);
  }
  return undefined;
}

/** A value put into a result register, and read by nobody before the function returns, is a result. */
function resultDoubt(readings: readonly Reading[], returnType: string): string | undefined {
  const bits = Number(/^i(\d+)$/.exec(returnType)?.[1] ?? 64);
  const isStructure = /[{[<%]/.test(returnType) || bits > 64 || returnType === "x86_fp80";
  if (isStructure) return undefined;
  const isFloat = returnType === "float" || returnType === "double";
  const isVoid = returnType === "void";
  for (const [end, { isReturn }] of readings.entries()) {
    if (!isReturn) continue;
    const left = (name: string): string | undefined =>
      leftIn(readings, end, name, "without a jump");
    const undeclared =
      left("dx") ??
      (isVoid || isFloat ? leftIn(readings, end, "ax", "on any way") : undefined) ??
      (isFloat ? undefined : left("xmm0"));
    if (undeclared !== undefined)
      return `the machine code leaves a value in %${undeclared}, and the signature returns ${returnType}`;
    const result = isFloat || isVoid ? undefined : left("ax");
    if (result !== undefined && bits <= 32 && widthOf(result) === 64)
      return `the machine code leaves 64 bits in %${result}, and the signature returns ${returnType}`;
  }
  return undefined;
}

/**
 * The register as the last instruction before the return wrote it. A loop that ends in a jump back leaves its value where the function returns,
 * and a result that IR does not declare is all that speaks against it: there jumps are passed over.
 */
function leftIn(
  readings: readonly Reading[],
  end: number,
  name: string,
  how: "without a jump" | "on any way",
): string | undefined {
  for (let at = end - 1; at >= 0; at--) {
    const { read, written, isCall, isJump, isReturn, isPop } = readings[at] ?? readingOf("");
    if (isCall || isReturn || (isJump && how === "without a jump")) return undefined;
    const found = written.find((register) => family(register) === name);
    if (found !== undefined) return isPop ? undefined : found;
    if (read.some((register) => family(register) === name)) return undefined;
  }
  return undefined;
}
