/** The programs of this repository, in builtin/: each says in its first line what it aims at. */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contentHash } from "../../base/hash.ts";
import type { Program, Suite } from "../suite.ts";

const FOLDER = fileURLToPath(new URL("./builtin/", import.meta.url));
const TIME_LIMIT_SECONDS = 5;
const FLAGS: Readonly<Record<string, readonly string[]>> = { ".c": ["-std=gnu17", "-w"], ".cc": ["-std=gnu++17", "-w"] };

export const builtin: Suite = {
  name: "builtin",
  about: "self-checking C and C++ programs of this repository, each aimed at something optimisers break",
  programs: () => Promise.resolve({ status: "available", programs: builtinPrograms(FOLDER) }),
};

/** Every .c and .cc file in `folder`, in order of name. */
export function builtinPrograms(folder: string): Program[] {
  const names = readdirSync(folder).toSorted();
  const headers = names.filter((name) => name.endsWith(".h")).map((name) => readFileSync(join(folder, name), "utf8"));
  const includes = contentHash(headers.join("\0"));
  return names.filter((name) => /\.(?:c|cc)$/.test(name)).map((name) => ({
    name,
    path: join(folder, name),
    language: name.endsWith(".c") ? "c" : "c++",
    flags: FLAGS[name.slice(name.lastIndexOf("."))] ?? [],
    includes,
    timeLimitSeconds: TIME_LIMIT_SECONDS,
  }));
}
