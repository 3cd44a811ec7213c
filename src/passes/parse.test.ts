import fc from "fast-check";
import { expect, test } from "vitest";
import { ozTree } from "./presets.ts";
import { MAX_PASS_DEPTH, parsePassList } from "./parse.ts";
import { printPassList } from "./print.ts";
import { generatedFor } from "./registry.ts";
import { walk } from "./tree.ts";
import type { PassList, PassNode } from "./tree.ts";

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,12}$/);
const params = fc.stringMatching(/^[A-Za-z0-9;=<>[\]_-]{0,16}$/);
const { list } = fc.letrec<{ list: PassList; node: PassNode }>((tie) => ({
  list: fc.array(tie("node"), { minLength: 1, maxLength: 4 }),
  node: fc.record(
    {
      name,
      params,
      body: fc.oneof({ maxDepth: 4 }, fc.constant<PassList>([{ name: "x" }]), tie("list")),
    },
    { requiredKeys: ["name"] },
  ),
}));

function parsed(text: string): PassList {
  const result = parsePassList(text);
  if (!result.ok)
    throw new Error(`${result.mistake.message} at ${result.mistake.position} of ${text}`);
  return result.list;
}

function mistake(text: string): [number, string] {
  const result = parsePassList(text);
  if (result.ok) throw new Error(`expected a mistake in ${text}`);
  return [result.mistake.position, result.mistake.message];
}

test("parsePassList gives back any tree that printPassList wrote", () => {
  fc.assert(
    fc.property(list, (tree) => {
      expect(parsed(printPassList(tree))).toEqual(tree);
    }),
  );
});

test("parsePassList and printPassList ignore white space between passes", () => {
  fc.assert(
    fc.property(list, (tree) => {
      const spaced = printPassList(tree).replaceAll(/[,()]/g, " \n$& \t");
      expect(printPassList(parsed(` ${spaced}\n`))).toBe(printPassList(tree));
    }),
  );
});

test.each([19, 22])("printPassList gives back the text of LLVM %i's own -Oz pipeline", (major) => {
  const { oz } = generatedFor(major);
  expect(printPassList(parsed(oz))).toBe(oz);
  expect(walk(ozTree(major)).length).toBeGreaterThan(100);
});

test("parsePassList says where each pass stands", () => {
  const text = " globalopt, function<eager-inv>( sroa<modify-cfg>,loop(licm)) ";
  const result = parsePassList(text);
  if (!result.ok) throw new Error(result.mistake.message);
  const placed = walk(result.list).map(({ node }) =>
    text.slice(result.offsets.get(node)).startsWith(node.name),
  );
  expect(placed).toEqual([true, true, true, true, true]);
  expect(result.offsets.size).toBe(5);
});

test.each([
  ["", 0, "the pass list is empty"],
  ["  \n", 0, "the pass list is empty"],
  ["sroa,", 5, "a pass name is missing"],
  ["sroa,,dse", 5, "a pass name is missing"],
  ["function()", 9, 'nothing between "(" and ")"'],
  ["function(sroa", 8, '"(" of function is never closed'],
  ["sroa)", 4, '")" without a "(" before it'],
  ["function(sroa)dse", 14, 'expected "," or ")" after ")"'],
  ["function(sroa)(dse)", 14, 'expected "," or ")" after ")"'],
  ["early-cse<memssa", 9, '"<" of early-cse is never closed'],
  ["early-cse<memssa>x", 9, '"<" of early-cse is never closed'],
  ["early-cse<a b>", 11, "white space in the parameters of early-cse"],
  ["sroa dse", 4, "white space in a pass name"],
  ["sroa;dse", 4, '";" in a pass name'],
  ["<memssa>", 0, 'a pass name is missing before "<"'],
  ["(sroa)", 0, "a pass name is missing"],
])("parsePassList of %j names position %i", (text, position, message) => {
  expect(mistake(text)).toEqual([position, message]);
});

test("parsePassList bounds the depth", () => {
  const deep = (depth: number): string => "function(".repeat(depth) + "sroa" + ")".repeat(depth);
  expect(parsePassList(deep(MAX_PASS_DEPTH)).ok).toBe(true);
  expect(mistake(deep(10_000))[1]).toBe(`nested more than ${MAX_PASS_DEPTH} deep`);
});

test("parsePassList never throws, and what it accepts prints to something it accepts alike", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab-<>(),; =") }), (text) => {
      const result = parsePassList(text);
      if (!result.ok) {
        expect(result.mistake.position).toBeLessThanOrEqual(text.length);
        return;
      }
      expect(parsed(printPassList(result.list))).toEqual(result.list);
    }),
  );
});
