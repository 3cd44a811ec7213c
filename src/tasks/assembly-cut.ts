/**
 * Single functions of a module's assembly, each cleaned (assembly.ts), with what belongs to it: the local constants,
 * string literals and jump tables that it uses, transitively; tables of places in it (computed gotos, exceptions); the
 * functions that the machine outliner took out of it, which are in no IR. Other symbols stay references, as cut.ts
 * declares them in the function's IR.
 */

import { finished, withoutNoise } from "./assembly.ts";
import { isLocal, isSection, labelOf, readAssembly, symbolsIn } from "./assembly-text.ts";
import type { Architecture } from "./dialect.ts";

export interface AssemblyFunctions {
  /** In the text's order, as it writes them; outlined ones are not among them. */
  readonly names: readonly string[];
  /** Undefined for what is no function there. */
  readonly cut: (name: string) => string | undefined;
}

export function assemblyFunctions(text: string, architecture: Architecture): AssemblyFunctions {
  const lines = withoutNoise(readAssembly(text, architecture));
  const blocks = blocksOf(lines);
  const functions = blocks.filter(({ section }) => isCode(section));
  const byName = new Map(functions.flatMap((block) => block.labels.map((name) => [name, block])));
  const around = neighbourhood(blocks);
  return {
    names: [...byName.keys()].filter((name) => !OUTLINED.test(name)),
    cut: (name) => {
      const wanted = byName.get(name);
      return wanted && cutOut(wanted, { lines, blocks, around });
    },
  };
}

/** What stands under one label, or several at one place. */
interface Block {
  readonly section: string;
  /** Alignment before the label. */
  readonly before: readonly string[];
  readonly labels: string[];
  readonly lines: string[];
}

interface Surroundings {
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
  /** What a block takes with it. */
  readonly around: (block: Block) => Iterable<Block>;
}

const OUTLINED = /^OUTLINED_FUNCTION_\d+$/;
/** `.globl f` and its like: said of a symbol, wherever it stands. */
const BINDING = /^\.(?:globl|weak|hidden|protected|internal|local) (\S+)$/;
/** What gives a symbol its place outside of all blocks: common symbols, and names for places in others. */
const APART = /^(?:\.(?:comm|lcomm|set) |\S+ = )/;

function cutOut(wanted: Block, { lines, blocks, around }: Surroundings): string {
  const taken = new Set([wanted]);
  for (const block of taken) for (const other of around(block)) taken.add(other);
  const rest = blocks.filter((block) => block !== wanted && taken.has(block));
  const bindings = lines.filter((line) => wanted.labels.includes(BINDING.exec(line)?.[1] ?? ""));
  const part = written([{ ...wanted, before: [...bindings, ...wanted.before] }, ...rest]);
  const locals = new Set(part.flatMap(symbolsIn).filter(isLocal));
  const isPlaced = (line: string): boolean =>
    (APART.test(line) || BINDING.test(line)) &&
    symbolsIn(line).some((symbol) => locals.has(symbol));
  return finished([...part, ...lines.filter(isPlaced)]);
}

/** A block uses what nobody else sees; and where others hold addresses of places in it, they belong to it. */
function neighbourhood(blocks: readonly Block[]): (block: Block) => Iterable<Block> {
  const places = new Map<string, Block>();
  for (const block of blocks)
    for (const line of [...block.labels.map((label) => `${label}:`), ...block.lines]) {
      const label = labelOf(line);
      if (label !== undefined && (isLocal(label) || OUTLINED.test(label))) places.set(label, block);
    }
  const around = new Map<Block, Set<Block>>(blocks.map((block) => [block, new Set()]));
  for (const block of blocks)
    for (const symbol of block.lines.flatMap(symbolsIn)) {
      const other = places.get(symbol);
      if (other === undefined || other === block) continue;
      if (other.labels.includes(symbol)) around.get(block)?.add(other);
      else around.get(other)?.add(block);
    }
  return (block) => around.get(block) ?? [];
}

function written(blocks: readonly Block[]): string[] {
  let section = "";
  return blocks.flatMap((block) => {
    const moved = block.section === section ? [] : [block.section];
    section = block.section;
    return [...moved, ...block.before, ...block.labels.map((label) => `${label}:`), ...block.lines];
  });
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let section = ".text";
  let pending: string[] = [];
  let open: Block | undefined;
  for (const line of lines) {
    const label = labelOf(line);
    if (isSection(line)) {
      [section, pending, open] = [line, [], undefined];
    } else if (line.startsWith(".p2align ")) pending.push(line);
    else if (label !== undefined && beginsBlock(label, section)) {
      const isSamePlace = open?.lines.length === 0 && pending.length === 0;
      if (open && isSamePlace) open.labels.push(label);
      else blocks.push((open = { section, before: pending, labels: [label], lines: [] }));
      pending = [];
    } else if (!BINDING.test(line) && !APART.test(line)) {
      open?.lines.push(...pending, line);
      pending = [];
    }
  }
  return blocks;
}

/** In code a local label is a place in a function; in data it names something. */
const beginsBlock = (label: string, section: string): boolean =>
  !isLocal(label) || !isCode(section);

const isCode = (section: string): boolean => /^\.text|^\.section "?\.text|,"[^"]*x/.test(section);
