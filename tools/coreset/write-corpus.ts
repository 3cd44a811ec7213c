// From the records of all packages to the corpus on disk: choose, copy, number, write both manifests.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../src/base/files.ts";
import { parseFunctions, readRecords } from "../../src/corpus/records.ts";
import type { StoredModule } from "../../src/corpus/records.ts";
import { selectModules } from "../../src/corpus/select.ts";
import { splitOf } from "../../src/corpus/split.ts";
import { readHarvest, recordsFolder } from "./harvest.ts";
import type { HarvestPlace } from "./harvest.ts";

const NM_OUTPUT_BYTES = 1 << 28;

/** Every recorded module of the packages that are done. */
export function readRecorded(packages: readonly string[], place: HarvestPlace): StoredModule[] {
  return packages.flatMap((name) => {
    const done = readHarvest(name, place);
    if (!done) return [];
    const records = recordsFolder(name, place);
    const functions = definedFunctions(records, place);
    return readRecords(records, { package: name, version: done.version, functions });
  });
}

function definedFunctions(records: string, place: HarvestPlace): Map<string, string[]> {
  const files = readdirSync(records).filter((name) => name.endsWith(".bc"));
  if (files.length === 0) return new Map();
  const options = ["--defined-only", "--format=posix", "--print-file-name"];
  const paths = files.map((file) => join(records, file));
  const nm = join(place.llvm, "llvm-nm");
  const limits = { encoding: "utf8", maxBuffer: NM_OUTPUT_BYTES } as const;
  return parseFunctions(execFileSync(nm, [...options, ...paths], limits));
}

interface CorpusOptions {
  records: readonly StoredModule[];
  /** Where the short manifest goes, the one that is checked in. */
  manifest: string;
}

/** Copies the chosen modules to a new folder, which then takes the old one's place; gives the chosen. */
export function writeCorpus(out: string, { records, manifest }: CorpusOptions): StoredModule[] {
  const chosen = selectModules(records);
  if (chosen.length === 0)
    throw new Error("nothing is recorded: the corpus and its manifests stay as they are");
  const numbered = [...Map.groupBy(chosen, (module) => module.package).values()].flatMap((own) =>
    own.map((module, i) => ({ id: `${module.package}/${String(i + 1).padStart(3, "0")}`, module })),
  );
  copyModules(join(out, "modules"), numbered);
  const rows = numbered.map(({ id, module }) => {
    const { package: name, version, path, language, flags, bytes, sha256 } = module;
    const split = splitOf(name);
    const short = { id, package: name, version, path, language, split, bytes, sha256 };
    return { short, full: { ...short, flags, file: `modules/${id}.bc` } };
  });
  writeFileAtomic(join(out, "manifest.jsonl"), jsonLines(rows.map((row) => row.full)));
  writeFileAtomic(manifest, jsonLines(rows.map((row) => row.short)));
  return chosen;
}

interface Numbered {
  id: string;
  module: StoredModule;
}

function copyModules(folder: string, modules: readonly Numbered[]): void {
  const fresh = `${folder}.${process.pid}.tmp`;
  mkdirSync(fresh, { recursive: true });
  for (const { id, module } of modules) {
    mkdirSync(join(fresh, module.package), { recursive: true });
    copyFileSync(module.file, join(fresh, `${id}.bc`));
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

function jsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
