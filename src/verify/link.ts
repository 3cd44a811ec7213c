/**
 * Objects to programs. clang is asked once how it would call the linker; after that ld.lld is called directly, which
 * saves clang's own start. Dynamic: static linking takes 1.5 times as long (46 against 30 ms), and running saves 1 ms.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../base/run-command.ts";
import type { Toolchain } from "../llvm/toolchain.ts";
import type { Language } from "./suite.ts";

export type Linked =
  { readonly status: "ok" } | { readonly status: "failed"; readonly message: string };

export interface Linker {
  link(object: string, program: string, language: Language): Promise<Linked>;
}

const LIMITS = { timeoutMs: 60_000, maxOutputBytes: 1 << 20 };
const MAX_MESSAGE_CHARACTERS = 500;
const DRIVERS: Record<Language, string> = { "c": "clang", "c++": "clang++" };

/** The error names what is missing. `folder` takes an empty file that clang wants to see. */
export async function findLinker(toolchain: Toolchain, folder: string): Promise<Linker | Error> {
  const probe = join(folder, "probe.o");
  writeFileSync(probe, "");
  const recipes = new Map<Language, readonly string[]>();
  for (const language of ["c", "c++"] as const) {
    const recipe = await askClang(join(toolchain.bin, DRIVERS[language]), probe);
    if (recipe instanceof Error) return recipe;
    recipes.set(language, recipe);
  }
  return {
    async link(object, program, language) {
      const [linker = "", ...args] = recipes.get(language) ?? [];
      const filled = args.map((arg) => (arg === probe ? object : arg === OUTPUT ? program : arg));
      const run = await runCommand(linker, [...filled, "--threads=1"], LIMITS);
      if (run.status === "exited" && run.code === 0) return { status: "ok" };
      const message = run.status === "failed" ? run.message : run.stderr.trim();
      return { status: "failed", message: message.slice(0, MAX_MESSAGE_CHARACTERS) };
    },
  };
}

const OUTPUT = "llmc-program";

async function askClang(clang: string, object: string): Promise<readonly string[] | Error> {
  const run = await runCommand(
    clang,
    ["-###", "-fuse-ld=lld", object, "-lm", "-pthread", "-o", OUTPUT],
    LIMITS,
  );
  if (run.status === "failed") return new Error(run.message);
  const line = run.stderr.trimEnd().split("\n").at(-1) ?? "";
  const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) =>
    word.replaceAll(/\\(.)/g, "$1"),
  );
  if (run.code === 0 && words.includes(object) && words.includes(OUTPUT)) return words;
  return new Error(
    `${clang} does not say how to link: ${run.stderr.trim().slice(0, MAX_MESSAGE_CHARACTERS)}`,
  );
}
