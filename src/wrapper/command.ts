/**
 * What a compiler command asks for, and what of it the wrapper may do itself. Pure. Whatever is not understood down to
 * the last flag is handed to clang: a missed saving is no loss, a command answered in another way than clang would is.
 */

import { basename, extname } from "node:path";
import { type Compile, dependencyDefaults, levelOf, parseCompile } from "../corpus/recorder.ts";

/** One C or C++ source to one object. */
export interface Unit extends Compile {
  /** The optimisation level in force: "-O0", "-O2", "-Oz", ... */
  readonly level: string;
  /** Where clang writes the object, as the command says it. */
  readonly output: string;
  /** Whether pass lists may be tried on it: -Oz or -Os, and nothing that needs clang's own pipeline. */
  readonly isForSize: boolean;
}

// Work by passes that clang itself adds, write further files, say more on standard error, go through another program
// or make something other than a plain object of this machine's kind.
const LEFT_TO_CLANG = new RegExp(
  [
    "-f(no-)?lto=.*|-flto|-ffat-lto-objects|-funified-lto|-fembed-bitcode.*|-fthinlto.*",
    "-fsanitize.*|-fprofile.*|-fcs-profile.*|-fcoverage.*|--?coverage|-pg?|-fxray.*|-finstrument.*|-fmemory-profile.*",
    "-fdebug-info-for-profiling|-fpseudo-probe.*|-fsplit-machine-functions|-fveclib.*",
    "-fplugin.*|-fpass-plugin.*|-mllvm|-mmlir|-Xclang.*|-Xassembler|-Xpreprocessor|-Xarch.*|-cc1.*",
    "-Wa,(?!--noexecstack$).*|-fno-integrated-as|-no-integrated-as|-fno-integrated-cc1",
    "--?save-temps.*|-gsplit-dwarf.*|-f?stack-usage|-fstack-usage|-ftime-.*|-save-stats.*|--?serialize-diagnostics",
    "-R.*|-fsave-optimization-record.*|-foptimization-record.*|-fproc-stat-report.*|-MJ.*|-MV|-fc?module.*|-fcxx-module.*",
    "-fprebuilt.*|-d.+|--dependencies.*|--analyze.*|-g?record-.*|-frecord-.*|-gno-record.*|-grecord.*",
    "-v|--verbose|-###|-ccc.*|--config.*|-working-directory.*|--|-x.+|-E|-S|-M|-MM|-fsyntax-only|-emit-.*|--?version",
    "-target|--target.*|-arch|-m32|-mx32|-m16|-mabi=.*|-fopenmp-targets.*|--offload.*|--cuda.*",
    "@.*",
  ]
    .map((pattern) => `^(?:${pattern})$`)
    .join("|"),
);

// Programs that a configure script compiles only to see whether they compile. A search on each would take longer
// than the build, and nobody links them.
const PROBE =
  /(?:^|\/)(?:conftest\.[^/]+$|CMakeFiles\/(?:CMakeTmp|CMakeScratch|[^/]*CompilerId\w*)\/|meson-private\/)/;

/** Null where the command is anything but the compilation of one file that the wrapper understands. */
export function parseUnit(args: readonly string[], cwd: string): Unit | null {
  const compile = parseCompile(args);
  if (compile === null || args.includes("--")) return null;
  const output = outputOf(args) ?? `${basename(compile.source, extname(compile.source))}.o`;
  if ([compile.source, output, `${cwd}/`].some((path) => PROBE.test(path))) return null;
  const level = levelOf(args);
  const isForSize =
    (level === "-Oz" || level === "-Os") &&
    output !== "-" &&
    !args.some((arg) => LEFT_TO_CLANG.test(arg));
  return { ...compile, level, output, isForSize };
}

function outputOf(args: readonly string[]): string | undefined {
  const at = args.findLastIndex((arg) => arg.startsWith("-o"));
  const arg = args[at];
  return arg === "-o" ? args[at + 1] : arg?.slice(2);
}

/**
 * The command with another output: bitcode that no pass has touched, whose name is to follow, and the dependency file
 * of the user's object.
 */
export function frontEndArguments(args: readonly string[], unit: Unit): string[] {
  return [
    // Without an assembler at work clang would warn of them.
    ...withoutOutput(args).filter((arg) => !arg.startsWith("-Wa,")),
    ...dependencyDefaults(args, unit.output),
    "-Xclang",
    "-disable-llvm-passes",
    "-emit-llvm",
    "-o",
  ];
}

function withoutOutput(args: readonly string[]): string[] {
  return args.filter((arg, i) => !arg.startsWith("-o") && args[i - 1] !== "-o");
}

const NOT_FOR_BACK_END =
  /^-(?:c|M.*|Wp,.*|W(?!a,).*|w|pedantic.*|std=.*|ansi|D.+|U.+|I.+|Qunused-arguments|isystem.+)$/;
const NOT_FOR_BACK_END_WITH_VALUE =
  /^-(?:M[FTQ]|D|U|I|x|include|imacros|isystem|iquote|idirafter|iprefix|iwithprefix|iwithprefixbefore|isysroot|L|Xlinker)$/;

/** The user's flags that matter to code generation; together with the bitcode they decide the object. */
export function backEndFlags(args: readonly string[], unit: Unit): string[] {
  const flags: string[] = [];
  const rest = withoutOutput(args);
  for (let i = 0; i < rest.length; i++) {
    const arg = rest[i] ?? "";
    if (NOT_FOR_BACK_END_WITH_VALUE.test(arg)) i++;
    else if (arg !== unit.source && !NOT_FOR_BACK_END.test(arg)) flags.push(arg);
  }
  return flags;
}

/** Bitcode that is optimised already, to an object. */
export function backEndArguments(
  flags: readonly string[],
  { bitcode, object }: { bitcode: string; object: string },
): string[] {
  const noPasses = ["-Xclang", "-disable-llvm-passes", "-Wno-override-module"];
  return [...flags, ...noPasses, "-Qunused-arguments", "-c", "-x", "ir", bitcode, "-o", object];
}
