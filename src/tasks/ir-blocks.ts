/** The blocks of a function that is still being written: what ends where, and what can be reached without going through a block. */

export interface Block {
  readonly number: string;
  /** Blocks that its phis come from, one list for each phi. */
  readonly phis: string[][];
  /** Blocks that its terminator names, as often as it does; undefined until it is whole. */
  targets: string[] | undefined;
}

export interface Flow {
  readonly entry: string;
  readonly blocks: Map<string, Block>;
  /** Named by a terminator or a phi. */
  readonly announced: Set<string>;
  /** Which block gives each numbered value, arguments aside. */
  readonly givenIn: Map<string, string>;
  /** Values that phis name before they are given, by number: the blocks that they come from. */
  readonly awaited: Map<string, readonly string[]>;
  /** Numbers of arguments. */
  readonly arguments: ReadonlySet<string>;
  current: Block;
  /** Of a terminator of several lines: what it names so far. */
  open: string[] | undefined;
}

export const blockOf = (number: string): Block => ({ number, phis: [], targets: undefined });

/** At the line `define ...`. The entry block has the number after the last argument's. */
export function flowFrom(head: string): Flow {
  const numbers = (head.match(/%\d+/g) ?? []).map((name) => name.slice(1));
  const entry = String(numbers.length);
  const current = blockOf(entry);
  return {
    entry,
    blocks: new Map([[entry, current]]),
    announced: new Set(),
    givenIn: new Map(),
    awaited: new Map(),
    arguments: new Set(numbers),
    current,
    open: undefined,
  };
}

/** Whether all blocks that were named are there. */
export const isWhole = ({ blocks, announced }: Flow): boolean =>
  [...announced].every((number) => blocks.has(number));

/** Whether all values that phis named are given. */
export const isGiven = ({ awaited, givenIn }: Flow): boolean =>
  [...awaited.keys()].every((number) => givenIn.has(number));

/** Whether `to` can be reached from the entry without `through`, over the branches so far; more of them can only add ways. */
export function isReachedWithout({ blocks, entry }: Flow, to: string, through: string): boolean {
  if (entry === through) return false;
  const seen = new Set([entry]);
  const open = [entry];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    for (const target of blocks.get(at)?.targets ?? []) {
      if (target === through || seen.has(target)) continue;
      seen.add(target);
      open.push(target);
    }
  }
  return false;
}
