/** `llmc cc` and `llmc c++`, for --help and for those who come past the launcher, which is quicker. */

import { join } from "node:path";
import { Command } from "commander";
import { runWrapper } from "../cc.ts";
import { requireToolchain } from "../context.ts";

export function compilerCommands(): Command[] {
  return [compilerCommand("cc", "clang"), compilerCommand("c++", "clang++")];
}

/** Every option is clang's, --help among them. */
function compilerCommand(name: string, program: string): Command {
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
