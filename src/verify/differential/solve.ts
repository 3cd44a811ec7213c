/**
 * Inputs that take the rare side of a comparison: `((x * 3 + 7) ^ 85) == 1234567` is solved for x by undoing one
 * operation after the other, in arithmetic modulo a power of two. What a solver gives for such equations at the cost of one, without
 * paths or several unknowns. Pure; reads the lines of one function as LLVM prints them.
 */

interface Definition {
  readonly operation: string;
  readonly operand: string;
  /** The other operand; 0 for conversions. */
  readonly constant: bigint;
  /** Whether the constant stands on the left: `sub i32 7, %x`. */
  readonly isLeft: boolean;
  /** Of the operand. */
  readonly bits: number;
}

const FLAGS = "(?: nuw| nsw| exact| disjoint| nneg)*";
const VALUE = String.raw`%[\w.$-]+|%"[^"]*"`;
const BINARY = new RegExp(
  `^  (${VALUE}) = (add|sub|xor|mul|shl|lshr|ashr)${FLAGS} i(\\d+) (${VALUE}|-?\\d+), (${VALUE}|-?\\d+)$`,
);
const CONVERSION = new RegExp(`^  (${VALUE}) = (zext|sext|trunc)${FLAGS} i(\\d+) (${VALUE}) to i`);
const COMPARISON = new RegExp(`^  %\\S+ = icmp(?: samesign)? \\w+ i(\\d+) (${VALUE}), (-?\\d+)$`);
const SWITCH = new RegExp(`^  switch i(\\d+) (${VALUE}), label`);
const CASE = /^ {4}i\d+ (-?\d+), label/;
const MAX_STEPS = 8;
const MAX_BITS = 64;

/** Signed values, without those that stand in the comparisons themselves. */
export function solvedConstants(body: readonly string[]): bigint[] {
  const definitions = new Map(body.flatMap(definitionOf));
  const found = new Set<bigint>();
  for (const { value, wanted, bits } of wantedValues(body))
    for (const solution of undo(definitions, value, { wanted, bits })) found.add(solution);
  return [...found];
}

function definitionOf(line: string): [string, Definition][] {
  const [, name, operation, width, a = "", b = ""] = BINARY.exec(line) ?? [];
  if (name !== undefined && operation !== undefined) {
    const isLeft = !a.startsWith("%");
    const [operand, constant] = isLeft ? [b, a] : [a, b];
    if (!operand.startsWith("%") || constant.startsWith("%")) return [];
    return [
      [name, { operation, operand, constant: BigInt(constant), isLeft, bits: Number(width) }],
    ];
  }
  const [, to, conversion, from, operand = ""] = CONVERSION.exec(line) ?? [];
  return to === undefined || conversion === undefined
    ? []
    : [[to, { operation: conversion, operand, constant: 0n, isLeft: false, bits: Number(from) }]];
}

interface Wanted {
  readonly value: string;
  readonly wanted: bigint;
  readonly bits: number;
}

function wantedValues(body: readonly string[]): Wanted[] {
  let selected: { value: string; bits: number } | undefined;
  return body.flatMap((line): Wanted[] => {
    const [, width, value, constant] = COMPARISON.exec(line) ?? [];
    if (value !== undefined && constant !== undefined)
      return [{ value, wanted: BigInt(constant), bits: Number(width) }];
    const [, selector, on] = SWITCH.exec(line) ?? [];
    if (on !== undefined) selected = { value: on, bits: Number(selector) };
    const [, label] = CASE.exec(line) ?? [];
    return label !== undefined && selected !== undefined
      ? [{ ...selected, wanted: BigInt(label) }]
      : [];
  });
}

/** The values that each step back asks for, as far as one follows from the other. */
function* undo(
  definitions: ReadonlyMap<string, Definition>,
  from: string,
  { wanted, bits }: { wanted: bigint; bits: number },
): Generator<bigint> {
  let value = BigInt.asUintN(bits, wanted);
  let name = from;
  for (let step = 0; step < MAX_STEPS; step++) {
    const definition = definitions.get(name);
    if (definition === undefined || definition.bits > MAX_BITS) return;
    const before = inverse(definition, value);
    if (before === undefined) return;
    value = BigInt.asUintN(definition.bits, before);
    yield BigInt.asIntN(definition.bits, value);
    name = definition.operand;
  }
}

/** One operand that gives `value`; undefined where there is none or the operation is not undone so. */
function inverse(
  { operation, constant, isLeft, bits }: Definition,
  value: bigint,
): bigint | undefined {
  switch (operation) {
    case "add":
      return value - constant;
    case "sub":
      return isLeft ? constant - value : value + constant;
    case "xor":
      return value ^ BigInt.asUintN(bits, constant);
    case "mul":
      return (constant & 1n) === 1n ? value * oddInverse(constant, bits) : divided(value, constant);
    case "shl":
      return isLeft ? undefined : value >> constant;
    case "lshr":
    case "ashr":
      return isLeft ? undefined : value << constant;
    default:
      return value; // conversions keep it, or cannot reach it at all
  }
}

const divided = (value: bigint, by: bigint): bigint | undefined =>
  by !== 0n && value % by === 0n ? value / by : undefined;

/** x with x * odd = 1 modulo 2^bits, by Newton's iteration: each step doubles the right bits (Hacker's Delight, 10-16). */
function oddInverse(odd: bigint, bits: number): bigint {
  let x = odd;
  for (let right = 3; right < bits; right *= 2) x = BigInt.asUintN(bits, x * (2n - odd * x));
  return x;
}
