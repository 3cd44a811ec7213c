import fc from "fast-check";
import { expect, test } from "vitest";
import { makeRng } from "../base/rng.ts";
import { checkPassList } from "./check.ts";
import { ADAPTORS } from "./levels.ts";
import { randomPassList } from "./mutate.ts";
import { nestPassList } from "./nest.ts";
import { parsePassList } from "./parse.ts";
import { ozTree } from "./presets.ts";
import { printPassList } from "./print.ts";
import { registryFor, searchPasses } from "./registry.ts";
import { walk } from "./tree.ts";
import type { PassList, PassNode } from "./tree.ts";

const registry = registryFor(22);

function nested(text: string): string {
  const parsed = parsePassList(text);
  if (!parsed.ok) throw new Error(parsed.mistake.message);
  return printPassList(nestPassList(parsed.list, registry));
}

test.each([
  [
    "globalopt,sroa,licm,indvars,dse,inline,mergefunc",
    "globalopt,function(sroa,loop-mssa(licm),loop(indvars),dse),cgscc(inline),mergefunc",
  ],
  ["loop(indvars,loop-deletion)", "function(loop(indvars,loop-deletion))"],
  ["loop(indvars),loop(loop-deletion)", "function(loop(indvars),loop(loop-deletion))"],
  ["devirt<4>(inline)", "cgscc(devirt<4>(inline))"],
  [
    "function(sroa,globalopt,licm),indvars",
    "function(sroa),globalopt,function(loop-mssa(licm)),function(loop(indvars))",
  ],
  [
    "function(loop(indvars,licm,sroa,globalopt,indvars))",
    "function(loop(indvars),loop-mssa(licm),sroa),globalopt,function(loop(indvars))",
  ],
  [
    "cgscc(devirt<4>(inline,sroa,globalopt,dse))",
    "cgscc(devirt<4>(inline,function(sroa))),globalopt,cgscc(devirt<4>(function(dse)))",
  ],
  ["require<domtree>,require<globals-aa>", "function(require<domtree>),require<globals-aa>"],
  ["nonsense,sroa", "nonsense,function(sroa)"],
])("nestPassList of %s", (text, expected) => {
  expect(nested(text)).toBe(expected);
});

test("nestPassList leaves valid trees as they are, neighbours of one kind too", () => {
  expect(nestPassList(ozTree(22), registry)).toEqual(ozTree(22));
  expect(nested("function(sroa),function(dse)")).toBe("function(sroa),function(dse)");
});

const leaf = fc
  .constantFrom(...searchPasses(registry))
  .map((info): PassNode =>
    info.name === "instcombine"
      ? { name: info.name, params: "no-verify-fixpoint" }
      : { name: info.name },
  );
const adaptor = fc.constantFrom(...Object.keys(ADAPTORS).filter((name) => name !== "devirt"));
const { list } = fc.letrec<{ list: PassList; node: PassNode }>((tie) => ({
  list: fc.array(fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie("node")), {
    minLength: 1,
    maxLength: 6,
  }),
  node: fc.record({ name: adaptor, body: tie("list") }),
}));

test("nestPassList makes any tree of known passes valid, keeps all passes in order, and is idempotent", () => {
  const leaves = (tree: PassList): string[] =>
    walk(tree)
      .filter(({ node }) => node.body === undefined)
      .map(({ node }) => node.name);
  fc.assert(
    fc.property(list, (tree) => {
      const once = nestPassList(tree, registry);
      expect(checkPassList(printPassList(once), registry)).toEqual({ ok: true, list: once });
      expect(nestPassList(once, registry)).toEqual(once);
      expect(leaves(once)).toEqual(leaves(tree));
    }),
  );
});

test("nestPassList changes nothing in random lists that it has nested", () => {
  const rng = makeRng("nest");
  for (let i = 0; i < 100; i++) {
    const tree = randomPassList(rng, registry, { minLength: 1, maxLength: 40 });
    expect(nestPassList(tree, registry)).toEqual(tree);
  }
});
