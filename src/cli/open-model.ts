/** The model that a command was given, or the one that is shipped, opened; or the reason why it cannot be. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Pool } from "../llvm/pool.ts";
import type { Model, ModelOutcome } from "../model/model.ts";
import { openModel } from "../model/open.ts";
import { printPassList } from "../passes/print.ts";
import type { ProposalContext } from "../tasks/proposal.ts";
import { coresetHash, passesHash } from "../tasks/provenance.ts";
import { CommandError, EXIT, atInterrupt, versionOf } from "./context.ts";

export const MODEL_FORMS =
  "a .gguf file, the address of a server that speaks OpenAI's protocol, or replay:FILE";
export const MODEL_HELP = `${MODEL_FORMS} (default: LLMC_MODEL, else the shipped one)`;
const NO_MODEL = "none";

/** In the package and in a checkout alike. */
const SHIPPED_MODEL = fileURLToPath(new URL("../../models/mini-q8_0.gguf", import.meta.url));

/**
 * What was asked for, else what LLMC_MODEL names, else the shipped model; undefined where that is `none`, or where the shipped one
 * is not for this LLVM. Another that was made for another LLVM than the pool's, or for other passes or another coreset than `tune`
 * has, is refused before it is loaded.
 */
export async function findModel(
  name: string | undefined,
  pool: Pool,
  tune?: ProposalContext,
): Promise<Model | undefined> {
  const wanted = name ?? process.env["LLMC_MODEL"];
  if (wanted === undefined || wanted === "") {
    const shipped = await openShipped(pool, tune);
    return shipped.status === "ok" ? shipped.value : undefined;
  }
  if (wanted === NO_MODEL) return undefined;
  const opened = await open(wanted, pool, tune);
  if (opened.status === "ok") return opened.value;
  const code = opened.status === "refused" ? EXIT.usage : EXIT.environment;
  throw new CommandError(`model ${wanted}: ${opened.message}`, code);
}

export async function requireModel(name: string | undefined, pool: Pool): Promise<Model> {
  const model = await findModel(name, pool);
  if (model !== undefined) return model;
  const shipped = await openShipped(pool);
  const why = shipped.status === "ok" ? "" : ` (the shipped one: ${shipped.message})`;
  throw new CommandError(
    `no model${why}: want --model with a .gguf file or the address of a server, or LLMC_MODEL`,
    EXIT.usage,
  );
}

async function openShipped(pool: Pool, tune?: ProposalContext): Promise<ModelOutcome<Model>> {
  if (existsSync(SHIPPED_MODEL)) return open(SHIPPED_MODEL, pool, tune);
  return { status: "refused", message: `${SHIPPED_MODEL} is not there` };
}

async function open(
  name: string,
  pool: Pool,
  tune: ProposalContext | undefined,
): Promise<ModelOutcome<Model>> {
  const opened = await openModel(name, {
    installed: {
      llvmVersion: await versionOf(pool),
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
