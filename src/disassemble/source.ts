/** From a file's bytes to assembly that assembles, and for which architecture. */

import { MAX_INPUT_BYTES } from "../base/limits.ts";
import { type Outcome, describeFailure, ok } from "../llvm/outcome.ts";
import type { Toolchain } from "../llvm/toolchain.ts";
import type { Architecture } from "../tasks/dialect.ts";
import type { AssemblySource } from "./assembly-source.ts";
import { isElf } from "./elf-object.ts";
import { objectToAssembly } from "./object-assembly.ts";
import { assemble } from "./tools.ts";

export interface SourceOptions {
  /** Refuses another one; told from the file when left out. */
  readonly architecture?: Architecture | undefined;
}

/** Assembly text or an ELF object; "invalid" with the reason for anything else. */
export async function readAssemblySource(
  toolchain: Toolchain,
  bytes: Uint8Array,
  { architecture }: SourceOptions = {},
): Promise<Outcome<AssemblySource>> {
  if (bytes.byteLength > MAX_INPUT_BYTES)
    return invalid(`${bytes.byteLength} bytes; the largest file taken is ${MAX_INPUT_BYTES} bytes`);
  if (isElf(bytes)) {
    const read = await objectToAssembly(toolchain, bytes);
    if (read.status !== "ok" || architecture === undefined) return read;
    const found = read.value.architecture;
    return found === architecture ? read : otherArchitecture("object", found, architecture);
  }
  const text = Buffer.from(bytes).toString("utf8");
  if (text.trim() === "") return invalid("the file is empty; want assembly or an object file");
  if (text.includes("\0")) return invalid("neither text nor an ELF object; want a .s or .o file");
  return readText(toolchain, text, architecture);
}

const invalid = (message: string): Outcome<never> => ({ status: "invalid", message });

const otherArchitecture = (what: string, found: Architecture, wanted: Architecture) =>
  invalid(`an ${what} for ${found}, not ${wanted}; want --target ${found} or another file`);

async function readText(
  toolchain: Toolchain,
  text: string,
  wanted: Architecture | undefined,
): Promise<Outcome<AssemblySource>> {
  const first = wanted ?? likely(text);
  const other: Architecture = first === "x86_64" ? "aarch64" : "x86_64";
  const assembled = await assemble(toolchain, text, first);
  // Intel's syntax is none that functions are cut out of; the object speaks AT&T's again.
  if (assembled.status === "ok" && /^\s*\.intel_syntax\b/m.test(text))
    return objectToAssembly(toolchain, assembled.value);
  if (assembled.status === "ok") return ok({ architecture: first, text, notes: [] });
  const second = await assemble(toolchain, text, other);
  if (second.status !== "ok")
    return invalid(`not assembly for ${first}: ${describeFailure(assembled)}`);
  if (wanted !== undefined) return otherArchitecture("assembly file", other, wanted);
  return ok({ architecture: other, text, notes: [] });
}

/** Which of the two to try first: x86_64 registers have a % in AT&T syntax and letters in Intel's. */
const likely = (text: string): Architecture =>
  /%[a-z]|\b[re](?:ax|sp|bp|di|si)\b/.test(text) || !/\b[xw]\d+\b/.test(text)
    ? "x86_64"
    : "aarch64";
