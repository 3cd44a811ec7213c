import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { makeRng } from "../base/rng.ts";
import { checkPassList, MAX_PASS_NODES } from "./check.ts";
import { crossPassLists, mutatePassList, randomPassList } from "./mutate.ts";
import { passesWithSearchParams, searchParams, badParam } from "./params.ts";
import { ozTree, presets } from "./presets.ts";
import { printPassList } from "./print.ts";
import { registryFor, searchPasses } from "./registry.ts";
import { countNodes, walk } from "./tree.ts";
import type { PassList } from "./tree.ts";

const LENGTHS = { minLength: 1, maxLength: 30 };

describe.each([19, 22])("LLVM %i", (major) => {
  const registry = registryFor(major);
  const expectValid = (list: PassList): void => {
    const text = printPassList(list);
    expect(checkPassList(text, registry), text).toMatchObject({ ok: true });
  };

  test.each(["random", "oz", "preset"])(
    "mutatePassList keeps a %s list valid over a thousand edits",
    (start) => {
      const rng = makeRng(`${start} ${major}`);
      const starts = {
        random: randomPassList(rng, registry, LENGTHS),
        oz: ozTree(major),
        preset: presets.Oz,
      };
      let list = starts[start as keyof typeof starts];
      for (let i = 0; i < 1000; i++) {
        list = mutatePassList(list, rng, registry);
        expect(list.length).toBeGreaterThan(0);
        expectValid(list);
      }
    },
  );

  test("randomPassList and crossPassLists give valid lists of the length asked for", () => {
    const rng = makeRng(major);
    for (let i = 0; i < 200; i++) {
      const a = randomPassList(rng, registry, LENGTHS);
      const passes = walk(a).filter(({ node }) => node.body === undefined).length;
      expect(passes).toBeGreaterThanOrEqual(1);
      expect(passes).toBeLessThanOrEqual(30);
      expectValid(a);
      expectValid(crossPassLists(a, ozTree(major), rng));
    }
  });

  test("searchParams gives only spellings that the pass takes", () => {
    for (const info of searchPasses(registry)) {
      for (const params of searchParams(info)) {
        if (params !== undefined)
          expect(badParam(info, params), `${info.name}<${params}>`).toBeUndefined();
      }
    }
    const tried = passesWithSearchParams(registry).filter(
      (name) => registry.passes.get(name)?.kind !== "transform",
    );
    expect(tried).toEqual([]);
  });

  const opt = `/usr/lib/llvm-${major}/bin/opt`;
  test.skipIf(!existsSync(opt))(
    `opt accepts 100 mutated lists (skipped where ${opt} is missing)`,
    () => {
      const rng = makeRng(`opt ${major}`);
      const lists = Array.from({ length: 100 }, (_, i) =>
        i % 2 === 0 ? randomPassList(rng, registry, LENGTHS) : mutateOften(ozTree(major)),
      );
      function mutateOften(list: PassList): PassList {
        for (let edit = 0; edit < 10; edit++) list = mutatePassList(list, rng, registry);
        return list;
      }
      for (const list of lists) {
        const text = printPassList(list);
        const done = spawnSync(opt, [`-passes=${text}`, "-disable-output"], {
          input: SMALL_MODULE,
          encoding: "utf8",
        });
        expect(done.stderr, text).toBe("");
        expect(done.status, text).toBe(0);
      }
    },
    120_000,
  );
});

test("mutatePassList makes every kind of edit, and the same ones with the same seed", () => {
  const registry = registryFor(22);
  const run = (seed: string): string[] => {
    const rng = makeRng(seed);
    return Array.from({ length: 60 }, () =>
      printPassList(mutatePassList(ozTree(22), rng, registry)),
    );
  };
  expect(run("a")).toEqual(run("a"));
  expect(run("a")).not.toEqual(run("b"));
  const sizes = new Set(
    run("a").map((text) => Math.sign(text.length - printPassList(ozTree(22)).length)),
  );
  expect([...sizes].toSorted()).toEqual([-1, 0, 1]);
});

test("mutatePassList does not grow a list beyond the limit", () => {
  const registry = registryFor(22);
  const rng = makeRng("long");
  let list: PassList = Array.from({ length: MAX_PASS_NODES }, () => ({ name: "globalopt" }));
  for (let i = 0; i < 50; i++) list = mutatePassList(list, rng, registry);
  expect(countNodes(list)).toBeLessThanOrEqual(MAX_PASS_NODES);
});

const SMALL_MODULE = `
declare i32 @g(i32)
define i32 @f(ptr %p, i32 %n) minsize optsize {
entry: %slot = alloca i32
  store i32 0, ptr %slot
  %empty = icmp sle i32 %n, 0
  br i1 %empty, label %end, label %loop
loop: %i = phi i32 [ 0, %entry ], [ %i2, %next ]
  %a = getelementptr i32, ptr %p, i32 %i
  %v = load i32, ptr %a
  switch i32 %v, label %other [ i32 1, label %one
                                i32 2, label %two ]
one: %r1 = call i32 @g(i32 %v)
  br label %next
two: %r2 = call i32 @g(i32 7)
  br label %next
other: br label %next
next: %r = phi i32 [ %r1, %one ], [ %r2, %two ], [ 0, %other ]
  %sum = load i32, ptr %slot
  %sum2 = add i32 %sum, %r
  store i32 %sum2, ptr %slot
  %i2 = add i32 %i, 1
  %c = icmp slt i32 %i2, %n
  br i1 %c, label %loop, label %end
end: %result = load i32, ptr %slot
  ret i32 %result
}
`;
