/**
 * Makes any module a fair starting point for size optimisation. `clang -O0` marks every function `optnone noinline`
 * and no IR but that of -Os/-Oz carries the size attributes; measured from such IR, the same -Oz pipeline ends 14 %
 * larger, so gains over it would be inflated.
 */

import type { Pointer } from "./bindings.ts";
import type { Module } from "./engine.ts";
import { definedFunctions } from "./module.ts";

export interface Preparation {
  /** Functions whose `optnone` (and the `noinline` that came with it) was taken away. */
  readonly optnoneRemoved: number;
  /** Functions that were given `minsize optsize`. */
  readonly sizeAttributesSet: number;
  /** Whether a function must be inlined (`alwaysinline`): then only pass lists with an inliner are right. */
  readonly hasAlwaysInline: boolean;
}

const FUNCTION_INDEX = 0xffffffff; // LLVMAttributeFunctionIndex

export function prepareModule(module: Module): Preparation {
  const functions = [...definedFunctions(module)];
  const has = (name: string) => (fn: Pointer) => hasAttribute(module, fn, name);
  // A lone `optnone` is the author's wish; on every function it is -O0 speaking.
  const isO0 = functions.length > 0 && functions.every(has("optnone"));
  if (isO0) for (const fn of functions) removeAttributes(module, fn, ["optnone", "noinline"]);
  const withoutSize = functions.filter((fn) => !has("minsize")(fn) && !has("optnone")(fn));
  for (const fn of withoutSize) addAttributes(module, fn, ["minsize", "optsize"]);
  return {
    optnoneRemoved: isO0 ? functions.length : 0,
    sizeAttributesSet: withoutSize.length,
    hasAlwaysInline: functions.some(has("alwaysinline")),
  };
}

function kindOf({ engine: { llvm } }: Module, name: string): number {
  return llvm.attributeKind(name, name.length);
}

function hasAttribute(module: Module, fn: Pointer, name: string): boolean {
  return module.engine.llvm.getAttribute(fn, FUNCTION_INDEX, kindOf(module, name)) !== null;
}

function removeAttributes(module: Module, fn: Pointer, names: readonly string[]): void {
  for (const name of names)
    module.engine.llvm.removeAttribute(fn, FUNCTION_INDEX, kindOf(module, name));
}

function addAttributes(module: Module, fn: Pointer, names: readonly string[]): void {
  const { llvm } = module.engine;
  for (const name of names) {
    llvm.addAttribute(
      fn,
      FUNCTION_INDEX,
      llvm.createAttribute(module.context, kindOf(module, name), 0),
    );
  }
}
