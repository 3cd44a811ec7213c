import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Row } from "./row.ts";
import { readRows, writeRows } from "./row-files.ts";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "llmc-rows-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const common = {
  contender: "small's",
  case: "p/a.c",
  package: "p",
  language: "c",
  bytes: 12,
  promptTokens: null,
  status: "ok",
  problem: 'a "quoted"\nproblem',
  seconds: 0.25,
} as const;
const bleu = { correct: [3, 2, 1, 0], total: [4, 3, 2, 1], answerLength: 4, referenceLength: 5 };

/** One of each suite: a new column that the file forgets shows here. */
const ROWS: Row[] = [
  {
    suite: "tune",
    ...common,
    ozSize: 100,
    ozPublished: 80,
    ozInstructions: 20,
    sizes: [90, null],
    published: [70, null],
    instructions: [19, null],
    unreadable: 1,
  },
  {
    suite: "tune",
    ...common,
    case: "p/b.c",
    status: "too long",
    ozSize: 1,
    ozPublished: 1,
    ozInstructions: 1,
    sizes: [],
    published: [],
    instructions: [],
    unreadable: 0,
  },
  {
    suite: "size",
    ...common,
    predictedBefore: 10.5,
    measuredBefore: 11,
    predictedAfter: null,
    measuredAfter: null,
  },
  {
    suite: "disassemble",
    ...common,
    target: "aarch64",
    verdicts: ["exact", "failed"],
    compiles: [true, false],
    mended: [true, false],
    refined: "exact",
    roundTripBleu: bleu,
    irBleu: bleu,
  },
  {
    suite: "emulate",
    ...common,
    passes: "default<Oz>",
    want: "ir",
    compiles: true,
    isMended: false,
    isExact: false,
    bleu,
    predictedInstructions: 3,
    measuredInstructions: 4,
    predictedBytes: null,
    measuredBytes: 5,
  },
  { suite: "loss", ...common, kind: "assembly", nats: 12.5, tokens: 10, characters: 33 },
  { suite: "code", ...common, benchmark: "humaneval", passed: [true, false] },
];

test("readRows gives what writeRows wrote, of every suite", async () => {
  await writeRows(folder, ROWS);
  expect(await readRows(folder)).toEqual(ROWS);
});

test("writeRows leaves no file of a suite that has no rows any more, and nothing temporary", async () => {
  await writeRows(folder, ROWS);
  await writeRows(
    folder,
    ROWS.filter(({ suite }) => suite === "loss"),
  );
  expect(readdirSync(folder)).toEqual(["rows-loss.parquet"]);
});
