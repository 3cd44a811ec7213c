import { expect, test } from "vitest";
import { makeQueue } from "./branches.ts";
import { makeLines } from "./lines.ts";

const engine = { detokenize: (tokens: readonly number[]) => String.fromCharCode(...tokens) };
const TOKENS = [...`${"a".repeat(40)}\n`].map((letter) => letter.charCodeAt(0));

interface Way {
  readonly tokens: readonly number[];
  readonly length: number;
}

const MOST = 100;

/** How often the search is sent back within one line where each time two more ways are open, until it is lost. */
async function timesSentBack(wrongAt: (times: number) => number): Promise<number> {
  let times = 0;
  const look = async (): Promise<number> => wrongAt(times);
  const lines = makeLines<Way>(engine, look, { before: [], done: makeQueue() });
  while (times < MOST) {
    for (const length of [0, 1]) lines.put({ tokens: TOKENS, length }, { joint: 0, regret: 0 });
    if ((await lines.after(TOKENS)) === "lost") break;
    times++;
  }
  return times;
}

test("makeLines gives a line up that is refused again and again at the same place or before it", async () => {
  expect(await timesSentBack(() => 30)).toBe(24);
  expect(await timesSentBack((times) => 40 - times)).toBe(24);
});

test("makeLines goes on with a line as long as it gets further", async () => {
  expect(await timesSentBack((times) => times / 4)).toBe(MOST);
});

test("makeLines does not go back to where the fault would stay", async () => {
  const look = async (): Promise<number> => 5;
  const lines = makeLines<Way>(engine, look, { before: [], done: makeQueue() });
  for (const length of [30, 10, 3]) lines.put({ tokens: TOKENS, length }, { joint: 0, regret: 0 });
  expect(await lines.after(TOKENS)).toEqual({ tokens: TOKENS, length: 3 });
  expect(await lines.after(TOKENS)).toBe("lost");
});
