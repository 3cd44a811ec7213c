/**
 * Stage 3, flag tuning: IR in, the pass list that makes its object smallest out, with the object's size without any pass and
 * with the list; sizes are measured here. What fits is asked as a whole, with the module's best list as the answer. Parts and
 * excerpts have no labels of their own: of the best lists of their module the one that makes the part smallest.
 */

import { type Outcome, ok } from "../llvm/outcome.ts";
import { withMandatoryInlining } from "../passes/mandatory.ts";
import { presets } from "../passes/presets.ts";
import { tune } from "../tasks/tune.ts";
import type { LabelledList, LabelledLists } from "./labelled.ts";
import type { Draft, Made, Part } from "./row.ts";
import { TOO_LONG } from "./pretrain.ts";
import { type Source, failed, printed, rngFor } from "./source.ts";
import { type Unit, openUnit, partsOf, sizesOf, symbolsOf } from "./unit.ts";

/** Room for the answer; a written list of the tuner's takes 20 to 150 tokens. */
const ANSWER_TOKENS = 256;
/** Each costs a compilation of every part. */
const LISTS_A_PART = 5;
const MAX_PARTS = 24;

export async function* tuneRows(source: Source): AsyncGenerator<Made> {
  const { unit, labelled, countTokens, context, pool, isWhole } = source;
  if (labelled === undefined) return;
  const maxTokens = Math.max(1, context - ANSWER_TOKENS);
  const { parts, tooLong } = partsOf(unit.text, { maxTokens, countTokens });
  for (let at = 0; at < tooLong; at++) yield { left: TOO_LONG };
  for (const { part, text } of rngFor(source, "tune").shuffle(parts).slice(0, MAX_PARTS)) {
    const opened = await openUnit(pool, text);
    if (opened.status !== "ok") {
      yield failed(opened);
      continue;
    }
    using input = opened.value;
    const isLabelled = isWhole && part === "module";
    const lists = isLabelled ? labelled.slice(0, 1) : forParts(labelled);
    const row = await tuneRow(source, input, { part, lists });
    yield row.status === "ok" ? row.value : failed(row);
  }
}

const OZ: LabelledList = { list: presets.Oz, proposal: { kind: "list", list: presets.Oz } };

const forParts = (labelled: LabelledLists): LabelledLists => {
  const others = labelled.filter(({ list }) => printed(list) !== printed(presets.Oz));
  return [OZ, ...others.slice(0, LISTS_A_PART - 1)];
};

async function tuneRow(
  source: Source,
  unit: Unit,
  { part, lists }: { part: Part; lists: LabelledLists },
): Promise<Outcome<Draft>> {
  const before = await sizesOf(source.pool, unit, "");
  if (before.status !== "ok") return before;
  const best = await smallest(source, unit, lists);
  if (best.status !== "ok") return best;
  const { proposal, list, bytes } = best.value;
  return ok({
    part,
    architecture: source.architecture,
    teaches: "passes",
    passes: printed(list),
    prompt: tune.compact.prompt({ ir: unit.text }),
    answer: tune.compact.target({ proposal, sizes: { before: before.value.bytes, after: bytes } }),
    symbols: symbolsOf(unit.text),
  });
}

/** The first of the smallest; a failure where no list could be measured. */
async function smallest(
  { pool }: Source,
  unit: Unit,
  lists: LabelledLists,
): Promise<Outcome<LabelledList & { readonly bytes: number }>> {
  let best: (LabelledList & { readonly bytes: number }) | undefined;
  let last: Outcome<never> = { status: "rejected", message: "no list to measure" };
  for (const found of lists) {
    const { list } = found;
    // As every search does where a function must be inlined.
    const run = unit.module.info.hasAlwaysInline ? withMandatoryInlining(list) : list;
    const sizes = await sizesOf(pool, unit, printed(run));
    if (sizes.status !== "ok") last = sizes;
    else if (best === undefined || sizes.value.bytes < best.bytes)
      best = { ...found, bytes: sizes.value.bytes };
  }
  return best ? ok(best) : last;
}
