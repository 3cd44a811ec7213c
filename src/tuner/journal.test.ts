import { appendFileSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import type { Measurement } from "../llvm/protocol.ts";
import type { Outcome } from "../llvm/outcome.ts";
import { memoryJournal, openJournal } from "./journal.ts";

const folder = tempFolder();
let serial = 0;
const fresh = (): string => join(folder, `${++serial}.jsonl`);

const bytes = fc.nat();
const outcomes: fc.Arbitrary<Outcome<Measurement>> = fc.oneof(
  fc.record({
    status: fc.constant("ok" as const),
    value: fc.record({
      sections: fc.record({
        text: bytes,
        data: bytes,
        rodata: bytes,
        ehFrame: bytes,
        other: bytes,
        size: bytes,
        bss: bytes,
      }),
      instructions: fc.nat(),
      hash: fc.string(),
      generated: fc.constant(false),
    }),
  }),
  fc.record({
    status: fc.constantFrom("rejected" as const, "crashed" as const, "timeout" as const),
    message: fc.string(),
  }),
);
const entries = fc.uniqueArray(fc.tuple(fc.string(), outcomes), {
  maxLength: 8,
  selector: ([passes]) => passes,
});

describe("openJournal", () => {
  test("gives back what was added, whatever it says", () => {
    fc.assert(
      fc.property(entries, (added) => {
        const path = fresh();
        const journal = openJournal(path);
        for (const [passes, outcome] of added) journal.add(passes, outcome);
        const again = openJournal(path);
        expect(again.size).toBe(added.length);
        for (const [passes, outcome] of added) expect(again.find(passes)).toEqual(outcome);
      }),
      { numRuns: 50 },
    );
  });

  test("loses at most the last line when the file was cut anywhere, and goes on after it", () => {
    fc.assert(
      fc.property(entries, fc.double({ min: 0, max: 1, noNaN: true }), (added, keep) => {
        const path = fresh();
        const journal = openJournal(path);
        for (const [passes, outcome] of added) journal.add(passes, outcome);
        if (added.length === 0) return;
        const text = readFileSync(path);
        truncateSync(path, Math.floor(text.byteLength * keep));
        const whole = readFileSync(path, "utf8").split("\n").length - 1;
        const reopened = openJournal(path);
        expect(reopened.size).toBeGreaterThanOrEqual(whole);
        reopened.add("after the kill", { status: "crashed", message: "" });
        for (const [passes, outcome] of added.slice(0, whole))
          expect(openJournal(path).find(passes)).toEqual(outcome);
        expect(openJournal(path).find("after the kill")).toEqual({
          status: "crashed",
          message: "",
        });
      }),
      { numRuns: 50 },
    );
  });

  test("passes over lines of a foreign version, of another shape, and garbage", () => {
    const path = fresh();
    openJournal(path).add("mine", { status: "rejected", message: "no" });
    const line = readFileSync(path, "utf8");
    appendFileSync(
      path,
      `${line.replace('"v":1', '"v":2').replace("mine", "theirs")}{"v":1,"passes":"x"}\nnull\n[]\n{{{\n\n`,
    );
    const journal = openJournal(path);
    expect(journal.size).toBe(1);
    expect(journal.find("theirs")).toBeUndefined();
  });

  test("throws instead of hanging when the folder cannot be made", () => {
    expect(() => openJournal("/proc/no/such/journal.jsonl")).toThrow(/ENOENT|EACCES|EPERM/);
  });
});

test("memoryJournal remembers without a file", () => {
  const journal = memoryJournal();
  journal.add("a", { status: "timeout", message: "slow" });
  expect(journal.find("a")).toEqual({ status: "timeout", message: "slow" });
  expect(journal.find("b")).toBeUndefined();
});
