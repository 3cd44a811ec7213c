/**
 * Does IR compile back to the assembly it was made from? The IR is taken as optimised already: code is generated from it,
 * no pass is run. How the assembly's compiler was called is not known, so the few ways that make a difference are tried.
 *
 * Two functions are the same when their cut-out assembly is the same text, or assembles to the same bytes, relocations and
 * constants. Comments, directives about symbols, label names, alignment and the function's own section do not count.
 */

import { type Outcome, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import type { Toolchain } from "../llvm/toolchain.ts";
import { runTool } from "../llvm/tools.ts";
import { assemblyFunctions } from "../tasks/assembly-cut.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { FLAG, type ElfObject, type Relocation, readElfObject } from "./elf-object.ts";
import { assemble } from "./tools.ts";

export interface RoundTripQuestion {
  readonly name: string;
  readonly architecture: Architecture;
  /** The function's assembly as assembly-cut.ts cuts it out. */
  readonly wanted: string;
  /** The IR, and the same as the pool holds it. */
  readonly ir: string;
  readonly module: LoadedModule;
  /** The assembly is the pool's own, and so is the only way that can give it. */
  readonly isOurs?: boolean | undefined;
}

type SizeAttributes = "as written" | "none" | "optsize";

interface Way {
  readonly level: string;
  readonly relocation: "pic" | "static";
  /** The normal form sets minsize and optsize on all functions, however they were compiled. */
  readonly attributes: SizeAttributes;
}

/** In the order in which they are tried; before them comes the pool's own way, which is for size. */
const WAYS: readonly Way[] = [
  { level: "-O2", relocation: "pic", attributes: "as written" },
  { level: "-O2", relocation: "pic", attributes: "none" },
  { level: "-O2", relocation: "pic", attributes: "optsize" },
  { level: "-O2", relocation: "static", attributes: "as written" },
  { level: "-O2", relocation: "static", attributes: "none" },
  { level: "-O3", relocation: "pic", attributes: "none" },
  { level: "-O1", relocation: "pic", attributes: "none" },
  { level: "-O0", relocation: "pic", attributes: "none" },
];

export interface ComesBack {
  /** How code was generated. */
  readonly way: string;
  /** The IR that it was generated from: as asked about, but for size attributes. */
  readonly ir: string;
}

/** Undefined where no way gives the same assembly. Failures are those of the first way. */
export async function roundTrip(
  pool: Pool,
  question: RoundTripQuestion,
): Promise<Outcome<ComesBack | undefined>> {
  // In the pool first, where memory is bounded too.
  const first = await pool.emit(question.module, "", "assembly");
  if (first.status !== "ok") return first;
  if (await isSame(pool.toolchain, Buffer.from(first.value).toString("utf8"), question))
    return asThePoolHasIt(pool, question);
  if (question.isOurs === true) return ok(undefined);
  const tried = new Set<string>();
  for (const { level, relocation, attributes } of WAYS) {
    const ir = withAttributes(question.ir, attributes);
    const flags = [level, `--relocation-model=${relocation}`];
    if (tried.has(`${flags.join(" ")} ${ir}`)) continue;
    tried.add(`${flags.join(" ")} ${ir}`);
    const made = await generate(pool.toolchain, ir, flags);
    if (made.status === "ok" && (await isSame(pool.toolchain, made.value, question)))
      return ok({ way: `${level}, ${relocation}`, ir });
  }
  return ok(undefined);
}

async function asThePoolHasIt(
  pool: Pool,
  { module }: RoundTripQuestion,
): Promise<Outcome<ComesBack>> {
  const printed = await pool.emit(module, "", "ir");
  if (printed.status !== "ok") return printed;
  const text = Buffer.from(printed.value).toString("utf8");
  return ok({ way: "for size", ir: text.replaceAll(/^(?:; ModuleID|source_filename) .*\n/gm, "") });
}

/** In attribute groups and on functions themselves. */
function withAttributes(ir: string, attributes: SizeAttributes): string {
  if (attributes === "as written") return ir;
  const gone = attributes === "none" ? /\b(?:minsize|optsize) ?/g : /\bminsize ?/g;
  return ir.replaceAll(/^(?:attributes #|define |declare ).*$/gm, (line) =>
    line
      .split(/("[^"]*")/)
      .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(gone, "")))
      .join(""),
  );
}

async function generate(
  toolchain: Toolchain,
  ir: string,
  flags: readonly string[],
): Promise<Outcome<string>> {
  const made = await runTool(toolchain, "llc", { args: [...flags, "-o", "-", "-"], stdin: ir });
  return made.status === "ok" ? ok(Buffer.from(made.value).toString("utf8")) : made;
}

async function isSame(
  toolchain: Toolchain,
  made: string,
  { name, architecture, wanted }: Pick<RoundTripQuestion, "name" | "architecture" | "wanted">,
): Promise<boolean> {
  const got = assemblyFunctions(made, architecture).cut(name);
  if (got === undefined) return false;
  const [a, b] = [canonical(wanted), canonical(got)];
  if (a === b) return true;
  const prints = [];
  for (const text of [a, b]) {
    const object = await assemble(toolchain, text, architecture);
    const read = object.status === "ok" ? readElfObject(object.value) : object;
    prints.push(read.status === "ok" ? fingerprint(read.value) : undefined);
  }
  return prints[0] !== undefined && prints[0] === prints[1];
}

const ASIDE =
  /^(?:\.p2align|\.balign|\.align|\.globl|\.global|\.weak|\.hidden|\.protected|\.internal|\.local)\b/;
const OWN_SECTION = /^(?:\.text$|\.section "?\.text)/;

/** Cut-out assembly without what does not count. */
function canonical(text: string): string {
  const kept = text.split("\n").filter((line) => !ASIDE.test(line) && !OWN_SECTION.test(line));
  return kept.join("\n");
}

/** Bytes and relocations of all sections that are loaded, unwind tables aside. */
function fingerprint(object: ElfObject): string {
  return object.sections
    .filter(
      ({ flags, name, size }) => (flags & FLAG.alloc) !== 0 && size > 0 && name !== ".eh_frame",
    )
    .map(({ name, bytes, size, relocations }) =>
      [name, size, bytes.toString("hex"), ...relocations.map((one) => targetOf(object, one))].join(
        " ",
      ),
    )
    .toSorted()
    .join("\n");
}

/** Local labels by the place that they name. */
function targetOf({ sections }: ElfObject, { offset, type, symbol, addend }: Relocation): string {
  const section = sections[symbol.section];
  const isPlace = section !== undefined && symbol.section > 0 && /^(?:\.L|$)/.test(symbol.name);
  const [place, base] = isPlace ? [section.name, symbol.value] : [symbol.name, 0];
  return `${offset}:${type}:${place}+${base + addend}`;
}
