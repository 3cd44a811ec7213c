/**
 * The suite of disassembly: a model lifts single functions, and each answer is judged by the compiler
 * (disassemble/verdict.ts). The first answer is judged as if it were the only one, so that rows tell what one answer is
 * worth and what several are.
 *
 * Beside the published figures: "round trip" there is that the answer's IR compiles to assembly at all (`compiles` here),
 * and its BLEU is that of the assembly; "exact" is that the assembly is the same (the verdict `exact`).
 */

import { resolve } from "node:path";
import { normalText } from "../../dataset/unit.ts";
import { type FunctionQuestion, judgeReplies } from "../../disassemble/candidate.ts";
import { withTarget } from "../../disassemble/isolate.ts";
import { functionMonitor } from "../../disassemble/monitor.ts";
import { withRefined } from "../../disassemble/refine/candidate.ts";
import { REFINE_TOKENS, type Tools } from "../../disassemble/refine/refine.ts";
import { type Candidate, bestOf } from "../../disassemble/verdict.ts";
import type { Pool } from "../../llvm/pool.ts";
import type { Model, ModelReply } from "../../model/model.ts";
import { assemblyFunctions } from "../../tasks/assembly-cut.ts";
import type { DialectName } from "../../tasks/dialect.ts";
import { disassemble, scoreDisassemble } from "../../tasks/disassemble.ts";
import { compareCode } from "../../tasks/score.ts";
import {
  type Asked,
  type BleuParts,
  asProblem,
  askModel,
  bleuParts,
  modelOf,
  rowHead,
} from "../asked.ts";
import type { DisassembleRow, Status } from "../row.ts";
import type { Contender, Kit, Suite } from "../suite.ts";
import type { DisassembleCase } from "./cases.ts";

export interface DisassembleSuiteOptions {
  /** Answers that a model gives to one question. */
  readonly candidates?: number;
  /** Tokens that it may write more where no answer is exact (disassemble/refine/refine.ts); not for models alone. */
  readonly refineTokens?: number;
  /** How many of them are run beside the machine code at most: eight times as long as all else of judging one. */
  readonly runs?: number;
}

const CANDIDATES = 8;
/** Of refining one function's answers; a bound that is not met, so that a busy machine says the same. */
const REFINE_LIMIT_MS = 600_000;
const RUNS = 3;
/** Of one check by running; a function that takes longer is unverified. Long, so that a busy machine says the same. */
const CHECK_LIMIT_MS = 60_000;

export const disassembleSuite = ({
  candidates = CANDIDATES,
  refineTokens = REFINE_TOKENS,
  runs = RUNS,
}: DisassembleSuiteOptions = {}): Suite<DisassembleCase> => ({
  name: "disassemble",
  takes: ({ kind }) => kind === "model" || kind === "alone",
  answer: (contender, asked, kit) =>
    answer(contender, asked, { kit, candidates, refineTokens, runs }),
});

async function answer(
  contender: Contender,
  asked: DisassembleCase,
  { kit, candidates, refineTokens, runs }: Required<DisassembleSuiteOptions> & { kit: Kit },
): Promise<DisassembleRow> {
  const model = modelOf(contender);
  const { prompt, stops } = disassemble[model.dialect];
  const { architecture, assembly, listing } = asked;
  const text = prompt({
    assembly: model.dialect === "published" ? listing : assembly,
    architecture,
  });
  const monitor = contender.kind === "alone" ? undefined : functionMonitor(kit.pool, model, asked);
  const request = { prompt: text, stops, count: candidates, limitMs: kit.limitMs, monitor };
  const said = await askModel(model, { task: "disassemble", ...request });
  const tokens = contender.kind === "alone" ? 0 : refineTokens;
  const judged = await judge(model, asked, { said, kit, runs, refine: { prompt: text, tokens } });
  return {
    suite: "disassemble",
    ...rowHead(contender, asked, said),
    target: architecture,
    ...judged,
  };
}

type Judged = Pick<
  DisassembleRow,
  "status" | "problem" | "verdicts" | "compiles" | "mended" | "refined" | "roundTripBleu" | "irBleu"
>;

interface JudgingAll {
  readonly said: Asked;
  readonly kit: Kit;
  readonly runs: number;
  readonly refine: { readonly prompt: string; readonly tokens: number };
}

async function judge(
  model: Model,
  asked: DisassembleCase,
  { said: { outcome }, kit, runs, refine }: JudgingAll,
): Promise<Judged> {
  const { pool } = kit;
  const { dialect } = model;
  if (outcome.status !== "ok")
    return { ...unanswered(asked, outcome), refined: refine.tokens === 0 ? null : "failed" };
  const { replies } = outcome;
  const [reply] = replies;
  const question = questionOf(asked, kit);
  const candidates = await judgeAll(pool, question, { replies, dialect, runs });
  const [first] = candidates;
  const compiles = candidates.map(({ ir }) => ir !== undefined);
  const isRead = (one: ModelReply): boolean => disassemble[dialect].parse(one, {}).ok;
  const status = statusOf({ compiles, isRead: replies.some(isRead) });
  return {
    status,
    problem: status === "ok" ? "" : asProblem(first?.reason ?? ""),
    verdicts: candidates.map(({ verdict }) => verdict),
    compiles,
    mended: candidates.map(({ isMended }) => isMended),
    refined: await refinedVerdict({ pool, model }, question, { ...refine, replies, candidates }),
    roundTripBleu: await roundTripBleu(pool, asked, first),
    irBleu: await irBleu(pool, asked, { reply, dialect }),
  };
}

interface Refining {
  readonly prompt: string;
  readonly tokens: number;
  readonly replies: readonly ModelReply[];
  readonly candidates: readonly Candidate[];
}

/** The best of all answers and of what is made of them; null where nothing is to be made of them. */
async function refinedVerdict(
  tools: Tools,
  question: FunctionQuestion,
  how: Refining,
): Promise<Candidate["verdict"] | null> {
  if (how.tokens === 0) return null;
  const limited = { ...how, timeLimitMs: REFINE_LIMIT_MS };
  return bestOf(await withRefined(tools, { ...question, maxRuns: 1 }, limited))?.verdict ?? null;
}

/** The first by itself, then the others; these are not run where the first is good already. */
async function judgeAll(
  pool: Pool,
  question: FunctionQuestion,
  { replies: [reply, ...replies], dialect, runs }: Judging,
): Promise<Candidate[]> {
  const most = Math.min(runs, 1);
  const first = { replies: [reply], dialect };
  const alone = await judgeReplies(pool, { ...question, maxRuns: most }, first);
  const isGood = alone.some(({ verdict }) => verdict === "exact" || verdict === "equivalent");
  const maxRuns = isGood ? 0 : runs - most;
  return [...alone, ...(await judgeReplies(pool, { ...question, maxRuns }, { replies, dialect }))];
}

interface Judging {
  readonly replies: readonly [ModelReply, ...ModelReply[]];
  readonly dialect: DialectName;
  readonly runs: number;
}

const questionOf = (
  { name, architecture, assembly }: DisassembleCase,
  { scratch, signal }: Kit,
): FunctionQuestion => ({
  name,
  architecture,
  wanted: assembly,
  isOurs: true,
  scratch: resolve(scratch), // linkers and loaders run in other folders
  timeLimitMs: CHECK_LIMIT_MS,
  signal,
});

const unanswered = (
  { assembly, ir }: DisassembleCase,
  { status, problem }: { status: Status; problem: string },
): Omit<Judged, "refined"> => ({
  status,
  problem: asProblem(problem),
  verdicts: [],
  compiles: [],
  mended: [],
  roundTripBleu: bleuOfCode(undefined, assembly),
  irBleu: bleuOfCode(undefined, ir),
});

const bleuOfCode = (answered: string | undefined, target: string): BleuParts =>
  bleuParts(compareCode({ answer: answered, target }).bleu);

/** Of all answers: one that is good makes the question answered. */
function statusOf({ compiles, isRead }: { compiles: readonly boolean[]; isRead: boolean }): Status {
  if (compiles.includes(true)) return "ok";
  return isRead ? "invalid" : "unparsed";
}

/** Two that assemble to the same bytes are the same, whatever their labels are called. */
async function roundTripBleu(
  pool: Pool,
  { name, architecture, assembly }: DisassembleCase,
  first: Candidate | undefined,
): Promise<BleuParts> {
  if (first?.verdict === "exact") return bleuOfCode(assembly, assembly);
  if (first?.ir === undefined) return bleuOfCode(undefined, assembly);
  const loaded = await pool.load(Buffer.from(first.ir), "answer");
  if (loaded.status !== "ok") return bleuOfCode(undefined, assembly);
  const emitted = await pool.emit(loaded.value, "", "assembly");
  pool.unload(loaded.value);
  if (emitted.status !== "ok") return bleuOfCode(undefined, assembly);
  const text = Buffer.from(emitted.value).toString("utf8");
  return bleuOfCode(assemblyFunctions(text, architecture).cut(name), assembly);
}

/** Of the first answer as it came; in normal form where LLVM takes it. */
async function irBleu(
  pool: Pool,
  { ir, architecture }: DisassembleCase,
  { reply, dialect }: { reply: ModelReply; dialect: DialectName },
): Promise<BleuParts> {
  const parsed = disassemble[dialect].parse(reply, {});
  const targeted = parsed.ok ? withTarget(parsed.answer.ir, architecture) : undefined;
  const normal = targeted?.status === "ok" ? await normalText(pool, targeted.value) : targeted;
  const normalAnswer = normal?.status === "ok" ? { normalAnswer: normal.value } : {};
  return bleuParts(scoreDisassemble(parsed, { ir, ...normalAnswer }).bleu);
}
