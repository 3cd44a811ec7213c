import { join } from "node:path";
import { expect, test } from "vitest";
import { llmc } from "../../test/support/cli.ts";
import { testPool, toolchain } from "../../test/support/llvm.ts";
import { registryFor } from "../passes/registry.ts";
import { tuneGbnf } from "../tasks/grammar-proposal.ts";
import { tune } from "../tasks/tune.ts";
import { tuneInput } from "../tasks/tune-input.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { findModel } from "./open-model.ts";

const pool = testPool(1);
const SHIPPED = join(import.meta.dirname, "../../models/mini-q8_0.gguf");
const registry = registryFor(toolchain.major);
const context = { registry, coreset: loadCoreset(registry).lists };

test("findModel gives the shipped model, which is for this LLVM and coreset, when none is named", async () => {
  const before = process.env["LLMC_MODEL"];
  delete process.env["LLMC_MODEL"];
  const model = await findModel(undefined, pool, context);
  if (before !== undefined) process.env["LLMC_MODEL"] = before;
  if (model === undefined) throw new Error("no model: the shipped one does not fit what is here");
  const ir = tuneInput("", { countTokens: (text) => model.countTokens(text) });
  const outcome = await model.propose({
    prompt: tune.compact.prompt({ ir }),
    count: 3,
    maxTokens: 64,
    stops: tune.compact.stops,
    grammar: tuneGbnf(context, { sizes: true }),
    limitMs: 60_000,
  });
  await model.close();
  if (outcome.status !== "ok") throw new Error(outcome.message);
  const lists = outcome.value.map((reply) => tune.compact.parse(reply, context));
  expect(lists.map(({ ok }) => ok)).toEqual([true, true, true]);
}, 60_000);

test("findModel gives nothing when it is told so", async () => {
  expect(await findModel("none", pool, context)).toBeUndefined();
});

test("llmc models inspect says that the shipped model fits", async () => {
  const { code, stdout } = await llmc(["models", "inspect", SHIPPED]);
  expect({ code, stdout }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/fits here +yes/);
});
