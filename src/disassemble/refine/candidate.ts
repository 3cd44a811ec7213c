/** The answers of a model, none of them exact, taken on from: one candidate more, judged as they are. */

import type { ModelReply } from "../../model/model.ts";
import { disassemble } from "../../tasks/disassemble.ts";
import { type FunctionQuestion, judgeReplies } from "../candidate.ts";
import type { Candidate } from "../verdict.ts";
import { type Tools, refine } from "./refine.ts";

export interface RefineHow {
  readonly replies: readonly ModelReply[];
  /** What the model was asked. */
  readonly prompt: string;
  /** That it may write more; see refine. */
  readonly tokens: number;
  readonly timeLimitMs: number;
}

/** What is made of the candidates, before them; they alone where one is exact or nothing nearer was found. */
export async function withRefined(
  tools: Tools,
  question: FunctionQuestion,
  { candidates, ...how }: RefineHow & { candidates: readonly Candidate[] },
): Promise<readonly Candidate[]> {
  if (candidates.some(({ verdict }) => verdict === "exact")) return candidates;
  const refined = await refinedCandidate(tools, question, how);
  return refined === undefined ? candidates : [refined, ...candidates];
}

/** Undefined where nothing nearer was found, and for the published dialect, which writes prose around its code. */
export async function refinedCandidate(
  { pool, model }: Tools,
  question: FunctionQuestion,
  { replies, prompt, tokens, timeLimitMs }: RefineHow,
): Promise<Candidate | undefined> {
  const { dialect } = model;
  if (dialect !== "compact" || tokens === 0) return undefined;
  const answers = replies.flatMap((reply) => {
    const parsed = disassemble[dialect].parse(reply, {});
    return parsed.ok ? [parsed.answer.ir] : [];
  });
  const asked = { ...question, prompt, timeLimitMs };
  const refined = await refine({ pool, model }, asked, { answers, tokens });
  if (refined === undefined) return undefined;
  const reply = { text: disassemble[dialect].target(refined), ended: true, tokens: 0 };
  const [candidate] = await judgeReplies(pool, question, { replies: [reply], dialect });
  if (candidate === undefined) return undefined;
  const [before, after] = [refined.before, refined.distance].map((value) => value.toFixed(1));
  const reason = `${candidate.reason}; refined from an answer whose code differs by ${before} instructions to ${after}`;
  return { ...candidate, reason };
}
