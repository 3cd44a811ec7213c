/**
 * Stage 3, flag tuning: what a module is like in, a list of the coreset out, with the object's size without any pass and with the
 * list. The answer is drawn from the lists that save most on the module, by the square of what they save: a model that
 * learns this ranks lists by what may be expected of them. -Oz is never the answer, for it is always measured: a module
 * that nothing saves on teaches nothing.
 */

import type { Rng } from "../base/rng.ts";
import { presets } from "../passes/presets.ts";
import { tune } from "../tasks/tune.ts";
import { TUNE_INPUT_TOKENS, type TuneInputOptions, tuneInput } from "../tasks/tune-input.ts";
import type { LabelledList, LabelledLists } from "./labelled.ts";
import type { Made } from "./row.ts";
import { type Source, failed, printed, rngFor } from "./source.ts";
import { sizesOf, symbolsOf } from "./unit.ts";

/** Of one module: other functions come first, and another of its good lists is the answer. */
const VARIANTS = 6;
/** Of the room for a prompt, by how much it varies: so the variants of one long function differ too. */
const ROOM_SPREAD = 0.25;
/** Of the best list's saving, what one must save to be an answer. */
const LEAST_SHARE = 0.5;

export async function* tuneRows(source: Source): AsyncGenerator<Made> {
  const { unit, labelled, pool, architecture, countTokens, isWhole } = source;
  if (labelled === undefined) return;
  if (!isWhole) return yield { left: "another split has some of its functions" };
  const answers = goodLists(labelled);
  if (answers.length === 0) return yield { left: "no list of the coreset saves" };
  const before = await sizesOf(pool, unit, "");
  if (before.status !== "ok") return yield failed(before);
  const rng = rngFor(source, "tune");
  for (let variant = 0; variant < VARIANTS; variant++) {
    const { list, proposal, bytes } = drawList(answers, rng);
    const maxTokens = TUNE_INPUT_TOKENS - rng.int(TUNE_INPUT_TOKENS * ROOM_SPREAD);
    const order: TuneInputOptions["order"] = (bodies) => rng.shuffle(bodies);
    const ir = tuneInput(unit.text, { countTokens, maxTokens, order });
    const sizes = { before: before.value.bytes, after: bytes };
    yield {
      part: "module",
      architecture,
      teaches: "passes",
      passes: printed(list),
      prompt: tune.compact.prompt({ ir }),
      answer: tune.compact.target({ proposal, sizes }),
      symbols: symbolsOf(unit.text),
    };
  }
}

interface Answer extends LabelledList {
  /** Bytes saved over -Oz. */
  readonly saved: number;
}

function goodLists(labelled: LabelledLists): Answer[] {
  const oz = labelled.find(({ list }) => printed(list) === printed(presets.Oz));
  const answers = labelled.flatMap((found) =>
    found.proposal.kind === "coreset" && oz ? [{ ...found, saved: oz.bytes - found.bytes }] : [],
  );
  const most = Math.max(0, ...answers.map(({ saved }) => saved));
  return answers.filter(({ saved }) => saved > 0 && saved >= LEAST_SHARE * most);
}

function drawList(answers: readonly Answer[], rng: Rng): Answer {
  const weights = answers.map(({ saved }) => saved ** 2);
  let left = rng.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const at = weights.findIndex((weight) => (left -= weight) < 0);
  const drawn = answers[Math.max(0, at)];
  if (drawn === undefined) throw new Error("drawList: no list to draw from; want at least one");
  return drawn;
}
