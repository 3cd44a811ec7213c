/**
 * Plants miscompiles: one small change of meaning in optimised IR, such as a broken pass makes. What finds real
 * miscompiles must find these, so they measure the checks of this folder. Text in, text out; an instruction is a line,
 * as LLVM prints it. A mutant may be equivalent by chance, or not verify (a use before its definition): the caller looks.
 */

import type { Rng } from "../base/rng.ts";

export type MutationKind =
  | "swap operands"
  | "predicate"
  | "constant"
  | "drop store"
  | "drop call"
  | "select arms"
  | "pointer index"
  | "branch targets"
  | "branch condition"
  | "operation"
  | "extension"
  | "case value";

export interface Mutation {
  readonly kind: MutationKind;
  /** As in the text, with its @. */
  readonly fn: string;
  readonly before: string;
  /** "" when the line was dropped. */
  readonly after: string;
  readonly text: string;
}

/** The changed line, "" to drop it, or undefined where the rule does not apply. */
type Rule = (line: string, rng: Rng) => string | undefined;

const ORDERED =
  /^(  %\S+ = (?:sub|sdiv|udiv|srem|urem|shl|lshr|ashr|fsub|fdiv) (?:(?:nuw|nsw|exact) )*\S+) ([^,]+), ([^,]+)(.*)$/;
const COMPARISON = /^(  %\S+ = icmp (?:samesign )?)(\w+)( .*)$/;
const FLOAT_COMPARISON = /^(  %\S+ = fcmp )(\w+)( .*)$/;
const WITH_CONSTANT =
  /^(  (?:%\S+ = (?:add|sub|mul|and|or|xor|icmp|shl|lshr|ashr|select)|store|ret) .*?)(-?\b\d+)(, (?:ptr|align|!|i\d+ %).*|)$/;
const SELECT = /^(  %\S+ = select i1 [^,]+), ([^,]+), ([^,]+)(, !.*)?$/;
const INDEX = /^(  %\S+ = getelementptr .*, i\d+ )(\d+)((?:, !.*)?)$/;
const BRANCH = /^(  br i1 )([^,]+), (label %[^,]+), (label %[^,\s]+)(.*)$/;
const EXTENSION = /^(  %\S+ = )(zext (?:nneg )?|sext )(.*)$/;
const CASE = /^(    i\d+ )(-?\d+)(, label .*)$/;

const PREDICATES: Readonly<Record<string, readonly string[]>> = {
  eq: ["ne"],
  ne: ["eq"],
  slt: ["sle", "ult", "sge"],
  sle: ["slt", "ule"],
  sgt: ["sge", "ugt"],
  sge: ["sgt", "uge"],
  ult: ["ule", "slt", "uge"],
  ule: ["ult", "sle"],
  ugt: ["uge", "sgt"],
  uge: ["ugt", "sge"],
  olt: ["ole", "ogt"],
  ole: ["olt"],
  ogt: ["oge", "olt"],
  oge: ["ogt"],
  oeq: ["une"],
  une: ["oeq"],
};
const OPERATIONS: Readonly<Record<string, string>> = {
  add: "sub",
  sub: "add",
  and: "or",
  or: "and",
  xor: "or",
  shl: "lshr",
  lshr: "shl",
  ashr: "lshr",
  fadd: "fsub",
  fmul: "fadd",
};
const OPERATION =
  /^(  %\S+ = )(add|sub|and|or|xor|shl|lshr|ashr|fadd|fmul) ((?:(?:nuw|nsw|exact|disjoint) )*)(.*)$/;

function replacePredicate(pattern: RegExp): Rule {
  return (line, rng) => {
    const [, head, predicate = "", tail] = pattern.exec(line) ?? [];
    const others = PREDICATES[predicate] ?? [];
    return head === undefined || others.length === 0 ? undefined : head + rng.pick(others) + tail;
  };
}

const comparison = replacePredicate(COMPARISON);
const floatComparison = replacePredicate(FLOAT_COMPARISON);

/** Every kind has its rule. */
const RULES: Readonly<Record<MutationKind, Rule>> = {
  "swap operands": (line) => {
    const [, head, left, right, tail] = ORDERED.exec(line) ?? [];
    return head === undefined || left === right ? undefined : `${head} ${right}, ${left}${tail}`;
  },
  "predicate": (line, rng) => comparison(line, rng) ?? floatComparison(line, rng),
  "constant": (line, rng) => {
    const [, head, constant = "", tail] = WITH_CONSTANT.exec(line) ?? [];
    return head === undefined || / i1 /.test(line) || /\bx i|[<{[]/.test(line)
      ? undefined
      : head + nudge(constant, rng) + tail;
  },
  "drop store": (line) => (line.startsWith("  store ") ? "" : undefined),
  "drop call": (line) =>
    /^  (?:tail |notail )?call (?:\w+ )*void @(?!llvm\.)/.test(line) ? "" : undefined,
  "select arms": (line) => {
    const [, head, left, right, tail = ""] = SELECT.exec(line) ?? [];
    return head === undefined || left === right ? undefined : `${head}, ${right}, ${left}${tail}`;
  },
  "pointer index": (line, rng) => {
    const [, head, index = "", tail] = INDEX.exec(line) ?? [];
    return head === undefined || /%struct|%union|\{/.test(head)
      ? undefined
      : head + nudge(index, rng) + tail;
  },
  "branch targets": (line) => {
    const [, head, condition, left, right, tail] = BRANCH.exec(line) ?? [];
    return head === undefined || left === right
      ? undefined
      : `${head}${condition}, ${right}, ${left}${tail}`;
  },
  "branch condition": (line, rng) => {
    const [, head, condition, left, right, tail] = BRANCH.exec(line) ?? [];
    const isFixed = condition === "true" || condition === "false";
    if (head === undefined || isFixed || left === right) return undefined;
    return `${head}${rng.pick(["true", "false"])}, ${left}, ${right}${tail}`;
  },
  "operation": (line) => {
    const [, head, operation = "", , tail] = OPERATION.exec(line) ?? [];
    return head === undefined ? undefined : `${head}${OPERATIONS[operation]} ${tail}`;
  },
  "extension": (line) => {
    const [, head, operation = "", tail] = EXTENSION.exec(line) ?? [];
    return head === undefined
      ? undefined
      : `${head}${operation.startsWith("zext") ? "sext" : "zext"} ${tail}`;
  },
  "case value": (line, rng) => {
    const [, head, value = "", tail] = CASE.exec(line) ?? [];
    return head === undefined ? undefined : head + nudge(value, rng) + tail;
  },
};

export const MUTATION_KINDS = Object.keys(RULES) as readonly MutationKind[]; // the Record above has each kind once

function nudge(constant: string, rng: Rng): string {
  return String(BigInt(constant) + BigInt(rng.pick([1, 1, -1, 2])));
}

/**
 * One change in a function's body; the kind is drawn first, so that rare instructions are not drowned by stores.
 * Undefined when no rule applies anywhere.
 */
export function mutate(
  text: string,
  rng: Rng,
  kinds: readonly MutationKind[] = MUTATION_KINDS,
): Mutation | undefined {
  const lines = text.split("\n");
  const owners = ownersOf(lines);
  for (const kind of rng.shuffle(kinds)) {
    const rule = RULES[kind];
    const sites = [...lines.keys()].filter(
      (i) => owners[i] !== undefined && rule(lines[i] ?? "", rng) !== undefined,
    );
    if (sites.length === 0) continue;
    const at = rng.pick(sites);
    const before = lines[at] ?? "";
    const after = rule(before, rng);
    const fn = owners[at];
    if (after === undefined || fn === undefined || after === before) continue;
    const changed = lines.flatMap((line, i) => (i !== at ? [line] : after === "" ? [] : [after]));
    return { kind, fn, before: before.trim(), after: after.trim(), text: changed.join("\n") };
  }
  return undefined;
}

/** For each line, the function whose body it is in. */
function ownersOf(lines: readonly string[]): (string | undefined)[] {
  let fn: string | undefined;
  return lines.map((line) => {
    if (line === "}") fn = undefined;
    const owner = fn;
    if (line.startsWith("define ")) fn = /@(?:"[^"]*"|[-\w$.]+)/.exec(line)?.[0];
    return owner;
  });
}
