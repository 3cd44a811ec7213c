/** The weights that a run goes on from, a GGUF file of ours or a Hugging Face folder, in the run's folder. */

import { cp, rename, rm } from "node:fs/promises";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../base/files.ts";
import { unpackModel } from "../model/gguf/unpack.ts";

/** FOLDER/from/, a Hugging Face folder. */
export const START = "from";

/** What training reads of such a folder. */
const FILES = ["config.json", "model.safetensors", "tokenizer.json"] as const;

export interface StartOptions {
  /** The .gguf file or the folder. */
  readonly from: string;
  /** The run's folder. */
  readonly out: string;
  /** Text of the dataset's tokenizer.json: token ids mean the same to the weights only if theirs is the same. */
  readonly tokenizer: string;
}

/** Gives what is wrong. A folder that is there already is taken as it is: the run goes on. */
export async function placeStart({
  from,
  out,
  tokenizer,
}: StartOptions): Promise<string | undefined> {
  const folder = join(out, START);
  if (!existsSync(folder)) {
    const fault = await placeFiles(from, folder);
    if (fault !== undefined) return fault;
  }
  if (readFileSync(join(folder, "tokenizer.json"), "utf8") === tokenizer) return undefined;
  await rm(folder, { recursive: true });
  return `${from}: has another tokenizer than the dataset; build the dataset with --tokenizer and the one that \`llmc models unpack\` gives`;
}

async function placeFiles(from: string, folder: string): Promise<string | undefined> {
  if (!existsSync(from))
    return `${from}: no such file or folder; want a .gguf or a Hugging Face folder`;
  if (!statSync(from).isDirectory()) {
    const unpacked = await unpackModel(from, folder);
    return unpacked.status === "ok" ? undefined : unpacked.message;
  }
  const missing = FILES.find((name) => !existsSync(join(from, name)));
  if (missing !== undefined) return `${from}: lacks ${missing}; want a Hugging Face folder of ours`;
  const temporary = `${folder}.${process.pid}.tmp`;
  makeFolder(temporary);
  for (const name of FILES) await cp(join(from, name), join(temporary, name));
  await rename(temporary, folder);
  return undefined;
}
