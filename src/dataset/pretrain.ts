/**
 * Stage 1, pretraining: code as it is. Of each module, as it came and under a random list or one of the coreset: its IR, and
 * its assembly for both architectures.
 *
 *   <|begin|><|ir|>IR<|end|>    <|begin|><|x86_64|><|asm|>ASSEMBLY<|end|>
 *
 * IR that does not fit is cut by functions (fit.ts), assembly into single functions (assembly-cut.ts).
 */

import { cleanAssembly } from "../tasks/assembly.ts";
import { assemblyFunctions } from "../tasks/assembly-cut.ts";
import { guardMarks } from "../tasks/escape.ts";
import { MARKS } from "../tasks/marks.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { foreignTo } from "./retarget.ts";
import type { Draft, Made } from "./row.ts";
import { type Source, drawCoreset, drawRandom, failed, printed, rngFor } from "./source.ts";
import { type Unit, assemblyOf, normalText, optimise, partsOf, symbolsOf } from "./unit.ts";

/** Begin, kind, architecture, end. */
const MARK_TOKENS = 4;

export async function* pretrainRows(source: Source): AsyncGenerator<Made> {
  const rng = rngFor(source, "pretrain");
  const drawn = rng.next() < 1 / 2 ? drawRandom(source, rng) : drawCoreset(source, rng);
  const lists = ["", printed(drawn)];
  const { unit, other, architecture } = source;
  for (const passes of lists) {
    yield* documentsOf(source, unit, { passes, architecture, withIr: true });
    const foreign = foreignTo(architecture);
    if ("why" in other) yield { left: `no ${foreign}: ${other.why}` };
    else yield* documentsOf(source, other, { passes, architecture: foreign, withIr: false });
  }
}

interface What {
  readonly passes: string;
  readonly architecture: Architecture;
  /** The other architecture's IR differs by little more than its first lines. */
  readonly withIr: boolean;
}

async function* documentsOf(source: Source, unit: Unit, what: What): AsyncGenerator<Made> {
  const optimised = await optimise(source.pool, unit, what.passes);
  if (optimised.status !== "ok") return yield failed(optimised);
  using made = optimised.value;
  if (what.withIr) yield* irDocuments(source, made, what);
  const assembly = await assemblyOf(source.pool, made);
  if (assembly.status !== "ok") return yield failed(assembly);
  yield* assemblyDocuments(source, { assembly: assembly.value, ir: made.text, what });
}

async function* irDocuments(source: Source, { text }: Unit, what: What): AsyncGenerator<Made> {
  const { pool, countTokens, context } = source;
  const { parts, tooLong } = partsOf(text, { maxTokens: context - MARK_TOKENS, countTokens });
  for (let at = 0; at < tooLong; at++) yield { left: TOO_LONG };
  for (const { part, text: piece } of parts) {
    if (part === "excerpt") {
      yield { left: TOO_LONG };
      continue;
    }
    const ir =
      part === "module" ? { status: "ok" as const, value: piece } : await normalText(pool, piece);
    if (ir.status === "ok") yield { ...irDocument(ir.value, what), part };
    else yield failed(ir);
  }
}

export const TOO_LONG = "function longer than the context";

const irDocument = (ir: string, { passes, architecture }: What): Omit<Draft, "part"> => ({
  architecture,
  teaches: "ir",
  passes,
  prompt: MARKS.begin + MARKS.ir,
  answer: guardMarks(ir, "ir") + MARKS.end,
  symbols: symbolsOf(ir),
});

function* assemblyDocuments(
  { countTokens, context }: Source,
  { assembly, ir, what }: { assembly: string; ir: string; what: What },
): Generator<Made> {
  const { architecture, passes } = what;
  const fits = (text: string): boolean => countTokens(text) <= context - MARK_TOKENS;
  const draft = { architecture, passes, teaches: "assembly" as const };
  const prompt = MARKS.begin + MARKS[architecture] + MARKS.assembly;
  const answer = (text: string): string => guardMarks(text, "assembly") + MARKS.end;
  const whole = cleanAssembly(assembly, architecture);
  if (fits(whole)) {
    yield { ...draft, part: "module", prompt, answer: answer(whole), symbols: symbolsOf(ir) };
    return;
  }
  const functions = assemblyFunctions(assembly, architecture);
  for (const name of functions.names) {
    const text = functions.cut(name) ?? "";
    const symbols = [`@${name}`];
    if (fits(text)) yield { ...draft, part: "function", prompt, answer: answer(text), symbols };
    else yield { left: TOO_LONG };
  }
}
