import { expect, test } from "vitest";
import type { Labels } from "../label/labels.ts";
import { parsePassList } from "../passes/parse.ts";
import { trialReader } from "./trials.ts";

const listOf = (text: string) => {
  const parsed = parsePassList(text);
  if (!parsed.ok) throw new Error(parsed.mistake.message);
  return parsed.list;
};
const row = {
  package: "p",
  split: "train",
  bitcodeBytes: 1,
  own: null,
  compilations: 1,
  milliseconds: 1,
};
const labels: Labels = {
  llvm: "22",
  lists: ["globalopt", "globaldce", "function(sroa)"].map((passes) => ({
    passes,
    isBroadcast: true,
    verdict: "correct",
  })),
  rows: [
    { ...row, module: "m", oz: [100, 90], sizes: [[95, 90], null, [110, 90]] },
    {
      ...row,
      module: "empty",
      oz: [0, 0],
      sizes: [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    },
  ],
};

test("trialReader gives sizes in the order of the coreset, and none for lists that failed or were not tried", () => {
  const coreset = ["function(sroa)", "globaldce", "function(gvn)", "globalopt"].map(listOf);
  const trialsOf = trialReader(labels, coreset);
  expect(trialsOf("m")).toEqual({ ozBytes: 100, bytes: [110, undefined, undefined, 95] });
  expect(trialsOf("empty")).toBeUndefined();
  expect(trialsOf("other")).toBeUndefined();
});
