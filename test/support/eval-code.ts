/** What the suites that ask for code (disassemble, emulate) are tested with. */

import type { WithBitcode } from "../../src/corpus/corpus-module.ts";
import type { Program } from "../../src/eval/program.ts";
import { type Row, rowSchema } from "../../src/eval/row.ts";
import type { Case, Contender, Kit, Suite } from "../../src/eval/suite.ts";
import type { Model } from "../../src/model/model.ts";
import { sampleModules } from "./dataset.ts";

export const programOf = ({ hash, path, bitcode, language, ...rest }: WithBitcode): Program => ({
  id: `${rest.package}/${path}#${hash.slice(0, 8)}`,
  package: rest.package,
  language,
  bytes: bitcode.byteLength,
  hash,
  bitcode,
});

export const samplePrograms = async (count: number): Promise<Program[]> =>
  (await sampleModules(count)).map(programOf);

export const contenderOf = (model: Model): Contender => ({ kind: "model", name: "m", model });

/** Of all cases, as the schema reads them and less the times. */
export async function rowsOf<C extends Case>(
  { answer }: Suite<C>,
  cases: readonly C[],
  { model, kit }: { model: Model; kit: Kit },
): Promise<Row[]> {
  const rows = [];
  for (const asked of cases)
    rows.push({ ...rowSchema.parse(await answer(contenderOf(model), asked, kit)), seconds: 0 });
  return rows;
}

/** An endpoint that is gone after so many answers. */
export function dyingAfter(answers: number, model: Model): Model {
  let asked = 0;
  return {
    ...model,
    propose: async (request) =>
      ++asked <= answers
        ? model.propose(request)
        : { status: "unreachable", message: "connection refused" },
  };
}

/** What may come in place of an answer, and the row's status then. */
export const MISHAPS = [
  ["takes too long", { status: "timeout", message: "60 s" }, "timeout"],
  ["is refused", { status: "refused", message: "no room" }, "refused"],
  ["is a crash", { status: "crashed", message: "SIGSEGV" }, "crashed"],
  ["is none", { status: "ok", value: [] }, "unparsed"],
  ["has 10 MB", { status: "ok", value: [endless()] }, "unparsed"],
] as const;

function endless(): { text: string; ended: boolean; tokens: number } {
  return { text: "define ".repeat(1_500_000), ended: true, tokens: 1_500_000 };
}
