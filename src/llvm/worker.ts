/**
 * The worker process: loads libLLVM, holds modules, answers one request at a time (protocol.ts). It may be killed at
 * any moment by LLVM or by the pool, so it owns nothing that matters.
 * Arguments: the path of libLLVM.
 */

import { dieWithParent, openLlvm } from "./bindings.ts";
import { type Engine, makeEngine } from "./engine.ts";
import { completeTarget } from "./machine.ts";
import {
  type EmitKind,
  bitcodeOf,
  countFunctions,
  countInstructions,
  emitModule,
  hashModule,
  parseModule,
  runPasses,
  verifyModule,
} from "./module.ts";
import { normalizeModule } from "./normalize.ts";
import { type Outcome, ok } from "./outcome.ts";
import { prepareModule } from "./prepare.ts";
import type { Answer, Hello, Measurement, ModuleInfo, Request } from "./protocol.ts";
import { type States, makeStates, measureOptimised, measureStaged } from "./states.ts";
import { contentHash } from "../base/hash.ts";

/** Modules are worked on one after the other; a dropped one is sent again when asked for. */
const MAX_HELD_MODULES = 4;

interface Held {
  readonly bitcode: Uint8Array;
  readonly states: States;
}

function load(engine: Engine, request: Extract<Request, { kind: "load" }>): Outcome<ModuleInfo> {
  const parsed = parseModule(engine, request.bytes, request.name);
  if (parsed.status !== "ok") return parsed;
  using module = parsed.value;
  const triple = completeTarget(module);
  if (triple.status !== "ok") return triple;
  const broken = verifyModule(module);
  if (broken !== undefined) return broken;
  const preparation = prepareModule(module);
  const bitcode = bitcodeOf(module);
  return ok({
    ...preparation,
    triple: triple.value,
    functions: countFunctions(module),
    instructions: countInstructions(module),
    hash: contentHash(bitcode),
    bitcode,
  });
}

function read(engine: Engine, bytes: Uint8Array): Outcome<null> {
  const parsed = parseModule(engine, bytes, "module");
  if (parsed.status !== "ok") return parsed;
  parsed.value[Symbol.dispose]();
  return ok(null);
}

function measureFresh(engine: Engine, bitcode: Uint8Array, passes: string): Outcome<Measurement> {
  const parsed = parseModule(engine, bitcode, "module");
  if (parsed.status !== "ok") return parsed;
  using module = parsed.value;
  const failure = passes === "" ? undefined : runPasses(module, passes);
  if (failure !== undefined) return failure;
  const measured = measureOptimised(module, hashModule(module));
  return measured.status === "ok" ? ok({ ...measured.value, generated: true }) : measured;
}

function emit(
  engine: Engine,
  bitcode: Uint8Array,
  how: { passes: string; as: EmitKind },
): Outcome<Uint8Array> {
  const parsed = parseModule(engine, bitcode, "module");
  if (parsed.status !== "ok") return parsed;
  using module = parsed.value;
  return (
    (how.passes === "" ? undefined : runPasses(module, how.passes)) ??
    verifyModule(module) ??
    emitModule(module, how.as)
  );
}

function hold(
  modules: Map<string, Held>,
  key: string,
  { bitcode, hash }: { bitcode: Uint8Array; hash: string },
): void {
  const oldest = modules.keys().next().value;
  if (oldest !== undefined && modules.size >= MAX_HELD_MODULES) modules.delete(oldest);
  modules.set(key, { bitcode, states: makeStates(bitcode, hash) });
}

function answer(engine: Engine, modules: Map<string, Held>, request: Request): Answer {
  if (request.kind === "load") {
    const loaded = load(engine, request);
    if (loaded.status === "ok") hold(modules, request.key, loaded.value);
    return loaded;
  }
  if (request.kind === "read") return read(engine, request.bytes);
  if (request.kind === "hold") {
    hold(modules, request.key, request);
    return ok(null);
  }
  const held = modules.get(request.key);
  if (held === undefined) return { status: "missing" };
  if (request.kind === "emit") return emit(engine, held.bitcode, request);
  if (request.kind === "normalize") return normalizeModule(engine, held.bitcode);
  return request.fresh
    ? measureFresh(engine, held.bitcode, request.steps.join(","))
    : measureStaged(engine, held.states, request.steps);
}

function main(libraryPath: string): void {
  dieWithParent();
  const llvm = openLlvm(libraryPath);
  const engine = makeEngine(llvm);
  const modules = new Map<string, Held>();
  process.on("message", (request: Request) => process.send?.(answer(engine, modules, request)));
  process.on("disconnect", () => process.exit(0));
  // Ctrl-C reaches the whole process group; the parent decides what is to stop.
  process.on("SIGINT", () => {});
  const [major, minor, patch]: [[number], [number], [number]] = [[0], [0], [0]];
  llvm.getVersion(major, minor, patch);
  const hello: Hello = { llvmVersion: `${major[0]}.${minor[0]}.${patch[0]}` };
  process.send?.(hello);
}

main(process.argv[2] ?? "");
