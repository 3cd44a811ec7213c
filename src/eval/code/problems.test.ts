import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { CODE_FILES, HUMANEVAL_LINES, MBPP_TASKS } from "../../../test/support/code-problems.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { type CodeCase, readCodeCases } from "./problems.ts";

const folder = tempFolder({
  ...CODE_FILES,
  "HumanEval.jsonl.gz": gzipSync(HUMANEVAL_LINES),
});

function casesOf(name: string): readonly CodeCase[] {
  const read = readCodeCases(join(folder, name));
  if (!read.ok) throw new Error(read.message);
  return read.cases;
}

function messageOf(text: string | Uint8Array): string {
  const read = readCodeCases(join(tempFolder({ data: text }), "data"));
  if (read.ok) throw new Error(`${read.cases.length} cases`);
  return read.message;
}

test("readCodeCases takes HumanEval's prompt as it is, zipped or not", () => {
  const cases = casesOf("HumanEval.jsonl");
  expect(cases.map(({ id }) => id)).toEqual(["Own/0", "Own/1", "Own/2"]);
  expect(cases[0]).toMatchObject({
    benchmark: "humaneval",
    language: "python",
    prompt: 'def double(x: int) -> int:\n    """ Twice x. """\n',
    head: 'def double(x: int) -> int:\n    """ Twice x. """\n',
    tail: "\ndef check(candidate):\n    assert candidate(3) == 6\n\ncheck(double)\n",
    stops: ["\nclass", "\ndef", "\n#", "\nif", "\nprint"],
    solution: "    return 2 * x\n",
  });
  expect(casesOf("HumanEval.jsonl.gz")).toEqual(cases);
});

test("readCodeCases shows an MBPP task with its three asserts in a docstring", () => {
  const [first] = casesOf("mbpp.jsonl");
  expect(first).toMatchObject({
    id: "mbpp/11",
    prompt:
      '"""\nWrite a function to add up a list.\nassert total([1, 2]) == 3\nassert total([]) == 0\nassert total([5]) == 5\n"""\n',
    head: "LIMIT = 10\n",
    tail: "\nassert total([1, 2]) == 3\nassert total([]) == 0\nassert total([5]) == 5\n",
  });
  const [sanitized] = casesOf("sanitized-mbpp.json");
  expect(sanitized).toMatchObject({ id: "mbpp-sanitized/11", head: "import math\n" });
});

test("readCodeCases leaves out the tasks of MBPP that are not of its test split", () => {
  const text = [1, 10, 11, 510, 511, 974]
    .map((id) => JSON.stringify({ ...MBPP_TASKS[0], task_id: id }))
    .join("\n");
  const read = readCodeCases(join(tempFolder({ data: text }), "data"));
  expect(read.ok && read.cases.map(({ id }) => id)).toEqual(["mbpp/11", "mbpp/510"]);
});

const [FIRST = "", SECOND = ""] = HUMANEVAL_LINES.split("\n");

test.each([
  ["a torn line", `${FIRST}\n${SECOND.slice(0, 40)}`, /data: line 2 is no JSON/],
  ["a field of another type", `${FIRST}\n\n{"entry_point": "f", "prompt": 3}`, /line 3:.*prompt/],
  [
    "a name that is code",
    FIRST.replace('"entry_point":"double"', '"entry_point":"f); print("'),
    /line 1:.*function's name/,
  ],
  ["something else", `${FIRST}\n{"question": "?"}`, /line 2: no problem of HumanEval/],
  ["what is no object", "3\n", /line 1: no problem/],
  ["a problem twice", `${FIRST}\n${SECOND}\n${FIRST}`, /line 3: Own\/0 is there twice/],
  ["nothing", "\n\n", /holds no problem/],
  ["an array that ends too early", '[\n  {"task_id": 11},\n', /line 3|position|end of JSON/],
  [
    "an entry of an array",
    `[\n${JSON.stringify({ ...MBPP_TASKS[0], code: "{" }, null, 1)},\n{"test_list": [], "task_id": 12}]`,
    new RegExp(`line ${JSON.stringify(MBPP_TASKS[0], null, 1).split("\n").length + 2}:.*test_list`),
  ],
])("readCodeCases names the line of %s", (_, text, message) => {
  expect(messageOf(text)).toMatch(message);
});

test("readCodeCases refuses what is zipped without end, what is not there, and a folder", () => {
  expect(messageOf(gzipSync(Buffer.alloc(65 << 20, 10), { level: 1 }))).toContain("data: ");
  expect(readCodeCases("/no/such/file").ok).toBe(false);
  expect(readCodeCases(folder).ok).toBe(false);
});
