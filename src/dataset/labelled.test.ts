import { expect, test } from "vitest";
import type { Labels } from "../label/labels.ts";
import { printPassList } from "../passes/print.ts";
import { parsePassList } from "../passes/parse.ts";
import { registryFor } from "../passes/registry.ts";
import { printProposal } from "../tasks/proposal.ts";
import { labelReader } from "./labelled.ts";

const registry = registryFor(22);
const FIRST = "function(sroa)";
const SECOND = "globalopt";
const LONG = "function(sroa,instcombine<no-verify-fixpoint>,gvn)";
const OWN = "globaldce";
const coreset = [FIRST, SECOND].map((text) => {
  const parsed = parsePassList(text);
  if (!parsed.ok) throw new Error(parsed.mistake.message);
  return parsed.list;
});

/** Sizes under FIRST, SECOND, LONG and a list that is no longer there; the search found OWN. */
function answers(sizes: (number | null)[], own: number | null): string[] | undefined {
  const passes = [FIRST, SECOND, LONG, "no-such-pass", OWN];
  const labels: Labels = {
    llvm: "22",
    lists: passes.map((text, id) => ({
      passes: text,
      isBroadcast: id < 4,
      verdict: "correct",
    })),
    rows: [
      {
        module: "m",
        package: "p",
        split: "train",
        bitcodeBytes: 1,
        oz: [100, 90],
        sizes: sizes.map((size) => (size === null ? null : [size, size])),
        own: own === null ? null : { list: 4, size: [own, own] },
        compilations: 1,
        milliseconds: 1,
      },
    ],
  };
  return labelReader(labels, { registry, coreset })("m")?.map(({ proposal }) =>
    printProposal(proposal),
  );
}

test("labelReader puts the smallest first; of equals the coreset's first, else the shortest", () => {
  expect(answers([95, 90, 90, null], 90)).toEqual(["#1", OWN, LONG, "#0", "default<Oz>"]);
  expect(answers([90, 90, 95, null], 80)).toEqual([OWN, "#0", "#1", LONG, "default<Oz>"]);
});

test("labelReader ends with -Oz, where lists failed, are gone, or are no smaller", () => {
  expect(answers([100, null, 120, 10], null)).toEqual(["default<Oz>"]);
});

test("labelReader knows nothing of other modules", () => {
  const none: Labels = { llvm: "22", lists: [], rows: [] };
  expect(labelReader(none, { registry, coreset })("m")).toBeUndefined();
  expect(printPassList(coreset[0] ?? [])).toBe(FIRST);
});
