/**
 * The software-engineering problems, read from the files as they are published, each recognised by its fields:
 *
 * - HumanEval.jsonl(.gz): the prompt as it is, a function up to its docstring; the answer goes on behind it.
 * - mbpp.jsonl and sanitized-mbpp.json, tasks 11 to 510, the published test split: a docstring with the task and its three
 *   asserts and nothing else, without examples; the answer is the whole function. (Austin et al. show three solved tasks
 *   first; the docstring is what came to be used for models that complete code.)
 *
 * An answer ends where a function of the top level ends: the stops are those of Chen et al. and, for MBPP, of the harnesses
 * that use the docstring.
 */

import { readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { MAX_INPUT_BYTES } from "../../base/limits.ts";
import type { Case } from "../suite.ts";
import { type Entry, entriesOf } from "./entries.ts";

export interface CodeCase extends Case {
  readonly benchmark: Benchmark;
  readonly prompt: string;
  readonly stops: readonly string[];
  /** Around the answer, the program whose end without an exception is a pass. */
  readonly head: string;
  readonly tail: string;
  /** The data set's own answer. */
  readonly solution: string;
}

/** The two files of MBPP ask different problems, partly in other words. */
type Benchmark = "humaneval" | "mbpp" | "mbpp-sanitized";

export type CodeCases =
  | { readonly ok: true; readonly cases: readonly CodeCase[] }
  | { readonly ok: false; readonly message: string };

const HUMANEVAL_STOPS = ["\nclass", "\ndef", "\n#", "\nif", "\nprint"];
const MBPP_STOPS = ["\nclass", "\nassert", '\n"""', "\nprint", "\nif", "\n```"];
const FIRST_TEST_TASK = 11;
const LAST_TEST_TASK = 510;

const HUMANEVAL = z.object({
  task_id: z.string(),
  prompt: z.string(),
  entry_point: z.string().regex(/^[A-Za-z_]\w*$/, "want a function's name"),
  canonical_solution: z.string(),
  test: z.string(),
});
const mbpp = { task_id: z.int(), code: z.string(), test_list: z.array(z.string()).min(1) };
const MBPP = z.object({ ...mbpp, text: z.string(), test_setup_code: z.string().default("") });
const SANITIZED = z.object({
  ...mbpp,
  prompt: z.string(),
  test_imports: z.array(z.string()).default([]),
});

/** Not ok, with the line, where one entry is none of the three: problems left out would change what is measured. */
export function readCodeCases(path: string): CodeCases {
  const cases = new Map<string, CodeCase>();
  try {
    for (const entry of entriesOf(textOf(path))) {
      const found = caseOf(entry);
      if (found === undefined) continue;
      if (cases.has(found.id)) throw new Error(`line ${entry.line}: ${found.id} is there twice`);
      cases.set(found.id, found);
    }
    if (cases.size === 0) throw new Error("holds no problem; want HumanEval.jsonl or mbpp.jsonl");
  } catch (error) {
    return { ok: false, message: `${path}: ${error instanceof Error ? error.message : error}` };
  }
  return { ok: true, cases: [...cases.values()] };
}

function textOf(path: string): string {
  const { size } = statSync(path);
  if (size > MAX_INPUT_BYTES)
    throw new Error(`has ${size} bytes; want at most ${MAX_INPUT_BYTES}, as the data sets have`);
  const bytes = readFileSync(path);
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b; // RFC 1952, 2.3.1
  return (isZipped ? gunzipSync(bytes, { maxOutputLength: MAX_INPUT_BYTES }) : bytes).toString();
}

/** Undefined for a task of MBPP that is not of the test split. */
function caseOf({ value, line }: Entry): CodeCase | undefined {
  const has = (field: string): boolean =>
    typeof value === "object" && value !== null && field in value;
  const read = <T>(schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new Error(`line ${line}: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, " ")}`);
  };
  if (has("entry_point")) return humanEvalCase(read(HUMANEVAL));
  if (has("text")) return mbppCase(read(MBPP));
  if (has("test_list")) return sanitizedCase(read(SANITIZED));
  throw new Error(
    `line ${line}: no problem of HumanEval (entry_point) or MBPP (text, test_list): ${JSON.stringify(value).slice(0, 60)}`,
  );
}

const caseWith = (
  rest: Pick<CodeCase, "id" | "benchmark" | "prompt" | "stops" | "head" | "tail" | "solution">,
): CodeCase => ({
  ...rest,
  package: rest.benchmark,
  language: "python",
  bytes: Buffer.byteLength(rest.prompt),
});

const humanEvalCase = (task: z.infer<typeof HUMANEVAL>): CodeCase =>
  caseWith({
    id: task.task_id,
    benchmark: "humaneval",
    prompt: task.prompt,
    stops: HUMANEVAL_STOPS,
    head: task.prompt,
    tail: `\n${task.test}\ncheck(${task.entry_point})\n`,
    solution: task.canonical_solution,
  });

const mbppCase = ({
  text,
  test_setup_code: setup,
  ...task
}: z.infer<typeof MBPP>): CodeCase | undefined =>
  docstringCase(task, { benchmark: "mbpp", text, setup: [setup] });

const sanitizedCase = ({
  prompt: text,
  test_imports: setup,
  ...task
}: z.infer<typeof SANITIZED>): CodeCase | undefined =>
  docstringCase(task, { benchmark: "mbpp-sanitized", text, setup });

function docstringCase(
  task: Pick<z.infer<typeof MBPP>, "task_id" | "code" | "test_list">,
  { benchmark, text, setup }: { benchmark: Benchmark; text: string; setup: readonly string[] },
): CodeCase | undefined {
  const { task_id: id, code, test_list: tests } = task;
  if (id < FIRST_TEST_TASK || id > LAST_TEST_TASK) return undefined;
  return caseWith({
    id: `${benchmark}/${id}`,
    benchmark,
    prompt: `"""\n${[text, ...tests].join("\n")}\n"""\n`,
    stops: MBPP_STOPS,
    head: setup.map((line) => `${line}\n`).join(""),
    tail: `\n${tests.join("\n")}\n`,
    solution: code,
  });
}
