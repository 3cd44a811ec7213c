import { expect, test } from "vitest";
import { makeRng } from "../base/rng.ts";
import { makePieceCounter } from "./count.ts";
import { type Tokenizer, makeTokenizer } from "./encode.ts";
import { SPECIAL_TOKENS } from "./special.ts";
import { trainVocabulary } from "./train.ts";

const rng = makeRng("names");
const SYLLABLES = ["get", "set", "po", "six", "_", "opt", "ions", "buf", "fer", "s", "is"];
const nameOf = (): string =>
  Array.from({ length: 2 + rng.int(4) }, () => rng.pick(SYLLABLES)).join("");

/** Far more names than are taken for frequent words, each a few times in both surroundings. */
const NAMES = [...new Set(Array.from({ length: 4000 }, nameOf))];
const LINES = NAMES.flatMap((name) => [
  `bl ${name}\nmov x0, x19\n`,
  `%2 = call ptr @${name}(ptr %1)\nret ptr %2\n`,
]);

async function trained(namesApart: boolean): Promise<Tokenizer> {
  const counter = makePieceCounter();
  for (let round = 0; round < 2; round++)
    for (const line of LINES) {
      counter.add(Buffer.from(line));
      counter.endText();
    }
  const size = SPECIAL_TOKENS.length + 256 + 600;
  return makeTokenizer(await trainVocabulary(counter.finish(), { size, namesApart }));
}

const tokensOf = ({ encode, decode }: Tokenizer, text: string): string[] =>
  Array.from(encode(text), (id) => decode([id]));

/** Tokens of a name as they stand in a text; undefined where one of them reaches beyond it. */
function tokensWithin(tokenizer: Tokenizer, text: string, name: string): string | undefined {
  const start = text.indexOf(name);
  const inside: string[] = [];
  let at = 0;
  for (const token of tokensOf(tokenizer, text)) {
    if (at >= start && at + token.length <= start + name.length) inside.push(token);
    at += token.length;
  }
  return inside.join("") === name ? inside.join(" ") : undefined;
}

const sameTwice = (tokenizer: Tokenizer): number =>
  NAMES.filter((name) => {
    const [assembly, ir] = [`bl ${name}\nmov`, `call ptr @${name}(ptr`].map((text) =>
      tokensWithin(tokenizer, text, name),
    );
    return assembly !== undefined && assembly === ir;
  }).length;

test("trainVocabulary gives a name the same tokens wherever it stands when names are apart", async () => {
  const [apart, joined] = [await trained(true), await trained(false)];
  expect(sameTwice(apart) / NAMES.length).toBeGreaterThan(0.9);
  expect(sameTwice(joined) / NAMES.length).toBeLessThan(0.5);
  // What is frequent is joined with its surroundings all the same.
  expect(tokensOf(apart, "%2 = call ptr @f").length).toBeLessThan(6);
});
