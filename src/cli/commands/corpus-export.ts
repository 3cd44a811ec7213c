/** `llmc corpus export`: modules of a corpus as files, or a small sample of them as one Parquet file. */

import { Command, InvalidArgumentError, Option } from "commander";
import {
  type ExportFilter,
  type ExportKind,
  type ExportResult,
  SAMPLE_MODULES,
  exportModules,
  writeSample,
} from "../../corpus/export.ts";
import { SPLITS, type Split } from "../../corpus/split.ts";
import { CommandError, EXIT, complain, integer, openPool, requireToolchain } from "../context.ts";
import { jsonOption, llvmOption } from "../options.ts";
import { DEFAULT_CORPUS } from "./corpus-add.ts";
import { openExisting } from "./corpus-stats.ts";

const HELP = `
Examples:
  llmc corpus export out/ --split test                     out/PACKAGE/NAME-HASH.bc and out/manifest.jsonl
  llmc corpus export out/ --as ll --limit 100              normal form, as text
  llmc corpus export --sample sample.parquet --permissive  two hundred small modules, a few of each package

Only kept modules are written: no duplicate, nothing held out. Exit codes: 0 done, 1 some could not be written, 2 bad usage.`;

interface Options {
  corpus: string;
  as: ExportKind;
  split?: Split[];
  package?: string[];
  licence?: string[];
  permissive?: boolean;
  maxBytes?: number;
  minBytes?: number;
  limit?: number;
  sample?: string;
  jobs?: number;
  llvm?: string;
  json: boolean;
}

export function corpusExportCommand(): Command {
  return new Command("export")
    .description("write modules as files, with a manifest")
    .usage("[options] FOLDER | --sample FILE")
    .argument("[folder]", "where the files go")
    .option("-c, --corpus <folder|file>", "the corpus", DEFAULT_CORPUS)
    .addOption(
      new Option("--as <kind>", "bitcode, or text in normal form")
        .choices(["bc", "ll"])
        .default("bc"),
    )
    .option("--split <names>", "only these, separated by commas", splits)
    .option("--package <names>", "only these, separated by commas", words)
    .option("--licence <words>", "only where one of these is among the licences", words)
    .option("--permissive", "only licences that ask for a notice at most (MIT, BSD, Zlib, ...)")
    .option("--max-bytes <n>", "only modules of at most so much bitcode", integer(1))
    .option("--min-bytes <n>", "of a sample: only modules of at least so much bitcode", integer(1))
    .option("--limit <n>", "only so many, those whose hashes come first", integer(1))
    .option(
      "--sample <file>",
      `a sample as one Parquet file (--limit, else ${SAMPLE_MODULES} modules)`,
    )
    .addOption(llvmOption("LLVM for --as ll"))
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(runExport);
}

const words = (text: string): string[] => text.split(",").map((word) => word.trim());

function splits(text: string): Split[] {
  return words(text).map((word) => {
    const split = SPLITS.find((name) => name === word);
    if (split === undefined) throw new InvalidArgumentError(`want some of ${SPLITS.join(", ")}.`);
    return split;
  });
}

async function runExport(folder: string | undefined, options: Options): Promise<void> {
  if ((folder === undefined) === (options.sample === undefined))
    throw new CommandError("want a folder, or --sample FILE, one of them", EXIT.usage);
  const corpus = await openExisting(options.corpus);
  try {
    const result =
      options.sample !== undefined
        ? await writeSample(corpus, options.sample, {
            filter: filterOf(options),
            modules: options.limit ?? SAMPLE_MODULES,
            minBytes: options.minBytes,
          })
        : await exportTo(folder ?? "", options);
    report(result, options.sample ?? folder ?? "", options);
  } finally {
    corpus.close();
  }

  async function exportTo(out: string, { as, jobs, llvm }: Options): Promise<ExportResult> {
    using pool = openPool(requireToolchain(llvm), jobs);
    return await exportModules(corpus, out, { kind: as, pool, filter: filterOf(options) });
  }
}

function filterOf({
  split,
  package: packages,
  licence,
  permissive,
  maxBytes,
  limit,
}: Options): ExportFilter {
  return {
    ...(split && { splits: split }),
    ...(packages && { packages }),
    ...(maxBytes !== undefined && { maxBitcodeBytes: maxBytes }),
    ...(limit !== undefined && { limit }),
    licences: licence,
    permissive,
  };
}

function report({ modules, bytes, failures }: ExportResult, out: string, { json }: Options): void {
  for (const failure of failures) complain(failure);
  if (failures.length > 0) process.exitCode = EXIT.problem;
  const text = json
    ? JSON.stringify({ modules, bytes, out, failures }, null, 2)
    : `${modules} modules, ${bytes} bytes, written to ${out}`;
  process.stdout.write(`${text}\n`);
}
