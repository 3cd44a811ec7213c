/**
 * An answer's IR as a module of one function, the form in which it is checked and given out. What else the answer defines
 * for a linker to see becomes a declaration: assembly of one function holds no other, and a module's own data is not
 * lifted. Private and internal constants stay. Module assembly, constructors and the like go: nothing that is linked into a
 * checking program may run by itself.
 */

import { declareFunction, declareGlobal } from "../tasks/ir-declare.ts";
import { symbolIn } from "../tasks/ir-text.ts";
import { type Outcome, ok } from "../llvm/outcome.ts";
import type { Toolchain } from "../llvm/toolchain.ts";
import { runTool } from "../llvm/tools.ts";
import type { Architecture } from "../tasks/dialect.ts";
import { TRIPLES } from "./tools.ts";

const LOCAL = /^(?:private|internal) /;

/** IR with a target: the answer's own, else that of the architecture. "invalid" for IR of another architecture. */
export function withTarget(ir: string, architecture: Architecture): Outcome<string> {
  const triple = /^target triple = "([^"]*)"/m.exec(ir)?.[1];
  if (triple === undefined) return ok(`target triple = "${TRIPLES[architecture]}"\n${ir}`);
  const found = triple.split("-")[0];
  if (found === architecture || (found === "arm64" && architecture === "aarch64")) return ok(ir);
  return {
    status: "invalid",
    message: `the IR is for "${triple}", the assembly for ${architecture}`,
  };
}

/** `ir` must be valid: it goes through a child process that is bounded in time alone. */
export async function isolate(
  toolchain: Toolchain,
  ir: string,
  name: string,
): Promise<Outcome<string>> {
  const printed = await print(toolchain, ir);
  if (printed.status !== "ok") return printed;
  const cut = withOneFunction(printed.value, name);
  return cut === undefined ? missing(printed.value, name) : print(toolchain, cut);
}

/** As LLVM prints it; parsing and printing alone, so nothing is added. */
async function print(toolchain: Toolchain, ir: string): Promise<Outcome<string>> {
  const args = ["-S", "-passes=verify", "-"];
  const printed = await runTool(toolchain, "opt", { args, stdin: ir });
  return printed.status === "ok" ? ok(Buffer.from(printed.value).toString("utf8")) : printed;
}

function missing(ir: string, name: string): Outcome<never> {
  const defined = [...ir.matchAll(/^define .*$/gm)].map(([head]) => bareName(symbolIn(head)));
  const seen = defined.length === 0 ? "no function" : defined.slice(0, 5).join(", ");
  return { status: "invalid", message: `the IR defines ${seen}; want ${name}` };
}

/** Undefined where it defines no such function. Wants IR as LLVM prints it. */
function withOneFunction(ir: string, name: string): string | undefined {
  const out: string[] = [];
  let isFound = false;
  let body: "kept" | "left out" | undefined;
  for (const line of ir.split("\n")) {
    if (body !== undefined) {
      if (body === "kept") out.push(line);
      if (line === "}") body = undefined;
    } else if (line.startsWith("define ")) {
      const isWanted = bareName(symbolIn(line)) === name;
      isFound ||= isWanted;
      body = isWanted || LOCAL.test(line.slice("define ".length)) ? "kept" : "left out";
      out.push(body === "kept" ? line : declareFunction(line));
    } else if (line.startsWith("@")) out.push(...globalLine(line));
    else if (!/^(?:module asm |source_filename = |; ModuleID)/.test(line)) out.push(line);
  }
  return isFound ? out.join("\n") : undefined;
}

function globalLine(line: string): string[] {
  const symbol = symbolIn(line);
  if (/^@"?llvm\./.test(symbol)) return [];
  const rest = line.slice(symbol.length + " = ".length);
  const isDeclared = /^(?:external|extern_weak) /.test(rest);
  return [LOCAL.test(rest) || isDeclared ? line : declareGlobal(line)];
}

/** Without sign, quotes and escapes: as an object's symbol. */
export const bareName = (symbol: string): string =>
  symbol
    .replace(/^@/, "")
    .replace(/^"(.*)"$/, "$1")
    .replaceAll(/\\([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );

/** With the function visible from outside, so that a checking program can call it. */
export function exported(ir: string, name: string): string {
  const isHead = (line: string): boolean =>
    line.startsWith("define ") && bareName(symbolIn(line)) === name;
  return ir
    .split("\n")
    .map((line) =>
      isHead(line)
        ? line
            .replace(
              /^define (?:(?:private|internal|weak|weak_odr|linkonce|linkonce_odr|available_externally) )?/,
              "define ",
            )
            .replace(/ comdat(?:\([^)]*\))?(?= |$)/, "")
        : line,
    )
    .join("\n");
}
