/** What an x86_64 instruction in AT&T syntax reads and writes, as far as its text tells: explicit registers. Pure. */

export interface Reading {
  /** Registers by the names they have in the text, without %. */
  readonly read: readonly string[];
  readonly written: readonly string[];
  /** The source of a copy of a whole register; it is not in `read`. */
  readonly copied: string | undefined;
  /** Only the low 32 bits of what it reads matter. */
  readonly isNarrow: boolean;
  readonly isCall: boolean;
  /** Does not go on with the next instruction. */
  readonly isJump: boolean;
  readonly isReturn: boolean;
  readonly isPop: boolean;
}

const REGISTER = /%([a-z][a-z0-9]*)/g;
/** The last operand is written and not read. */
const OVERWRITES = /^(?:v?mov|lea|set|cvt|vcvt|pop|bsf|bsr|lzcnt|tzcnt|popcnt|pshuf|v?sqrt)/;
/** The last operand is read and not written. */
const ONLY_READS = /^(?:cmp(?!xchg)|test|push|bt[lqw]?$|v?u?comis|call|jmp|nop|prefetch)/;

/** "rdi", "edi", "dil" are of one family, "di"; "r8d" of "r8". */
export function family(register: string): string {
  const numbered = /^(r\d+)[dwb]?$/.exec(register)?.[1];
  if (numbered !== undefined) return numbered;
  const legacy = /^[re]?([abcd])[xlh]$/.exec(register)?.[1];
  if (legacy !== undefined) return `${legacy}x`;
  return /^[re]?(si|di|bp|sp)l?$/.exec(register)?.[1] ?? register.replace(/^[yz]mm/, "xmm");
}

/** In bits; 128 for vectors. */
export function widthOf(register: string): number {
  if (/mm\d/.test(register)) return 128;
  if (/^r(?:[a-z]{2}|\d+)$/.test(register)) return 64;
  if (/^e|^r\d+d$/.test(register)) return 32;
  return /[lhb]$/.test(register) ? 8 : 16;
}

export function readingOf(text: string): Reading {
  const [, name = "", rest = ""] =
    /^(?:(?:lock|rep\w*|data16|notrack) )*(\S+)\s*(.*)$/.exec(text) ?? [];
  const operands = splitOperands(rest);
  const last = operands.at(-1) ?? "";
  const target = /^%([a-z][a-z0-9]*)$/.exec(last)?.[1];
  const isCall = name.startsWith("call");
  const others = target === undefined ? operands : operands.slice(0, -1);
  const registers = others.flatMap((operand) =>
    [...operand.matchAll(REGISTER)].map(([, r = ""]) => r),
  );
  const isCleared =
    /^(?:xor|sub|pxor|vpxor|v?xorp)/.test(name) && operands.every((operand) => operand === last);
  const writes = target !== undefined && !ONLY_READS.test(name);
  const readsTarget = target !== undefined && !OVERWRITES.test(name) && !name.startsWith("push");
  const isCopy = name === "movq" && /^%[a-z]\w*$/.test(others[0] ?? "") && writes;
  const flags = {
    isNarrow: /^lea[lw]/.test(name),
    isCall,
    isJump: name.startsWith("jmp") || name.startsWith("ud2"),
    isReturn: name.startsWith("ret"),
    isPop: name.startsWith("pop"),
  };
  return {
    read: isCleared || isCopy ? [] : [...registers, ...(readsTarget ? [target] : [])],
    written: writes ? [target] : implied(name),
    copied: isCopy ? registers[0] : undefined,
    ...flags,
  };
}

/** Sign extensions within the accumulator. */
const implied = (name: string): string[] =>
  name === "cltq" ? ["rax"] : name === "cwtl" ? ["eax"] : [];

function splitOperands(text: string): string[] {
  const parts = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  return parts.map((part) => part.trim());
}
