/** What the wrapper did, one JSON line a compilation in a file that all of them append to, and the sums over it. */

import { appendFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder, readJsonLines } from "../base/files.ts";
import { savedPercent } from "../base/stats.ts";

const WAYS = ["hit", "made", "kept", "left", "failed"] as const;

/**
 * `hit`: from the cache. `made`: searched for, and smaller. `kept`: searched for, and nothing smaller. `left`: clang does
 * more there than the cache could repeat. `failed`: the search broke down. In the last three the object is clang's.
 */
export type Way = (typeof WAYS)[number];

export interface Event {
  readonly source: string;
  readonly way: Way;
  readonly baselineBytes: number;
  readonly bytes: number;
  /** Spent on the search; 0 for a hit. */
  readonly seconds: number;
  readonly verdict: string;
  /** Why, where the way is `left` or `failed`. */
  readonly note?: string;
}

/** 200,000 compilations; what comes after them is not counted until `--stats --clear`. */
const MAX_EVENTS_BYTES = 64 << 20;

/** Never throws: a build does not fail for want of statistics. */
export function addEvent(path: string, event: Event): void {
  try {
    makeFolder(dirname(path));
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    // The line break goes first, so that a line torn by a kill spoils only itself.
    if (size < MAX_EVENTS_BYTES) appendFileSync(path, `\n${JSON.stringify(event)}\n`);
  } catch {
    // a read-only folder
  }
}

export interface Summary {
  readonly modules: number;
  readonly baselineBytes: number;
  readonly bytes: number;
  readonly savedPercent: number;
  readonly hits: number;
  readonly misses: number;
  /** Of the modules, those whose object is smaller than what clang made. */
  readonly smaller: number;
  readonly secondsSearched: number;
  /** Modules that got clang's object because the wrapper could not do its work on them. */
  readonly fallbacks: number;
  readonly notes: Readonly<Record<string, number>>;
  readonly verdicts: Readonly<Record<string, number>>;
}

export function summarise(path: string): Summary {
  const events = readJsonLines(path).filter(isEvent);
  const sum = (of: (event: Event) => number): number =>
    events.reduce((total, event) => total + of(event), 0);
  const [baselineBytes, bytes] = [sum((e) => e.baselineBytes), sum((e) => e.bytes)];
  const isFallback = ({ way }: Event): boolean => way === "left" || way === "failed";
  return {
    modules: events.length,
    baselineBytes,
    bytes,
    savedPercent: savedPercent(baselineBytes, bytes),
    hits: sum(({ way }) => Number(way === "hit")),
    misses: sum(({ way }) => Number(way !== "hit")),
    smaller: sum((event) => Number(event.bytes < event.baselineBytes)),
    secondsSearched: sum(({ seconds }) => seconds),
    fallbacks: sum((event) => Number(isFallback(event))),
    notes: countBy(events.flatMap(({ note }) => note ?? [])),
    verdicts: countBy(events.filter((e) => e.bytes < e.baselineBytes).map((e) => e.verdict)),
  };
}

function isEvent(value: unknown): value is Event {
  return (
    typeof value === "object" &&
    value !== null &&
    "way" in value &&
    "bytes" in value &&
    "seconds" in value &&
    WAYS.some((way) => way === value.way)
  );
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
