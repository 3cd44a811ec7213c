/**
 * Does a lifted function do what the machine code does? The function's own assembly, assembled by itself, is put in the
 * place of an optimised build in the differential check: the IR is built in several trusted ways, and where those agree
 * on an input, the machine code must show the same result, memory, output and external calls. A test, not a proof; what
 * can be wrong with its terms (an input that the IR calls undefined, a signature that hides a result) makes it undecided.
 */

import { type Outcome, describeFailure, ok } from "../llvm/outcome.ts";
import type { Pool } from "../llvm/pool.ts";
import { runTool } from "../llvm/tools.ts";
import { makeReference } from "../verify/differential/differential.ts";
import type { Architecture } from "../tasks/dialect.ts";
import type { FunctionReport } from "../verify/differential/subject.ts";
import { readIr, symbolOf } from "../verify/differential/ir-text.ts";
import { type Verdict, correct, undecided } from "../verify/verdict.ts";
import { exported } from "./isolate.ts";
import { FLAG, readElfObject } from "./elf-object.ts";
import { readDump } from "./object-code.ts";
import { signatureDoubt } from "./signature.ts";
import { assemble } from "./tools.ts";

export interface EquivalenceQuestion {
  readonly name: string;
  readonly architecture: Architecture;
  /** The function's assembly, cut out. */
  readonly wanted: string;
  /** A module of the one function. */
  readonly ir: string;
  readonly scratch: string;
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal | undefined;
}

export async function equivalence(pool: Pool, question: EquivalenceQuestion): Promise<Verdict> {
  const { name, architecture, wanted, scratch, timeLimitMs, signal } = question;
  if (architecture !== "x86_64") return undecided(`${architecture} programs cannot be run here`);
  const ir = exported(question.ir, name);
  const loaded = await pool.load(Buffer.from(ir), name);
  if (loaded.status !== "ok") return undecided(describeFailure(loaded));
  try {
    const object = await machineCode(pool, name, wanted);
    if (object.status !== "ok") return undecided(describeFailure(object));
    const reference = await makeReference(pool, loaded.value, { scratch, timeLimitMs, signal });
    if (reference.status !== "ok") return undecided(describeFailure(reference));
    using held = reference.value;
    const { functions, verdict } = await held.check({
      object: object.value.object,
      isOrigin: true,
    });
    const report = functions.find((one) => one.name === name);
    return report === undefined ? asUndecided(verdict) : judged(report, ir, object.value.code);
  } finally {
    pool.unload(loaded.value);
  }
}

const asUndecided = (verdict: Verdict): Verdict =>
  verdict.status === "undecided" ? verdict : undecided("the check says nothing of the function");

/** The function alone as an object that shows it, and its instructions. */
async function machineCode(
  pool: Pool,
  name: string,
  assembly: string,
): Promise<Outcome<{ object: Uint8Array; code: readonly string[] }>> {
  const quoted = /^[\w.$]+$/.test(name) ? name : `"${name}"`;
  const object = await assemble(
    pool.toolchain,
    `.globl ${quoted}\n${withoutWeak(assembly)}`,
    "x86_64",
  );
  if (object.status !== "ok") return object;
  const args = ["-d", "--no-show-raw-insn", "--no-print-imm-hex", "-"];
  const dump = await runTool(pool.toolchain, "llvm-objdump", { args, stdin: object.value });
  const read = readElfObject(object.value);
  if (dump.status !== "ok") return dump;
  if (read.status !== "ok") return read;
  const sections = read.value.sections.filter(
    ({ flags, size }) => (flags & FLAG.code) !== 0 && size > 0,
  );
  const code = readDump(Buffer.from(dump.value).toString("utf8"), sections);
  return ok({ object: object.value, code: [...code.values()].flat().map(({ text }) => text) });
}

const withoutWeak = (assembly: string): string =>
  assembly.replaceAll(/^\.(?:weak|local) .*$/gm, "");

/** Of the IR's blocks; the rest may be what inputs rarely come to, such as failed assertions. */
const LEAST_REACHED = 3 / 4;

const PRIVILEGED = /^(?:syscall|sysenter|int |in[bwl]? |out[bwl]? |hlt)/;

function judged(report: FunctionReport, ir: string, code: readonly string[]): Verdict {
  const { verdict, counted, skipped, blocks, blocksReached, name } = report;
  if (verdict.status === "undecided") return verdict;
  const strange = code.find((text) => PRIVILEGED.test(text));
  if (strange !== undefined)
    return undecided(`the machine code has "${strange}", which the check does not let through`);
  if (verdict.status === "wrong") return verdict;
  const fn = readIr(ir).functions.find((one) => symbolOf(one.name) === name);
  if (fn === undefined) return undecided("the function's signature was not found");
  const doubt = signatureDoubt(fn, code);
  if (doubt !== undefined) return undecided(doubt);
  if (
    /^ .*\bcall .*@llvm\.(?:ubsan)?trap\(/m.test(ir) &&
    !code.some((text) => /^(?:ud[12]|int3)/.test(text))
  )
    return undecided("the IR has a trap, and the machine code none");
  if (skipped.undefined > counted)
    return undecided(
      `on ${skipped.undefined} inputs the IR is undefined, on ${counted} it agrees with the machine code`,
    );
  if (blocksReached < LEAST_REACHED * blocks)
    return undecided(
      `${counted} inputs show the same as the machine code, and reach ${blocksReached} of ${blocks} blocks`,
    );
  const open =
    skipped.undefined === 0 ? "" : `; on ${skipped.undefined} others the IR is undefined`;
  return correct(
    `${counted} inputs show the same as the machine code, through ${blocksReached} of ${blocks} blocks${open}`,
  );
}
