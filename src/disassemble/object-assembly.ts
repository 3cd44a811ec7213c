/**
 * An object file as assembly that can be assembled again, for what follows to treat both alike. It is checked: the
 * assembly is assembled, and must give the object's instructions and relocations again, padding aside.
 *
 * Left out, and said: unwind tables need no mention; exception tables, static constructors, other sections that no
 * function refers to. What cannot be written refuses the object, with the relocation's number and place.
 */

import { type Outcome, ok } from "../llvm/outcome.ts";
import type { Toolchain } from "../llvm/toolchain.ts";
import { runTool } from "../llvm/tools.ts";
import type { AssemblySource } from "./assembly-source.ts";
import type { ElfObject, ElfSection, ElfSymbol, Relocation } from "./elf-object.ts";
import { FLAG, SECTION, readElfObject } from "./elf-object.ts";
import { Inexpressible, type Instruction, expressed, readDump } from "./object-code.ts";
import { alignmentLine, dataLines, sectionLine } from "./object-data.ts";
import { type Places, makePlaces, quoted } from "./places.ts";
import { assemble } from "./tools.ts";

const COMMON = 0xfff2;
/** Of no use to IR: unwind tables and notes. */
const SILENT = /^\.(?:eh_frame|note|comment|llvm_addrsig)/;
const SAID: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^\.gcc_except_table/, "exception tables (.gcc_except_table) are left out"],
  [/^\.(?:init_array|fini_array|ctors|dtors|preinit_array)/, "static constructors are left out"],
];

export async function objectToAssembly(
  toolchain: Toolchain,
  bytes: Uint8Array,
): Promise<Outcome<AssemblySource>> {
  const read = readElfObject(bytes);
  if (read.status !== "ok") return read;
  const dump = await dumpOf(toolchain, bytes);
  if (dump.status !== "ok") return dump;
  try {
    const text = write(read.value, dump.value);
    const assembled = await assemble(toolchain, text, read.value.architecture);
    if (assembled.status !== "ok") return refuse(`what was made of it: ${assembled.message}`);
    const difference = await firstDifference(toolchain, bytes, assembled.value);
    if (difference !== undefined) return refuse(difference);
    return ok({ architecture: read.value.architecture, text, notes: notesOn(read.value) });
  } catch (error) {
    if (!(error instanceof Inexpressible)) throw error;
    return refuse(error.message);
  }
}

const refuse = (why: string): Outcome<never> => ({
  status: "invalid",
  message: `the object cannot be written as assembly: ${why}; want the compiler's own assembly (clang -S)`,
});

async function dumpOf(toolchain: Toolchain, bytes: Uint8Array): Promise<Outcome<string>> {
  const args = ["-d", "--no-show-raw-insn", "--no-print-imm-hex", "-"];
  const dump = await runTool(toolchain, "llvm-objdump", { args, stdin: bytes });
  return dump.status === "ok" ? ok(Buffer.from(dump.value).toString("utf8")) : dump;
}

const isCode = ({ flags, size }: ElfSection): boolean => (flags & FLAG.code) !== 0 && size > 0;

const isData = ({ flags, type, name, size }: ElfSection): boolean =>
  (flags & FLAG.alloc) !== 0 &&
  (flags & FLAG.code) === 0 &&
  size > 0 &&
  [1, SECTION.noBits].includes(type) &&
  !SILENT.test(name) &&
  !SAID.some(([pattern]) => pattern.test(name));

const notesOn = ({ sections }: ElfObject): string[] =>
  SAID.filter(([pattern]) => sections.some(({ name }) => pattern.test(name))).map(
    ([, what]) => what,
  );

/** Code before data: what code refers to gets labels, and a jump table begins where one is. */
function write(object: ElfObject, dump: string): string {
  const places = makePlaces(object);
  const code = object.sections.filter(isCode);
  const instructions = readDump(dump, code);
  const written = new Map<number, Map<number, string>>();
  for (const section of code) {
    const lines = instructions.get(section.index) ?? [];
    written.set(section.index, expressAll(lines, { object, section, places }));
  }
  const data = object.sections.filter(isData);
  // Twice: a label that later data asks for cuts an earlier block in two.
  for (const section of data) dataLines(object, section, places);
  const lines: string[] = [];
  for (const section of code)
    lines.push(
      sectionLine(section),
      ...codeText(written.get(section.index) ?? new Map(), section, places),
    );
  for (const section of data)
    lines.push(sectionLine(section), ...dataText(object, section, places));
  const common = object.symbols.filter(({ section }) => section === COMMON);
  return `${[...lines, ...common.map(commonLine)].join("\n")}\n`;
}

function dataText(object: ElfObject, section: ElfSection, places: Places): string[] {
  const lines: string[] = [];
  for (const [offset, block] of dataLines(object, section, places)) {
    lines.push(...alignmentLine(alignmentAt(section, offset)), ...heads(places, section, offset));
    lines.push(...block);
  }
  return lines;
}

function expressAll(
  lines: readonly Instruction[],
  where: Parameters<typeof expressed>[2],
): Map<number, string> {
  const { section } = where;
  return new Map(
    lines.map((line, index) => [
      line.address,
      expressed(line, lines[index + 1]?.address ?? section.size, where),
    ]),
  );
}

const NOP = /^(?:(?:data16 |cs )*nop[wl]?\b.*|xchgw %ax, %ax|int3)$/;

/** Padding behind a function goes; padding before a place on a boundary of 16 bytes becomes an alignment. */
function codeText(
  written: ReadonlyMap<number, string>,
  section: ElfSection,
  places: Places,
): string[] {
  const lines: string[] = [];
  const offsets = new Set(places.offsets(section.index));
  const starts = new Set(places.symbolsOf(section.index).map(({ value }) => value));
  let padding: string[] = [];
  for (const [address, text] of written) {
    const isPlace = offsets.has(address);
    if (isPlace && starts.has(address)) {
      padding = [];
      lines.push(...alignmentLine(alignmentAt(section, address)));
    } else if (isPlace && padding.length > 0 && address % 16 === 0) {
      padding = [];
      lines.push("\t.p2align\t4");
    }
    if (isPlace) {
      lines.push(...padding, ...heads(places, section, address));
      padding = [];
    }
    if (NOP.test(text)) padding.push(`\t${text}`);
    else {
      lines.push(...padding, `\t${text}`);
      padding = [];
    }
  }
  return [...lines, ...endLabels(section, places)];
}

/** Labels behind the last byte. */
const endLabels = (section: ElfSection, places: Places): string[] =>
  heads(places, section, section.size);

/** The largest power of two that the section's alignment and the offset allow, up to 16. */
function alignmentAt({ alignment }: ElfSection, offset: number): number {
  let bytes = Math.min(alignment, 16);
  while (bytes > 1 && offset % bytes !== 0) bytes /= 2;
  return bytes;
}

function heads(places: Places, section: ElfSection, offset: number): string[] {
  const symbols = places.symbolsOf(section.index).filter(({ value }) => value === offset);
  return [
    ...symbols.flatMap(bindingLines),
    ...places.definedAt(section.index, offset).map((name) => `${name}:`),
  ];
}

function bindingLines({ name, binding, isHidden, kind }: ElfSymbol): string[] {
  const shown = quoted(name);
  return [
    ...(binding === "local" ? [] : [`\t.${binding === "weak" ? "weak" : "globl"}\t${shown}`]),
    ...(isHidden ? [`\t.hidden\t${shown}`] : []),
    ...(kind === "function" || kind === "object" ? [`\t.type\t${shown},@${kind}`] : []),
  ];
}

const commonLine = ({ name, size, value }: ElfSymbol): string =>
  `\t.comm\t${quoted(name)},${size},${value}`;

/** Instructions of both, padding aside, and data, with relocations; undefined where they are the same. */
async function firstDifference(
  toolchain: Toolchain,
  before: Uint8Array,
  after: Uint8Array,
): Promise<string | undefined> {
  const [wanted, got] = [await stream(toolchain, before), await stream(toolchain, after)];
  const at = wanted.findIndex((line, index) => line !== got[index]);
  if (at < 0 && wanted.length === got.length) return undefined;
  const end = "the end";
  const index = at < 0 ? wanted.length : at;
  const shown = (line = end): string => line.slice(0, 100);
  return `line ${index + 1} became "${shown(got[index])}", was "${shown(wanted[index])}"`;
}

async function stream(toolchain: Toolchain, bytes: Uint8Array): Promise<string[]> {
  const read = readElfObject(bytes);
  const dump = await dumpOf(toolchain, bytes);
  if (read.status !== "ok" || dump.status !== "ok") return ["(no object)"];
  const sections = read.value.sections.filter(isCode);
  const code = readDump(dump.value, sections);
  const instructions = sections.flatMap((section) => {
    const lines = code.get(section.index) ?? [];
    return lines.flatMap(({ address, text }, index) => {
      if (NOP.test(text)) return [];
      const next = lines[index + 1]?.address ?? section.size;
      const targets = section.relocations
        .filter(({ offset }) => address <= offset && offset < next)
        .map((relocation) => ` [${targetOf(read.value, relocation)}]`);
      return [text.replace(/(?:0x)?[0-9a-f]+ <[^>]*>$/, "TARGET") + targets.join("")];
    });
  });
  const data = read.value.sections.filter(isData).map((section) => {
    const targets = section.relocations.map((relocation) => targetOf(read.value, relocation));
    return `${section.name} ${section.bytes.toString("hex")} ${targets.join(" ")}`;
  });
  return [...instructions, ...data.toSorted()];
}

/** Places in data stay where they are; places in code move where padding does. */
function targetOf({ sections }: ElfObject, { type, symbol, addend }: Relocation): string {
  const section = sections[symbol.section];
  if (section === undefined || symbol.section === 0) return `${type} ${symbol.name}+${addend}`;
  if (isCode(section)) return `${type} code`;
  return `${type} ${section.name}+${symbol.value + addend}`;
}
