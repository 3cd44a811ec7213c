/**
 * The special tokens: what they are, and that their ids are the first ones. They are marks between parts of a prompt or an answer
 * (src/tasks/marks.ts writes them); no merge makes one, so text encoded as text never holds one.
 *
 *   id  token              meaning
 *    0  <|begin|>          first token of every prompt; llama.cpp's BOS, which nothing puts there by itself
 *    1  <|end|>            last token of every answer; EOS and end of turn
 *    2  <|pad|>            fills up batches, never predicted
 *    3  <|tune|>           task: which pass list makes the smallest object
 *    4  <|emulate|>        task: what a pass list makes of a module
 *    5  <|disassemble|>    task: the IR that an assembly text came from
 *    6  <|ir|>             LLVM-IR follows
 *    7  <|asm|>            assembly follows
 *    8  <|passes|>         a pass list follows
 *    9  <|sizes|>          sizes follow: numbers of bytes or instructions
 *   10  <|x86_64|>         target
 *   11  <|aarch64|>        target
 *   12… <|reserved-0|> …   for what comes later without new ids for everything else, up to id 31
 */

const NAMED = [
  "begin",
  "end",
  "pad",
  "tune",
  "emulate",
  "disassemble",
  "ir",
  "asm",
  "passes",
  "sizes",
  "x86_64",
  "aarch64",
] as const;
export type SpecialName = (typeof NAMED)[number];

/** Named and reserved together; ids of bytes and merges come after. */
const SPECIAL_COUNT = 32;

const reserved = Array.from(
  { length: SPECIAL_COUNT - NAMED.length },
  (_, index) => `reserved-${index}`,
);

/** The text of each special token; its place is its id. */
export const SPECIAL_TOKENS: readonly string[] = [...NAMED, ...reserved].map(
  (name) => `<|${name}|>`,
);

export const specialId = (name: SpecialName): number => NAMED.indexOf(name);
