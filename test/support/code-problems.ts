/** Three programming problems of our own in the formats of HumanEval, MBPP and sanitized MBPP. */

const lines = (entries: readonly object[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

export const HUMANEVAL_LINES = lines([
  {
    task_id: "Own/0",
    prompt: 'def double(x: int) -> int:\n    """ Twice x. """\n',
    entry_point: "double",
    canonical_solution: "    return 2 * x\n",
    test: "def check(candidate):\n    assert candidate(3) == 6\n",
  },
  {
    task_id: "Own/1",
    prompt:
      'from typing import List\n\n\ndef longest(words: List[str]) -> str:\n    """ The longest word, the first of equals; "" of none.\n    >>> longest(["a", "bb"])\n    \'bb\'\n    """\n',
    entry_point: "longest",
    canonical_solution: "    return max(words, key=len, default='')\n",
    test: "METADATA = {'author': 'us'}\n\n\ndef check(candidate):\n    assert candidate(['a', 'bb', 'cc']) == 'bb'\n    assert candidate([]) == ''\n",
  },
  {
    task_id: "Own/2",
    prompt:
      'def _half(x):\n    return x // 2\n\n\ndef bits(x: int) -> int:\n    """ How many binary digits x has. """\n',
    entry_point: "bits",
    canonical_solution:
      "    count = 0\n    while x:\n        x = _half(x)\n        count += 1\n    return count\n",
    test: "def check(candidate):\n    assert [candidate(x) for x in (0, 1, 7, 8)] == [0, 1, 3, 4]\n",
  },
]);

export const MBPP_TASKS = [
  {
    task_id: 11,
    text: "Write a function to add up a list.",
    code: "def total(xs):\r\n    return sum(xs)",
    test_list: ["assert total([1, 2]) == 3", "assert total([]) == 0", "assert total([5]) == 5"],
    test_setup_code: "LIMIT = 10",
    challenge_test_list: [],
  },
  {
    task_id: 12,
    text: "Write a function to turn a text around.",
    code: "def turned(text):\n    return text[::-1]",
    test_list: [
      'assert turned("abc") == "cba"',
      'assert turned("") == ""',
      'assert turned("aa") == "aa"',
    ],
    test_setup_code: "",
    challenge_test_list: [],
  },
  {
    task_id: 13,
    text: "Write a function to find the hypotenuse of a right triangle.",
    code: "import math\ndef hypotenuse(a, b):\n    return math.hypot(a, b)",
    test_list: [
      "assert hypotenuse(3, 4) == 5",
      "assert hypotenuse(5, 12) == 13",
      "assert hypotenuse(0, 0) == 0",
    ],
    test_setup_code: "",
    challenge_test_list: [],
  },
] as const;

const SANITIZED = MBPP_TASKS.map(({ task_id, text, code, test_list }) => ({
  source_file: "own",
  task_id,
  prompt: text,
  code,
  test_imports: ["import math"],
  test_list,
}));

/** By the names that they are published under. */
export const CODE_FILES: Readonly<Record<string, string>> = {
  "HumanEval.jsonl": HUMANEVAL_LINES,
  "mbpp.jsonl": lines(MBPP_TASKS),
  "sanitized-mbpp.json": JSON.stringify(SANITIZED, null, 2),
};
