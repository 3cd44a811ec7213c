/** The command line, as users type it, for tools that go through all of it. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./reproduce/sample.ts";

/** Its words go to the terminal; a failure ends the run. */
export function llmc(...args: string[]): void {
  process.stderr.write(`\n$ llmc ${args.join(" ")}\n`);
  execFileSync(join(ROOT, "llmc"), args, { stdio: ["ignore", 2, 2] });
}
