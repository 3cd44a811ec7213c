/** LLVM's own programs, each a bounded child: assembler, code generator, object dump, linker of IR. */

import { join } from "node:path";
import { runCommand } from "../base/run-command.ts";
import { type Outcome, ok } from "./outcome.ts";
import type { Toolchain } from "./toolchain.ts";

/** A function takes milliseconds; a module of 64 MB of assembly 20 s. */
const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 512 * 2 ** 20;
const MAX_MESSAGE_CHARACTERS = 400;

/** The object that Clang's integrated assembler makes of a text. */
export function runAssembler(
  toolchain: Toolchain,
  text: string,
  triple: string,
): Promise<Outcome<Uint8Array>> {
  const args = [`--target=${triple}`, "-c", "-x", "assembler", "-", "-o", "-"];
  return runTool(toolchain, "clang", { args, stdin: text });
}

/** Standard output, or what the program said: "invalid" where it refused, "crashed" where it died, "timeout". */
export async function runTool(
  { bin }: Toolchain,
  program: string,
  { args, stdin = "" }: { args: readonly string[]; stdin?: string | Uint8Array },
): Promise<Outcome<Uint8Array>> {
  const result = await runCommand(join(bin, program), args, {
    stdin: Buffer.from(stdin),
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
  if (result.status === "failed") {
    const isLate = result.message.includes("did not end");
    return { status: isLate ? "timeout" : "crashed", message: result.message };
  }
  if (result.code === 0) return ok(result.stdout);
  return { status: "invalid", message: firstWords(program, result.stderr) };
}

/** "clang: invalid instruction mnemonic 'frob' (line 3, column 1)" out of a compiler's pages. */
function firstWords(program: string, stderr: string): string {
  const error = stderr.split("\n").find((line) => /\berror: /.test(line)) ?? stderr;
  const [, line, column] = /^<stdin>:(\d+):(\d+):/.exec(error) ?? [];
  const words = error
    .replace(/^.*?\berror: /, "")
    .trim()
    .slice(0, MAX_MESSAGE_CHARACTERS);
  return `${program}: ${words}${line === undefined ? "" : ` (line ${line}, column ${column})`}`;
}
