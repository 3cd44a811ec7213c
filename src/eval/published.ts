/**
 * What others published, as data: to stand beside our numbers where the same is measured, marked, with what differs. None of
 * it was measured here. Where a figure was not read in the paper itself, its note says so.
 */

import type { Table, TableRow } from "./table.ts";

interface Published {
  readonly name: string;
  readonly source: string;
  /** LLVM version, programs, measure; and how sure the figures are. */
  readonly differs: string;
  /** By the id of a table: figures by the key of a measure there. */
  readonly figures: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const LLM_COMPILER = "arXiv 2407.02524";
const MIBENCH =
  "LLVM 17.0.6; MiBench, 2,398 object files; whether of all bytes together or a mean is not known to us. As a third party quotes the paper; improved and regressed from memory.";

const flagTuning = (
  name: string,
  [improved, regressed]: readonly [number, number],
  [oneShot, fallBack]: readonly [number, number],
): Published => ({
  name,
  source: LLM_COMPILER,
  differs: MIBENCH,
  figures: {
    "tune-published": {
      "one shot, total": oneShot,
      "fall-back, total": fallBack,
      improved,
      regressed,
    },
  },
});

const disassembly = (
  name: string,
  [compiles, roundTripBleu, exact]: readonly [number, number, number],
): Published => ({
  name,
  source: LLM_COMPILER,
  differs:
    "LLVM 17.0.6; MiBench, 2,015 codes of x86_64 and ARM; BLEU on other tokens, which and of which answers is not known to us. As a third party quotes the paper.",
  figures: { disassemble: { compiles, exact, "bleu of compiled": roundTripBleu } },
});

const instructions = (
  name: string,
  [source, differs]: readonly [string, string],
  figures: Readonly<Record<string, number>>,
): Published => ({ name, source, differs, figures: { "tune-instructions": figures } });

const PUBLISHED: readonly Published[] = [
  flagTuning("LLM Compiler FTD 7B", [1465, 302], [4.77, 5.24]),
  flagTuning("LLM Compiler FTD 13B", [1466, 299], [4.88, 5.26]),
  flagTuning("Code Llama-Instruct 34B", [230, 493], [-0.27, 0.15]),
  flagTuning("GPT-4 Turbo", [13, 24], [-0.01, 0.03]),
  {
    name: "LLM Compiler's autotuner",
    source: LLM_COMPILER,
    differs:
      "LLVM 17.0.6; MiBench; a search of thousands of compilations for each program. As a third party quotes the paper, and by arithmetic on that.",
    figures: { "tune-published": { "fall-back, total": 6.3 } },
  },
  disassembly("LLM Compiler FTD 7B", [46.5, 0.951, 12.7]),
  disassembly("LLM Compiler FTD 13B", [44.9, 0.96, 13.8]),
  disassembly("GPT-4 Turbo", [6.3, 0.429, 0]),
  disassembly("Code Llama 13B", [2.6, 0.615, 0]),
  {
    name: "LLM Compiler 13B",
    source: LLM_COMPILER,
    differs:
      "LLVM 17.0.6; other programs and lists; the share that is exact from the paper, the share that compiles from memory.",
    figures: { "emulate-ir": { compiles: 95.6, exact: 20 } },
  },
  {
    name: "LLM Compiler",
    source: LLM_COMPILER,
    differs:
      "LLVM 17.0.6; other programs; .text + .data; how a missing number counts is not known to us. As a third party quotes the paper.",
    figures: { size: { "mape before": 0.08, "mape after": 0.23 } },
  },
  {
    name: "Code Llama 13B",
    source: LLM_COMPILER,
    differs: "Before compiler training; all of HumanEval. As a third party quotes the paper.",
    figures: { "code-humaneval": { "pass@1": 36 } },
  },
  {
    name: "LLM Compiler 13B",
    source: LLM_COMPILER,
    differs: "After compiler training; all of HumanEval. As a third party quotes the paper.",
    figures: { "code-humaneval": { "pass@1": 25.6 } },
  },
  instructions(
    "Coreset-NVP",
    ["arXiv 2301.05104", "Another LLVM; 4,683 programs; at most 45 compilations."],
    { "fall-back, mean": 4.7 },
  ),
  instructions(
    "Priority Sampling",
    [
      "arXiv 2402.18734",
      "Another LLVM and other programs; one answer, and up to 30; that instructions are measured is our reading.",
    ],
    { "one shot, mean": 2.87, "fall-back, mean": 5 },
  ),
  instructions(
    "GRACE",
    [
      "arXiv 2510.13176",
      "Another LLVM and other programs; without a language model, under a second.",
    ],
    { "fall-back, mean": 10.1 },
  ),
  instructions(
    "Hybrid knowledge GA",
    ["arXiv 2510.14292", "Another LLVM and other programs; a search for each program."],
    { "fall-back, mean": 11 },
  ),
  instructions(
    "Compiler-R1",
    ["arXiv 2506.15701", "Another LLVM and other programs; a model in a loop with the compiler."],
    { "fall-back, mean": 8.46 },
  ),
  instructions(
    "CompilerGym leaderboard",
    [
      "facebookresearch/CompilerGym",
      "LLVM 10; the programs of cBench; 70 s of search for each. 6.54 is 1 - 1 / 1.070 of the published geometric mean.",
    ],
    { "fall-back, geomean": 6.54 },
  ),
];

/** Their figures under the keys of a table's columns; none where nothing there is measured as theirs. */
export const publishedRows = (table: string, keys: readonly string[]): TableRow[] =>
  PUBLISHED.flatMap(({ name, source, differs, figures }) => {
    const own = figures[table];
    if (own === undefined) return [];
    const note = `${source}. ${differs}`;
    return [{ name, isPublished: true, note, cells: keys.map((key) => own[key]) }];
  });

/** [name, headline, what it costs, source, what differs] of systems that measure what no table of ours does. */
const ELSEWHERE: readonly (readonly [string, string, string, string, string])[] = [
  [
    "LLM Compiler's autotuner",
    "7.1 % of .text + .data over -Oz",
    "4,877 lists a program on average",
    LLM_COMPILER,
    "On its training programs, LLVM 17.0.6. As a third party quotes the paper.",
  ],
  [
    "MLGO inliner",
    "up to 7 % of size",
    "inside the compiler",
    "arXiv 2101.04808",
    "The best of whole linked programs, not a mean of object files.",
  ],
  [
    "POSET-RL",
    "6.19 % of size",
    "a learned policy",
    "arXiv 2208.04238",
    "SPEC CPU 2017, another LLVM.",
  ],
  [
    "Forklift",
    "2.5 times more programs than a hand-written lifter",
    "a model",
    "arXiv 2404.16041",
    "Assembly of x86, ARM and RISC-V to LLVM-IR, counted as tests that pass.",
  ],
  ["LLM4Decompile 22B-v2", "63.6 % re-executable", "a model", "LLM4Decompile", "Assembly to C."],
];

/** What cannot stand in any of our tables, as none measures the same. */
export const elsewhereTable = (): Table => ({
  id: "published",
  title: "Published elsewhere, measured otherwise",
  about:
    "Systems of the same field whose numbers stand in no table here, as they measure something else.",
  columns: ["headline", "cost", "source"].map((title) => ({ title })),
  rows: ELSEWHERE.map(([name, headline, cost, source, differs]) => ({
    name,
    isPublished: true,
    note: differs,
    cells: [headline, cost, source],
  })),
});
