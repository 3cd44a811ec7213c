import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { type Event, addEvent, summarise } from "./events.ts";

const event: Event = {
  source: "a.c",
  way: "made",
  baselineBytes: 100,
  bytes: 90,
  seconds: 2,
  verdict: "unchecked",
};

test("summarise adds up what addEvent wrote", () => {
  const path = join(tempFolder(), "new", "events.jsonl");
  addEvent(path, event);
  addEvent(path, { ...event, way: "hit", seconds: 0 });
  addEvent(path, { ...event, way: "kept", bytes: 100, verdict: "same as clang" });
  addEvent(path, { ...event, way: "failed", baselineBytes: 0, bytes: 0, note: "no worker" });
  expect(summarise(path)).toEqual({
    modules: 4,
    baselineBytes: 300,
    bytes: 280,
    savedPercent: 20 / 3,
    hits: 1,
    misses: 3,
    smaller: 2,
    secondsSearched: 6,
    fallbacks: 1,
    notes: { "no worker": 1 },
    verdicts: { unchecked: 2 },
  });
});

test("summarise passes over lines that a kill tore or that mean something else", () => {
  const path = join(tempFolder(), "events.jsonl");
  addEvent(path, event);
  appendFileSync(path, '{"source":"b.c","way":"ma');
  addEvent(path, event);
  appendFileSync(path, '{"way":"else","bytes":1,"seconds":1}\n7\nnull\n');
  expect(summarise(path).modules).toBe(2);
});

test("summarise of no file is all zeros", () => {
  expect(summarise(join(tempFolder(), "none"))).toMatchObject({ modules: 0, savedPercent: 0 });
});

test("addEvent throws nothing when the place cannot be written", () => {
  expect(() => addEvent("/dev/null/events", event)).not.toThrow();
});
