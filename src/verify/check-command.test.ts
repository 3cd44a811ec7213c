import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CheckedModule, bisectCheck, runCheckCommand } from "./check-command.ts";

/** Fails when any of the groups is there as a whole. */
const failingOn =
  (groups: readonly (readonly number[])[]) =>
  (set: ReadonlySet<number>): Promise<boolean> =>
    Promise.resolve(!groups.some((group) => group.every((item) => set.has(item))));

test("bisectCheck finds every culprit and nothing else when culprits act alone", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(39)), async (count, bad) => {
      const items = Array.from({ length: count }, (_, i) => i);
      const culprits = new Set(bad.filter((item) => item < count));
      let runs = 0;
      const { kept, fellBack } = await bisectCheck(items, (set) => {
        runs++;
        return failingOn([...culprits].map((item) => [item]))(set);
      });
      expect(fellBack.toSorted((a, b) => a - b)).toEqual([...culprits].toSorted((a, b) => a - b));
      expect(kept).toEqual(items.filter((item) => !culprits.has(item)));
      expect(runs).toBeLessThanOrEqual(
        (culprits.size + 1) * (Math.ceil(Math.log2(count + 1)) + 1) + 1,
      );
    }),
  );
});

test("bisectCheck keeps a passing set from which no item was taken in vain when culprits interact", async () => {
  const group = fc.uniqueArray(fc.nat(15), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(group, { maxLength: 4 }), async (groups) => {
      const items = Array.from({ length: 16 }, (_, i) => i);
      const passes = failingOn(groups);
      const { kept, fellBack } = await bisectCheck(items, passes);
      expect(await passes(new Set(kept))).toBe(true);
      expect([...kept, ...fellBack].toSorted((a, b) => a - b)).toEqual(items);
      expect(fellBack.every((item) => groups.some((members) => members.includes(item)))).toBe(true);
      for (const item of fellBack)
        expect(
          await passes(new Set([...kept, ...fellBack.slice(fellBack.indexOf(item) + 1), item])),
        ).toBe(false);
    }),
  );
});

function modulesIn(folder: string, contents: readonly string[]): CheckedModule[] {
  return contents.map((optimised, i) => ({
    name: `m${i}`,
    path: join(folder, `m${i}.o`),
    baseline: Buffer.from("good"),
    optimised: Buffer.from(optimised),
  }));
}

const check = (contents: readonly string[], command: string, timeoutMs = 20_000) => {
  const folder = mkdtempSync(join(tmpdir(), "llmc-check-"));
  const modules = modulesIn(folder, contents);
  const inPlace = (): string[] => modules.map(({ path }) => readFileSync(path, "utf8"));
  return runCheckCommand(modules, { command, cwd: folder, timeoutMs }).then((report) => ({
    ...report,
    inPlace: inPlace(),
  }));
};

test("runCheckCommand keeps all new objects when the command passes at once", async () => {
  const report = await check(["small", "small"], "cat *.o >/dev/null");
  expect(report.verdicts.map(({ status }) => status)).toEqual(["correct", "correct"]);
  expect(report.inPlace).toEqual(["small", "small"]);
  expect(report.runs).toBe(1);
});

test("runCheckCommand falls back for the culprits alone and says how the command failed", async () => {
  const report = await check(
    ["small", "broken", "small", "small", "broken"],
    "if grep -q broken *.o; then echo boom >&2; exit 3; fi",
  );
  expect(report.fellBack.map(({ name }) => name).toSorted()).toEqual(["m1", "m4"]);
  expect(report.inPlace).toEqual(["small", "good", "small", "small", "good"]);
  expect(JSON.stringify(report.verdicts[1])).toMatch(/exit code 3: boom/);
});

test("runCheckCommand decides nothing and puts -Oz objects back when the command fails with those too", async () => {
  const report = await check(["small", "small"], "exit 1");
  expect(report.verdicts.map(({ status }) => status)).toEqual(["undecided", "undecided"]);
  expect(report.inPlace).toEqual(["good", "good"]);
});

test("runCheckCommand counts a command that does not end as failing", async () => {
  const report = await check(["endless", "small"], "grep -q endless *.o && sleep 60; true", 1500);
  expect(report.fellBack.map(({ name }) => name)).toEqual(["m0"]);
});
