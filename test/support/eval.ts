/** What the suites of an evaluation are tested with: a kit on the real LLVM, and models that say what a test wants. */

import type { Kit } from "../../src/eval/suite.ts";
import type { Pool } from "../../src/llvm/pool.ts";
import type { Model, ModelOutcome, ModelReply, ModelRequest } from "../../src/model/model.ts";
import { registryFor } from "../../src/passes/registry.ts";
import { loadCoreset } from "../../src/tuner/coreset.ts";
import { type Journal, memoryJournal } from "../../src/tuner/journal.ts";
import { toolchain } from "./llvm.ts";
import { tempFolder } from "./temp.ts";

/** With journals of its own, which last as long as it. */
export function evalKit(pool: Pool): Kit & { readonly journals: ReadonlyMap<string, Journal> } {
  const registry = registryFor(toolchain.major);
  const journals = new Map<string, Journal>();
  const journalFor = (name: string): Journal => {
    const journal = journals.get(name) ?? memoryJournal();
    journals.set(name, journal);
    return journal;
  };
  return {
    pool,
    registry,
    coreset: loadCoreset(registry),
    journalFor,
    journals,
    seed: 1,
    scratch: tempFolder(),
    limitMs: 60_000,
  };
}

/** Says `answer` of each request; a token is three characters. */
export function sayingModel(
  answer: (request: ModelRequest) => ModelOutcome<readonly ModelReply[]>,
  contextTokens = 100_000,
): Model {
  return {
    name: "saying",
    dialect: "compact",
    contextTokens,
    countTokens: (text) => Math.ceil(text.length / 3),
    propose: async (request) => answer(request),
    close: async () => {},
  };
}

export const says = (...texts: string[]): ModelOutcome<readonly ModelReply[]> => ({
  status: "ok",
  value: texts.map((text) => ({ text, ended: true, tokens: 1 })),
});
