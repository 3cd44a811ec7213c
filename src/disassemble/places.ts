/**
 * Names for places of an object: a symbol where one is defined, else a local label, made when it is first asked for.
 * Names look as LLVM's own do, because that is what models have read: `.LBB` in code, `.LCPI` constants, `.LJTI` tables.
 */

import type { ElfObject, ElfSection, ElfSymbol } from "./elf-object.ts";
import { FIRST_SPECIAL_SECTION, FLAG } from "./elf-object.ts";

export interface Places {
  /** What assembly calls the place that a symbol and a distance name: `g`, `g+4`, `.LBB1_52`. */
  readonly operand: (symbol: ElfSymbol, distance: number) => string;
  /** A place in a section, jump targets and tables: the nearest symbol's name and a distance where there is no own one. */
  readonly at: (section: number, offset: number) => string;
  /** A local label there, even where a symbol is. */
  readonly label: (section: number, offset: number) => string;
  /** Everything that stands at an offset of a section: symbols that assembly defines there, and labels asked for. */
  readonly definedAt: (section: number, offset: number) => readonly string[];
  /** Offsets of a section at which something is defined, in rising order. */
  readonly offsets: (section: number) => readonly number[];
  readonly symbolsOf: (section: number) => readonly ElfSymbol[];
}

/** Mapping symbols of AArch64 say what is code, and nothing else. */
const MAPPING = /^\$[xd]/;
const isNamed = ({ name, kind }: ElfSymbol): boolean =>
  name !== "" && kind !== "section" && !name.startsWith(".L") && !MAPPING.test(name);

export function makePlaces({ sections, symbols }: ElfObject): Places {
  const named = Map.groupBy(
    symbols.filter((symbol) => isNamed(symbol) && isPlaced(symbol)),
    ({ section }) => section,
  );
  const labels = new Map<number, Map<number, string>>();
  const symbolsOf = (section: number): readonly ElfSymbol[] => named.get(section) ?? [];
  const label = (section: number, offset: number): string => {
    const known = labels.get(section) ?? new Map<number, string>();
    labels.set(section, known);
    const found = known.get(offset) ?? labelName(sections[section], offset);
    known.set(offset, found);
    return found;
  };
  const at = (section: number, offset: number): string => {
    const own = symbolsOf(section).find(({ value }) => value === offset);
    if (own !== undefined) return quoted(own.name);
    const around = symbolsOf(section).find(
      ({ value, size, kind }) => kind === "object" && value < offset && offset < value + size,
    );
    if (around !== undefined) return sum(quoted(around.name), offset - around.value);
    const size = sections[section]?.size ?? 0;
    if (offset < 0 || offset > size) return sum(label(section, 0), offset);
    return label(section, offset);
  };
  return {
    at,
    label,
    symbolsOf,
    operand: (symbol, distance) =>
      isNamed(symbol) || !isPlaced(symbol)
        ? sum(quoted(symbol.name), distance)
        : at(symbol.section, symbol.value + distance),
    definedAt: (section, offset) => [
      ...symbolsOf(section)
        .filter(({ value }) => value === offset)
        .map(({ name }) => quoted(name)),
      ...[labels.get(section)?.get(offset)].filter((found) => found !== undefined),
    ],
    offsets: (section) =>
      [
        ...new Set([
          ...symbolsOf(section).map(({ value }) => value),
          ...(labels.get(section)?.keys() ?? []),
        ]),
      ].toSorted((a, b) => a - b),
  };
}

const isPlaced = ({ section }: ElfSymbol): boolean =>
  section > 0 && section < FIRST_SPECIAL_SECTION;

export const sum = (name: string, distance: number): string =>
  distance === 0 ? name : distance > 0 ? `${name}+${distance}` : `${name}${distance}`;

export const quoted = (name: string): string =>
  /^[A-Za-z_.$][\w.$]*$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, "\\$&")}"`;

function labelName(section: ElfSection | undefined, offset: number): string {
  const { index = 0, flags = 0, entryBytes = 0, relocations = [] } = section ?? {};
  if ((flags & FLAG.code) !== 0) return `.LBB${index}_${offset}`;
  if ((flags & FLAG.strings) !== 0) return `.L.str.${index}.${offset}`;
  if ((flags & FLAG.merge) !== 0 && entryBytes > 0) return `.LCPI${index}_${offset}`;
  return relocations.length > 0 ? `.LJTI${index}_${offset}` : `.Ldata${index}_${offset}`;
}
