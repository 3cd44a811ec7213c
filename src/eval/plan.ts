/** Which questions a run asks: of each suite the cases that these programs give, and with which settings they are answered. */

import type { Counts } from "../dataset/row.ts";
import { REFINE_TOKENS } from "../disassemble/refine/refine.ts";
import { codeSuite } from "./code/suite.ts";
import type { CodeCase } from "./code/problems.ts";
import type { Python } from "./code/python.ts";
import { disassembleCases } from "./disassemble/cases.ts";
import { disassembleSuite } from "./disassemble/suite.ts";
import { emulateCases } from "./emulate/cases.ts";
import { emulateSuite } from "./emulate/suite.ts";
import { lossCases } from "./loss/cases.ts";
import { lossSuite } from "./loss/suite.ts";
import type { Program, Unusable } from "./program.ts";
import { type Planned, planned } from "./run.ts";
import { type SizeSuiteOptions, sizeSuite } from "./size/suite.ts";
import type { Kit, SuiteName } from "./suite.ts";
import { type OfferOptions } from "./tune/offer.ts";
import { tuneSuite } from "./tune/suite.ts";

export interface PlanOptions {
  readonly suites: readonly SuiteName[];
  /** Flag tuning: lists of each contender, and of the long search. */
  readonly tune: OfferOptions;
  readonly predictors: NonNullable<SizeSuiteOptions["predictors"]>;
  /** Functions of up to 512 tokens, for each target; longer ones come on top. */
  readonly functions: number;
  /** Answers to one function. */
  readonly candidates: number;
  /** Of emulation. */
  readonly emulations: number;
  /** Programs whose text is foreseen. */
  readonly texts: number;
  readonly code: {
    readonly cases: readonly CodeCase[];
    readonly python: Python | Error;
    readonly samples: number;
  };
  /** Functions that training may have seen, by the hash of their normal form. */
  readonly isKnown: (functionHash: string) => boolean;
}

export interface Plan {
  readonly suites: readonly Planned[];
  readonly unusable: readonly Unusable[];
  /** What was drawn and is no case, by suite and reason. */
  readonly leftOut: Readonly<Partial<Record<SuiteName, Readonly<Counts>>>>;
}

/** Longer functions are few: they take long, and are rarely answered. */
const LONG_FUNCTIONS_SHARE = 8;

export async function planSuites(
  kit: Kit,
  programs: readonly Program[],
  options: PlanOptions,
): Promise<Plan> {
  const drawn: Drawn[] = [];
  for (const name of options.suites) {
    if (kit.signal?.aborted === true) break;
    drawn.push(await DRAW[name](kit, programs, options));
  }
  return {
    suites: drawn.map(({ suite }) => suite),
    unusable: drawn.flatMap(({ unusable = [] }) => unusable),
    leftOut: Object.fromEntries(
      drawn.flatMap(({ suite, leftOut }) => (leftOut ? [[suite.name, leftOut]] : [])),
    ),
  };
}

interface Drawn extends Partial<Pick<Plan, "unusable">> {
  readonly suite: Planned;
  readonly leftOut?: Readonly<Counts>;
}

type Draw = (
  kit: Kit,
  programs: readonly Program[],
  options: PlanOptions,
) => Promise<Drawn> | Drawn;

const DRAW: Readonly<Record<SuiteName, Draw>> = {
  tune: (_, programs, { tune }) => {
    const { compilations, searchCompilations } = tune;
    return {
      suite: planned(tuneSuite(tune), programs, { compilations, searchCompilations }),
    };
  },
  size: (_, programs, { predictors }) => ({
    suite: planned(sizeSuite({ predictors }), programs, {}),
  }),
  async disassemble(kit, programs, { functions, candidates, isKnown }) {
    const long = Math.ceil(functions / LONG_FUNCTIONS_SHARE);
    const buckets = [
      { maxTokens: 512, cases: functions },
      { maxTokens: 2048, cases: long },
    ];
    const { cases, ...rest } = await disassembleCases(kit, programs, { buckets, isKnown });
    const how = { candidates, refineTokens: REFINE_TOKENS };
    return { suite: planned(disassembleSuite(how), cases, how), ...rest };
  },
  async emulate(kit, programs, { emulations, isKnown }) {
    const { cases, ...rest } = await emulateCases(kit, programs, { limit: emulations, isKnown });
    return { suite: planned(emulateSuite, cases, {}), ...rest };
  },
  async loss(kit, programs, { texts, isKnown }) {
    const { cases, ...rest } = await lossCases(kit, programs, { limit: texts, isKnown });
    return { suite: planned(lossSuite, cases, {}), ...rest };
  },
  code: (_kit, _programs, { code: { cases, python, samples } }) => ({
    suite: planned(codeSuite({ python, samples }), cases, { samples }),
  }),
};
