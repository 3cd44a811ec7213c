/** Answers that do not end: how long one may get, how much of it is read, and how a loop is recognised. */

import type { Fault } from "./dialect.ts";

/** Characters of an answer that are read; the rest is not looked at. 16k tokens of IR are 50 to 60 KB. */
export const MAX_ANSWER_CHARACTERS = 1 << 20;

/** Tasks whose answer is code. */
export type CodeTask = "disassemble" | "emulate";

/** In the shipped models' tokens these hold 29,667 of 29,707 true answers of disassembly in training, and 32,480 of 32,482 of emulation. */
const ENOUGH: Readonly<Record<CodeTask, { least: number; perPromptToken: number }>> = {
  disassemble: { least: 256, perPromptToken: 4 },
  emulate: { least: 192, perPromptToken: 1 },
};

/** Tokens that a true answer to a prompt rarely exceeds: without a limit a model that loops fills its context. */
export const enoughTokens = (task: CodeTask, promptTokens: number): number =>
  ENOUGH[task].least + Math.ceil(ENOUGH[task].perPromptToken * promptTokens);

/** How far back a loop is looked for. */
const TAIL_CHARACTERS = 4096;

/** A loop is this many times the same, over at least that many characters. */
export interface LoopBounds {
  readonly repeats: number;
  readonly characters: number;
}

/** Of a line of a table or a string that is not at its end. */
export const OF_DATA: LoopBounds = { repeats: 64, characters: 256 };

/** Initialisers of zeros are shorter. */
const ENDLESS: LoopBounds = { repeats: 16, characters: 512 };

export interface Loop {
  /** What is repeated; numbers in it as 0. */
  readonly unit: string;
  readonly repeats: number;
  /** Where the first repetition begins, the second time of all. */
  readonly at: number;
}

/**
 * The loop that a text ends in, if it does: the same few words over and over, numbers aside, for numbered values count
 * up (`%7 = add ... %8 = add`). A whole answer may end so too, in a table of zeros; ask only about one that did not end.
 */
export function loopAtEnd(text: string, bounds: LoopBounds = ENDLESS): Loop | undefined {
  const offset = Math.max(0, text.length - TAIL_CHARACTERS);
  const words = [...text.slice(offset).matchAll(/\d+|[^]/g)].toReversed();
  const tail = words.map(([word]) => (/^\d/.test(word) ? "0" : word));
  const border = [0];
  let found: Loop | undefined;
  for (let at = 1; at < tail.length; at++) {
    let length = border[at - 1] ?? 0;
    while (length > 0 && tail[at] !== tail[length]) length = border[length - 1] ?? 0;
    border.push(tail[at] === tail[length] ? length + 1 : 0);
    const period = at + 1 - (border[at] ?? 0);
    const repeats = Math.floor((at + 1) / period);
    if (at + 1 < bounds.characters || repeats < bounds.repeats) continue;
    const second = words[(repeats - 1) * period - 1]?.index ?? 0;
    found = { unit: tail.slice(0, period).toReversed().join(""), repeats, at: offset + second };
  }
  return found;
}

/** The fault of an answer that was given up. */
export function lostFault(text: string): Fault {
  const lines = text.split("\n").length - 1;
  const message = `the model found no line that can stand after its first ${lines}`;
  return { kind: "lost", message };
}

/** The fault of an answer that has no end mark. */
export function endFault(text: string, mark: string): Fault {
  const loop = loopAtEnd(text);
  if (loop === undefined) {
    const message = `the answer stops after ${text.length} characters without ${mark}; allow more tokens`;
    return { kind: "no end mark", message };
  }
  const unit = JSON.stringify(loop.unit.slice(0, 80));
  return {
    kind: "endless",
    message: `the answer repeats ${unit} (numbers aside) ${loop.repeats} times or more at its end; want ${mark}`,
  };
}
