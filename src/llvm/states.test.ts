import { describe, expect, test } from "vitest";
import {
  load,
  programBitcode,
  type ProgramName,
  testPool,
  toolchain,
  value,
} from "../../test/support/llvm.ts";
import { contentHash } from "../base/hash.ts";
import { makeRng } from "../base/rng.ts";
import { randomPassList } from "../passes/mutate.ts";
import { ozTree } from "../passes/presets.ts";
import { printPassList } from "../passes/print.ts";
import { registryFor } from "../passes/registry.ts";
import { openLlvm } from "./bindings.ts";
import { makeEngine } from "./engine.ts";
import { type States, makeStates, measureStaged } from "./states.ts";

const registry = registryFor(toolchain.major);
const stepsOf = (list: ReturnType<typeof ozTree>): string[] =>
  list.map((node) => printPassList([node]));

/** -Oz as one step and as many, and what a search would propose. Some share prefixes. */
const LISTS: string[][] = [
  ["default<Oz>"],
  stepsOf(ozTree(toolchain.major)),
  [...stepsOf(ozTree(toolchain.major)), "iroutliner"],
  ["default<Oz>", "mergefunc", "globaldce"],
  ["default<Oz>", "mergefunc", "function(simplifycfg)"],
  ...[1, 2, 3].map((seed) =>
    stepsOf(randomPassList(makeRng(seed), registry, { minLength: 5, maxLength: 20 })),
  ),
];

/** Staged measurements differ from fresh ones a little (use-list order, analyses not kept); notes say at most 0.5 %. */
const MAX_DIFFERENCE = 0.02;

describe("staged measurement", () => {
  test.each<ProgramName>(["table.c", "tokens.c", "shapes.cpp"])(
    "equals the fresh one or differs slightly on %s",
    async (name) => {
      const pool = testPool();
      const module = await load(pool, programBitcode(name));
      for (const list of LISTS) {
        const staged = value(await pool.measure(module, list, { fresh: false })).sections.size;
        const fresh = value(await pool.measure(module, list, { fresh: true })).sections.size;
        expect(Math.abs(staged - fresh) / fresh, list.join(",")).toBeLessThanOrEqual(
          MAX_DIFFERENCE,
        );
        if (list.length === 1) expect(staged).toBe(fresh);
      }
    },
  );

  test("gives the same answers whatever was measured before, on one worker and on two", async () => {
    const bitcode = programBitcode("shapes.cpp");
    const answers = async (workers: number, lists: readonly string[][]): Promise<unknown[]> => {
      const pool = testPool(workers);
      const module = await load(pool, bitcode);
      const outcomes = await Promise.all(
        lists.map((list) => pool.measure(module, list, { fresh: false })),
      );
      return outcomes.map((outcome) =>
        outcome.status === "ok" ? [outcome.value.sections, outcome.value.hash] : outcome,
      );
    };
    const inOrder = await answers(1, LISTS);
    expect(await answers(2, LISTS)).toEqual(inOrder);
    expect((await answers(2, LISTS.toReversed())).toReversed()).toEqual(inOrder);
  });

  test("generates no code for a pass that changes nothing, nor for an equal module", async () => {
    const pool = testPool();
    const module = await load(pool, programBitcode("table.c"));
    const generated = async (steps: readonly string[]): Promise<boolean> =>
      value(await pool.measure(module, steps, { fresh: false })).generated;
    expect(await generated(["default<Oz>"])).toBe(true);
    expect(await generated(["default<Oz>"])).toBe(false);
    expect(await generated(["default<Oz>", "globaldce"])).toBe(false);
    expect(await generated(["default<Oz>", "globaldce", "mergefunc"])).toBe(false);
    expect(await generated(["function(sroa)"])).toBe(true);
    expect(await generated(["function(sroa)", "function(sroa)"])).toBe(false);
  });

  test("gives dropped states back as they were", () => {
    const engine = makeEngine(openLlvm(toolchain.library));
    const bitcode = programBitcode("tokens.c");
    const states = (maxBytes?: number): States =>
      makeStates(bitcode, contentHash(bitcode), maxBytes);
    const kept = states();
    const cramped = states(bitcode.byteLength * 2);
    const twice = [
      ...LISTS,
      ...LISTS.toReversed(),
      ...LISTS.map((list) => list.concat("function(instsimplify)")),
    ];
    const sizes = (of: States): unknown[] =>
      twice.map((list) => {
        const { sections, hash } = value(measureStaged(engine, of, list));
        return [sections, hash];
      });
    expect(sizes(cramped)).toEqual(sizes(kept));
    expect(
      [...kept.byHash.values()].filter(({ bitcode: held }) => held === undefined),
    ).toHaveLength(0);
    expect(
      [...cramped.byHash.values()].filter(({ bitcode: held }) => held === undefined).length,
    ).toBeGreaterThan(10);
  });
});
