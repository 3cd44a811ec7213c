/** Compilers by the names that makefiles ask for, to be put first on PATH: each records what it compiles. */

import { chmodSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFileAtomic } from "../base/files.ts";

const NAMES: Readonly<Record<string, readonly string[]>> = {
  "clang": ["cc", "gcc", "clang", "c99", "c89"],
  "clang++": ["c++", "g++", "clang++"],
};

/** The environment by which a build tells its compilers where records go. */
export const RECORDS_VARIABLE = "LLMC_RECORD_DIR";
export const ROOT_VARIABLE = "LLMC_RECORD_ROOT";

/** `llvm`: the folder of LLVM's programs. Writes the scripts into `folder`. */
export function writeShims(folder: string, llvm: string): void {
  for (const [driver, aliases] of Object.entries(NAMES)) {
    for (const alias of aliases) {
      const path = join(folder, alias);
      writeFileAtomic(path, shim(join(llvm, driver)));
      chmodSync(path, 0o755);
    }
  }
}

/** The recorder's source, or its compiled form in the published package. */
export function recorderPath(): string {
  const isSource = import.meta.url.endsWith(".ts");
  return fileURLToPath(new URL(isSource ? "./record-cc.ts" : "./record-cc.js", import.meta.url));
}

// Probes of configure, cmake and meson go straight to clang: there are hundreds, and node starts in 50 ms.
function shim(real: string): string {
  return `#!/bin/sh
case "$PWD $*" in
*conftest*|*CMakeScratch*|*CMakeTmp*|*CompilerId*|*meson-private*) ;;
*" -c "*|*" -c") exec "${process.execPath}" "${recorderPath()}" "${real}" "$${RECORDS_VARIABLE}" "$${ROOT_VARIABLE}" "$@" ;;
esac
exec "${real}" "$@"
`;
}
