/** `llmc cc` and `llmc c++`, for --help and for those who come past the launcher, which is quicker. */

import { join } from "node:path";
import { Command } from "commander";
import { runWrapper } from "../cc.ts";
import { requireToolchain } from "../context.ts";

const PROGRAMS = { "cc": "clang", "c++": "clang++" } as const;

/** Every option is clang's, --help among them. */
export function compilerCommand(name: keyof typeof PROGRAMS): Command {
  const program = PROGRAMS[name];
  return new Command(name)
    .description(`${program} for any build, with smaller objects: CC="llmc cc" make CFLAGS=-Oz`)
    .helpOption(false)
    .allowUnknownOption()
    .argument("[arguments...]", `${program}'s own; or --stats [--json] [--clear]`)
    .passThroughOptions()
    .action(() =>
      // What follows the command, as it was typed: commander would drop a "--".
      runWrapper(join(requireToolchain(undefined).bin, program), process.argv.slice(3)),
    );
}
