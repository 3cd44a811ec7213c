/**
 * Flag tuning: how small each contender's pass lists make a program, list by list in the order of its proposals, every one
 * measured fresh. At k compilations a contender is worth the best of its first k.
 */

import { type Outcome, describeFailure } from "../../llvm/outcome.ts";
import type { Measurement } from "../../llvm/protocol.ts";
import { printPassList } from "../../passes/print.ts";
import { type Objective, score } from "../../tuner/objective.ts";
import { asProblem, rowHead } from "../asked.ts";
import type { Program } from "../program.ts";
import type { TuneRow } from "../row.ts";
import type { Contender, Kit, Suite } from "../suite.ts";
import { STATUS_OF_FAILURE, openBench } from "./bench.ts";
import { type Offer, type OfferOptions, type Ranked, offerOf } from "./offer.ts";

export type TuneSuiteOptions = Partial<OfferOptions>;

export function tuneSuite({
  compilations = 50,
  searchCompilations = 300,
  rankers = {},
}: TuneSuiteOptions = {}): Suite<Program> {
  const options: OfferOptions = { compilations, searchCompilations, rankers };
  return {
    name: "tune",
    takes: (contender) =>
      contender.kind === "model" ||
      contender.kind === "optimize" ||
      (contender.kind === "rival" &&
        (!isRanked(contender.rival) || rankers[contender.rival] !== undefined)),
    answer: (contender, program, kit) => answer(contender, program, { kit, options }),
  };
}

const isRanked = (rival: string): rival is Ranked =>
  rival === "nearest neighbour" || rival === "value prediction";

async function answer(
  contender: Contender,
  program: Program,
  { kit, options }: { kit: Kit; options: OfferOptions },
): Promise<TuneRow> {
  const opened = await openBench(kit, program);
  if (opened.status !== "ok") {
    const status = STATUS_OF_FAILURE[opened.status];
    return { ...emptyRow(contender, program), status, problem: asProblem(describeFailure(opened)) };
  }
  using bench = opened.value;
  const offer = await offerOf(contender, { kit, bench, program, options });
  const results = await Promise.all(
    offer.lists.map((list) => list && bench.measure(printPassList(list))),
  );
  const { status, problem } = statusOf(offer, results.filter(isThere));
  const inAll = (objective: Objective): (number | null)[] =>
    status === "ok" ? results.map((result) => scoreOf(result, objective)) : [];
  return {
    ...emptyRow(contender, program),
    promptTokens: offer.promptTokens,
    status,
    problem: asProblem(problem),
    seconds: offer.seconds,
    ozSize: score(bench.oz, "size"),
    ozPublished: score(bench.oz, "published"),
    ozInstructions: score(bench.oz, "instructions"),
    sizes: inAll("size"),
    published: inAll("published"),
    instructions: inAll("instructions"),
    unreadable: offer.unreadable,
  };
}

/** Where even -Oz cannot be measured its sizes are 0: such a module is no program (programs.ts), unless the machine fails later. */
function emptyRow(contender: Contender, program: Program): TuneRow {
  return {
    suite: "tune",
    ...rowHead(contender, program, { promptTokens: null, seconds: 0 }),
    status: "ok",
    problem: "",
    ozSize: 0,
    ozPublished: 0,
    ozInstructions: 0,
    sizes: [],
    published: [],
    instructions: [],
    unreadable: 0,
  };
}

const isThere = <T>(result: T | undefined): result is T => result !== undefined;

const scoreOf = (result: Outcome<Measurement> | undefined, objective: Objective): number | null =>
  result?.status === "ok" ? score(result.value, objective) : null;

/** One list that can be measured is an answer; what became of the others is said. */
function statusOf(
  offer: Offer,
  results: readonly Outcome<Measurement>[],
): Pick<TuneRow, "status" | "problem"> {
  const failures = results.filter((result) => result.status !== "ok");
  const [failure] = failures;
  if (offer.status !== "ok" || failure === undefined) return offer;
  const why = `${failures.length} of ${results.length} lists failed, the first: ${describeFailure(failure)}`;
  const problem = [offer.problem, why].filter((text) => text !== "").join("; ");
  const status = failures.length === results.length ? STATUS_OF_FAILURE[failure.status] : "ok";
  return { status, problem };
}
