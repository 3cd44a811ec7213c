/**
 * How code is generated from IR. How an assembly's compiler was called is not known, so the few ways that make a difference are tried.
 * The IR is taken as optimised already: no pass is run.
 */

import { type Outcome, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { runTool } from "../llvm/tools.ts";

type SizeAttributes = "as written" | "none" | "optsize";

interface Flags {
  readonly level: string;
  readonly relocation: "pic" | "static";
  /** The normal form sets minsize and optsize on all functions, however they were compiled. */
  readonly attributes: SizeAttributes;
}

/** "for size" is the pool's own way. */
export type Way = "for size" | Flags;

/** In the order in which they are tried. */
const WAYS: readonly Way[] = [
  "for size",
  { level: "-O2", relocation: "pic", attributes: "as written" },
  { level: "-O2", relocation: "pic", attributes: "none" },
  { level: "-O2", relocation: "pic", attributes: "optsize" },
  { level: "-O2", relocation: "static", attributes: "as written" },
  { level: "-O2", relocation: "static", attributes: "none" },
  { level: "-O3", relocation: "pic", attributes: "none" },
  { level: "-O1", relocation: "pic", attributes: "none" },
  { level: "-O0", relocation: "pic", attributes: "none" },
];

/** Those that make a difference for this IR, the pool's first. */
export function waysOf(ir: string): readonly Way[] {
  const seen = new Set<string>();
  return WAYS.filter((way) => {
    const key = `${describeWay(way)} ${irFor(ir, way)}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

export const describeWay = (way: Way): string =>
  way === "for size" ? way : `${way.level}, ${way.relocation}`;

/** What llc is called with; the pool's way as near as llc comes. */
export const flagsOf = (way: Way): readonly string[] =>
  way === "for size"
    ? ["-O2", "--relocation-model=pic"]
    : [way.level, `--relocation-model=${way.relocation}`];

export interface Read {
  readonly ir: string;
  /** The same as the pool holds it. */
  readonly module: LoadedModule;
}

/** The IR that code is generated from, and the assembly. */
export async function generate(
  pool: Pool,
  { ir, module }: Read,
  way: Way,
): Promise<Outcome<{ ir: string; assembly: string }>> {
  const changed = irFor(ir, way);
  const made =
    way === "for size"
      ? await pool.emit(module, "", "assembly") // memory is bounded there
      : await runTool(pool.toolchain, "llc", {
          args: [...flagsOf(way), "-o", "-", "-"],
          stdin: changed,
        });
  if (made.status !== "ok") return made;
  return ok({ ir: changed, assembly: Buffer.from(made.value).toString("utf8") });
}

const irFor = (ir: string, way: Way): string =>
  way === "for size" ? ir : withAttributes(ir, way.attributes);

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
