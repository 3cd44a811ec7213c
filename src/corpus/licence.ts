/**
 * The licences of a Debian source package, from its machine-readable copyright file (DEP-5). Free-form copyright files
 * are not guessed at: their licence is "", unknown.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../base/run-command.ts";

const LIMITS = { timeoutMs: 60_000, maxOutputBytes: 4 << 20 };

/** Short names in order of appearance, joined by ", ". What covers only Debian's own packaging does not count. */
export function parseLicences(copyright: string): string {
  if (!/^Format:.*copyright-format/m.test(copyright)) return "";
  const names = copyright.split(/\n[ \t]*\n/).flatMap((stanza) => {
    const files = field(stanza, "Files");
    const licence = field(stanza, "License").split("\n")[0]?.trim() ?? "";
    const isPackaging = files.split(/\s+/).every((file) => /^(debian\/|$)/.test(file));
    return files === "" || isPackaging || licence === "" ? [] : [licence];
  });
  return [...new Set(names)].join(", ");
}

/** A field with its continuation lines; "" where it is absent. */
function field(stanza: string, name: string): string {
  return new RegExp(`^${name}:[ \\t]*(.*(?:\\n[ \\t].*)*)`, "mi").exec(stanza)?.[1]?.trim() ?? "";
}

// The short names of DEP-5 and SPDX, and spellings seen in Debian; versions and clause counts may follow.
const PERMISSIVE =
  /^(mit|expat|x11|isc|zlib|libpng|0?bsd|apache|boost|bsl-1|public[- ]?domain|pd|cc0|unlicense|wtfpl|curl|psf|postgresql|ncsa|hpnd|openldap|bzip2|icu|tcl|mit-0|permissive|fsfap|fsful|libtiff|lua|ntp)([-. /(]|$)/i;

/** Whether every part of a licence text lets one pass the code on with a notice alone. Unknown does not. */
export function isPermissive(licence: string): boolean {
  const parts = licence.split(/,|\band\b|\bor\b|\||\//i).map((part) => part.trim());
  return licence !== "" && parts.every((part) => part === "" || PERMISSIVE.test(part));
}

/** The licences of the source package downloaded to `folder`; "" where there is none to read. */
export async function licenceOfSource(folder: string): Promise<string> {
  return parseLicences(await readCopyright(folder));
}

async function readCopyright(folder: string): Promise<string> {
  const files = readdirSync(folder);
  const packaging = files.find((file) => /\.debian\.tar\.\w+$/.test(file));
  if (packaging !== undefined) return member(join(folder, packaging), "debian/copyright");
  const native = files.find((file) => /\.tar\.\w+$/.test(file) && !/\.orig\b/.test(file));
  return native === undefined ? "" : member(join(folder, native), "*/debian/copyright");
}

async function member(archive: string, name: string): Promise<string> {
  const args = ["-xOf", archive, "--wildcards", name];
  const result = await runCommand("tar", args, LIMITS);
  return result.status === "exited" ? result.stdout.toString() : "";
}
