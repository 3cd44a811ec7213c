// What a recording compiler does with its command line, as pure functions: which commands compile one
// C or C++ file, and which command makes the matching unoptimised module. Running them is the caller's.
//
// The module is what clang hands to its optimiser at one level: no pass has run, no debug information. The corpus
// wants -Oz whatever the build says (IR made at -O0 lacks size attributes and lifetime markers, which makes every
// saving look larger); the compiler wrapper keeps the user's own level.
import { extname, isAbsolute, relative } from "node:path";

export type Language = "c" | "c++";

export interface Compile {
  /** The source as it was given on the command line. */
  source: string;
  language: Language;
  /** Every other argument that matters to the module. */
  flags: string[];
}

const LANGUAGE_OF_SUFFIX: Record<string, Language> = {
  ".c": "c",
  ".cc": "c++",
  ".cpp": "c++",
  ".cxx": "c++",
  ".C": "c++",
};

// Each takes the following argument as its value when it stands alone.
const TAKES_VALUE = new Set([
  "-D",
  "-U",
  "-I",
  "-F",
  "-L",
  "-include",
  "-imacros",
  "-isystem",
  "-iquote",
  "-idirafter",
  "-isysroot",
  "-iprefix",
  "-iwithprefix",
  "-iwithprefixbefore",
  "-arch",
  "-target",
  "-x",
  "-Xclang",
  "-Xpreprocessor",
  "-Xassembler",
  "-Xlinker",
  "-mllvm",
  "--param",
]);

const DROPPED_WITH_VALUE = new Set(["-o", "-MF", "-MT", "-MQ", "-L", "-Xlinker", "-Xassembler"]);

// Optimisation, debug information, LTO, profiles, sanitizers and dependency files are ours to decide;
// warnings change nothing in the module; `native` would make it depend on the machine.
const DROPPED = new RegExp(
  [
    "-c",
    "-o.+",
    "-v",
    "-s",
    "-pipe",
    "-O.*",
    "-g.*",
    "-flto.*",
    "-fno-lto",
    "-ffat-lto-objects",
    "-save-temps.*",
    "-M.*",
    "-Wp,-M.*",
    "-W(?!p,).*",
    "-w",
    "-pedantic.*",
    "-fprofile.*",
    "-fcoverage.*",
    "--coverage",
    "-fsanitize.*",
    "-f(debug|file|macro)-prefix-map=.*",
    "-fdiagnostics.*",
    "-f(no-)?color-diagnostics",
    "-m(arch|tune|cpu)=native",
    "-L.+",
    "-l.+",
    "-Qunused-arguments",
  ]
    .map((pattern) => `^${pattern}$`)
    .join("|"),
);

// Commands that do not make an object, or whose arguments are not all in sight.
const NOT_A_COMPILE = /^(-E|-S|-M|-MM|-fsyntax-only|-emit-llvm|-###|--version|@.+)$/;

/** The one C or C++ compilation this command is, or null where it is anything else. */
export function parseCompile(args: readonly string[]): Compile | null {
  if (!args.includes("-c") || args.some((arg) => NOT_A_COMPILE.test(arg))) return null;
  const sources: string[] = [];
  const flags: string[] = [];
  let language: Language | null = null;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (DROPPED_WITH_VALUE.has(arg)) i++;
    else if (TAKES_VALUE.has(arg)) {
      const value = args[++i] ?? "";
      if (arg !== "-x") flags.push(arg, value);
      else if (value === "c" || value === "c++") language = value;
      else return null;
    } else if (!arg.startsWith("-")) sources.push(arg);
    else if (!DROPPED.test(arg)) flags.push(arg);
  }
  const [source] = sources;
  if (source === undefined || sources.length > 1) return null;
  language ??= LANGUAGE_OF_SUFFIX[extname(source)] ?? null;
  return language && { source, language, flags };
}

/** The level that clang would take from `args`: the last -O, and -O0 where there is none. */
export function levelOf(args: readonly string[]): string {
  const level = args.findLast((arg) => arg.startsWith("-O")) ?? "-O0";
  return level === "-O" ? "-O1" : level;
}

/** Programs older than clang 16 rely on what it made into errors; a module of them is still a module. */
export const LENIENT_FLAGS: readonly string[] = [
  "-w",
  "-Qunused-arguments",
  "-Wno-error=implicit-function-declaration",
  "-Wno-error=implicit-int",
  "-Wno-error=int-conversion",
  "-Wno-error=incompatible-function-pointer-types",
  "-Wno-error=return-mismatch",
  "-Wno-error=c++11-narrowing",
];

export interface RecordPlace {
  /** Folder the compiler runs in. */
  cwd: string;
  /** Root of the unpacked package: removed from everything that ends up in the module. None: paths stay as they are. */
  root?: string | undefined;
  bitcode: string;
  /** The optimisation level whose input the module is; -Oz where none is given. */
  level?: string | undefined;
}

/** The arguments that make clang write the module of `compile`. */
export function recordArguments(compile: Compile, place: RecordPlace): string[] {
  const { level = "-Oz", root } = place;
  // An absolute source would carry the machine's folders into the module's name.
  const source =
    root !== undefined && isAbsolute(compile.source)
      ? relative(place.cwd, compile.source)
      : compile.source;
  return [
    ...compile.flags,
    ...LENIENT_FLAGS,
    ...(root === undefined ? [] : [`-ffile-prefix-map=${root}/=`]),
    level,
    "-g0",
    "-Xclang",
    "-disable-llvm-passes",
    // At -O0 clang forbids to optimise any function; such a module would be of no use.
    ...(level === "-O0" ? ["-Xclang", "-disable-O0-optnone"] : []),
    "-emit-llvm",
    "-c",
    "-x",
    compile.language,
    source,
    "-o",
    place.bitcode,
  ];
}

/** For a command with -MD that is to write something else than its object: what clang would take from the object's name. */
export function dependencyDefaults(args: readonly string[], object: string): string[] {
  const own = args.filter((arg) => /^-(?:M|Wp,-M)/.test(arg));
  if (!own.some((arg) => /^-(?:Wp,-)?MM?D/.test(arg))) return [];
  const isNamed = own.some((arg) => /^-(?:MF|Wp,-MM?D,)/.test(arg));
  const isTargetNamed = own.some((arg) => /^-M[TQ]/.test(arg));
  return [
    ...(isNamed ? [] : ["-MF", object.replace(/\.[^./]*$/, "") + ".d"]),
    ...(isTargetNamed ? [] : ["-MQ", object]),
  ];
}

/** The flags as they are published: the package's root is `.`, so nothing names the machine. */
export function portableFlags(flags: readonly string[], root: string | undefined): string[] {
  return flags.map((flag) => (root === undefined ? flag : flag.replaceAll(root, ".")));
}
