/** The model that a command was given, opened, or the reason why it cannot be. */

import type { Pool } from "../llvm/pool.ts";
import type { Model } from "../model/model.ts";
import { openModel } from "../model/open.ts";
import { printPassList } from "../passes/print.ts";
import type { ProposalContext } from "../tasks/proposal.ts";
import { coresetHash, passesHash } from "../tasks/provenance.ts";
import { CommandError, EXIT, versionOf } from "./context.ts";

export const MODEL_HELP =
  "a .gguf file, the address of a server that speaks OpenAI's protocol, or replay:FILE (default: LLMC_MODEL)";
const NO_MODEL = "none";

/**
 * What was asked for, else what LLMC_MODEL names; undefined where that is `none` or nothing. One that was made for another
 * LLVM than the pool's, or for other passes or another coreset than `tune` has, is refused before it is loaded.
 */
export async function findModel(
  name: string | undefined,
  pool: Pool,
  tune?: ProposalContext,
): Promise<Model | undefined> {
  const wanted = name ?? process.env["LLMC_MODEL"] ?? NO_MODEL;
  if (wanted === NO_MODEL || wanted === "") return undefined;
  const opened = await openModel(wanted, {
    installed: {
      llvmVersion: await versionOf(pool),
      ...(tune && {
        passesHash: passesHash(tune.registry),
        coresetHash: coresetHash(tune.coreset.map(printPassList)),
      }),
    },
  });
  if (opened.status === "ok") return opened.value;
  const code = opened.status === "refused" ? EXIT.usage : EXIT.environment;
  throw new CommandError(`model ${wanted}: ${opened.message}`, code);
}

export async function requireModel(name: string | undefined, pool: Pool): Promise<Model> {
  const model = await findModel(name, pool);
  if (model !== undefined) return model;
  throw new CommandError(
    "no model: want --model with a .gguf file or the address of a server, or LLMC_MODEL",
    EXIT.usage,
  );
}
