/** `llmc models`: what model files there are, and what one says of itself. Nothing is loaded. */

import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { readGgufInfo } from "../../model/gguf-info.ts";
import { checkModel, type Installed, isOurs, type MadeFor, tasksOf } from "../../model/made-for.ts";
import { type ModelSummary, summarize } from "../../model/summary.ts";
import { printPassList } from "../../passes/print.ts";
import { registryFor } from "../../passes/registry.ts";
import { coresetHash, passesHash } from "../../tasks/provenance.ts";
import { loadCoreset } from "../../tuner/coreset.ts";
import { CommandError, EXIT } from "../context.ts";
import { jsonOption } from "../options.ts";
import { paint, table } from "../terminal.ts";
import { modelsConvertCommand } from "./models-convert.ts";
import { modelsUnpackCommand } from "./models-unpack.ts";

const HELP = `
Examples:
  llmc models list models/                   the .gguf files in a folder and the folders in it
  llmc models inspect models/tune.gguf       size, quantisation, and what it was made for
  llmc models inspect tune.gguf --json       the same for programs
  llmc models convert run/model tune.gguf    what training wrote, as a .gguf file
  llmc models unpack tune.gguf tune/         the other way: a folder for transformers, and to train on from

Exit codes: 0 done, 1 a file in the list cannot be used, 2 bad usage or input.`;

export function modelsCommand(): Command {
  const models = new Command("models")
    .description("List, inspect, convert and unpack model files.")
    .addHelpText("after", HELP)
    .showHelpAfterError("(--help shows the options)")
    .exitOverride(); // main.ts tells the commands, not those below them
  const listing = new Command("list")
    .description("the .gguf files in a folder and the folders in it")
    .argument("[folder]", "where to look", ".")
    .addOption(jsonOption())
    .action(list);
  const inspecting = new Command("inspect")
    .description("what a .gguf file says of itself, and whether it fits this program")
    .argument("<file>", "a .gguf file")
    .addOption(jsonOption())
    .action(inspect);
  for (const command of [listing, inspecting, modelsConvertCommand(), modelsUnpackCommand()])
    models.addCommand(command.copyInheritedSettings(models));
  return models;
}

interface Options {
  readonly json: boolean;
}

const FILES = ["*.gguf", "*/*.gguf"];

function list(folder: string, { json }: Options): void {
  if (!existsSync(folder)) throw new CommandError(`${folder}: no such folder`, EXIT.usage);
  const files = globSync(FILES, { cwd: folder }).toSorted();
  const found = files.map((file) => ({ file, read: readGgufInfo(join(folder, file)) }));
  if (json) {
    const models = found.map(({ file, read }) =>
      read.status === "ok" ? { file, ...summarize(read.value) } : { file, problem: read.message },
    );
    print(JSON.stringify({ folder, models }));
  } else if (found.length === 0)
    print(`${folder}: no .gguf file here; \`llmc models convert\` makes one`);
  else {
    const rows = found.map(({ file, read }) =>
      read.status === "ok"
        ? [file, ...rowOf(summarize(read.value))]
        : [file, paint("red", read.message)],
    );
    const heads = ["file", "parameters", "kept as", "context", "dialect", "stage", "LLVM"];
    print(table([heads, ...rows], ["left", "right", "left", "right", "left", "left", "left"]));
  }
  if (found.some(({ read }) => read.status !== "ok")) process.exitCode = EXIT.problem;
}

function rowOf({ parameters, quantization, contextTokens, madeFor }: ModelSummary): string[] {
  return [
    millions(parameters),
    quantization,
    `${contextTokens ?? "?"}`,
    madeFor.dialect ?? "foreign",
    madeFor.stage ?? "-",
    madeFor.llvmVersion ?? "-",
  ];
}

function inspect(file: string, { json }: Options): void {
  const read = readGgufInfo(file);
  if (read.status !== "ok") throw new CommandError(read.message, EXIT.usage);
  const summary = summarize(read.value);
  const checked = checkModel(read.value, installedFor(summary.madeFor));
  const misfit = checked.status === "ok" ? undefined : checked.message;
  if (json) {
    const tensors = read.value.tensors.length;
    const fits = misfit === undefined;
    print(JSON.stringify({ file, ...summary, tensors, fits, ...(misfit && { misfit }) }));
  } else print(table(factsOf(summary, misfit), ["left", "left"]));
}

/** What this program has for the LLVM that the model was made for: whether that LLVM is installed is `llmc doctor`'s business. */
function installedFor({ llvmVersion }: MadeFor): Installed {
  const major = Number(llvmVersion?.split(".")[0]);
  if (!Number.isInteger(major)) return {};
  const registry = registryFor(major);
  return {
    passesHash: passesHash(registry),
    coresetHash: coresetHash(loadCoreset(registry).lists.map(printPassList)),
  };
}

function factsOf(summary: ModelSummary, misfit: string | undefined): string[][] {
  const { madeFor, parametersByType } = summary;
  const kept = Object.entries(parametersByType).map(
    ([type, count]) => `${type} ${millions(count)}`,
  );
  const rows: (readonly [string, string | number | undefined])[] = [
    ["name", summary.name],
    ["architecture", summary.architecture],
    ["parameters", `${millions(summary.parameters)} (${kept.join(", ")})`],
    ["file", `${(summary.fileBytes / 1e6).toFixed(1)} MB`],
    ["context", summary.contextTokens && `${summary.contextTokens} tokens`],
    ["layers", summary.layers && `${summary.layers}, ${summary.width} wide`],
    ["vocabulary", summary.vocabulary && `${summary.vocabulary} tokens`],
    ["dialect", madeFor.dialect ?? "not one of ours: none is told"],
    ["stage", madeFor.stage],
    ["made for", tasksOf(madeFor)?.join(", ")],
    ["LLVM", madeFor.llvmVersion],
    ["passes", madeFor.passesHash],
    ["coreset", madeFor.coresetHash],
    ["commit", madeFor.commit],
    ["fits here", isOurs(madeFor) ? (misfit ?? "yes") : undefined],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
}

function millions(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} B`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  return `${(count / 1e3).toFixed(1)} k`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
