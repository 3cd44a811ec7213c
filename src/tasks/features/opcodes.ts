/** Instructions by kind: of which there are how many, in a hundred. */

import { type Block, type Instruction, calleeOf } from "./instructions.ts";

const CLASS_OF: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    "alloca": "alloca",
    "load": "load",
    "store": "store",
    "getelementptr": "getelementptr",
    "phi": "phi",
    "select": "select",
    "integer comparisons": "icmp",
    "additions": "add sub",
    "multiplications": "mul",
    "divisions": "sdiv udiv srem urem",
    "shifts": "shl lshr ashr",
    "logic": "and or xor",
    "sign extensions": "sext",
    "zero extensions": "zext",
    "truncations": "trunc",
    "pointer casts": "ptrtoint inttoptr",
    "float arithmetic": "fadd fsub fmul fdiv frem fneg fcmp",
    "float casts": "fptosi fptoui sitofp uitofp fpext fptrunc",
    "aggregates": "extractvalue insertvalue",
    "vectors": "extractelement insertelement shufflevector",
    "atomics": "cmpxchg atomicrmw fence",
    "exceptions": "invoke landingpad resume cleanuppad catchpad catchswitch cleanupret catchret",
    "switch": "switch indirectbr",
    "ret": "ret",
    "unreachable": "unreachable",
  }).flatMap(([name, opcodes]) => opcodes.split(" ").map((opcode) => [opcode, name])),
);
const OTHER = "other instructions";
const BRANCHES = ["conditional branches", "branches"] as const;
const CALLS = [
  "calls of defined functions",
  "calls of declared functions",
  "indirect calls",
  "lifetime markers",
  "memory intrinsics",
  "other intrinsics",
  "inline assembly",
] as const;

function classOf(instruction: Instruction, defined: ReadonlySet<string>): string {
  const { opcode, text } = instruction;
  if (opcode === "br") return BRANCHES[text.startsWith("br i1") ? 0 : 1];
  if (opcode !== "call") return CLASS_OF[opcode] ?? OTHER;
  return CALLS[callKind(calleeOf(instruction), defined)];
}

function callKind(callee: string, defined: ReadonlySet<string>): 0 | 1 | 2 | 3 | 4 | 5 | 6 {
  if (callee === "asm") return 6;
  if (callee.startsWith("@llvm.lifetime.")) return 3;
  if (/^@llvm\.mem(?:cpy|move|set)\b/.test(callee)) return 4;
  if (callee.startsWith("@llvm.")) return 5;
  if (defined.has(callee)) return 0;
  return callee.startsWith("@") ? 1 : 2;
}

/** How many of each kind, a kind that is not there among them. */
export function countOpcodes(
  functions: readonly (readonly Block[])[],
  defined: ReadonlySet<string>,
): Record<string, number> {
  const names = [...new Set(Object.values(CLASS_OF)), ...BRANCHES, ...CALLS, OTHER];
  const counts = new Map(names.map((name) => [name, 0]));
  for (const { instructions } of functions.flat()) {
    for (const instruction of instructions) {
      const name = classOf(instruction, defined);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return Object.fromEntries(counts);
}

const OPERANDS: Readonly<Record<string, RegExp>> = {
  "of i1": /\bi1\b/g,
  "of i8": /\bi8\b/g,
  "of i16": /\bi16\b/g,
  "of i32": /\bi32\b/g,
  "of i64": /\bi64\b/g,
  "of other integers": /\bi(?!(?:1|8|16|32|64)\b)\d+\b/g,
  "of ptr": /\bptr\b/g,
  "of floats": /\b(?:half|float|double|x86_fp80|fp128)\b/g,
  "of vectors": /<\d+ x /g,
  "of structs": /%T\d+\b/g,
  "of arrays": /\[\d+ x /g,
  "null": /\bnull\b/g,
  "-1, 0 and 1": /(?<= )(?:-1|0|1)(?=[,) \]\n]|$)/g,
  /** Of one byte: x86_64 has shorter forms for them. */
  "small integers": /(?<= )-?(?:[2-9]|\d\d|1[01]\d|12[0-7])(?=[,) \]\n]|$)/g,
  "large integers": /(?<= )-?(?:12[89]|1[3-9]\d|[2-9]\d\d|\d{4,})(?=[,) \]\n]|$)/g,
  "symbols": /@(?:"[^"]*"|[-\w.$]+)/g,
  "volatile": /\bvolatile\b/g,
  "nsw and nuw": /\b(?:nsw|nuw)\b/g,
};

/** How often each kind of type and constant is written. */
export function countOperands(functions: readonly (readonly Block[])[]): Record<string, number> {
  const text = functions.map((blocks) =>
    blocks.map(({ instructions }) => instructions.map((one) => one.text).join("\n")).join("\n"),
  );
  return Object.fromEntries(
    Object.entries(OPERANDS).map(([name, form]) => {
      return [name, text.reduce((sum, body) => sum + (body.match(form)?.length ?? 0), 0)];
    }),
  );
}
