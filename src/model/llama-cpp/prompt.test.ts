import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeRng } from "../../base/rng.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { writeTinyModel } from "../../../test/support/tiny-gguf.ts";
import { type Candidates, type Engine, openEngine } from "./bindings.ts";
import { evaluatePrompt } from "./prompt.ts";

const check = (): void => {};
const OPTIONS = { contextTokens: 512, maxContextTokens: 512, threads: 1 };
const SHIPPED = join(import.meta.dirname, "../../../models/disassembler-q8_0.gguf");
const TINY = join(tempFolder(), "tiny.gguf");
await writeTinyModel(TINY);

/** Tokens that every vocabulary has, in an order that the seed gives. */
function someTokens(count: number, seed: number): number[] {
  const rng = makeRng(seed);
  return Array.from({ length: count }, () => 40 + rng.int(240));
}

/** A prompt that grows by a few tokens each time, as one does that is told what its answers gave; then one that parts from it. */
function growing(): number[][] {
  const all = someTokens(400, 1);
  const lengths = Array.from({ length: 5 }, (_, time) => 300 + 7 * time);
  const other = [...all.slice(0, 203), ...someTokens(60, 2)];
  return [...lengths.map((length) => all.slice(0, length)), other, all.slice(0, 150)];
}

const WIDTH = 40;
/** What follows a prompt, as sampling asks for it. */
const after = (engine: Engine, prompt: readonly number[]): Promise<Candidates> =>
  engine.evaluate(prompt.slice(-1), prompt.length - 1, WIDTH);

/** An answer of a few tokens behind the prompt, which is taken back as after a request. */
async function answer(engine: Engine, prompt: readonly number[]): Promise<void> {
  for (const [at, token] of someTokens(6, prompt.length).entries())
    await engine.evaluate([token], prompt.length + at, 1);
  engine.rewind(prompt.length - 1);
}

test.each([
  ["the shipped model", SHIPPED],
  ["weights in F32", TINY],
])("evaluatePrompt after other prompts gives a fresh prompt's sums: %s", async (_, path) => {
  const kept = await openEngine({ ...OPTIONS, path });
  const fresh = await openEngine({ ...OPTIONS, path });
  let there: readonly number[] = [];
  for (const prompt of growing()) {
    there = await evaluatePrompt(kept, prompt, { there, check });
    const found = await after(kept, prompt);
    await answer(kept, prompt);
    await evaluatePrompt(fresh, prompt, { there: [], check });
    expect(found).toEqual(await after(fresh, prompt));
  }
});

interface Recorded {
  readonly engine: Pick<Engine, "rewind" | "evaluate">;
  readonly tokens: number[];
  readonly batches: number[];
}

/** Holds tokens as llama.cpp does, and counts. */
function recorded(): Recorded {
  const [tokens, batches]: [number[], number[]] = [[], []];
  const engine: Recorded["engine"] = {
    rewind: (position) => void tokens.splice(position),
    async evaluate(part, position) {
      expect(position).toBe(tokens.length);
      tokens.push(...part);
      batches.push(part.length);
      return { tokens: [], logProbabilities: [] };
    },
  };
  return { engine, tokens, batches };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

test("evaluatePrompt evaluates what is new, and of a prompt that goes on less than a step before, or the last tile", async () => {
  const { engine, batches } = recorded();
  const all = someTokens(400, 1);
  let there = await evaluatePrompt(engine, all.slice(0, 290), { there: [], check });
  for (let length = 297; length < 400; length += 7) {
    const isNewTile = Math.floor((length - 1) / 64) > Math.floor((length - 8) / 64);
    batches.length = 0;
    there = await evaluatePrompt(engine, all.slice(0, length), { there, check });
    expect(sum(batches)).toBeLessThan(7 + (isNewTile ? 64 : 8));
  }
  batches.length = 0;
  await evaluatePrompt(engine, all.slice(0, there.length + 1), { there, check });
  expect(batches).toEqual([]);
});

test("evaluatePrompt leaves all but the last token there, whatever was there", async () => {
  const prompts = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 0, max: 700 })),
    { minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(prompts, async (shapes) => {
      const { engine, tokens, batches } = recorded();
      let there: readonly number[] = [];
      for (const [length, shared] of shapes) {
        const prompt = [...someTokens(700, 1).slice(0, shared), ...someTokens(700, length)];
        there = await evaluatePrompt(engine, prompt.slice(0, length), { there, check });
        expect(tokens).toEqual(prompt.slice(0, length - 1));
        expect(there).toEqual(tokens);
      }
      expect(Math.max(0, ...batches)).toBeLessThanOrEqual(512);
    }),
  );
});
