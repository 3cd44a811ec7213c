/** Next-token loss on text of programs. */

import { bitsPerCharacter, perplexity } from "../metrics/ratios.ts";
import type { Scored } from "../metrics/ratios.ts";
import type { LossRow } from "../row.ts";
import type { Table } from "../table.ts";
import { breakdowns } from "./breakdown.ts";
import { compare } from "./compared.ts";
import { contenderTable, measured } from "./contender-table.ts";

const KINDS = [
  ["ir", "IR"],
  ["assembly", "assembly"],
] as const;

export const lossTables = (rows: readonly LossRow[]): Table[] =>
  KINDS.flatMap(([kind, title]) => tablesOf(rows, kind, title));

/** A text that a contender could not score would flatter it: only those that all who score anything have scored count. */
function tablesOf(all: readonly LossRow[], kind: LossRow["kind"], name: string): Table[] {
  const rows = all.filter((row) => row.kind === kind && scoredIn(row) !== undefined);
  const compared = compare(rows);
  const [id, title] = [`loss-${kind}`, `Next-token loss on ${name}`];
  const bits = measured(["bits", "bits per character"], bitsPerCharacter(scoredIn), {
    digits: 3,
    isLessBetter: true,
  });
  return [
    ...contenderTable(compared, {
      id,
      title,
      about:
        "Over the texts that every contender with a score has scored. Perplexity is for a token and compares contenders of one tokenizer only; bits per character compare all.",
      measures: [
        bits,
        measured(["perplexity", "perplexity"], perplexity(scoredIn), {
          digits: 3,
          isLessBetter: true,
        }),
      ],
      rank: ["bits", "perplexity"],
    }),
    ...breakdowns(compared, { id, title, about: "Bits per character.", measure: bits }),
  ];
}

const scoredIn = ({ nats, tokens, characters }: LossRow): Scored | undefined =>
  nats === null || tokens === null ? undefined : { nats, tokens, characters };
