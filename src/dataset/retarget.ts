/**
 * IR for one architecture taken as IR for the other, so that a corpus that was built on one kind of machine gives
 * assembly of both: another triple, data layout and CPU. What a front end decided for its target (sizes of types, how
 * arguments are passed) stays as it was; the code means the same, but is not what clang would give for that target.
 */

import type { Architecture } from "../tasks/dialect.ts";

export const ARCHITECTURES: readonly Architecture[] = ["x86_64", "aarch64"];

export const foreignTo = (architecture: Architecture): Architecture =>
  architecture === "x86_64" ? "aarch64" : "x86_64";

interface Target {
  readonly triple: string;
  /** What clang 22 writes for the target when no flag asks for more. */
  readonly cpu: string;
}

const TARGETS: Readonly<Record<Architecture, Target>> = {
  x86_64: {
    triple: "x86_64-pc-linux-gnu",
    cpu: '"target-cpu"="x86-64" "target-features"="+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87" "tune-cpu"="generic"',
  },
  aarch64: {
    triple: "aarch64-unknown-linux-gnu",
    cpu: '"target-cpu"="generic" "target-features"="+fp-armv8,+neon,+v8a,-fmv"',
  },
};

/** Undefined for another than the two. */
export function architectureOf(triple: string): Architecture | undefined {
  const [name] = triple.split("-");
  if (name === "arm64") return "aarch64";
  return ARCHITECTURES.find((architecture) => architecture === name);
}

/** What has a meaning on one architecture alone, with the words for a count of what was left out. */
const BOUND: readonly (readonly [pattern: RegExp, why: string])[] = [
  [
    /^module asm|\basm (?:(?:sideeffect|alignstack|inteldialect|unwind) )*"[^"]/m,
    "inline assembly",
  ],
  [/@"?llvm\.(?:x86|aarch64)\./, "target intrinsic"],
  [/\b(?:x86_fp80|x86_amx)\b|<vscale x/, "target type"],
];

export type Retargeted = { readonly text: string } | { readonly why: string };

/** `text`: a module in normal form. The data layout is left out: loading the module fills it in. */
export function retarget(text: string, to: Architecture): Retargeted {
  const bound = BOUND.find(([pattern]) => pattern.test(text));
  if (bound !== undefined) return { why: bound[1] };
  const { triple, cpu } = TARGETS[to];
  const lines = text.split("\n").flatMap((line) => {
    if (line.startsWith("target datalayout")) return [];
    if (line.startsWith("target triple")) return [`target triple = "${triple}"`];
    return [line.startsWith("attributes #") ? withCpu(line, cpu) : line];
  });
  return { text: lines.join("\n") };
}

const CPU = /"(?:target-cpu|target-features|tune-cpu|min-legal-vector-width)"="[^"]*" /g;

function withCpu(line: string, cpu: string): string {
  const bare = line.replace(CPU, "");
  return line.includes('"target-cpu"=') ? bare.replace(/\}$/, `${cpu} }`) : bare;
}
