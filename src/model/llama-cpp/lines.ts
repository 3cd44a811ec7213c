/**
 * The line that a monitored answer is at. Its branches are kept apart from those of the lines before it: where the monitor refuses it,
 * the search goes back to a branch at the place that is wrong or before it. Best first, and a short beginning must not seem more
 * probable than a long one: a branch is worth what it loses against the most likely tokens, as if the rest of the line cost as much
 * after it as it does on the way that was refused. Tokens may span lines; a line counts once all of it is written.
 */

import type { ModelReply, Monitor } from "../model.ts";
import type { Engine } from "./bindings.ts";
import type { Queue } from "./branches.ts";

/** Whatever else a branch is, it puts another token behind the first `length` of these. */
interface Placed {
  readonly tokens: readonly number[];
  readonly length: number;
}

/** How probable a branch is, in natural logarithms. */
export interface Odds {
  /** Of all the answer's tokens up to it and its own. */
  readonly joint: number;
  /** What the answer lost at places where it did not take the most likely token, at this one too; 0 or less. */
  readonly regret: number;
}

export interface Lines<T extends Placed> {
  put(branch: T, odds: Odds): void;
  /** After each token. A branch: go back to it. "lost": no line was found that can stand. */
  after(tokens: readonly number[]): Promise<T | "lost" | undefined>;
  /** Where the answer would end; what is left of its last line is left to others once it stands. One that did not end by itself does. */
  end(tokens: readonly number[], answer: ModelReply): Promise<T | "lost" | undefined>;
}

export type Look = Monitor["look"];

/** After so many without a look a line is looked at before it ends. */
const LONG_LINE_TOKENS = 32;
/** Nats, for each token before the wrong one: the nearer, the likelier to be to blame. */
const PER_TOKEN_BACK = 0.25;
/** Of one line, refused one after the other without getting further. */
const MAX_REFUSED = 24;

type Detokenizer = Pick<Engine, "detokenize">;

type Open<T> = Odds & { readonly branch: T };

/** `before`: the tokens that the answer begins with; their whole lines have been looked at. `done`: where branches of lines that stand go. */
export function makeLines<T extends Placed>(
  engine: Detokenizer,
  look: Look,
  { before, done }: { before: readonly number[]; done: Queue<T> },
): Lines<T> {
  let open: Open<T>[] = [];
  let refused = 0;
  /** The furthest place in the line that was wrong. */
  let furthest = 0;
  /** Characters of lines that stand whatever comes, and tokens when they were last looked at. */
  let accepted = wholeLines(engine.detokenize(before)).length;
  let lookedAt = before.length;

  function goBack(tokens: readonly number[], at: number): T | "lost" {
    if (at > furthest) refused = 0;
    furthest = Math.max(furthest, at);
    const wrong = tokenAt(engine, tokens, at);
    const upTo = (length: number): Open<T>[] =>
      open.filter(({ branch }) => branch.length <= length);
    // None where a line that stood was made longer: its end has to be another.
    const nearer = upTo(wrong);
    const usable = nearer.length > 0 ? nearer : upTo(wrong + 1);
    if (++refused > MAX_REFUSED || usable.length === 0) return "lost";
    const worth = ({ branch, regret }: Open<T>): number =>
      regret - PER_TOKEN_BACK * (wrong - branch.length);
    const best = usable.reduce((a, b) => (worth(b) > worth(a) ? b : a));
    open = usable.filter((item) => item !== best);
    lookedAt = best.branch.length;
    return best.branch;
  }

  /** What goes before the last token stands; that one may go on into the next line, and what stood in its place stays open. */
  function accept(tokens: readonly number[], text: string): void {
    const stands = text.endsWith("\n") ? tokens : tokens.slice(0, -1);
    accepted = wholeLines(engine.detokenize(stands)).length;
    refused = 0;
    const goesOn = ({ branch }: Open<T>): boolean =>
      branch.length >= stands.length && stands.every((token, at) => branch.tokens[at] === token);
    for (const item of open) if (!goesOn(item)) done.put(item.branch, item.joint);
    open = open.filter(goesOn);
  }

  return {
    put: (branch, odds) => void open.push({ branch, ...odds }),
    async end(tokens, { text, ended }) {
      const at = ended ? await look(text, true, accepted) : undefined;
      if (at !== undefined) return goBack(tokens, at);
      for (const { branch, joint } of open) done.put(branch, joint);
      return undefined;
    },
    async after(tokens) {
      const last = tokens.at(-1);
      if (last === undefined) return undefined;
      const isLine = engine.detokenize([last]).includes("\n");
      if (!isLine && tokens.length - lookedAt < LONG_LINE_TOKENS) return undefined;
      lookedAt = tokens.length;
      const text = engine.detokenize(tokens);
      const at = await look(isLine ? wholeLines(text) : text, false, accepted);
      if (at !== undefined) return goBack(tokens, at);
      if (isLine) accept(tokens, text);
      return undefined;
    },
  };
}

const wholeLines = (text: string): string => text.slice(0, text.lastIndexOf("\n") + 1);

/** The token that spells the character at a place; the one that would come next at the end. */
function tokenAt(engine: Detokenizer, tokens: readonly number[], at: number): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (engine.detokenize(tokens.slice(0, middle + 1)).length > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
