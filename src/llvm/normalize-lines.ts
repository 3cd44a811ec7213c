/** What is taken from single lines of IR text in normal form; see normalize-text.ts for all of it and the reasons. */

/** `, !srcloc !5` after an instruction or global; ` !srcloc !5` in the head of a function. */
const DEAD_ATTACHMENT = /,? !(?:dbg|DIAssignID|srcloc|annotation|heapallocsite) !\d+/g;
/** Any attachment: those of an instruction end its line. */
const ATTACHMENT = /,? !(?![0-9])[-\w.$\\]+ !\d+/g;

/** Strings are left as they are: an attachment can be followed by strings but never stand in one's middle. */
function outsideStrings(line: string, change: (text: string) => string): string {
  if (!line.includes('"')) return change(line);
  return line
    .split(/("[^"]*")/)
    .map((part) => (part.startsWith('"') ? part : change(part)))
    .join("");
}

export function withoutDeadAttachments(line: string): string {
  return line.includes(" !")
    ? outsideStrings(line, (text) => text.replace(DEAD_ATTACHMENT, ""))
    : line;
}

export function withoutAttachments(line: string): string {
  return line.includes(" !") ? outsideStrings(line, (text) => text.replace(ATTACHMENT, "")) : line;
}

export type ScalarAlignments = ReadonlyMap<
  string,
  { readonly abi: number; readonly alloca: number }
>;

/** LLVM's own, where a data layout says nothing: LangRef, "Data Layout". Bits: ABI, preferred. */
const DEFAULT_BITS: Record<string, readonly [spec: string, abi: number, preferred: number]> = {
  i8: ["i8", 8, 8],
  i16: ["i16", 16, 16],
  i32: ["i32", 32, 32],
  i64: ["i64", 32, 64],
  float: ["f32", 32, 32],
  double: ["f64", 64, 64],
  ptr: ["p", 64, 64],
};

/** Alignments, in bytes, that LLVM's parser puts where IR names none: ABI at loads and stores, preferred at allocas. */
export function scalarAlignments(dataLayout: string): ScalarAlignments {
  const specs = new Map(
    dataLayout.split("-").map((spec) => {
      const [name = "", ...bits] = spec.split(":");
      return [name === "p0" ? "p" : name, bits.map(Number)];
    }),
  );
  return new Map(
    Object.entries(DEFAULT_BITS).map(([type, [name, abiBits, preferredBits]]) => {
      const given = specs.get(name)?.slice(name === "p" ? 1 : 0); // p:SIZE:ABI:PREFERRED
      const abi = given?.[0] ?? abiBits;
      const preferred = given === undefined ? preferredBits : (given[1] ?? abi);
      return [type, { abi: abi / 8, alloca: preferred / 8 }];
    }),
  );
}

const SCALAR = "(i8|i16|i32|i64|ptr|float|double)";
const REST = "((?:, !\\S+ !\\d+)*)$";
const ACCESS = new RegExp(
  `^((?:%\\d+ = load (?:volatile )?${SCALAR}|store (?:volatile )?${SCALAR}(?! addrspace))[ ,].*), align (\\d+)${REST}`,
);
const ALLOCA = new RegExp(`^(%\\d+ = alloca ${SCALAR}), align (\\d+)${REST}`);

/**
 * Drops `, align N` of plain loads, stores and allocas of scalars where N is what the parser would put: 8 % of the
 * characters of C modules, 6 % of C++ ones.
 */
export function withoutUsualAlignment(line: string, alignments: ScalarAlignments): string {
  if (!line.includes(", align ")) return line;
  const [, access, loaded, stored, accessBytes, accessRest = ""] = ACCESS.exec(line) ?? [];
  if (access !== undefined) {
    const usual = alignments.get(loaded ?? stored ?? "")?.abi;
    return Number(accessBytes) === usual ? access + accessRest : line;
  }
  const [, alloca, type = "", bytes, rest = ""] = ALLOCA.exec(line) ?? [];
  return alloca !== undefined && Number(bytes) === alignments.get(type)?.alloca
    ? alloca + rest
    : line;
}

/** String attributes shorter than this stay with the others: references to a group of their own would cost as much. */
const MIN_SHARED_CHARS = 60;

/** An attribute group's content, its long tail of string attributes apart; LLVM prints those last. */
export function splitAttributes(content: string): string[] {
  const start = content.search(/(?<!\S)"/); // not the quotes in allockind("alloc,zeroed")
  if (start <= 0 || content.length - start < MIN_SHARED_CHARS) return [content];
  return [content.slice(0, start).trim(), content.slice(start)];
}
