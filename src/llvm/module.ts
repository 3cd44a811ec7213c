/**
 * One LLVM module with owned handles, inside a worker process: parse, run passes, verify, count, hash, emit.
 * Handles are freed by `using`. Nothing here defends against LLVM crashing; that is what the process is for.
 */

import type { Pointer } from "./bindings.ts";
import type { Engine, Module } from "./engine.ts";
import { type Failure, type Outcome, ok } from "./outcome.ts";
import { contentHash } from "../base/hash.ts";
import { measureElf, type Sections } from "./elf.ts";
import { machineFor, retireMachine } from "./machine.ts";

export type EmitKind = "object" | "assembly" | "bitcode" | "ir";

const RETURN_STATUS = 2; // LLVMReturnStatusAction
const FILE_TYPE = { assembly: 0, object: 1 } as const;

/**
 * Parses LLVM-IR text or bitcode into a context of its own. `name` appears in the parser's messages. Value names can be
 * discarded from bitcode only; values then print as numbers.
 */
export function parseModule(
  engine: Engine,
  bytes: Uint8Array,
  name: string,
  { discardValueNames = false } = {},
): Outcome<Module> {
  const { llvm } = engine;
  const context = llvm.contextCreate();
  if (discardValueNames) llvm.contextSetDiscardValueNames(context, 1);
  llvm.contextSetDiagnosticHandler(context, engine.diagnosticHandler, null);
  engine.diagnostics.length = 0;
  const buffer = llvm.bufferCopy(bytes, bytes.byteLength, name);
  const out: [Pointer | null] = [null];
  const message: [Pointer | null] = [null];
  if (llvm.parseIr(context, buffer, out, message) !== 0 || out[0] === null) {
    const text =
      llvm.takeString(message[0]) ||
      engine.diagnostics.join("; ") ||
      "the IR parser gave no reason";
    llvm.contextDispose(context);
    return { status: "invalid", message: text.trim() };
  }
  return ok(owned(engine, context, out[0]));
}

function owned(engine: Engine, context: Pointer, pointer: Pointer): Module {
  return {
    engine,
    context,
    pointer,
    [Symbol.dispose]() {
      engine.llvm.moduleDispose(pointer);
      engine.llvm.contextDispose(context);
    },
  };
}

/** A copy in the same context; it must be disposed of before the original. */
export function cloneModule(module: Module): Module {
  const { llvm } = module.engine;
  const pointer = llvm.moduleClone(module.pointer);
  return { ...module, pointer, [Symbol.dispose]: () => llvm.moduleDispose(pointer) };
}

/** Runs a pass list in LLVM's own text form. The module is changed in place; undefined when all went well. */
export function runPasses(module: Module, passes: string): Failure | undefined {
  const { llvm, diagnostics } = module.engine;
  const machine = machineFor(module);
  if (machine.status !== "ok") return machine;
  diagnostics.length = 0;
  const options = llvm.createPassOptions();
  const error = llvm.runPasses(module.pointer, passes, machine.value, options);
  llvm.disposePassOptions(options);
  if (error !== null) {
    const message = llvm.getErrorMessage(error);
    const text = llvm.decodeString(message);
    llvm.disposeErrorMessage(message);
    return { status: "rejected", message: text };
  }
  return diagnostics.length > 0
    ? { status: "invalid", message: diagnostics.join("; ") }
    : undefined;
}

export function verifyModule(module: Module): Failure | undefined {
  const { llvm } = module.engine;
  const message: [Pointer | null] = [null];
  const broken = llvm.verifyModule(module.pointer, RETURN_STATUS, message) !== 0;
  const text = llvm.takeString(message[0]).trim();
  return broken ? { status: "invalid", message: text } : undefined;
}

/** Walks a list that LLVM links by first/next calls. */
function* linked(
  first: Pointer | null,
  next: (item: Pointer) => Pointer | null,
): Generator<Pointer> {
  for (let item = first; item !== null; item = next(item)) yield item;
}

/** The functions that have a body. */
export function* definedFunctions({ engine: { llvm }, pointer }: Module): Generator<Pointer> {
  for (const fn of linked(llvm.firstFunction(pointer), llvm.nextFunction)) {
    if (llvm.isDeclaration(fn) === 0) yield fn;
  }
}

/** IR instructions in all bodies, debug records not among them. About 60 ns each. */
export function countInstructions(module: Module): number {
  let count = 0;
  for (const fn of definedFunctions(module)) count += functionSize(module, fn).instructions;
  return count;
}

export function functionSize(
  { engine: { llvm } }: Module,
  fn: Pointer,
): { instructions: number; blocks: number } {
  const size = { instructions: 0, blocks: 0 };
  for (const block of linked(llvm.firstBlock(fn), llvm.nextBlock)) {
    size.blocks++;
    let instruction = llvm.firstInstruction(block);
    for (; instruction !== null; instruction = llvm.nextInstruction(instruction))
      size.instructions++;
  }
  return size;
}

export function countFunctions(module: Module): number {
  let count = 0;
  for (const _ of definedFunctions(module)) count++;
  return count;
}

export function bitcodeOf(module: Module): Uint8Array {
  return withBuffer(module.engine, module.engine.llvm.writeBitcode(module.pointer), (bytes) =>
    bytes.slice(),
  );
}

/** Hash of the module's bitcode: equal modules compile to equal objects (use-list order apart). */
export function hashModule(module: Module): string {
  return withBuffer(module.engine, module.engine.llvm.writeBitcode(module.pointer), contentHash);
}

export function irOf(module: Module): string {
  return module.engine.llvm.takeString(module.engine.llvm.printModule(module.pointer));
}

/** Sizes of the object's sections, read where LLVM put the object, without a copy. Changes the module. */
export function measureModule(module: Module): Outcome<Sections> {
  return codegen(module, "object", measureElf);
}

/** Code generation lowers the module in place: clone it first if it is needed afterwards. */
export function emitModule(module: Module, kind: EmitKind): Outcome<Uint8Array> {
  switch (kind) {
    case "bitcode":
      return ok(bitcodeOf(module));
    case "ir":
      return ok(Buffer.from(irOf(module)));
    case "object":
    case "assembly":
      return codegen(module, kind, (bytes) => bytes.slice());
    default:
      return kind satisfies never;
  }
}

function codegen<T>(
  module: Module,
  kind: keyof typeof FILE_TYPE,
  use: (bytes: Uint8Array) => T,
): Outcome<T> {
  const { llvm, diagnostics } = module.engine;
  const machine = machineFor(module);
  if (machine.status !== "ok") return machine;
  diagnostics.length = 0;
  const message: [Pointer | null] = [null];
  const buffer: [Pointer | null] = [null];
  const failed =
    llvm.emitToBuffer(machine.value, module.pointer, FILE_TYPE[kind], message, buffer) !== 0;
  const text = llvm.takeString(message[0]);
  retireMachine(module, machine.value);
  if (failed || buffer[0] === null)
    return { status: "invalid", message: text || "LLVM emitted no code" };
  const result = withBuffer(module.engine, buffer[0], use);
  return diagnostics.length > 0
    ? { status: "invalid", message: diagnostics.join("; ") }
    : ok(result);
}

function withBuffer<T>({ llvm }: Engine, buffer: Pointer, use: (bytes: Uint8Array) => T): T {
  try {
    return use(llvm.bytesAt(llvm.bufferStart(buffer), llvm.bufferSize(buffer)));
  } finally {
    llvm.bufferDispose(buffer);
  }
}
