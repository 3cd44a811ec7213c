/**
 * A grammar as a tree, and its text in GBNF, the grammar language of llama.cpp (grammars/README.md there). What a grammar
 * of answers holds is proposal-grammar.ts's business.
 */

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "digit"; readonly first: number }
  | { readonly kind: "rule"; readonly name: string }
  | { readonly kind: "sequence"; readonly parts: readonly Part[] }
  /** One of them; an empty text among them makes the rest optional. */
  | { readonly kind: "choice"; readonly parts: readonly Part[] }
  /** `most` undefined: any number. */
  | { readonly kind: "repeat"; readonly part: Part; readonly most: number | undefined };

/** By name; an answer is `root`. Names are of lower-case letters and "-". */
export type Grammar = Readonly<Record<string, Part>> & { readonly root: Part };

export const text = (value: string): Part => ({ kind: "text", text: value });
export const rule = (name: string): Part => ({ kind: "rule", name });
/** A decimal digit, `first` or above. */
export const digit = (first = 0): Part => ({ kind: "digit", first });
export const sequence = (...parts: readonly Part[]): Part =>
  parts.length === 1 && parts[0] ? parts[0] : { kind: "sequence", parts };
export const choice = (...parts: readonly Part[]): Part =>
  parts.length === 1 && parts[0] ? parts[0] : { kind: "choice", parts };
/** None to `most` of it. */
export const repeat = (part: Part, most?: number): Part => ({ kind: "repeat", part, most });

/** One or more, with `separator` between. */
export const listOf = (item: Part, separator: string): Part =>
  sequence(item, repeat(sequence(text(separator), item)));

/**
 * One of many, told apart character by character: llama.cpp follows every alternative that is still open, and of 200
 * names that begin alike few are after the first character. `after` is what follows a text, nothing by default.
 */
export function anyOf(texts: readonly string[], after?: (text: string) => Part): Part {
  return branch(texts.toSorted(), 0, after ?? (() => text("")));
}

/** `texts` are sorted and begin with the same `length` characters, which are written already. */
function branch(texts: readonly string[], length: number, after: (text: string) => Part): Part {
  const byNext = Map.groupBy(texts, (item) => item.charAt(length));
  const parts = [...byNext].map(([next, group]) => {
    if (next === "") return after(group[0] ?? "");
    const shared = sharedLength(group);
    const head = text((group[0] ?? "").slice(length, shared));
    return joined(head, branch(group, shared, after));
  });
  return choice(...parts);
}

const joined = (head: Part, tail: Part): Part =>
  tail.kind === "text" && tail.text === "" ? head : sequence(head, tail);

/** Of sorted texts: what the first and the last share, all do. */
function sharedLength(texts: readonly string[]): number {
  const [first = "", last = ""] = [texts[0], texts.at(-1)];
  let length = 0;
  while (length < first.length && first[length] === last[length]) length++;
  return length;
}

/** The grammar's text, one rule a line. */
export function printGbnf(grammar: Grammar): string {
  const { root, ...others } = grammar;
  return [["root", root] as const, ...Object.entries(others)]
    .map(([name, part]) => `${name} ::= ${print(part)}\n`)
    .join("");
}

function print(part: Part): string {
  switch (part.kind) {
    case "text":
      return JSON.stringify(part.text); // ASCII without control characters, where both languages escape alike
    case "digit":
      return `[${part.first}-9]`;
    case "rule":
      return part.name;
    case "sequence":
      return part.parts.map(print).join(" ");
    case "choice":
      return `(${part.parts.map(print).join(" | ")})`;
    case "repeat":
      return `(${print(part.part)})${part.most === undefined ? "*" : `{0,${part.most}}`}`;
    default:
      return part satisfies never;
  }
}
