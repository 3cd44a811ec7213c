/** `llmc cc --stats [--json] [--clear]`: what the wrapper did since the last --clear. */

import { rmSync } from "node:fs";
import { cacheSize } from "../wrapper/cache.ts";
import { eventsFile, objectsFolder } from "../wrapper/settings.ts";
import { type Summary, summarise } from "../wrapper/events.ts";

const USAGE = 2;
const KNOWN = ["--json", "--clear"];

export function showStats(folder: string, args: readonly string[]): void {
  const unknown = args.find((arg) => !KNOWN.includes(arg));
  if (unknown !== undefined) {
    process.stderr.write(`llmc cc --stats: "${unknown}" is none of ${KNOWN.join(", ")}\n`);
    process.exitCode = USAGE;
    return;
  }
  const summary = summarise(eventsFile(folder));
  const cache = cacheSize(objectsFolder(folder));
  const isJson = args.includes("--json");
  process.stdout.write(
    isJson ? `${JSON.stringify({ ...summary, cache }, null, 2)}\n` : table(summary, cache, folder),
  );
  if (!args.includes("--clear")) return;
  rmSync(folder, { recursive: true, force: true });
}

function table(summary: Summary, cache: ReturnType<typeof cacheSize>, folder: string): string {
  const { baselineBytes, bytes, savedPercent, verdicts, notes } = summary;
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ");
  const rows: [string, string][] = [
    ["modules", `${summary.modules}, ${summary.smaller} of them smaller`],
    ["clang's bytes", `${baselineBytes}`],
    ["our bytes", `${bytes}`],
    ["saved", `${baselineBytes - bytes} (${savedPercent.toFixed(2)} %)`],
    ["cache hits", `${summary.hits}`],
    ["cache misses", `${summary.misses}`],
    ["searched", `${summary.secondsSearched.toFixed(1)} s`],
    ["fall-backs", `${summary.fallbacks}`],
    ["verdicts", counts(verdicts) || "nothing to judge"],
    ["cache", `${cache.objects} objects, ${(cache.bytes / 2 ** 20).toFixed(1)} MiB in ${folder}`],
  ];
  const unchecked = verdicts["unchecked"]
    ? "Only LLVM's own verifier has looked at unchecked objects: run your tests, or build with LLMC_VERIFY=differential.\n"
    : "";
  const why = Object.entries(notes).map(([note, count]) => `fall-back, ${count} times: ${note}\n`);
  const body = rows.map(([name, value]) => `${name.padEnd(14)} ${value}\n`).join("");
  return body + why.join("") + unchecked;
}
