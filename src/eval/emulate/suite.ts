/**
 * The suite of compiler emulation: a model says what `opt` gives and how large that is; what it says is compiled, and
 * compared with what `opt` gave, both in normal form.
 */

import { symbolsOf } from "../../dataset/unit.ts";
import { TRIPLES } from "../../disassemble/tools.ts";
import { readBack } from "../../emulate/check.ts";
import { describeFailure } from "../../llvm/outcome.ts";
import type { Pool } from "../../llvm/pool.ts";
import type { ModelReply } from "../../model/model.ts";
import { printPassList } from "../../passes/print.ts";
import { assemblyFunctions } from "../../tasks/assembly-cut.ts";
import type { Architecture, CodeKind, DialectName } from "../../tasks/dialect.ts";
import { emulate, scoreEmulate } from "../../tasks/emulate.ts";
import { compareCode } from "../../tasks/score.ts";
import { codeMonitor } from "../../emulate/monitor.ts";
import { asProblem, askModel, bleuParts, modelOf, rowHead } from "../asked.ts";
import type { EmulateRow } from "../row.ts";
import type { Contender, Kit, Suite } from "../suite.ts";
import type { EmulateCase } from "./cases.ts";

export const emulateSuite: Suite<EmulateCase> = {
  name: "emulate",
  takes: ({ kind }) => kind === "model" || kind === "alone",
  answer,
};

async function answer(
  contender: Contender,
  asked: EmulateCase,
  { pool, limitMs }: Kit,
): Promise<EmulateRow> {
  const model = modelOf(contender);
  const { question, code, after } = asked;
  const { prompt, stops } = emulate[model.dialect];
  const monitored = { ...question, triple: TRIPLES[asked.architecture] };
  const monitor = contender.kind === "alone" ? undefined : codeMonitor(pool, model, monitored);
  const request = { prompt: prompt(question), stops, count: 1, limitMs, monitor };
  const said = await askModel(model, { task: "emulate", ...request });
  const { outcome } = said;
  return {
    suite: "emulate",
    ...rowHead(contender, asked, said),
    passes: printPassList(question.passes),
    want: question.want,
    ...(outcome.status === "ok"
      ? await judge(pool, asked, { reply: outcome.replies[0], dialect: model.dialect })
      : { ...nothing(code), status: outcome.status, problem: asProblem(outcome.problem) }),
    measuredInstructions: after.instructions,
    measuredBytes: after.bytes,
  };
}

type Judged = Pick<
  EmulateRow,
  | "status"
  | "problem"
  | "compiles"
  | "isMended"
  | "isExact"
  | "bleu"
  | "predictedInstructions"
  | "predictedBytes"
>;

/** What a row says of code and sizes where there is no answer. */
const nothing = (target: string): Omit<Judged, "status" | "problem"> => ({
  compiles: false,
  isMended: false,
  isExact: false,
  bleu: bleuParts(compareCode({ answer: undefined, target }).bleu),
  predictedInstructions: null,
  predictedBytes: null,
});

/** An empty module compiles, and is no answer: what the compiler gives code for must be there. */
function hasAllOf(
  code: string,
  { wanted, want, architecture }: { wanted: string; want: CodeKind; architecture: Architecture },
): boolean {
  const namesOf = (text: string): readonly string[] =>
    want === "ir" ? symbolsOf(text) : assemblyFunctions(text, architecture).names;
  const there = new Set(namesOf(code));
  return namesOf(wanted).every((name) => there.has(name));
}

const UNREAD = { read: undefined, isMended: false };

/** Of an answer that is not whole counts what was read of it. */
async function judge(
  pool: Pool,
  { question: { want }, code: wanted, after, architecture }: EmulateCase,
  { reply, dialect }: { reply: ModelReply; dialect: DialectName },
): Promise<Judged> {
  const parsed = emulate[dialect].parse(reply, { want });
  const { code, sizes } = parsed.ok ? parsed.answer : parsed.partial;
  const how = { want, triple: TRIPLES[architecture] };
  const { read, isMended } = code === undefined ? UNREAD : await readBack(pool, code, how);
  const normalAnswer = read?.status === "ok" ? { normalAnswer: read.value } : {};
  const truth = { want, code: wanted, sizes: after, ...normalAnswer };
  const { isExact, bleu } = scoreEmulate(parsed, truth);
  const fault = read === undefined || read.status === "ok" ? "" : describeFailure(read);
  return {
    ...(parsed.ok
      ? { status: fault === "" ? "ok" : "invalid", problem: asProblem(fault) }
      : { status: "unparsed", problem: asProblem(parsed.faults.map((f) => f.message).join("; ")) }),
    compiles: read?.status === "ok" && hasAllOf(read.value, { wanted, want, architecture }),
    isMended,
    isExact,
    bleu: bleuParts(bleu),
    predictedInstructions: sizes?.instructions ?? null,
    predictedBytes: sizes?.bytes ?? null,
  };
}
