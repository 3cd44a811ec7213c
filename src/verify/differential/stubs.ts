/**
 * The generated half of a driver, as IR: a call stub for each function that can be called, which loads arguments of
 * exactly its types from memory, a stand-in for each external function, and the tables that runtime/runtime.h declares. As IR, so
 * that every way of passing arguments is right by construction. Also decides what can be driven, and says why not.
 */

import {
  type IrFunction,
  type IrModule,
  type Parameter,
  isExported,
  leadingType,
  reachable,
  references,
  symbolOf,
} from "./ir-text.ts";
import { solvedConstants } from "./solve.ts";
import { RUNTIME, isRealData, isRealFunction, isRemovable } from "./libc.ts";

export interface Driver {
  readonly ir: string;
  /** Functions of the driver's table, in its order. */
  readonly driven: readonly IrFunction[];
  /** Defined functions that are not called, each with the reason. */
  readonly leftOut: readonly {
    readonly name: string;
    readonly why: string;
    readonly isLocal: boolean;
  }[];
  /** Lines for llvm-objcopy --redefine-syms: no symbol of the module can meet one of ours or of libc. */
  readonly renames: readonly string[];
  /** Local functions that other modules can call through a table, for --globalize-symbols. */
  readonly globalized: readonly string[];
}

/** Must agree with runtime.h. */
const KIND = { void: 0, integer: 1, float: 2, double: 3, x87: 4, pointer: 5, blob: 6 } as const;
const FLAG = { nonNull: 1, noReturn: 2, pure: 4 } as const;
const MAX_ARGUMENTS = 16;
const SLOT_BYTES = 256;
const MAX_CONSTANTS = 64;
const MAX_SOLVED = 24;
const MAX_STRINGS = 128;
const COMPARED =
  /^  %\S+ = (?:icmp|and|sub|add|urem|udiv)\b.* i\d+ [^,]+, (-?\d+)(?:,|$)|^    i\d+ (-?\d+), label/;
/** Storage of an external variable whose size is not known; reading on meets the next one. */
const EXTERNAL_DATA_BYTES = 4096;

export function makeDriver(module: IrModule): Driver {
  const graph = references(module);
  const byName = new Map(module.functions.map((fn) => [fn.name, fn]));
  const defined = module.functions.filter(isEmitted);
  const escaping = escapingFrom(module, graph);
  const driven: IrFunction[] = [];
  const leftOut: { name: string; why: string; isLocal: boolean }[] = [];
  for (const fn of defined) {
    const isLocal = !isExported(fn) && !escaping.has(fn.name);
    const why = isLocal
      ? "local to its file, reached only through its callers"
      : (whyNot(fn) ?? whyNotInside(fn, graph, byName));
    if (why === undefined) driven.push(fn);
    else leftOut.push({ name: fn.name, why, isLocal });
  }
  const bodiesFrom = (name: string): (readonly string[])[] =>
    [...reachable(name, graph)].map((inner) => byName.get(inner)?.body ?? []);
  const symbols = renameSymbols(module, escaping);
  const externals = module.functions.filter((fn) => !isEmitted(fn) && symbols.has(fn.name));
  const ir = [
    ...module.preamble,
    ...DECLARATIONS,
    ...driven.flatMap((fn, index) => callStub(fn, index, nameIn(symbols, fn.name))),
    ...externals.flatMap((fn, index) => standIn(fn, index, nameIn(symbols, fn.name))),
    ...externalData(module, symbols),
    functionTable(driven, {
      symbols,
      constants: driven.map(({ name }) => constantsOf(bodiesFrom(name))),
    }),
    stringTable(module),
    globalTable(module, symbols),
  ];
  const globalized = driven.filter((fn) => !isExported(fn)).map(({ name }) => symbolOf(name));
  return {
    ir: ir.join("\n"),
    driven,
    leftOut,
    renames: [...renameLines(module, symbols)],
    globalized,
  };
}

/**
 * Functions whose address stands in the initialiser of an exported variable. Whoever has the address may call them with
 * anything, so no pass may change their parameters, though their names are local.
 */
function escapingFrom(
  module: IrModule,
  graph: Map<string, readonly string[]>,
): ReadonlySet<string> {
  const tables = new Map(module.globals.map(({ name }) => [name, graph.get(name) ?? []]));
  const exported = module.globals.filter((global) => global.isDefined && isExported(global));
  const reached = exported.map(({ name }) => reachable(name, tables));
  return new Set(
    module.functions
      .map(({ name }) => name)
      .filter((name) => reached.some((names) => names.has(name))),
  );
}

/** A body that is there for inlining alone belongs to another module. */
const isEmitted = ({ isDefined, linkage }: IrFunction): boolean =>
  isDefined && linkage !== "available_externally";

const DECLARATIONS = [
  "%llmc.type = type { i32, i32, i32, i32 }",
  "%llmc.function = type { ptr, ptr, ptr, ptr, i32, %llmc.type, ptr, i32 }",
  "%llmc.external = type { ptr, ptr, i32, i32, %llmc.type }",
  "declare void @llmc_external(ptr, ptr, ptr)",
];

function whyNot(fn: IrFunction): string | undefined {
  if (fn.isVariadic) return "takes a variable number of arguments";
  if (fn.parameters.length > MAX_ARGUMENTS)
    return `takes ${fn.parameters.length} arguments, the most is ${MAX_ARGUMENTS}`;
  const types = fn.parameters
    .filter(({ attributes }) => !attributes.includes("byval("))
    .map(({ type }) => type);
  const strange = [...types, fn.returnType].find((type) => !isPassable(type));
  if (strange !== undefined) return `no made-up value for type ${strange}`;
  const attributes = [
    ...fn.parameters.map((parameter) => parameter.attributes),
    fn.attributes,
  ].join(" ");
  if (/\b(?:inalloca|preallocated|swift\w+|naked)\b/.test(attributes))
    return "unusual calling convention";
  return fn.callingConvention.startsWith("x86_intr") ? "interrupt handler" : undefined;
}

const LANE_BITS: Readonly<Record<string, number>> = { double: 64, ptr: 64, float: 32 };

function isPassable(type: string): boolean {
  if (
    type.includes("addrspace") ||
    /x86_amx|token|metadata|target\(|vscale|half|bfloat|fp128/.test(type)
  )
    return false;
  const [, lanes, element] = /^<(\d+) x (\w+)>$/.exec(type) ?? [];
  if (lanes !== undefined && element !== undefined)
    return Number(lanes) * (LANE_BITS[element] ?? Number(element.slice(1))) <= 128;
  return !type.includes("<");
}

const FAST_MATH = /^ .*= f\w+ (?:\w+ )*?(?:fast|nnan|ninf|nsz|arcp|afn|reassoc)\b/;
const ASSEMBLY = /\basm (?:(?:sideeffect|alignstack|inteldialect|unwind) )*"([^"]*)"/;

/** What the function, or something it may call, does that a comparison of runs cannot judge. */
function whyNotInside(
  fn: IrFunction,
  graph: Map<string, readonly string[]>,
  byName: Map<string, IrFunction>,
): string | undefined {
  for (const name of reachable(fn.name, graph)) {
    const inner = byName.get(name);
    const where = name === fn.name ? "" : ` in ${symbolOf(name)}`;
    if (inner?.linkage === "available_externally" && !isRealFunction(symbolOf(name))) {
      return `calls ${symbolOf(name)}, which lies elsewhere but may be inlined`;
    }
    if (inner?.body.some((line) => (ASSEMBLY.exec(line)?.[1] ?? "") !== ""))
      return `inline assembly${where}`;
    if (inner?.body.some((line) => FAST_MATH.test(line)))
      return `fast-math leaves the result open${where}`;
    if (inner?.body.some((line) => /\b(?:atomicrmw|cmpxchg)\b.*\bload\b/.test(line)))
      return `atomics${where}`;
  }
  return undefined;
}

/** New names for all symbols that are not really to be libc's. */
function renameSymbols(module: IrModule, escaping: ReadonlySet<string>): Map<string, string> {
  const symbols = new Map<string, string>();
  const add = (name: string, prefix: string): void =>
    void symbols.set(name, `llmc_${prefix}_${symbols.size}`);
  for (const fn of module.functions) {
    const symbol = symbolOf(fn.name);
    if (isEmitted(fn)) {
      if (isExported(fn) || escaping.has(fn.name)) add(fn.name, "u");
    } else if (
      !symbol.startsWith("llvm.") &&
      !isRealFunction(symbol) &&
      RUNTIME[symbol] === undefined
    )
      add(fn.name, "x");
  }
  for (const global of module.globals) {
    if (symbolOf(global.name).startsWith("llvm.")) continue;
    const isOurs = global.isDefined ? isExported(global) : !isRealData(symbolOf(global.name));
    if (isOurs) add(global.name, global.isDefined ? "u" : "x");
  }
  for (const alias of module.aliases) add(alias, "u");
  return symbols;
}

function nameIn(symbols: Map<string, string>, name: string): string {
  const found = symbols.get(name);
  if (found === undefined) throw new Error(`stubs: ${name} was given no symbol`);
  return found;
}

function* renameLines(module: IrModule, symbols: Map<string, string>): Generator<string> {
  const own = new Set([...symbols.keys()].map(symbolOf));
  for (const [name, symbol] of symbols) yield `${symbolOf(name)} ${symbol}`;
  for (const [symbol, runtime] of Object.entries(RUNTIME))
    if (!own.has(symbol)) yield `${symbol} llmc_rt_${runtime}`;
}

interface Described {
  readonly kind: number;
  readonly bits: number;
  readonly bytes: string;
}

function describe(type: string): Described {
  const bits = /^i(\d+)$/.exec(type)?.[1];
  if (type === "void") return { kind: KIND.void, bits: 0, bytes: "0" };
  if (bits !== undefined)
    return { kind: KIND.integer, bits: Number(bits), bytes: String(Math.ceil(Number(bits) / 8)) };
  if (type === "float") return { kind: KIND.float, bits: 32, bytes: "4" };
  if (type === "double") return { kind: KIND.double, bits: 64, bytes: "8" };
  if (type === "x86_fp80") return { kind: KIND.x87, bits: 80, bytes: "10" };
  if (type === "ptr") return { kind: KIND.pointer, bits: 64, bytes: "8" };
  return {
    kind: KIND.blob,
    bits: 0,
    bytes: `ptrtoint (ptr getelementptr (${type}, ptr null, i32 1) to i32)`,
  };
}

function typeRow(type: string, attributes: string): string {
  const { kind, bits, bytes } = describe(type);
  const isNonNull = /\bnonnull\b|\bdereferenceable\(|\bbyval\(|\bsret\(|\balign \d/.test(
    attributes,
  );
  return `%llmc.type { i32 ${kind}, i32 ${bits}, i32 ${bytes}, i32 ${isNonNull ? FLAG.nonNull : 0} }`;
}

/** Attributes that say how a value is passed. */
function passing(attributes: string): string {
  const words =
    /\b(?:zeroext|signext|inreg|nest|(?:byval|sret)\((?:[^()]|\([^()]*\))*\)|align \d+)/g;
  return (attributes.match(words) ?? []).join(" ");
}

function callStub(fn: IrFunction, index: number, symbol: string): string[] {
  const { returnType, callingConvention: cc } = fn;
  const types = fn.parameters.map(({ type, attributes }) => `${type} ${passing(attributes)}`);
  const loads = fn.parameters.flatMap(({ type }, k) => [
    `  %p${k} = getelementptr i8, ptr %slots, i64 ${k * SLOT_BYTES}`,
    `  %a${k} = load ${type}, ptr %p${k}, align 16`,
  ]);
  const isVoid = returnType === "void";
  const values = types.map((type, k) => `${type} %a${k}`).join(", ");
  return [
    `declare extern_weak ${cc} ${returnType} @${symbol}(${types.join(", ")})`,
    `define void @llmc_stub_${index}(ptr %slots, ptr %result) {`,
    ...loads,
    `  ${isVoid ? "" : "%r = "}call ${cc} ${returnKept(fn)}${returnType} @${symbol}(${values})`,
    ...(isVoid ? [] : [`  store ${returnType} %r, ptr %result, align 16`]),
    "  ret void",
    "}",
  ];
}

const returnKept = ({ returnAttributes }: IrFunction): string =>
  `${/\b(?:zeroext|signext)\b/.exec(returnAttributes)?.[0] ?? ""} `;

function text(name: string, value: string): string {
  const bytes = [...Buffer.from(value)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`);
  return `${name} = private constant [${bytes.length + 1} x i8] c"${bytes.join("")}\\00"`;
}

function typeArray(name: string, parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ type, attributes }) => typeRow(type, attributes));
  return `${name} = private constant [${rows.length} x %llmc.type] [${rows.join(", ")}]`;
}

/** Logs its scalar arguments and takes a result from the runtime. */
function standIn(fn: IrFunction, index: number, symbol: string): string[] {
  const logged = fn.parameters.slice(0, MAX_ARGUMENTS);
  const isPure = /\bmemory\(|\ballockind\(/.test(fn.attributes) || isRemovable(symbolOf(fn.name));
  const flags = (/\bnoreturn\b/.test(fn.attributes) ? FLAG.noReturn : 0) | (isPure ? FLAG.pure : 0);
  const parameters = fn.parameters.map(
    ({ type, attributes }, k) => `${type} ${passing(attributes)} %a${k}`,
  );
  if (fn.isVariadic) parameters.push("...");
  const returned = fn.parameters.findIndex(({ attributes }) => /\breturned\b/.test(attributes));
  const isVoid = fn.returnType === "void";
  const given = returned < 0 ? "%r" : `%a${returned}`;
  return [
    text(`@x${index}.name`, symbolOf(fn.name)),
    typeArray(`@x${index}.args`, logged),
    `@x${index} = private constant %llmc.external { ptr @x${index}.name, ptr @x${index}.args, ` +
      `i32 ${logged.length}, i32 ${flags}, ${typeRow(fn.returnType, fn.returnAttributes)} }`,
    `define ${fn.callingConvention} ${returnKept(fn)}${fn.returnType} @${symbol}(${parameters.join(", ")}) {`,
    `  %args = alloca [${logged.length} x i64], align 16`,
    "  %result = alloca [512 x i8], align 16",
    ...logged.flatMap(({ type }, k) => storeArgument(type, k)),
    ...fn.parameters.flatMap(({ attributes }, k) => clearResult(attributes, k)),
    `  call void @llmc_external(ptr @x${index}, ptr %args, ptr %result)`,
    ...(isVoid
      ? ["  ret void"]
      : [`  %r = load ${fn.returnType}, ptr %result, align 16`, `  ret ${fn.returnType} ${given}`]),
    "}",
  ];
}

function storeArgument(type: string, k: number): string[] {
  const slot = `  %s${k} = getelementptr i64, ptr %args, i64 ${k}`;
  const bits = Number(/^i(\d+)$/.exec(type)?.[1] ?? 0);
  if (bits > 0 && bits < 64)
    return [slot, `  %w${k} = zext ${type} %a${k} to i64`, `  store i64 %w${k}, ptr %s${k}`];
  if (bits > 64)
    return [slot, `  %w${k} = trunc ${type} %a${k} to i64`, `  store i64 %w${k}, ptr %s${k}`];
  if (type === "float")
    return [slot, `  store i64 0, ptr %s${k}`, `  store float %a${k}, ptr %s${k}`];
  return bits === 64 || type === "ptr" || type === "double"
    ? [slot, `  store ${type} %a${k}, ptr %s${k}`]
    : [];
}

/** What comes back through a pointer is zeros. */
function clearResult(attributes: string, k: number): string[] {
  const type = /\bsret\(((?:[^()]|\([^()]*\))*)\)/.exec(attributes)?.[1];
  return type === undefined ? [] : [`  store ${type} zeroinitializer, ptr %a${k}`];
}

function functionTable(
  driven: readonly IrFunction[],
  {
    symbols,
    constants,
  }: { symbols: Map<string, string>; constants: readonly (readonly string[])[] },
): string {
  const rows = driven.map(
    (fn, k) =>
      `%llmc.function { ptr @f${k}.name, ptr @llmc_stub_${k}, ptr @${nameIn(symbols, fn.name)}, ptr @f${k}.args, ` +
      `i32 ${fn.parameters.length}, ${typeRow(fn.returnType, fn.returnAttributes)}, ` +
      `ptr @f${k}.constants, i32 ${constants[k]?.length ?? 0} }`,
  );
  return [
    ...constants.map((values, k) => {
      const items = values.map((value) => `i64 ${value}`).join(", ");
      return `@f${k}.constants = private constant [${values.length} x i64] [${items}]`;
    }),
    ...driven.flatMap((fn, k) => [
      text(`@f${k}.name`, symbolOf(fn.name)),
      typeArray(`@f${k}.args`, fn.parameters),
    ]),
    `@llmc_functions = constant [${rows.length} x %llmc.function] [${rows.join(", ")}]`,
    `@llmc_function_count = constant i32 ${rows.length}`,
  ].join("\n");
}

/** The values at which the code may change its mind: what makes a comparison equal, and what it compares with. */
function constantsOf(bodies: readonly (readonly string[])[]): string[] {
  const solved = bodies.flatMap(solvedConstants).map(String).slice(0, MAX_SOLVED);
  const compared = bodies.flat().flatMap(
    (line) =>
      COMPARED.exec(line)
        ?.slice(1)
        .filter((value) => value !== undefined) ?? [],
  );
  return [...new Set([...solved, ...compared])]
    .filter((value) => BigInt.asIntN(64, BigInt(value)) === BigInt(value))
    .slice(0, MAX_CONSTANTS);
}

/** String constants: what the module's functions may look for in a text. */
function stringTable({ globals }: IrModule): string {
  const strings = globals
    .filter(({ isConstant }) => isConstant)
    .flatMap(({ rest }) => /^(\[\d+ x i8\] c"[^"]{1,200}\\00")/.exec(rest)?.[1] ?? [])
    .slice(0, MAX_STRINGS);
  return [
    ...strings.map((initialiser, k) => `@t${k} = private constant ${initialiser}`),
    `@llmc_strings = constant [${strings.length} x ptr] [${strings.map((_, k) => `ptr @t${k}`).join(", ")}]`,
    `@llmc_string_count = constant i32 ${strings.length}`,
  ].join("\n");
}

function externalData(module: IrModule, symbols: Map<string, string>): string[] {
  return module.globals
    .filter(({ name, isDefined }) => !isDefined && symbols.has(name))
    .map(
      (global) =>
        `@${nameIn(symbols, global.name)} = ${global.isThreadLocal ? "thread_local " : ""}` +
        `global [${EXTERNAL_DATA_BYTES} x i8] zeroinitializer, align 64`,
    );
}

const UNSET_SCALAR = /^(?:ptr null|i(?:8|16|32|64) 0|(?:float|double) 0\.0+e\+00)(?:,|$)/;

/** Variables that others can see, and those that others own: what a call leaves in them is compared. */
function globalTable(module: IrModule, symbols: Map<string, string>): string {
  const watched = module.globals.filter(
    ({ name, isThreadLocal }) => symbols.has(name) && !isThreadLocal,
  );
  const rows = watched.map(({ name, isDefined, isConstant, rest }, k) => {
    const measured = `ptrtoint (ptr getelementptr (${leadingType(rest)}, ptr null, i32 1) to i64)`;
    const bytes = isDefined ? measured : String(EXTERNAL_DATA_BYTES);
    const isOpen = !isDefined || (!isConstant && UNSET_SCALAR.test(rest));
    return `{ ptr, ptr, i64, i64 } { ptr @g${k}.name, ptr @${nameIn(symbols, name)}, i64 ${bytes}, i64 ${isOpen ? 1 : 0} }`;
  });
  return [
    ...watched.map(({ name }, k) => text(`@g${k}.name`, symbolOf(name))),
    ...watched
      .filter(({ isDefined }) => isDefined)
      .map(({ name }) => `@${nameIn(symbols, name)} = extern_weak global i8`),
    `@llmc_globals = constant [${rows.length} x { ptr, ptr, i64, i64 }] [${rows.join(", ")}]`,
    `@llmc_global_count = constant i32 ${rows.length}`,
  ].join("\n");
}
