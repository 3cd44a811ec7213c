/**
 * Runs a module's functions on made-up arguments, built by a candidate pass list and by builds that are trusted, and
 * compares what can be seen: results, memory written, output, calls of what lies outside. An input counts only when
 * the reference was not seen to do anything undefined and all trusted builds agree; a function is called correct when
 * enough inputs counted, and wrong when the candidate departs from what they agree on. It is a test, not a proof.
 *
 * x86_64 only: the programs run here.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, describeFailure, ok } from "../../llvm/outcome.ts";
import type { LoadedModule, Pool } from "../../llvm/pool.ts";
import { instrument } from "./instrument.ts";
import { type IrFunction, reachable, readIr, references } from "./ir-text.ts";
import { checkCandidate } from "./judge.ts";
import { openWorkshop } from "./program.ts";
import { makeDriver } from "./stubs.ts";
import {
  type Candidate,
  type DifferentialOptions,
  type DifferentialReport,
  type Subject,
  nothingShown,
} from "./subject.ts";
import { buildTrusted, emitText, runTrusted } from "./trusted.ts";

export type { Candidate, DifferentialOptions, DifferentialReport } from "./subject.ts";

/** The trusted builds of one module, made and run once; any number of candidates can be compared with them. */
export interface Reference extends Disposable {
  check(candidate: Candidate): Promise<DifferentialReport>;
}

/** Whether a pass list kept the module's meaning, as far as running its functions shows. */
export async function checkDifferential(
  pool: Pool,
  module: LoadedModule,
  { passes, ...options }: { passes: string } & DifferentialOptions,
): Promise<DifferentialReport> {
  const reference = await makeReference(pool, module, options);
  if (reference.status !== "ok") return nothingShown(describeFailure(reference));
  using held = reference.value;
  return await held.check({ passes }); // awaited: `held` goes when this function ends
}

export async function makeReference(
  pool: Pool,
  module: LoadedModule,
  options: DifferentialOptions,
): Promise<Outcome<Reference>> {
  if (process.arch !== "x64" || !module.info.triple.startsWith("x86_64")) {
    return {
      status: "rejected",
      message: `cannot run ${module.info.triple.split("-")[0]} programs here`,
    };
  }
  const text = await pool.emit(module, "", "ir");
  if (text.status !== "ok") return text;
  const ir = Buffer.from(text.value).toString("utf8");
  const parsed = readIr(ir);
  const driver = makeDriver(parsed);
  const stubs = await emitText(pool, driver.ir, "driver stubs");
  if (stubs.status !== "ok") return stubs;
  const name = `${module.info.hash}-${module.key}`;
  const parts = { scratch: options.scratch, name, stubs: stubs.value, driver };
  const workshop = await openWorkshop(pool.toolchain, parts);
  if (workshop.status !== "ok") return workshop;
  const dispose = (): void => rmSync(join(options.scratch, name), { recursive: true, force: true });
  const instrumented = instrument(ir);
  const programs = await buildTrusted(pool, module, { workshop: workshop.value, instrumented });
  if (programs.status !== "ok") {
    dispose();
    return programs;
  }
  const graph = references(parsed);
  const functions = new Map(parsed.functions.map((fn) => [fn.name, fn]));
  const subject: Subject = {
    pool,
    module,
    driver,
    instrumented,
    workshop: workshop.value,
    programs: programs.value,
    options,
    usesFloat: driver.driven.map(({ name: fn }) =>
      [...reachable(fn, graph)].some((inner) => hasFloat(functions.get(inner))),
    ),
  };
  const expected = await runTrusted(subject);
  return ok({
    check: (candidate) => checkCandidate(subject, expected, candidate),
    [Symbol.dispose]: dispose,
  });
}

const hasFloat = (fn: IrFunction | undefined): boolean =>
  fn?.body.some((line) => /\b(?:float|double|x86_fp80)\b/.test(line)) ?? false;
