/** The model that a command was given, or the one that is shipped, opened; or the reason why it cannot be. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Pool } from "../llvm/pool.ts";
import type { Model, ModelOutcome } from "../model/model.ts";
import { openModel } from "../model/open.ts";
import { printPassList } from "../passes/print.ts";
import type { TaskName } from "../tasks/dialect.ts";
import type { ProposalContext } from "../tasks/proposal.ts";
import { coresetHash, passesHash } from "../tasks/provenance.ts";
import { CommandError, EXIT, atInterrupt, versionOf } from "./context.ts";

export const MODEL_FORMS =
  "a .gguf file, the address of a server that speaks OpenAI's protocol, or replay:FILE";
export const MODEL_HELP = `${MODEL_FORMS} (default: LLMC_MODEL, else the shipped one)`;
const NO_MODEL = "none";

/** In the package and in a checkout alike; each is for its task alone (models/README.md). */
const shippedPath = (name: string): string =>
  fileURLToPath(new URL(`../../models/${name}`, import.meta.url));
const SHIPPED: Readonly<Record<TaskName, string>> = {
  tune: shippedPath("tuner-q8_0.gguf"),
  emulate: shippedPath("emulator-q8_0.gguf"),
  disassemble: shippedPath("disassembler-q8_0.gguf"),
};

/** What a model is wanted for; one that was made for something else is refused. */
export interface ModelUse {
  readonly task?: TaskName;
  /** The passes and the coreset that its pass lists are of. */
  readonly tune?: ProposalContext;
}

/**
 * What was asked for, else what LLMC_MODEL names, else the shipped model; undefined where that is `none`, or where the shipped one
 * is not for this LLVM. Another that was made for another LLVM than the pool's, or for another use, is refused before it is loaded.
 */
export async function findModel(
  name: string | undefined,
  pool: Pool,
  use: ModelUse,
): Promise<Model | undefined> {
  const wanted = name ?? process.env["LLMC_MODEL"];
  if (wanted === undefined || wanted === "") {
    const shipped = use.task && (await openShipped(pool, { ...use, task: use.task }));
    return shipped?.status === "ok" ? shipped.value : undefined;
  }
  if (wanted === NO_MODEL) return undefined;
  const opened = await open(wanted, pool, use);
  if (opened.status === "ok") return opened.value;
  const code = opened.status === "refused" ? EXIT.usage : EXIT.environment;
  throw new CommandError(`model ${wanted}: ${opened.message}`, code);
}

export async function requireModel(
  name: string | undefined,
  pool: Pool,
  task: TaskName,
): Promise<Model> {
  const model = await findModel(name, pool, { task });
  if (model !== undefined) return model;
  const opened = await openShipped(pool, { task });
  const why = opened.status === "ok" ? "" : ` (the shipped one: ${opened.message})`;
  throw new CommandError(
    `no model${why}: want --model with a .gguf file or the address of a server, or LLMC_MODEL`,
    EXIT.usage,
  );
}

async function openShipped(
  pool: Pool,
  use: ModelUse & { readonly task: TaskName },
): Promise<ModelOutcome<Model>> {
  const path = SHIPPED[use.task];
  if (existsSync(path)) return open(path, pool, use);
  return { status: "refused", message: `${path} is not there` };
}

async function open(
  name: string,
  pool: Pool,
  { task, tune }: ModelUse,
): Promise<ModelOutcome<Model>> {
  const opened = await openModel(name, {
    installed: {
      llvmVersion: await versionOf(pool),
      task,
      ...(tune && {
        passesHash: passesHash(tune.registry),
        coresetHash: coresetHash(tune.coreset.map(printPassList)),
      }),
    },
  });
  if (opened.status === "ok") {
    const { value: model } = opened;
    atInterrupt(() => void model.close()); // else an answer may take minutes more
  }
  return opened;
}
