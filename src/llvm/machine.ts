/**
 * Target machines: which back end, CPU, relocation and code model a module is compiled with. One is made per
 * combination and kept. Only ELF on x86_64 and AArch64; everything else is refused with that reason.
 */

import type { Llvm, Pointer } from "./bindings.ts";
import { type Outcome, ok } from "./outcome.ts";
import type { Module } from "./engine.ts";

/** For IR that names no target, as `opt` and `llc` do on this kind of machine. */
const DEFAULT_TRIPLE = "x86_64-pc-linux-gnu";

// The functions' own "target-cpu" attributes win over this; it counts for IR written by hand.
const CPU_OF_ARCHITECTURE: Record<string, string> = {
  x86_64: "x86-64",
  aarch64: "generic",
  arm64: "generic",
};
const CODEGEN_LEVEL_DEFAULT = 2; // what clang uses for -O2, -Os and -Oz
const RELOC = { static: 1, pic: 2 } as const;
const CODE_MODEL_DEFAULT = 0;
/** llvm::CodeModel in the "Code Model" module flag → LLVMCodeModel of the C API. */
const CODE_MODELS = [2, 3, 4, 5, 6]; // tiny small kernel medium large
const NOT_ELF =
  /-(?:windows|win32|cygwin|apple|darwin|macos|macosx|ios|watchos|tvos|uefi)|-coff|-macho|-wasm/;
/** x32 and ILP32: these architectures, but 32-bit ELF. */
const ELF_32 = /x32$|ilp32$/;

/** The machine for the module's triple, PIC level and code model. Names the target wanted when there is none. */
export function machineFor(module: Module): Outcome<Pointer> {
  const { llvm, machines } = module.engine;
  const triple = llvm.getTarget(module.pointer) || DEFAULT_TRIPLE;
  // clang records how it was called in module flags; IR without any flag is compiled as `llc` does for PIE: PIC.
  const picLevel = moduleFlag(module, "PIC Level");
  const isStatic =
    picLevel === 0 || (picLevel === undefined && moduleFlag(module, "wchar_size") !== undefined);
  const reloc = isStatic ? RELOC.static : RELOC.pic;
  const model = CODE_MODELS[moduleFlag(module, "Code Model") ?? -1] ?? CODE_MODEL_DEFAULT;
  const key = `${triple} ${reloc} ${model}`;
  const machine = machines.get(key) ?? createMachine(llvm, triple, { reloc, model });
  machines.set(key, machine);
  return machine;
}

function createMachine(
  llvm: Llvm,
  triple: string,
  how: { reloc: number; model: number },
): Outcome<Pointer> {
  const cpu = CPU_OF_ARCHITECTURE[triple.split("-")[0] ?? ""];
  if (cpu === undefined || NOT_ELF.test(triple) || ELF_32.test(triple)) {
    return { status: "rejected", message: unsupported(triple) };
  }
  const target: [Pointer | null] = [null];
  const message: [Pointer | null] = [null];
  if (llvm.targetFromTriple(triple, target, message) !== 0 || target[0] === null) {
    return {
      status: "rejected",
      message: `${unsupported(triple)} (${llvm.takeString(message[0])})`,
    };
  }
  const machine = llvm.createTargetMachine(
    target[0],
    triple,
    cpu,
    "",
    CODEGEN_LEVEL_DEFAULT,
    how.reloc,
    how.model,
  );
  return machine === null ? { status: "rejected", message: unsupported(triple) } : ok(machine);
}

const unsupported = (triple: string): string =>
  `target "${triple}" is not supported: want 64-bit ELF on x86_64 or aarch64; compile the IR for one of these`;

/**
 * To be called when code was generated. A machine remembers the addresses in `llvm.used` and would mark whatever later comes to lie
 * there (SHF_GNU_RETAIN), so after such a module it is not used again (TargetLoweringObjectFileELF::Used).
 */
export function retireMachine({ engine, pointer }: Module, machine: Pointer): void {
  const { llvm, machines } = engine;
  if (llvm.namedGlobal(pointer, "llvm.used") === null) return;
  for (const [key, made] of machines)
    if (made.status === "ok" && made.value === machine) machines.delete(key);
  llvm.disposeTargetMachine(machine);
}

/** Fills in triple and data layout where hand-written IR leaves them out. */
export function completeTarget(module: Module): Outcome<string> {
  const { llvm } = module.engine;
  const machine = machineFor(module);
  if (machine.status !== "ok") return machine;
  if (llvm.getTarget(module.pointer) === "") llvm.setTarget(module.pointer, DEFAULT_TRIPLE);
  if (llvm.getDataLayout(module.pointer) === "") {
    const layout = llvm.createDataLayout(machine.value);
    llvm.setModuleDataLayout(module.pointer, layout);
    llvm.disposeDataLayout(layout);
  }
  return ok(llvm.getTarget(module.pointer));
}

/** An integer module flag such as "PIC Level", or undefined. */
function moduleFlag(
  { engine: { llvm }, context, pointer }: Module,
  key: string,
): number | undefined {
  const metadata = llvm.getModuleFlag(pointer, key, Buffer.byteLength(key));
  if (metadata === null) return undefined;
  const value = llvm.metadataAsValue(context, metadata);
  if (llvm.mdNodeOperandCount(value) !== 1) return undefined;
  const operand: [Pointer | null] = [null];
  llvm.mdNodeOperands(value, operand);
  return operand[0] !== null && llvm.isConstantInt(operand[0]) !== null
    ? llvm.constIntValue(operand[0])
    : undefined;
}
