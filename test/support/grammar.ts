/** What a test asks of a grammar's tree: a random text that it makes, and whether it makes a text. */

import type { Rng } from "../../src/base/rng.ts";
import type { Grammar, Part } from "../../src/tasks/grammar.ts";

/** Every third repetition stops, so that texts are short. */
const STOP_ONE_IN = 3;

export function randomText(grammar: Grammar, rng: Rng): string {
  const make = (part: Part): string => {
    switch (part.kind) {
      case "text":
        return part.text;
      case "digit":
        return `${part.first + rng.int(10 - part.first)}`;
      case "rule":
        return make(ruleNamed(grammar, part.name));
      case "sequence":
        return part.parts.map(make).join("");
      case "choice":
        return make(rng.pick(part.parts));
      case "repeat": {
        let made = "";
        for (let count = 0; count < (part.most ?? 1000) && rng.int(STOP_ONE_IN) > 0; count++)
          made += make(part.part);
        return made;
      }
      default:
        return part satisfies never;
    }
  };
  return make(grammar.root);
}

/** All places where a match that begins at one of `starts` can end; the text matches where its end is among them. */
export function isMadeBy(grammar: Grammar, text: string): boolean {
  const ends = (part: Part, start: number): Set<number> => {
    switch (part.kind) {
      case "text":
        return new Set(text.startsWith(part.text, start) ? [start + part.text.length] : []);
      case "digit": {
        const is = /^\d$/.test(text.charAt(start)) && Number(text.charAt(start)) >= part.first;
        return new Set(is ? [start + 1] : []);
      }
      case "rule":
        return ends(ruleNamed(grammar, part.name), start);
      case "sequence":
        return part.parts.reduce((from, next) => endsOfAll(next, from), new Set([start]));
      case "choice":
        return new Set(part.parts.flatMap((next) => [...ends(next, start)]));
      case "repeat": {
        const found = new Set([start]);
        let last = found;
        for (let count = 0; count < (part.most ?? text.length) && last.size > 0; count++) {
          last = new Set([...endsOfAll(part.part, last)].filter((end) => !found.has(end)));
          for (const end of last) found.add(end);
        }
        return found;
      }
      default:
        return part satisfies never;
    }
  };
  const endsOfAll = (part: Part, starts: ReadonlySet<number>): Set<number> => {
    const all = new Set<number>();
    for (const start of starts) for (const end of ends(part, start)) all.add(end);
    return all;
  };
  return ends(grammar.root, 0).has(text.length);
}

function ruleNamed(grammar: Grammar, name: string): Part {
  const part = grammar[name];
  if (part === undefined) throw new Error(`the grammar has no rule ${name}`);
  return part;
}
