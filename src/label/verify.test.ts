import { afterAll, beforeAll, expect, test } from "vitest";
import { testPool, toolchain } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { type Rig, openRig } from "../verify/rig.ts";
import { type PreparedSuite, prepareSuite } from "../verify/run-suite.ts";
import type { Suite } from "../verify/suite.ts";
import { builtinPrograms } from "../verify/suites/builtin.ts";
import { LABEL_VERSION, type LabelLine } from "./journal.ts";
import { addLines, makeTable } from "./table.ts";
import { type ListVerdict, suiteJudge, verdictsWanted } from "./verify.ts";

/** structurizecfg breaks it. */
const SWITCH = `#include <stdio.h>
__attribute__((noinline)) static int f(int x) {
  switch (x) { case 0: return 7; case 1: return 3; case 2: return 9; case 3: return 12; case 4: return 5; case 5: return 6; }
  return -1;
}
int main(void) { volatile int n = 7; for (int i = -1; i < n; i++) printf("%d ", f(i)); return 0; }
`;
const pool = testPool(1);
let rig: Rig;
let suite: PreparedSuite;

beforeAll(async () => {
  const folder = tempFolder({ "switch.c": SWITCH, "plain.c": "int main(void) { return 0; }\n" });
  const cache = tempFolder();
  const opened = await openRig({ toolchain, llvmVersion: await pool.llvmVersion(), cache });
  if (opened instanceof Error) throw opened;
  rig = opened;
  const own: Suite = {
    name: "own",
    about: "",
    programs: () => Promise.resolve({ status: "available", programs: builtinPrograms(folder) }),
  };
  const prepared = await prepareSuite(pool, own, { rig, context: { count: 0, seed: 0 } });
  if ("unavailable" in prepared) throw new Error(prepared.unavailable);
  suite = prepared;
});
afterAll(() => rig?.[Symbol.dispose]());

test("suiteJudge calls a harmless list correct, a miscompiling one wrong, and one LLVM refuses undecided", async () => {
  const verdicts: ListVerdict[] = [];
  const lists = ["function(sroa),globaldce", "function(structurizecfg)", "no-such-pass"];
  await suiteJudge(
    pool,
    suite,
    rig,
  )(lists, {
    signal: new AbortController().signal,
    onVerdict: (verdict) => verdicts.push(verdict),
  });
  expect(verdicts.map(({ passes, status }) => [passes, status])).toEqual([
    ["function(sroa),globaldce", "correct"],
    ["function(structurizecfg)", "wrong"],
    ["no-such-pass", "undecided"],
  ]);
  expect(verdicts[0]).toMatchObject({ programs: 2, why: "" });
  expect(verdicts[1]!.why).toMatch(/^switch\.c: /);
  expect(verdicts[2]!.why).toMatch(/no-such-pass/);
});

test("suiteJudge gives no verdict when the signal has fired", async () => {
  await suiteJudge(
    pool,
    suite,
    rig,
  )(["function(sroa)"], {
    signal: AbortSignal.abort(),
    onVerdict: () => expect.unreachable(),
  });
});

test("verdictsWanted asks for tried lists and winners that have no verdict, none of the pilot's", () => {
  const head = { v: LABEL_VERSION, llvm: "22.1.8" } as const;
  const lists = (set: string, role: "seed" | "pilot", texts: string[]): LabelLine => {
    return { ...head, kind: "lists", set, role, lists: texts };
  };
  const own = (module: string, passes: string): LabelLine => ({
    ...head,
    kind: "own",
    module,
    package: "p",
    bytes: 1,
    baseline: [9, 9],
    seconds: 0,
    own: { passes, size: [8, 8] },
    budget: 1,
    compilations: 1,
  });
  const table = makeTable();
  addLines(table, [
    lists("s", "seed", ["a", "b"]),
    lists("p", "pilot", ["c"]),
    own("1", "once"),
    own("2", "twice"),
    own("3", "twice"),
    own("4", "b"),
    { ...head, kind: "verdict", passes: "a", status: "correct", programs: 1, why: "" },
  ]);
  expect(verdictsWanted(table)).toEqual(["b", "twice", "once"]);
});
