/**
 * The one file that speaks to libLLVM: every foreign signature, through koffi. Loaded by worker processes only,
 * because LLVM may exit, abort, crash or hang inside any of these calls.
 *
 * Names and meanings are those of llvm-c/*.h. A pointer is a bigint; null where C gives NULL.
 */

import koffi from "koffi";

export type Pointer = bigint;
type OutPointer = [Pointer | null];

/** C code runs on koffi's own stack; LLVM recurses deeply on large functions (the default of 2 MiB overflows; 16 MiB is the most it allows). */
const C_STACK_BYTES = 16 << 20;

koffi.config({ sync_stack_size: C_STACK_BYTES }); // refused once a library is loaded

// `as` appears below because koffi's functions are untyped; the strings beside them are the C prototypes.
/* oxlint-disable typescript/consistent-type-assertions */
export function openLlvm(libraryPath: string) {
  const lib = koffi.load(libraryPath);
  const f = <T>(prototype: string): T => lib.func(prototype) as unknown as T;

  const disposeMessage = f<(message: Pointer) => void>("void LLVMDisposeMessage(void *message)");
  const takeString = (message: Pointer | null): string => {
    if (message === null) return "";
    const text = koffi.decode(message, "char", -1) as string;
    disposeMessage(message);
    return text;
  };
  const onDiagnostic = koffi.proto("void LlmcDiagnosticHandler(void *info, void *context)");

  return {
    takeString,
    bytesAt: (start: Pointer, length: number): Uint8Array =>
      new Uint8Array(koffi.view(start, length)),
    diagnosticHandler: (handler: (info: Pointer) => void): Pointer =>
      koffi.register(handler, koffi.pointer(onDiagnostic)),

    getVersion: f<(major: [number], minor: [number], patch: [number]) => void>(
      "void LLVMGetVersion(_Out_ uint *major, _Out_ uint *minor, _Out_ uint *patch)",
    ),
    contextCreate: f<() => Pointer>("void *LLVMContextCreate()"),
    contextDispose: f<(context: Pointer) => void>("void LLVMContextDispose(void *context)"),
    contextSetDiscardValueNames: f<(context: Pointer, discard: number) => void>(
      "void LLVMContextSetDiscardValueNames(void *context, int discard)",
    ),
    contextSetDiagnosticHandler: f<(context: Pointer, handler: Pointer, data: null) => void>(
      "void LLVMContextSetDiagnosticHandler(void *context, void *handler, void *data)",
    ),
    getDiagInfoSeverity: f<(info: Pointer) => number>("int LLVMGetDiagInfoSeverity(void *info)"),
    getDiagInfoDescription: f<(info: Pointer) => Pointer>(
      "void *LLVMGetDiagInfoDescription(void *info)",
    ),

    bufferCopy: f<(bytes: Uint8Array, length: number, name: string) => Pointer>(
      "void *LLVMCreateMemoryBufferWithMemoryRangeCopy(const uint8_t *bytes, size_t length, const char *name)",
    ),
    bufferStart: f<(buffer: Pointer) => Pointer>("void *LLVMGetBufferStart(void *buffer)"),
    bufferSize: f<(buffer: Pointer) => number>("size_t LLVMGetBufferSize(void *buffer)"),
    bufferDispose: f<(buffer: Pointer) => void>("void LLVMDisposeMemoryBuffer(void *buffer)"),

    /** Takes the buffer, also when it fails. Text or bitcode. */
    parseIr: f<
      (context: Pointer, buffer: Pointer, module: OutPointer, message: OutPointer) => number
    >(
      "int LLVMParseIRInContext(void *context, void *buffer, _Out_ void **module, _Out_ void **message)",
    ),
    moduleDispose: f<(module: Pointer) => void>("void LLVMDisposeModule(void *module)"),
    moduleClone: f<(module: Pointer) => Pointer>("void *LLVMCloneModule(void *module)"),
    printModule: f<(module: Pointer) => Pointer>("void *LLVMPrintModuleToString(void *module)"),
    stripDebugInfo: f<(module: Pointer) => number>("int LLVMStripModuleDebugInfo(void *module)"),
    writeBitcode: f<(module: Pointer) => Pointer>(
      "void *LLVMWriteBitcodeToMemoryBuffer(void *module)",
    ),
    verifyModule: f<(module: Pointer, action: number, message: OutPointer) => number>(
      "int LLVMVerifyModule(void *module, int action, _Out_ void **message)",
    ),
    getTarget: f<(module: Pointer) => string>("const char *LLVMGetTarget(void *module)"),
    setTarget: f<(module: Pointer, triple: string) => void>(
      "void LLVMSetTarget(void *module, const char *triple)",
    ),
    getDataLayout: f<(module: Pointer) => string>("const char *LLVMGetDataLayoutStr(void *module)"),
    setModuleDataLayout: f<(module: Pointer, layout: Pointer) => void>(
      "void LLVMSetModuleDataLayout(void *module, void *layout)",
    ),
    getModuleFlag: f<(module: Pointer, key: string, length: number) => Pointer | null>(
      "void *LLVMGetModuleFlag(void *module, const char *key, size_t length)",
    ),
    metadataAsValue: f<(context: Pointer, metadata: Pointer) => Pointer>(
      "void *LLVMMetadataAsValue(void *context, void *metadata)",
    ),
    isConstantInt: f<(value: Pointer) => Pointer | null>("void *LLVMIsAConstantInt(void *value)"),
    mdNodeOperandCount: f<(value: Pointer) => number>("uint LLVMGetMDNodeNumOperands(void *value)"),
    mdNodeOperands: f<(value: Pointer, operands: OutPointer) => void>(
      "void LLVMGetMDNodeOperands(void *value, _Out_ void **operands)",
    ),
    constIntValue: f<(value: Pointer) => number>("uint64_t LLVMConstIntGetZExtValue(void *value)"),

    firstFunction: f<(module: Pointer) => Pointer | null>(
      "void *LLVMGetFirstFunction(void *module)",
    ),
    nextFunction: f<(fn: Pointer) => Pointer | null>("void *LLVMGetNextFunction(void *fn)"),
    firstBlock: f<(fn: Pointer) => Pointer | null>("void *LLVMGetFirstBasicBlock(void *fn)"),
    nextBlock: f<(block: Pointer) => Pointer | null>("void *LLVMGetNextBasicBlock(void *block)"),
    firstInstruction: f<(block: Pointer) => Pointer | null>(
      "void *LLVMGetFirstInstruction(void *block)",
    ),
    nextInstruction: f<(instruction: Pointer) => Pointer | null>(
      "void *LLVMGetNextInstruction(void *instruction)",
    ),
    isDeclaration: f<(value: Pointer) => number>("int LLVMIsDeclaration(void *value)"),

    attributeKind: f<(name: string, length: number) => number>(
      "uint LLVMGetEnumAttributeKindForName(const char *name, size_t length)",
    ),
    getAttribute: f<(fn: Pointer, index: number, kind: number) => Pointer | null>(
      "void *LLVMGetEnumAttributeAtIndex(void *fn, uint index, uint kind)",
    ),
    createAttribute: f<(context: Pointer, kind: number, value: number) => Pointer>(
      "void *LLVMCreateEnumAttribute(void *context, uint kind, uint64_t value)",
    ),
    addAttribute: f<(fn: Pointer, index: number, attribute: Pointer) => void>(
      "void LLVMAddAttributeAtIndex(void *fn, uint index, void *attribute)",
    ),
    removeAttribute: f<(fn: Pointer, index: number, kind: number) => void>(
      "void LLVMRemoveEnumAttributeAtIndex(void *fn, uint index, uint kind)",
    ),

    createPassOptions: f<() => Pointer>("void *LLVMCreatePassBuilderOptions()"),
    disposePassOptions: f<(options: Pointer) => void>(
      "void LLVMDisposePassBuilderOptions(void *options)",
    ),
    runPasses: f<
      (module: Pointer, passes: string, machine: Pointer, options: Pointer) => Pointer | null
    >("void *LLVMRunPasses(void *module, const char *passes, void *machine, void *options)"),
    /** Takes the error; its message must go to `disposeErrorMessage`. */
    getErrorMessage: f<(error: Pointer) => Pointer>("void *LLVMGetErrorMessage(void *error)"),
    disposeErrorMessage: f<(message: Pointer) => void>(
      "void LLVMDisposeErrorMessage(void *message)",
    ),
    decodeString: (text: Pointer): string => koffi.decode(text, "char", -1) as string,

    initializeTarget: (target: string): void => {
      for (const part of ["TargetInfo", "Target", "TargetMC", "AsmPrinter", "AsmParser"]) {
        f<() => void>(`void LLVMInitialize${target}${part}()`)();
      }
    },
    targetFromTriple: f<(triple: string, target: OutPointer, message: OutPointer) => number>(
      "int LLVMGetTargetFromTriple(const char *triple, _Out_ void **target, _Out_ void **message)",
    ),
    createTargetMachine: f<
      (
        target: Pointer,
        triple: string,
        cpu: string,
        features: string,
        level: number,
        reloc: number,
        model: number,
      ) => Pointer | null
    >(
      "void *LLVMCreateTargetMachine(void *target, const char *triple, const char *cpu, const char *features, int level, int reloc, int model)",
    ),
    disposeTargetMachine: f<(machine: Pointer) => void>(
      "void LLVMDisposeTargetMachine(void *machine)",
    ),
    namedGlobal: f<(module: Pointer, name: string) => Pointer | null>(
      "void *LLVMGetNamedGlobal(void *module, const char *name)",
    ),
    createDataLayout: f<(machine: Pointer) => Pointer>(
      "void *LLVMCreateTargetDataLayout(void *machine)",
    ),
    disposeDataLayout: f<(layout: Pointer) => void>("void LLVMDisposeTargetData(void *layout)"),
    emitToBuffer: f<
      (
        machine: Pointer,
        module: Pointer,
        fileType: number,
        message: OutPointer,
        buffer: OutPointer,
      ) => number
    >(
      "int LLVMTargetMachineEmitToMemoryBuffer(void *machine, void *module, int fileType, _Out_ void **message, _Out_ void **buffer)",
    ),
  };
}
/* oxlint-enable typescript/consistent-type-assertions */

export type Llvm = ReturnType<typeof openLlvm>;

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/** Linux: the kernel kills this process when its parent dies, even while it hangs inside LLVM. */
export function dieWithParent(): void {
  if (process.platform !== "linux") return;
  const prctl = koffi.load(null).func("int prctl(int option, unsigned long argument)");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}
