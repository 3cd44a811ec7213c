/**
 * Reads drivers' reports and compares them. What the trusted builds agree on is what a candidate must show; bytes of memory on
 * which they differ (padding, uninitialised memory) are open, and an input on which they differ otherwise shows nothing. Pure.
 */

/** One call: how it ended, and what was seen; keys and values as runtime/observe.c writes them. */
export interface Call {
  readonly outcome: string;
  readonly seen: ReadonlyMap<string, string>;
}

export interface Report {
  /** By function of the driver's table, then by input. */
  readonly calls: ReadonlyMap<number, ReadonlyMap<number, Call>>;
  /** Found by exploring: which words are pointers. */
  readonly shapes: ReadonlyMap<number, string>;
  /** Blocks reached by inputs on which the reference was defined. */
  readonly blocks: ReadonlyMap<number, readonly number[]>;
  readonly missing: ReadonlySet<number>;
  /** Inputs as text, where they were asked for. */
  readonly inputs: ReadonlyMap<string, string>;
}

export function readReport(text: string): Report {
  const calls = new Map<number, Map<number, Call>>();
  const shapes = new Map<number, string>();
  const blocks = new Map<number, number[]>();
  const missing = new Set<number>();
  const inputs = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [kind, f = "", second = "", outcome = "", ...pairs] = line.split(" ");
    const index = Number(f);
    if (kind === "S") shapes.set(index, second);
    else if (kind === "M") missing.add(index);
    else if (kind === "C") blocks.set(index, second.split(",").slice(0, -1).map(Number));
    else if (kind === "A") inputs.set(`${f} ${second}`, line.split(" ").slice(3).join(" "));
    else if (kind === "R") {
      const byInput = calls.get(index) ?? new Map<number, Call>();
      byInput.set(Number(second), { outcome, seen: new Map(pairs.map(cut)) });
      calls.set(index, byInput);
    }
  }
  return { calls, shapes, blocks, missing, inputs };
}

function cut(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return [pair.slice(0, at), pair.slice(at + 1)];
}

export type SkipReason = "trap" | "timeout" | "undefined" | "builds differ";

/** `any`: nothing can be said of it. In a value, ".." is a byte that is open. */
export type Expectation =
  | {
      readonly status: "counted";
      readonly outcome: string;
      readonly seen: ReadonlyMap<string, string>;
    }
  | { readonly status: "skipped"; readonly why: SkipReason };

const ANY = "any";
/** What uninitialised memory is filled with, each build and run with one of them. */
export const FILLS = [0, 0xa5, 0x5b] as const;
const PAINT: readonly string[] = FILLS.map((fill) => fill.toString(16).padStart(2, "0"));
const WORD = /^[0-9a-f.]{16}$/;
const isMemory = (key: string): boolean => /^[bg]\d/.test(key);

/** The first of `calls` is the instrumented reference's. */
export function expectation(calls: readonly (Call | undefined)[], usesFloat: boolean): Expectation {
  const [reference] = calls;
  const skip = (why: SkipReason): Expectation => ({ status: "skipped", why });
  if (reference === undefined) return skip("timeout");
  if (reference.outcome === "ub") return skip("undefined");
  if (reference.outcome === "time") return skip("timeout");
  if (reference.outcome !== "ok" && reference.outcome !== "exit") return skip("trap");
  let seen = new Map(reference.seen);
  for (const call of calls.slice(1)) {
    if (call?.outcome !== reference.outcome) return skip("builds differ");
    const merged = merge(seen, call.seen, usesFloat);
    if (merged === undefined) return skip("builds differ");
    seen = merged;
  }
  return seen.has("more")
    ? skip("builds differ")
    : { status: "counted", outcome: reference.outcome, seen };
}

function merge(
  seen: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
  usesFloat: boolean,
): Map<string, string> | undefined {
  const merged = new Map<string, string>();
  for (const key of new Set([...seen.keys(), ...other.keys()])) {
    const both = mergeValue(seen.get(key), other.get(key));
    if (isMemory(key)) merged.set(key, both);
    else if (agrees(seen.get(key), other.get(key), usesFloat))
      merged.set(key, seen.get(key) ?? ANY);
    else return undefined;
  }
  return merged;
}

function mergeValue(a: string | undefined, b: string | undefined): string {
  if (a === undefined || b === undefined) return ANY;
  if (a === b) return a;
  if (!WORD.test(a) || !WORD.test(b)) return ANY;
  const others = bytesOf(b);
  const merged = bytesOf(a).map((byte, i) => mergeByte(byte, others[i] ?? ""));
  return merged.includes(undefined) ? ANY : merged.join("");
}

/**
 * Bytes that differ as the paint does were never written, and their neighbours can still be compared. Any other
 * difference comes from an address: a sum with one carries into the neighbours, so the whole word says nothing.
 */
function mergeByte(a: string, b: string): string | undefined {
  if (a === b) return a;
  return (a === ".." || PAINT.includes(a)) && PAINT.includes(b) ? ".." : undefined;
}

const bytesOf = (word: string): string[] => word.match(/../g) ?? [];

/** Whether `value` is what `wanted` allows. The sign and payload of a NaN are not specified. */
export function agrees(
  wanted: string | undefined,
  value: string | undefined,
  usesFloat: boolean,
): boolean {
  if (wanted === value || wanted === ANY) return true;
  if (wanted === undefined || value === undefined || !WORD.test(wanted) || !WORD.test(value))
    return /^\.+$/.test(wanted ?? "");
  const given = bytesOf(value);
  const fits = bytesOf(wanted).map((byte, i) => byte === ".." || byte === given[i]);
  if (fits.every(Boolean)) return true;
  if (!usesFloat) return false;
  if (isNaN64(wanted) && isNaN64(value)) return true;
  return [0, 8].every((half) => {
    const same = fits.slice(half / 2, half / 2 + 4).every(Boolean);
    return same || (isNaN32(wanted.slice(half, half + 8)) && isNaN32(value.slice(half, half + 8)));
  });
}

function isNaN64(word: string): boolean {
  return /^[7f]ff[89a-f]/.test(word) || (/^[7f]ff[0-7]/.test(word) && !/^.{3}0+$/.test(word));
}

function isNaN32(word: string): boolean {
  return /^[7f]f[89a-f]/.test(word) && !/^.f80{5}$/.test(word);
}

export interface Difference {
  readonly key: string;
  readonly wanted: string;
  readonly got: string;
}

/** Where a candidate's call departs from what is expected of it; undefined when nowhere. */
export function difference(
  expected: Extract<Expectation, { status: "counted" }>,
  call: Call,
  usesFloat: boolean,
): Difference | undefined {
  if (call.outcome !== expected.outcome)
    return { key: "outcome", wanted: expected.outcome, got: call.outcome };
  for (const key of new Set([...expected.seen.keys(), ...call.seen.keys()])) {
    if (agrees(expected.seen.get(key), call.seen.get(key), usesFloat)) continue;
    return {
      key,
      wanted: expected.seen.get(key) ?? "nothing",
      got: call.seen.get(key) ?? "nothing",
    };
  }
  return undefined;
}

const OUTCOMES: Record<string, string> = {
  ok: "to return",
  exit: "to end the program",
  time: "ran on without end",
  died: "killed its process",
};

/** For a person: "returned 0000000000000005, want 0000000000000004". */
export function describeDifference({ key, wanted, got }: Difference): string {
  if (key === "outcome") return `${OUTCOMES[got] ?? got}, want it ${OUTCOMES[wanted] ?? wanted}`;
  return `${placeOf(key)}: got ${got}, want ${wanted}`;
}

function placeOf(key: string): string {
  if (key.startsWith("r+")) return "result";
  if (key === "o") return "output (bytes:hash)";
  if (key === "cs") return "external calls (count:callbacks:hash)";
  if (key.startsWith("c")) return "external call";
  return `memory of ${key.startsWith("g") ? "global" : "argument"} ${key.slice(1).replace("+", " at byte ")}`;
}
