/** Made-up rows of an evaluation, plausible and seeded: an oracle, a useless contender, and what lies between. */

import { bleuCounts } from "../../src/base/bleu.ts";
import { makeRng } from "../../src/base/rng.ts";
import type { Rng } from "../../src/base/rng.ts";
import type { Row, RowOf } from "../../src/eval/row.ts";
import type { SuiteName } from "../../src/eval/suite.ts";

interface Competence {
  readonly name: string;
  /** 1 is always right, 0 always wrong. */
  readonly skill: number;
  readonly lists?: number;
}

const RIVALS: readonly Competence[] = [
  { name: "-Oz", skill: 0.2, lists: 1 },
  { name: "-Os", skill: 0.12, lists: 1 },
  { name: "-O3", skill: 0.05, lists: 1 },
  { name: "single list", skill: 0.5, lists: 1 },
  { name: "coreset", skill: 0.55, lists: 50 },
  { name: "nearest neighbour", skill: 0.6, lists: 50 },
  { name: "random search", skill: 0.3, lists: 100 },
];
const MODELS: readonly Competence[] = [
  { name: "oracle", skill: 1, lists: 10 },
  { name: "small/pretrain", skill: 0.15, lists: 10 },
  { name: "small/emulate", skill: 0.35, lists: 10 },
  { name: "small/tune", skill: 0.6, lists: 10 },
  { name: "base/tune", skill: 0.7, lists: 10 },
  { name: "useless", skill: 0, lists: 10 },
];

/** What one contender answers one case with: its suite's fields. */
interface Asked {
  readonly rng: Rng;
  readonly competence: Competence;
  /** Whether this answer is right. */
  readonly isRight: boolean;
  /** How hard the case is and how large: the same for all contenders. */
  readonly size: number;
  readonly best: number;
}

type Answered<Name extends SuiteName> = Omit<RowOf<Name>, keyof Common>;
type Common = Pick<
  Row,
  | "contender"
  | "case"
  | "package"
  | "language"
  | "bytes"
  | "promptTokens"
  | "status"
  | "problem"
  | "seconds"
>;

const ANSWERS: { readonly [Name in SuiteName]: (asked: Asked) => Answered<Name> } = {
  tune: ({ rng, competence: { name, skill, lists = 1 }, size, best }) => {
    const sizeOf = (): number =>
      name === "-Oz"
        ? size
        : skill === 1
          ? best
          : skill === 0
            ? Math.round(size * 1.4)
            : Math.max(best + 1, Math.round(size * (1.1 - 0.14 * skill - 0.1 * rng.next())));
    const sizes = Array.from({ length: lists }, () =>
      rng.next() < 0.02 && skill < 1 ? null : sizeOf(),
    );
    const scaled = (factor: number) =>
      sizes.map((bytes) => (bytes === null ? null : Math.round(bytes * factor)));
    return {
      suite: "tune",
      ozSize: size,
      ozPublished: Math.round(size * 0.8),
      ozInstructions: Math.round(size / 4),
      sizes,
      published: scaled(0.8),
      instructions: scaled(0.25),
      unreadable: 0,
    };
  },
  size: ({ rng, competence: { skill }, size, best }) => {
    const guess = (bytes: number): number =>
      skill === 0 ? 5 : Math.round(bytes * (1 + (1 - skill) * (rng.next() - 0.5)));
    return {
      suite: "size",
      predictedBefore: guess(size * 2),
      measuredBefore: size * 2,
      predictedAfter: guess(best),
      measuredAfter: best,
    };
  },
  disassemble: ({ rng, competence: { skill }, isRight, size }) => {
    const verdict = isRight ? (rng.next() < 0.4 || skill === 1 ? "exact" : "equivalent") : "failed";
    return {
      suite: "disassemble",
      target: rng.next() < 2 && size % 2 === 0 ? "x86_64" : "aarch64",
      verdicts: [verdict, rng.next() < skill ? "exact" : "failed"],
      compiles: [isRight || rng.next() < skill, isRight],
      mended: [!isRight, false],
      refined: isRight ? "exact" : verdict,
      roundTripBleu: answerOf(rng, skill),
      irBleu: answerOf(rng, skill),
    };
  },
  emulate: ({ rng, competence: { skill }, isRight, size }) => ({
    suite: "emulate",
    passes: "instcombine",
    want: size % 2 === 0 ? "ir" : "assembly",
    compiles: isRight || rng.next() < skill,
    isMended: !isRight,
    isExact: isRight,
    bleu: answerOf(rng, skill),
    predictedInstructions: skill === 0 ? null : Math.round((size / 4) * (2 - skill)),
    measuredInstructions: Math.round(size / 4),
    predictedBytes: skill === 0 ? null : Math.round(size * (2 - skill)),
    measuredBytes: size,
  }),
  loss: ({ rng, competence: { skill }, size }) => ({
    suite: "loss",
    kind: size % 2 === 0 ? "ir" : "assembly",
    nats: (1 - skill) * (size / 3) * (2 + rng.next() / 10),
    tokens: Math.round(size / 3),
    characters: size,
  }),
  code: ({ rng, competence: { skill } }) => ({
    suite: "code",
    benchmark: "humaneval",
    passed: Array.from({ length: 10 }, () => rng.next() < skill),
  }),
};

const WORDS = "define i32 @ f ( i32 %0 ) { ret i32 %0 }".split(" ");

/** Each word right with a chance of `skill`. */
const answerOf = (rng: Rng, skill: number) => {
  const counts = bleuCounts({
    answer: WORDS.map((word) => (rng.next() < skill ? word : "?")),
    reference: WORDS,
  });
  return { ...counts, correct: [...counts.correct], total: [...counts.total] };
};

export interface MadeUpOptions {
  readonly cases?: number;
  readonly packages?: number;
  readonly suites?: readonly SuiteName[];
  /** Of flag tuning: with rivals beside the models. */
  readonly hasRivals?: boolean;
}

export function madeUpRows(
  seed: string,
  {
    cases = 60,
    packages = 12,
    suites = ["tune", "size", "disassemble", "emulate", "loss", "code"],
    hasRivals = true,
  }: MadeUpOptions = {},
): Row[] {
  return suites.flatMap((suite) =>
    (suite === "tune" && hasRivals ? [...RIVALS, ...MODELS] : MODELS).flatMap((competence) =>
      Array.from({ length: cases }, (_, at) =>
        madeUpRow(`${seed} ${suite}`, { suite, competence, at, packages }),
      ),
    ),
  );
}

interface Place {
  readonly suite: SuiteName;
  readonly competence: Competence;
  readonly at: number;
  readonly packages: number;
}

function madeUpRow(seed: string, { suite, competence, at, packages }: Place): Row {
  const ofCase = makeRng(`${seed} ${at}`);
  const size = Math.round(100 * 2 ** (9 * ofCase.next()));
  const best = Math.max(1, Math.round(size * (0.84 - 0.1 * ofCase.next())));
  const rng = makeRng(`${seed} ${at} ${competence.name}`);
  const { name, skill } = competence;
  const fails = skill < 1 && rng.next() < 0.04;
  const row = ANSWERS[suite]({ rng, competence, isRight: rng.next() < skill, size, best });
  const common: Common = {
    contender: name,
    case: `module-${String(at).padStart(3, "0")}`,
    package: `package-${at % packages}`,
    language: ["c", "c++", "rust"][at % 3] ?? "c",
    bytes: size,
    promptTokens: MODELS.includes(competence) ? Math.round(size / 3) : null,
    status: fails ? (rng.next() < 0.5 ? "unparsed" : "too long") : "ok",
    problem: fails ? "made up" : "",
    seconds: rng.next(),
  };
  return { ...row, ...common };
}
