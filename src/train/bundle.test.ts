import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { writeBundle } from "./bundle.ts";
import type { RunPlan } from "./recipe.ts";

const TRAINER = resolve(import.meta.dirname, "../../trainer");

function planOn(data: string): RunPlan {
  const source = (name: string) => ({
    folder: join(data, "shards", name),
    weight: 1,
    long_documents: "drop" as const,
  });
  const config = {
    name: "test-emulate",
    out: ".",
    model: { size: "nano", context: 64, vocabulary: 512 },
    stages: [{ name: "emulate", steps: 1, data: [source("emulate-train")] }],
    batch: { rows: 1, micro_rows: 1 },
    seed: 0,
    validation: { data: [source("emulate-valid")], every: 1, rows: 1 },
    optimizer: { name: "muon", learning_rate: 1e-3, muon_learning_rate: 1e-3 },
    schedule: { name: "cosine", warmup: 1 },
    checkpoint: { every: 1, keep: 1 },
    provenance: {},
  } as const;
  return { recipe: "nano", stages: [{ stage: "emulate", steps: 1, config }], skipped: [] };
}

function dataset(folder: string): string {
  for (const name of ["emulate-train", "emulate-valid", "tune-train"]) {
    mkdirSync(join(folder, "shards", name), { recursive: true });
    writeFileSync(join(folder, "shards", name, "a.tokens"), name);
  }
  return folder;
}

test("writeBundle packs the trainer, settings with paths that hold there, and the shards they name alone", async () => {
  const folder = tempFolder();
  const data = dataset(join(folder, "data"));
  const out = join(folder, "b.tar.xz");
  expect(await writeBundle(planOn(data), { trainer: TRAINER, data, out })).toBeUndefined();
  expect(readdirSync(folder).toSorted()).toEqual(["b.tar.xz", "data"]);
  const there = join(folder, "there");
  mkdirSync(there);
  execFileSync("tar", ["-xJf", out, "-C", there]);
  expect(readdirSync(join(there, "data/shards")).toSorted()).toEqual([
    "emulate-train",
    "emulate-valid",
  ]);
  expect(readdirSync(join(there, "trainer"))).toContain("__main__.py");
  const run = JSON.parse(readFileSync(join(there, "run/emulate/run.json"), "utf8")) as {
    stages: { data: { folder: string }[] }[];
    validation: { data: { folder: string }[] };
  };
  const [train] = run.stages[0]?.data ?? [];
  for (const source of [train, run.validation.data[0]]) {
    const path = resolve(there, "run/emulate", source?.folder ?? "");
    expect(readFileSync(join(path, "a.tokens"), "utf8")).toMatch(/^emulate-/);
  }
});

test("writeBundle gives what went wrong and leaves nothing behind", async () => {
  const folder = tempFolder();
  const data = join(folder, "data"); // without shards
  const out = join(folder, "b.tar.xz");
  expect(await writeBundle(planOn(data), { trainer: TRAINER, data, out })).toMatch(/emulate-train/);
  expect(readdirSync(folder)).toEqual([]);
});

test("writeBundle packs the weights that the run goes on from, and leaves nothing when there are none to be had", async () => {
  const folder = tempFolder();
  const data = dataset(join(folder, "data"));
  const options = { trainer: TRAINER, data, out: join(folder, "b.tar.xz") };
  const placeStart = async (run: string): Promise<void> => {
    mkdirSync(join(run, "from"), { recursive: true });
    writeFileSync(join(run, "from/model.safetensors"), "weights");
  };
  expect(await writeBundle(planOn(data), { ...options, placeStart })).toBeUndefined();
  const there = join(folder, "there");
  mkdirSync(there);
  execFileSync("tar", ["-xJf", options.out, "-C", there]);
  expect(readFileSync(join(there, "run/from/model.safetensors"), "utf8")).toBe("weights");
  const other = { ...options, out: join(folder, "other.tar.xz") };
  const missing = writeBundle(planOn(data), {
    ...other,
    placeStart: () => Promise.reject(new Error("no such file")),
  });
  await expect(missing).rejects.toThrow("no such file");
  expect(readdirSync(folder).toSorted()).toEqual(["b.tar.xz", "data", "there"]);
});
