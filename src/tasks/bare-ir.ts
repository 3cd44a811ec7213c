/**
 * IR without what no assembly tells: the form in which disassembly and emulation are asked and answered in our dialect. Of a small
 * function's normal form it leaves half of the tokens.
 *
 * What goes: the target (the question names it), metadata of instructions, markers of lifetimes and the like, what front ends and passes
 * have found out about functions, arguments and results (`nofree`, `noundef`, `captures(none)`), CPUs and features that every compiler
 * takes for granted. What stays is what code generation asks about: optimisation for size, stack protectors, signed and zero-extended
 * arguments, `nsw`, `align` of loads.
 *
 * It means the same but for promises that are no longer made, and compiles to what its assembly was made from.
 */

import { namesIn, replaceOutsideStrings, withoutAttachments } from "./ir-text.ts";

/** Attributes of functions that reach the code; string attributes by their key. */
const KEPT_ATTRIBUTES = new Set([
  "minsize",
  "optsize",
  "optnone",
  "noinline",
  "noreturn",
  "returns_twice",
  "cold",
  "naked",
  "noredzone",
  "nocf_check",
  "strictfp",
  "null_pointer_is_valid",
  "ssp",
  "sspstrong",
  "sspreq",
  "frame-pointer",
  "target-cpu",
  "target-features",
  "tune-cpu",
  "probe-stack",
  "stack-probe-size",
  "no-stack-arg-probe",
  "no-jump-tables",
  "patchable-function-entry",
  "denormal-fp-math",
  "unsafe-fp-math",
  "no-infs-fp-math",
  "no-nans-fp-math",
  "no-signed-zeros-fp-math",
  "branch-target-enforcement",
  "sign-return-address",
]);

/** What is so where nothing is said. */
const TAKEN_FOR_GRANTED = new Set([
  '"target-cpu"="x86-64"',
  '"target-cpu"="generic"',
  '"tune-cpu"="generic"',
  '"target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87"',
  '"target-features"="+cx8,+fxsr,+mmx,+sse,+sse2,+x87"',
  '"target-features"="+fp-armv8,+neon,+v8a,-fmv"',
  '"frame-pointer"="none"',
]);

/** Of the function that is compiled; on what it calls they mean nothing. */
const OF_DEFINITIONS = new Set(["minsize", "optsize"]);

/** Calls that make no code. */
const MARKER =
  /^(?:tail )?call void @llvm\.(?:lifetime\.|experimental\.noalias\.scope\.decl|assume\()/;
const MARKER_DECLARED =
  /^declare .*@llvm\.(?:lifetime\.|experimental\.noalias\.scope\.decl|assume\()/;

const KEPT_FLAGS =
  /!"(?:cf-protection-\w+|branch-target-enforcement|sign-return-address[\w-]*|override-stack-alignment|guarded-control-stack)"/;

/** Of arguments, results and declarations. */
const PROMISES =
  / (?:noundef|nonnull|readonly|writeonly|readnone|noalias|nocapture|returned|nofree|writable|dead_on_unwind|dead_on_return|allocalign|allocptr|local_unnamed_addr|captures\([^)]*\)|dereferenceable(?:_or_null)?\(\d+\)|nofpclass\([^)]*\)|range\([^)]*\)|initializes\((?:\([^)]*\)(?:, )?)*\))(?=[ ,)]|$)/g;
const ALIGNMENT = / align \d+(?= (?:%|@|null|undef|poison)|[,)])/g;

/** `ir` in normal form. */
export function bareIr(ir: string): string {
  const groups = new Map<string, string>();
  const bodies: string[] = [];
  let isBody = false;
  for (const line of ir.split("\n")) {
    const group = /^attributes (#\d+) = \{ (.*) \}$/.exec(line);
    if (group) groups.set(group[1] ?? "", keptAttributes(group[2] ?? ""));
    else if (!isLeftOut(line)) bodies.push(withoutPromises(line, isBody));
    isBody = line.startsWith("define ") || (isBody && line !== "}");
  }
  return withGroups(withFlags(bodies), groups).join("\n");
}

const isLeftOut = (line: string): boolean =>
  line.startsWith("target ") || MARKER.test(line) || MARKER_DECLARED.test(line);

/** With the line that names the target, where there is one, for questions that do not name it otherwise. */
export const bareWithTriple = (ir: string): string =>
  (/^target triple = .*\n/m.exec(ir)?.[0] ?? "") + bareIr(ir);

const keptAttributes = (text: string): string =>
  (text.match(/"[^"]*"(?:="[^"]*")?|[\w-]+(?:\([^)]*\))?/g) ?? [])
    .filter((word) => KEPT_ATTRIBUTES.has(/^"?([\w-]+)/.exec(word)?.[1] ?? ""))
    .filter((word) => !TAKEN_FOR_GRANTED.has(word))
    .join(" ");

const CALLS = /^(?:define|declare) |\b(?:call|invoke) /;
/** Where alignment is how an argument is passed. */
const BY_VALUE = /\b(?:byval|sret|inalloca|preallocated)\(/;

function withoutPromises(line: string, isBody: boolean): string {
  const kept = isBody ? withoutAttachments(line) : line;
  if (line.startsWith("@")) return withoutHints(kept);
  if (!CALLS.test(kept)) return kept;
  return replaceOutsideStrings(kept, (text) => {
    const plain = text.replaceAll(PROMISES, "");
    return BY_VALUE.test(kept) ? plain : plain.replaceAll(ALIGNMENT, "");
  });
}

/** Of a variable; what another object defines is aligned and named there. */
const withoutHints = (global: string): string =>
  / = (?:external|extern_weak) /.test(global)
    ? global.replace(/ (?:local_)?unnamed_addr/, "").replace(/, align \d+$/, "")
    : global.replace(" local_unnamed_addr", "");

/**
 * Bare IR as an answer is written: types, then what is defined, then the variables and declarations that it mentions. LLVM reads them
 * in any order; told after the body they follow from it, told before it they would have to be foreseen.
 */
export function bodyFirst(bare: string): string {
  const [types, bodies, rest]: [string[], string[], string[]] = [[], [], []];
  let isBody = false;
  for (const line of bare.split("\n")) {
    isBody ||= line.startsWith("define ");
    (isBody ? bodies : /^[%$]/.test(line) ? types : rest).push(line);
    if (line === "}") isBody = false;
  }
  return [...types, ...bodies, ...rest].join("\n");
}

/** Of metadata what the module's flags and what is left mention; flags are numbered from 0 where there is nothing else. */
function withFlags(lines: readonly string[]): string[] {
  const metadata = new Map(
    lines.flatMap((line) => {
      const name = /^(!\d+) = /.exec(line)?.[1];
      return name === undefined ? [] : [[name, line] as const];
    }),
  );
  const isFlagKept = (name: string): boolean => KEPT_FLAGS.test(metadata.get(name) ?? "");
  const rest = lines.flatMap((line) => {
    if (/^!\d/.test(line) || line.startsWith("!llvm.errno.tbaa = ")) return [];
    if (!line.startsWith("!llvm.module.flags = ")) return [line];
    const flags = namesIn(line.slice("!llvm.module.flags".length)).filter(isFlagKept);
    return flags.length === 0 ? [] : [`!llvm.module.flags = !{${flags.join(", ")}}`];
  });
  const needed = new Set<string>();
  const queue = rest.flatMap(namesIn);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const line = metadata.get(name);
    if (line === undefined || needed.has(name)) continue;
    needed.add(name);
    queue.push(...namesIn(line));
  }
  const kept = [...metadata].filter(([name]) => needed.has(name));
  const numbers = new Map(kept.map(([name], index) => [name, `!${index}`]));
  const renumbered = (line: string): string =>
    replaceOutsideStrings(line, (text) =>
      text.replaceAll(/!\d+\b/g, (name) => numbers.get(name) ?? name),
    );
  return [...rest.filter((line) => line !== ""), ...kept.map(([, line]) => line)].map(renumbered);
}

const ofCalled = (words: string): string =>
  words
    .split(" ")
    .filter((word) => !OF_DEFINITIONS.has(word))
    .join(" ");

const MENTION = / (#\d+)\b/g;

/** Groups numbered in the order of their first mention, equal ones once; empty ones, and those of LLVM's own functions, are not mentioned. */
function withGroups(lines: readonly string[], groups: ReadonlyMap<string, string>): string[] {
  const numbers = new Map<string, number>();
  const mentioned = lines.map((line) => {
    if (!CALLS.test(line)) return line;
    const isOwn = /^declare .*@llvm\./.test(line);
    const isDefinition = line.startsWith("define ");
    return replaceOutsideStrings(line, (text) =>
      text.replaceAll(MENTION, (_, name: string) => {
        const all = isOwn ? "" : (groups.get(name) ?? "");
        const words = isDefinition ? all : ofCalled(all);
        if (words === "") return "";
        const number = numbers.get(words) ?? numbers.size;
        numbers.set(words, number);
        return ` #${number}`;
      }),
    );
  });
  const written = [...numbers].map(([words, number]) => `attributes #${number} = { ${words} }`);
  const first = mentioned.findIndex((line) => line.startsWith("!"));
  const at = first < 0 ? mentioned.length : first;
  return [...mentioned.slice(0, at), ...written, ...mentioned.slice(at), ""];
}
