/** The model asked for other ways on from a line of an answer. */

import type { Pool } from "../../llvm/pool.ts";
import type { Model, Monitor } from "../../model/model.ts";
import { disassemble } from "../../tasks/disassemble.ts";
import { enoughTokens } from "../../tasks/endless.ts";
import { guardMarks, unguardMarks } from "../../tasks/escape.ts";
import { type MonitoredFunction, functionMonitor } from "../monitor.ts";

export interface Question extends MonitoredFunction {
  /** What the model was asked. */
  readonly prompt: string;
  readonly limitMs: number;
}

/** A line of an answer. */
export interface Place {
  readonly lines: readonly string[];
  readonly at: number;
}

/** What was said at places, by the lines before them: it is not said again. */
export type Said = Map<string, string[]>;

export interface Rewritten {
  /** Whole answers that begin as the old one does. */
  readonly answers: string[];
  /** Lines in the place of the old one. */
  readonly lines: string[];
  /** That the model wrote. */
  readonly tokens: number;
}

/** Asks `count` times, each time for a line that was not there yet. Nothing where the model has no room or says nothing in time. */
export async function rewrite(
  { pool, model }: { pool: Pool; model: Model },
  { prompt: question, limitMs, ...asked }: Question,
  { lines, at, count, said }: Place & { count: number; said: Said },
): Promise<Rewritten> {
  const found: Rewritten = { answers: [], lines: [], tokens: 0 };
  const monitor = functionMonitor(pool, model, asked);
  if (monitor === undefined) return found;
  const { stops, parse } = disassemble[model.dialect];
  // A token may span the end of a line and the beginning of the next: the model writes the end, too.
  const before = lines.slice(0, at).join("\n");
  const guarded = guardMarks(before, "ir");
  const prompt = question + guarded;
  const enough = enoughTokens("disassemble", model.countTokens(question));
  const maxTokens = Math.min(enough, model.contextTokens - model.countTokens(prompt));
  if (maxTokens <= 0) return found;
  const old = new Set([...(said.get(before) ?? []), lines[at] ?? ""]);
  const ends = performance.now() + limitMs;
  let tokens = 0;
  for (let left = count; left > 0 && performance.now() < ends; left--) {
    const limit = { maxTokens, stops, limitMs: ends - performance.now() };
    const other = monitorFrom(monitor, { before, old: [...old] });
    const outcome = await model.propose({ prompt, count: 1, ...limit, monitor: other });
    const [reply] = outcome.status === "ok" ? outcome.value : [];
    if (reply === undefined) break;
    tokens += reply.tokens;
    const text = guarded + reply.text;
    const line = unguardMarks(text, "ir").split("\n")[at] ?? "";
    const parsed = parse({ ...reply, text }, {});
    if (parsed.ok) found.answers.push(parsed.answer.ir);
    if (!old.has(line)) found.lines.push(line);
    old.add(line);
  }
  said.set(before, [...old]);
  return { ...found, tokens };
}

/** A monitor of what comes behind some lines: as the whole's, and the next line is none of the old ones. */
function monitorFrom(
  whole: Monitor,
  { before, old }: { before: string; old: readonly string[] },
): Monitor {
  const start = before === "" ? "" : "\n";
  return {
    name: `${whole.name}, not ${JSON.stringify(old)}`,
    async look(text, isEnd, stands) {
      if (!text.startsWith(start)) return 0;
      const line = old.find(
        (one) => text.startsWith(`${start}${one}\n`) || (isEnd && text === start + one),
      );
      if (line !== undefined) return start.length + Math.max(0, line.length - 1);
      const at = await whole.look(before + text, isEnd, before.length + stands);
      return at === undefined ? undefined : at - before.length;
    },
  };
}
