/** What one wrapper process knows of its surroundings; the command line fills it in. */

import { join } from "node:path";
import type { Made } from "./cache.ts";
import type { Children, Ended } from "./children.ts";
import type { Improvement } from "./kept.ts";

export interface Settings {
  readonly clang: string;
  /** Names clang's version and build; a part of every key. */
  readonly clangId: string;
  readonly cwd: string;
  /** Holds `objects/` and `events.jsonl`. */
  readonly folder: string;
  /** What a result depends on beside module and flags: budget, strategy, kind of check. */
  readonly recipe: string;
  /** The launcher's name for this command (known.ts); undefined where it has none. */
  readonly known: string | undefined;
  readonly record: { readonly folder: string; readonly root?: string | undefined } | undefined;
  /** Colours are clang's own choice, and it cannot see the terminal when its words are collected. */
  readonly hasColours: boolean;
  readonly children: Children;
  readonly improve: (work: Improvement) => Promise<Made>;
  readonly say: (words: Buffer) => void;
  /** Tells of what only the wrapper knows; never for a person's program that is wrong. */
  readonly warn: (message: string) => void;
}

/** How a command ended: as the compiler that answered it. */
export type End = Pick<Ended, "code" | "signal">;

export const objectsFolder = (folder: string): string => join(folder, "objects");
export const eventsFile = (folder: string): string => join(folder, "events.jsonl");
