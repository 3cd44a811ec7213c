/** A model's answer beside what the real compiler gives: the same code or not, whether it compiles, how far sizes are off. */

import { bleuOf } from "../base/bleu.ts";
import { type Outcome, describeFailure, ok } from "../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../llvm/pool.ts";
import { runAssembler } from "../llvm/tools.ts";
import { printPassList } from "../passes/print.ts";
import type { PassList } from "../passes/tree.ts";
import { cleanAssembly } from "../tasks/assembly.ts";
import { bareWithTriple } from "../tasks/bare-ir.ts";
import { readMended } from "../tasks/ir-repair.ts";
import type { Architecture, CodeKind, CodeSizes, Parsed } from "../tasks/dialect.ts";
import { type EmulateAnswer, scoreEmulate } from "../tasks/emulate.ts";
import { sizesOf } from "./sizes.ts";
import { type Part, normalText } from "./parts.ts";

export interface Check {
  /** The same as the compiler's, both in normal form. */
  readonly isExact: boolean;
  /** IR gives an object, assembly assembles. */
  readonly compiles: boolean;
  /** Slips in the IR were mended (tasks/ir-repair.ts): as written LLVM does not read it. */
  readonly isMended: boolean;
  /** Why it does not compile. */
  readonly fault?: string;
  /** In [0, 1]. */
  readonly bleu: number;
  readonly actual: CodeSizes;
  /** |predicted - actual| / actual; undefined where nothing was predicted. */
  readonly instructionError: number | undefined;
  readonly byteError: number | undefined;
  /** Code or a predicted size differs, or one is missing. */
  readonly isDifferent: boolean;
}

interface Claim {
  readonly answer: Parsed<EmulateAnswer>;
  readonly passes: PassList;
  readonly want: CodeKind;
}

/** A failure is the real compiler's: the pass list that it rejects or dies of. */
export async function checkAnswer(
  pool: Pool,
  part: Part,
  { answer, passes, want }: Claim,
): Promise<Outcome<Check>> {
  const truth = await compile(pool, part.module, { passes: printPassList(passes), want });
  if (truth.status !== "ok") return truth;
  const { code: given } = answer.ok ? answer.answer : answer.partial;
  const { read, isMended } =
    given === undefined
      ? { read: undefined, isMended: false }
      : await readBack(pool, given, { want, triple: part.module.info.triple });
  const normalAnswer = read?.status === "ok" ? { normalAnswer: read.value } : {};
  const score = scoreEmulate(answer, { want, ...truth.value, ...normalAnswer });
  const { instructionError, byteError, isExact } = score;
  return ok({
    isExact,
    compiles: read?.status === "ok",
    isMended,
    ...(read !== undefined && read.status !== "ok" ? { fault: describeFailure(read) } : {}),
    bleu: bleuOf(score.bleu, { effectiveOrder: true }),
    actual: truth.value.sizes,
    instructionError,
    byteError,
    isDifferent: !isExact || instructionError !== 0 || byteError !== 0,
  });
}

async function compile(
  pool: Pool,
  module: LoadedModule,
  { passes, want }: { passes: string; want: CodeKind },
): Promise<Outcome<{ readonly code: string; readonly sizes: CodeSizes }>> {
  const optimised = await pool.emit(module, passes, "bitcode");
  if (optimised.status !== "ok") return optimised;
  const made = await normalText(pool, optimised.value);
  if (made.status !== "ok") return made;
  const text = await normalText(pool, Buffer.from(bareWithTriple(made.value)));
  if (text.status !== "ok") return text;
  const loaded = await pool.load(Buffer.from(text.value), "optimised");
  if (loaded.status !== "ok") return loaded;
  try {
    const sizes = await sizesOf(pool, loaded.value, "");
    if (sizes.status !== "ok") return sizes;
    if (want === "ir") return ok({ code: text.value, sizes: sizes.value });
    const assembly = await pool.emit(loaded.value, "", "assembly");
    if (assembly.status !== "ok") return assembly;
    const code = cleanAssembly(
      Buffer.from(assembly.value).toString("utf8"),
      architectureOf(module.info.triple),
    );
    return ok({ code, sizes: sizes.value });
  } finally {
    pool.unload(loaded.value);
  }
}

/** The answer's code in the form in which it is compared; for IR the failure says why it does not compile. */
export async function readBack(
  pool: Pool,
  code: string,
  { want, triple }: { want: CodeKind; triple: string },
): Promise<{ readonly read: Outcome<string>; readonly isMended: boolean }> {
  return want === "assembly"
    ? { read: await assembled(pool, code, triple), isMended: false }
    : readMended(code, (ir) => normalIfCompiled(pool, ir));
}

async function normalIfCompiled(pool: Pool, code: string): Promise<Outcome<string>> {
  const loaded = await pool.load(Buffer.from(code), "answer");
  if (loaded.status !== "ok") return loaded;
  try {
    const object = await pool.emit(loaded.value, "", "object");
    if (object.status !== "ok") return object;
    const normal = await pool.normalize(loaded.value);
    return normal.status === "ok" ? ok(normal.value.text) : normal;
  } finally {
    pool.unload(loaded.value);
  }
}

async function assembled(pool: Pool, code: string, triple: string): Promise<Outcome<string>> {
  const object = await runAssembler(pool.toolchain, code, triple);
  return object.status === "ok" ? ok(cleanAssembly(code, architectureOf(triple))) : object;
}

const architectureOf = (triple: string): Architecture =>
  triple.startsWith("x86_64") ? "x86_64" : "aarch64";
