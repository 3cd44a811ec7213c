import fc from "fast-check";
import { LlamaLogLevel, getLlama } from "node-llama-cpp";
import { expect, test } from "vitest";
import { isMadeBy, randomText } from "../../test/support/grammar.ts";
import { makeRng } from "../base/rng.ts";
import { mutatePassList, randomPassList } from "../passes/mutate.ts";
import { ozTree } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { MARKS } from "./marks.ts";
import { anyOf, printGbnf, text } from "./grammar.ts";
import { tuneGbnf, tuneGrammar } from "./grammar-proposal.ts";
import { coresetName, isProposal, readProposal } from "./proposal.ts";
import { tune } from "./tune.ts";

const registry = registryFor(22);
const coreset = loadCoreset(registry).lists;
const context = { registry, coreset };
const lists = tuneGrammar(context, { sizes: false });
const answers = tuneGrammar(context, { sizes: true });

const llama = await getLlama({
  gpu: false,
  build: "never",
  skipDownload: true,
  progressLogs: false,
  logLevel: LlamaLogLevel.error,
});
/** llama.cpp's own engine; the method is not in the package's types. */
const engine = async (gbnf: string): Promise<(written: string) => boolean> => {
  const grammar = await llama.createGrammar({ grammar: gbnf });
  const { _testText: test_ } = grammar as unknown as { _testText: (written: string) => boolean };
  return test_.bind(grammar);
};

test.each([19, 22])("tuneGrammar makes only lists that readProposal accepts, LLVM %i", (llvm) => {
  const other = registryFor(llvm);
  const of = { registry: other, coreset: loadCoreset(other).lists };
  const grammar = tuneGrammar(of, { sizes: false });
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const written = randomText(grammar, makeRng(seed));
      const read = readProposal(written, of);
      expect(isProposal(read), `${written}: ${JSON.stringify(read)}`).toBe(true);
      // Nesting has nothing to add: what the model writes is what is run.
      if (read.kind === "list") expect(printPassList(read.list)).toBe(written);
    }),
    { numRuns: 500 },
  );
});

test("tuneGrammar with sizes makes answers that tune parses", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const written = randomText(answers, makeRng(seed));
      const parsed = tune.compact.parse({ text: written, ended: true }, context);
      expect(parsed.ok, written).toBe(true);
    }),
  );
});

test("tuneGrammar takes the coreset's lists and numbers, -Oz, and what searches make of them", async () => {
  const rng = makeRng("grammar");
  const random = Array.from({ length: 100 }, () =>
    randomPassList(rng, registry, { minLength: 1, maxLength: 20 }),
  );
  const edited = [...coreset, ozTree(22)].map((list) => {
    let now = list;
    for (let edit = 0; edit < 10; edit++) now = mutatePassList(now, rng, registry);
    return now;
  });
  const written = [...coreset, ozTree(22), ...random, ...edited].map(printPassList);
  const numbers = coreset.map((_, number) => coresetName(number));
  const accepts = await engine(printGbnf(lists));
  for (const item of [...written, ...numbers]) {
    expect(isMadeBy(lists, item), item).toBe(true);
    expect(accepts(item), item).toBe(true);
  }
});

test("tuneGbnf means the same to llama.cpp as the tree does here", async () => {
  const accepts = await engine(tuneGbnf(context, { sizes: true }));
  const rng = makeRng(7);
  for (let round = 0; round < 100; round++) {
    const written = randomText(answers, rng);
    expect(accepts(written), written).toBe(true);
    const at = rng.int(written.length);
    const broken =
      written.slice(0, at) + rng.pick([",", "(", ")", "x", ""]) + written.slice(at + 1);
    expect(accepts(broken), broken).toBe(isMadeBy(answers, broken));
  }
});

test.each([
  coresetName(coreset.length),
  "#01",
  "",
  "sroa",
  "function(sroa",
  "function()",
  "function(globaldce)",
  "no-such-pass",
  "function(instcombine<max-iterations=7>)",
  "function(sroa),",
])("tuneGrammar does not make %j", (written) => {
  expect(isMadeBy(lists, written)).toBe(false);
});

test("tuneGrammar leaves out passes that broke programs", () => {
  const unsafe = [...registry.passes.values()].filter(({ kind }) => kind === "unsafe");
  expect(unsafe.length).toBeGreaterThan(0);
  for (const { name, level } of unsafe) {
    const adaptors = { module: "", cgscc: "cgscc", function: "function" } as const;
    const adaptor = level in adaptors ? adaptors[level as keyof typeof adaptors] : undefined;
    if (adaptor === undefined) continue;
    expect(isMadeBy(lists, adaptor === "" ? name : `${adaptor}(${name})`), name).toBe(false);
  }
});

test("tuneGrammar without sizes ends where the mark would stand", () => {
  expect(isMadeBy(answers, `globaldce${MARKS.sizes}120 96`)).toBe(true);
  expect(isMadeBy(answers, "globaldce")).toBe(false);
  expect(isMadeBy(lists, `globaldce${MARKS.sizes}120 96`)).toBe(false);
});

test("anyOf makes exactly the texts it was given", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[ab]{0,4}$/), { minLength: 1 }), (texts) => {
      const grammar = { root: anyOf(texts, () => text("!")) };
      for (const written of ["", "a", "b", "ab", "ba", "aab", "abab", "bbbb"])
        expect(isMadeBy(grammar, `${written}!`)).toBe(texts.includes(written));
      for (const written of texts) expect(isMadeBy(grammar, `${written}!`)).toBe(true);
    }),
  );
});
