/**
 * A run packed for another machine, such as a GPU that is lent for minutes: the trainer, run.json of each stage and the shards that
 * they read, in one compressed archive. Nothing of this repository but the trainer is needed there (trainer/README.md, "On another
 * machine").
 *
 *   trainer/*.py    run/STAGE/run.json    run/from/ (where it goes on from weights)    data/shards/STAGE-SPLIT/
 */

import { copyFileSync, globSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import { runCommand } from "../base/run-command.ts";
import type { RunPlan } from "./recipe.ts";
import type { DataSource, RunConfig } from "./run-config.ts";

/** Tokens are pairs of bytes: literals and matches aligned to two make the archive 3 % smaller. */
const COMPRESS = "xz -T0 --lzma2=preset=9e,lp=1,pb=1";
const LIMIT_MS = 3_600_000;
const MAX_OUTPUT_BYTES = 1 << 20;

export interface BundleOptions {
  /** The folder trainer/. */
  readonly trainer: string;
  /** The dataset's folder. */
  readonly data: string;
  /** The archive, a .tar.xz. */
  readonly out: string;
  /** Puts the weights that the run goes on from into its folder, or throws; undefined where it begins from nothing. */
  readonly placeStart?: ((runFolder: string) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Gives what went wrong. */
export async function writeBundle(
  plan: RunPlan,
  { trainer, data, out, placeStart, signal }: BundleOptions,
): Promise<string | undefined> {
  const folder = `${resolve(out)}.${process.pid}.tmp`;
  const archive = `${folder}.tar.xz`;
  try {
    mkdirSync(join(folder, "trainer"), { recursive: true });
    for (const name of globSync("*.py", { cwd: trainer }))
      copyFileSync(join(trainer, name), join(folder, "trainer", name));
    mkdirSync(join(folder, "data/shards"), { recursive: true });
    for (const source of new Set(plan.stages.flatMap(({ config }) => foldersOf(config))))
      symlinkSync(source, join(folder, "data/shards", basename(source)));
    for (const { stage, config } of plan.stages) {
      const there = withFolders(config, (path) => `../../data/${relative(data, path)}`);
      const path = join(folder, "run", stage, "run.json");
      writeFileAtomic(path, `${JSON.stringify(there, null, 1)}\n`);
    }
    await placeStart?.(join(folder, "run"));
    const args = ["-C", folder, "-chf", archive, "--use-compress-program", COMPRESS];
    const ran = await runCommand("tar", [...args, "trainer", "run", "data"], {
      timeoutMs: LIMIT_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      signal,
    });
    if (ran.status === "failed") return ran.message;
    if (ran.code !== 0) return ran.stderr.trim();
    renameSync(archive, out);
    return undefined;
  } finally {
    for (const path of [folder, archive]) rmSync(path, { recursive: true, force: true });
  }
}

const sourcesOf = ({ stages, validation }: RunConfig): readonly DataSource[] => [
  ...stages.flatMap(({ data }) => data),
  ...(validation?.data ?? []),
];

const foldersOf = (config: RunConfig): string[] => sourcesOf(config).map(({ folder }) => folder);

function withFolders(config: RunConfig, change: (folder: string) => string): RunConfig {
  const moved = (sources: readonly DataSource[]): DataSource[] =>
    sources.map(({ folder, weight, long_documents }) => ({
      folder: change(folder),
      weight,
      long_documents,
    }));
  const { stages, validation } = config;
  return {
    ...config,
    stages: stages.map(({ name, steps, data }) => ({ name, steps, data: moved(data) })),
    ...(validation && { validation: { ...validation, data: moved(validation.data) } }),
  };
}
