/**
 * The task `tune` (flag tuning): IR in, the pass list that makes its object smallest out, with the sizes that the model
 * expects before and after. In the compact dialect a model may be asked again: it is told what the lists tried so far have
 * saved, and says which one to try next.
 */

import { type DialectName, type Parsed, parsedOf, type TaskDialect } from "./dialect.ts";
import { MARKS, outOfOrder, sectionsOf } from "./marks.ts";
import { guardMarks } from "./escape.ts";
import { isPair, printPair, printSaved, readPair } from "./numbers.ts";
import { isProposal, printProposal, type Proposal, type ProposalContext } from "./proposal.ts";
import { readProposal } from "./proposal.ts";
import { numbersAfter, publishedCode, publishedTune, readPublished } from "./published.ts";
import { relativeError } from "./score.ts";

export interface TuneInput {
  /** Compact: the module's digest (digest.ts). Published: in normal form, all of a module or a group of its functions (fit.ts). */
  readonly ir: string;
  /** Lists that were tried on it before, in this order. The published dialect has no words for them. */
  readonly tried?: readonly TriedProposal[] | undefined;
}

export interface TriedProposal {
  readonly proposal: Proposal;
  /** Of the object under -Oz, the share that the list saves, below 0 where it is larger; undefined where the list failed. */
  readonly saved: number | undefined;
}

/** Bytes of the object: of the module compiled without any pass, and with the list. */
export interface TuneSizes {
  readonly before: number;
  readonly after: number;
}

export interface TuneAnswer {
  readonly proposal: Proposal;
  /** Always there in the compact dialect. */
  readonly sizes?: TuneSizes;
}

type TuneDialect = TaskDialect<TuneInput, TuneAnswer, ProposalContext>;

const compact: TuneDialect = {
  prompt: ({ ir, tried = [] }) =>
    MARKS.begin +
    MARKS.tune +
    MARKS.ir +
    guardMarks(ir, "ir") +
    MARKS.passes +
    tried.map((one) => listOf(one.proposal) + outcomeOf(one)).join(""),
  target: ({ proposal, sizes }) => {
    const written = sizes
      ? listOf(proposal) + printPair(sizes.before, sizes.after)
      : printProposal(proposal);
    return written + MARKS.end;
  },
  parse: (answer, context) => {
    const { sections, faults } = sectionsOf(answer, "passes");
    const [list, sizes, ...extra] = sections;
    const proposal = readProposal(list?.text ?? "", context);
    const pair = readPair(sizes?.mark === "sizes" ? sizes.text : undefined, "sizes");
    // A list or number may have been cut short by the limit: only what has a mark after it is whole.
    const isListWhole = faults.length === 0 || sizes !== undefined;
    const isPairWhole = faults.length === 0;
    const good: Partial<TuneAnswer> = {
      ...(isProposal(proposal) && isListWhole ? { proposal } : {}),
      ...(isPair(pair) && isPairWhole ? { sizes: sizesOf(pair) } : {}),
    };
    const found = [
      ...faults,
      ...(isProposal(proposal) ? [] : [proposal]),
      ...(isPair(pair) ? [] : [pair]),
      ...outOfOrder(sizes?.mark === "sizes" ? extra : []),
    ];
    return parsedOf<TuneAnswer>(found, good, wholeOf(good));
  },
  stops: [MARKS.end],
};

/** A list as it stands in an answer or was tried, with the mark behind it. */
export const listOf = (proposal: Proposal): string => printProposal(proposal) + MARKS.sizes;

/** What stands behind a list that was tried: what it saved, and the question for the next one. */
export function outcomeOf({ saved }: Pick<TriedProposal, "saved">): string {
  return printSaved(saved) + MARKS.passes;
}

const published: TuneDialect = {
  prompt: ({ ir }) => publishedTune(ir),
  target: ({ proposal }) => publishedCode(printProposal(proposal), "ir"),
  parse: (answer, context) => {
    const { code, prose, faults } = readPublished(answer, "ir");
    const command = commandIn(code ?? prose) ?? commandIn(prose);
    const proposal = readProposal(command ?? code ?? prose, context);
    const [before, after] = numbersAfter(prose, "size");
    const sizes = before === undefined || after === undefined ? {} : { sizes: { before, after } };
    if (!isProposal(proposal)) return parsedOf<TuneAnswer>([...faults, proposal], sizes, undefined);
    // The quotes of a command end a list as well as a code block's end does.
    const isCut = faults.length > 0 && command === undefined;
    return isCut
      ? parsedOf<TuneAnswer>(faults, {}, undefined)
      : { ok: true, answer: { proposal, ...sizes } };
  },
  // Sizes may be told after the code.
  stops: [],
};

/** Where to stop a model whose list alone is wanted. */
export const LIST_STOPS: Readonly<Record<DialectName, readonly string[]>> = {
  compact: [MARKS.sizes, ...compact.stops],
  published: published.stops,
};

export const tune: Readonly<Record<DialectName, TuneDialect>> = { compact, published };

const sizesOf = ([before, after]: [number, number]): TuneSizes => ({ before, after });

const wholeOf = ({ proposal, sizes }: Partial<TuneAnswer>): TuneAnswer | undefined =>
  proposal && sizes ? { proposal, sizes } : undefined;

/** The list in `opt -p '...'`, `opt -passes="..."` and the like. */
function commandIn(text: string): string | undefined {
  const [, single, double] =
    /\bopt\b[^'"\n]{0,40}?\s--?p(?:asses)?[ =]?\s?(?:'([^']*)'|"([^"]*)")/.exec(text) ?? [];
  return single ?? double;
}

export interface TuneScore {
  /** The whole answer was read. */
  readonly isParsed: boolean;
  /** There is a list that can be run: every pass of it is known, in its place and allowed. */
  readonly hasList: boolean;
  /** |predicted - measured| / measured; undefined where either is missing. */
  readonly beforeError?: number;
  readonly afterError?: number;
}

/** `measured`: what the proposed list really gave, measured by the caller; undefined where it gave nothing. */
export function scoreTune(parsed: Parsed<TuneAnswer>, measured: TuneSizes | undefined): TuneScore {
  const { proposal, sizes } = parsed.ok ? parsed.answer : parsed.partial;
  return {
    isParsed: parsed.ok,
    hasList: proposal !== undefined,
    ...(sizes &&
      measured && {
        beforeError: relativeError(sizes.before, measured.before),
        afterError: relativeError(sizes.after, measured.after),
      }),
  };
}
