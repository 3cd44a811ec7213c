import { expect, test } from "vitest";
import { checkPassList, MAX_PASS_LIST_CHARACTERS, MAX_PASS_NODES } from "./check.ts";
import { printPassList } from "./print.ts";
import { ozTree, presets } from "./presets.ts";
import { registryFor } from "./registry.ts";
import { editDistance, nearest } from "./spelling.ts";

const registry = registryFor(22);

function mistakes(text: string): [number, string, string][] {
  const result = checkPassList(text, registry);
  return result.ok
    ? []
    : result.mistakes.map(({ position, message, mend }) => [position, message, mend]);
}

test.each([19, 22])("checkPassList accepts LLVM %i's own -Oz pipeline and the presets", (major) => {
  const known = registryFor(major);
  expect(checkPassList(printPassList(ozTree(major)), known)).toEqual({
    ok: true,
    list: ozTree(major),
  });
  for (const preset of Object.values(presets))
    expect(checkPassList(printPassList(preset), known).ok).toBe(true);
});

test("checkPassList names the nearest spelling of an unknown pass", () => {
  expect(mistakes("globalop")).toEqual([
    [0, 'LLVM 22 has no pass "globalop"', "did you mean globalopt?"],
  ]);
  expect(mistakes("function(InstCombin<no-verify-fixpoint>)")).toEqual([
    [9, 'LLVM 22 has no pass "InstCombin"', "did you mean instcombine?"],
  ]);
  expect(mistakes("xyzzyplugh")[0]?.[2]).toBe("see `llmc passes list`");
});

test.each([
  ["sroa", 0, "write function(sroa)"],
  ["licm", 0, "write function(loop-mssa(licm))"],
  ["function(indvars)", 9, "write loop(indvars)"],
  ["cgscc(indvars)", 6, "write function(loop(indvars))"],
  ["cgscc(globalopt)", 6, "move it out, to module level"],
  ["function(loop(licm))", 14, "move it out, to loop-mssa level"],
  ["loop(indvars)", 0, "write function(loop(...))"],
  ["function(cgscc(inline))", 9, "move it out, to module or cgscc level"],
  ["function<no-rerun>(sroa)", 0, "write function or function<> or function<eager-inv>"],
  ["require<domtree>", 0, "write function(require<domtree>)"],
])("checkPassList says how to nest %j", (text, position, mend) => {
  expect(mistakes(text).map(([at, , how]) => [at, how])).toEqual([[position, mend]]);
});

test.each([
  ["function(dse<memssa>)", 9, "dse takes no parameters", "write dse"],
  [
    "function(early-cse<memsa>)",
    19,
    'early-cse has no parameter "memsa"',
    "did you mean memssa? It takes memssa",
  ],
  [
    "function(simplifycfg<keep-loops;bonus-inst-threshold=x>)",
    32,
    'simplifycfg has no parameter "bonus-inst-threshold=x"',
    "did you mean bonus-inst-threshold=N? It takes one of 23, see `llmc passes search simplifycfg`",
  ],
  [
    "default",
    0,
    "default needs a parameter",
    "write default<...> with O0 or O1 or O2 or O3 or Os or Oz",
  ],
  [
    "globalopt(dse)",
    0,
    "globalopt is not an adaptor: it runs no other passes",
    "write globalopt alone",
  ],
  ["function", 0, "function is an adaptor and has no passes to run", "write function(PASS,...)"],
])("checkPassList of %j", (text, position, message, mend) => {
  expect(mistakes(text)).toEqual([[position, message, mend]]);
});

test("checkPassList refuses printers and unsafe passes with the evidence, unless they are allowed", () => {
  const text = "function(structurizecfg,print<domtree>),strip";
  expect(mistakes(text).map(([position, message]) => [position, message])).toEqual([
    [9, expect.stringContaining("8 of 1,577 gcc torture programs")],
    [24, "print prints instead of transforming"],
    [40, expect.stringContaining("symbol names")],
  ]);
  expect(checkPassList(text, registry, { allowUnsafe: true }).ok).toBe(true);
});

test("checkPassList names every mistake, not only the first", () => {
  expect(mistakes("globalop,function(sraa,dse<x>),licm").map(([position]) => position)).toEqual([
    0, 18, 23, 31,
  ]);
});

test("checkPassList refuses lists that are too long", () => {
  const long = Array.from({ length: MAX_PASS_NODES + 1 }, () => "globalopt").join(",");
  expect(mistakes(long)[0]?.[1]).toContain(`${MAX_PASS_NODES + 1} passes`);
  expect(mistakes("a".repeat(MAX_PASS_LIST_CHARACTERS + 1))[0]?.[0]).toBe(MAX_PASS_LIST_CHARACTERS);
});

test("nearest finds nothing where too much differs", () => {
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(nearest("abc", ["xyz"])).toBeUndefined();
  expect(nearest("gvm", ["gvn", "dse"])).toBe("gvn");
});
