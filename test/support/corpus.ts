/** Made-up corpus modules, for tests that need no LLVM. */

import { hash } from "node:crypto";
import type { WithBitcode } from "../../src/corpus/corpus-module.ts";
import { splitOf } from "../../src/corpus/split.ts";

/** A module whose functions are named by `functions`: equal names are equal functions, of as many instructions. */
export function madeUpModule(
  path: string,
  functions: Readonly<Record<string, number>>,
  rest: Partial<WithBitcode> = {},
): WithBitcode {
  const name = rest.package ?? "made-up";
  const bitcode = Buffer.from(`${name}/${path}: ${JSON.stringify(functions)}`);
  const instructions = Object.values(functions).reduce((sum, count) => sum + count, 0);
  return {
    hash: hash("sha256", bitcode),
    package: name,
    version: "1.0-1",
    licence: "MIT",
    path,
    language: "c",
    flags: ['-DNAME="it\'s"', "-Iinclude"],
    split: splitOf(name),
    bitcodeBytes: bitcode.length,
    textBytes: 40 * instructions,
    instructions,
    functions: Object.entries(functions).map(([fn, count]) => ({
      name: fn,
      hash: hash("sha256", fn).slice(0, 32),
      instructions: count,
      blocks: 1,
    })),
    bitcode,
    ...rest,
  };
}
