/** What a run's checkpoints and files say of where they come from; readers of models go by the names (tasks/provenance.ts). */

import { runCommand } from "../base/run-command.ts";
import type { Dataset } from "../dataset/dataset-file.ts";
import { coresetHash, passesHashOf } from "../tasks/provenance.ts";

export async function provenanceOf(dataset: Dataset): Promise<Record<string, string>> {
  return {
    "llmc.dialect": "compact",
    "llmc.llvm.version": dataset.llvm,
    "llmc.passes.hash": passesHashOf(dataset.llvm),
    "llmc.coreset.hash": coresetHash(dataset.coreset),
    "llmc.commit": await commit(),
  };
}

async function commit(): Promise<string> {
  const bounds = { cwd: import.meta.dirname, timeoutMs: 10_000, maxOutputBytes: 1000 };
  const ran = await runCommand("git", ["rev-parse", "--short=12", "HEAD"], bounds);
  return ran.status === "exited" && ran.code === 0 ? ran.stdout.toString().trim() : "unknown";
}
