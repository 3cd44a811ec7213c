/** `llmc models convert`: a Hugging Face folder to a GGUF file. */

import { Command, InvalidArgumentError } from "commander";
import { convertModel } from "../../model/gguf/convert.ts";
import { FILE_TYPES, type FileType } from "../../model/gguf/metadata.ts";
import { CommandError, EXIT } from "../context.ts";
import { TASKS, type TaskName } from "../../tasks/dialect.ts";
import { jsonOption, namesAmong } from "../options.ts";
import { statusLine } from "../terminal.ts";

interface Options {
  readonly type: FileType;
  readonly tasks?: TaskName[];
  readonly json: boolean;
}

export function modelsConvertCommand(): Command {
  return new Command("convert")
    .description("write a Hugging Face folder of ours as one GGUF file, for llama.cpp")
    .argument("<folder>", "with config.json, model.safetensors and tokenizer.json")
    .argument("<out>", "the .gguf file to write")
    .option("--type <type>", `what matrices are kept as: ${FILE_TYPES.join(", ")}`, fileType, "f16")
    .option(
      "--tasks <names>",
      "what it may be asked: commands refuse it for other tasks (default: everything)",
      namesAmong(TASKS),
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
  llmc models convert runs/nano/model nano.gguf
  llmc models convert runs/small/model small.gguf --type q8_0    half the size
  llmc models convert runs/mini/tune tune.gguf --tasks tune      for flag tuning alone

Exit codes: 0 done, 1 it could not be written, 2 bad usage or input, 130 interrupted (nothing is written).`,
    )
    .action(convert);
}

function fileType(text: string): FileType {
  const type = FILE_TYPES.find((known) => known === text);
  if (type === undefined) throw new InvalidArgumentError(`want ${FILE_TYPES.join(" or ")}.`);
  return type;
}

async function convert(folder: string, out: string, { type, tasks, json }: Options): Promise<void> {
  const interrupt = new AbortController();
  process.on("SIGINT", () => interrupt.abort()).on("SIGTERM", () => interrupt.abort());
  const line = statusLine();
  const onProgress = (done: number, total: number): void =>
    line.show(`${out}: ${megabytes(done)} of ${megabytes(total)}`);
  try {
    const outcome = await convertModel(folder, out, {
      type,
      tasks,
      onProgress,
      signal: interrupt.signal,
    });
    line.clear();
    if (outcome.status === "invalid") throw new CommandError(outcome.message, EXIT.usage);
    const { tensors, bytes, hasProvenance } = outcome.value;
    const note = hasProvenance
      ? ""
      : "\nnote: no training.json, so the file does not say what it was made for";
    const text = `${out}: ${tensors} tensors, ${megabytes(bytes)}, ${type}${note}`;
    process.stdout.write(`${json ? JSON.stringify({ out, type, ...outcome.value }) : text}\n`);
  } catch (error) {
    line.clear();
    throw asCommandError(error, out, interrupt.signal);
  }
}

function asCommandError(error: unknown, out: string, signal: AbortSignal): unknown {
  if (signal.aborted) return new CommandError("interrupted; nothing is written", EXIT.interrupted);
  const isSystem = error instanceof Error && "syscall" in error;
  return isSystem ? new CommandError(`${out}: ${error.message}`, EXIT.problem) : error;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
