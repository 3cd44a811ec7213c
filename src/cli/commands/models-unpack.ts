/** `llmc models unpack`: a GGUF file of ours to a Hugging Face folder. */

import { Command } from "commander";
import { unpackModel } from "../../model/gguf/unpack.ts";
import { CommandError, EXIT } from "../context.ts";
import { jsonOption } from "../options.ts";

export function modelsUnpackCommand(): Command {
  return new Command("unpack")
    .description("write a .gguf file of ours as a Hugging Face folder, in float32")
    .argument("<file>", "a .gguf file that `llmc models convert` wrote")
    .argument("<folder>", "the folder to write; it must not be there yet")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The folder has config.json, model.safetensors, tokenizer.json and training.json. Quantised weights come out as llama.cpp
computes with them; converted again to the same type they are the same file.

Examples:
  llmc models unpack models/emulator-q8_0.gguf emulator/
  llmc dataset build --corpus corpus/ --tokenizer emulator/tokenizer.json --out data/ --stages emulate
  llmc train emulator --data data/ --from emulator/ --out runs/more

Exit codes: 0 done, 1 it could not be written, 2 bad usage or input.`,
    )
    .action(unpack);
}

async function unpack(file: string, folder: string, { json }: { json: boolean }): Promise<void> {
  const outcome = await unpackModel(file, folder).catch((error: unknown) => {
    if (error instanceof Error && "syscall" in error)
      throw new CommandError(`${folder}: ${error.message}`, EXIT.problem);
    throw error;
  });
  if (outcome.status === "invalid") throw new CommandError(outcome.message, EXIT.usage);
  const { tensors, parameters } = outcome.value;
  const text = `${folder}: ${tensors} tensors, ${(parameters / 1e6).toFixed(1)} M parameters`;
  process.stdout.write(`${json ? JSON.stringify({ folder, ...outcome.value }) : text}\n`);
}
