/**
 * What a model of ours was made for, kept in its GGUF under `llmc.*`: the dialect of its prompts, the passes and the
 * coreset that its answers name, the LLVM whose sizes it learned. A file without these keys is a foreign model; nothing
 * is known of it and nothing is held against it.
 */

import type { GgufInfo } from "./gguf-info.ts";
import type { ModelOutcome } from "./model.ts";

/** Each key is `llmc.` and the text here; the writer uses the same. */
export const MADE_FOR_KEYS = {
  dialect: "llmc.dialect",
  /** "22.1.8" */
  llvmVersion: "llmc.llvm.version",
  /** passesHash of src/tasks/provenance.ts */
  passesHash: "llmc.passes.hash",
  /** coresetHash of src/tasks/provenance.ts */
  coresetHash: "llmc.coreset.hash",
  /** What it may be asked, where that is not everything: "disassemble,emulate" */
  tasks: "llmc.tasks",
  /** The last training stage: "tune" */
  stage: "llmc.stage",
  /** Of this program's sources when it was trained. */
  commit: "llmc.commit",
} as const;

export type MadeFor = { readonly [Fact in keyof typeof MADE_FOR_KEYS]?: string };

/** What is installed here; what is undefined is not compared. */
export interface Installed {
  readonly llvmVersion?: string | undefined;
  readonly passesHash?: string | undefined;
  readonly coresetHash?: string | undefined;
  /** What the model is wanted for: "tune" */
  readonly task?: string | undefined;
}

/** Undefined where it may be asked anything. */
export const tasksOf = ({ tasks }: MadeFor): readonly string[] | undefined => tasks?.split(",");

export function madeFor({ metadata }: Pick<GgufInfo, "metadata">): MadeFor {
  const known = Object.entries(MADE_FOR_KEYS).flatMap(([fact, key]) => {
    const value = metadata.get(key);
    return typeof value === "string" ? [[fact, value]] : [];
  });
  return Object.fromEntries(known) as MadeFor;
}

/** Whether the file is one of ours. */
export const isOurs = (made: MadeFor): boolean => made.dialect !== undefined;

/**
 * "refused" where a model of ours was made for something else than is installed. LLVM counts by its major version:
 * within one the passes are the same and sizes hardly move.
 */
export function checkModel(
  info: Pick<GgufInfo, "metadata">,
  installed: Installed,
): ModelOutcome<MadeFor> {
  const made = madeFor(info);
  const faults = [
    differs("LLVM", majorOf(made.llvmVersion), majorOf(installed.llvmVersion)),
    differs("the pass registry", made.passesHash, installed.passesHash),
    differs("the coreset", made.coresetHash, installed.coresetHash),
  ].filter((fault) => fault !== undefined);
  const { task } = installed;
  if (task !== undefined && tasksOf(made)?.includes(task) === false)
    faults.push(`the task ${tasksOf(made)?.join(" and ")}, here it is ${task}`);
  if (made.dialect !== undefined && made.dialect !== "compact" && made.dialect !== "published")
    faults.push(`the dialect ${made.dialect}, here are compact and published`);
  if (faults.length === 0) return { status: "ok", value: made };
  const message = `the model was made for ${faults.join("; for ")}. Its answers would mean something else here: use a model made for what is installed, or none`;
  return { status: "refused", message };
}

const majorOf = (version: string | undefined): string | undefined => version?.split(".")[0];

const differs = (
  what: string,
  made: string | undefined,
  here: string | undefined,
): string | undefined =>
  made === undefined || here === undefined || made === here
    ? undefined
    : `${what} ${made}, here is ${here}`;
