/** `llmc doctor`: what was found, what is missing, how to get it. */

import { existsSync, accessSync, constants } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { makeFolder } from "../../base/files.ts";
import { runCommand } from "../../base/run-command.ts";
import { makePool } from "../../llvm/pool.ts";
import {
  DEFAULT_ROOTS,
  SUPPORTED_MAJORS,
  type Toolchain,
  findToolchain,
  installedToolchains,
} from "../../llvm/toolchain.ts";
import { EXIT, cacheFolder } from "../context.ts";
import { jsonOption } from "../options.ts";
import { paint } from "../terminal.ts";

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** Whether `llmc optimize` can do without it. */
  readonly optional: boolean;
  readonly found: string;
  readonly mend?: string;
}

const HELP = `
Exit codes: 0 all that is needed is here, 3 something needed is missing.`;

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Say what was found on this machine, what is missing, and how to get it.")
    .option("--llvm <version|folder>", "LLVM to look for")
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async ({ llvm, json }: { llvm?: string; json: boolean }) => {
      const findings = await examine(llvm ?? process.env["LLMC_LLVM"]);
      const ok = findings.every((finding) => finding.ok || finding.optional);
      process.stdout.write(
        json ? `${JSON.stringify({ ok, findings }, null, 2)}\n` : render(findings, ok),
      );
      if (!ok) process.exitCode = EXIT.environment;
    });
}

async function examine(wanted: string | undefined): Promise<Finding[]> {
  const found = findToolchain(wanted);
  const others = installedToolchains().map(({ major, bin }) => `${major} (${bin})`);
  return [
    nodeFinding(),
    ...(found.status === "missing"
      ? [missingLlvm(found.message)]
      : await llvmFindings(found.toolchain)),
    {
      what: "LLVM versions installed",
      ok: others.length > 0,
      optional: true,
      found: others.join(", ") || `none under ${DEFAULT_ROOTS.join(", ")}`,
    },
    cacheFinding(),
  ];
}

function nodeFinding(): Finding {
  const ok = Number.parseInt(process.versions.node, 10) >= 24;
  return {
    what: "Node.js",
    ok,
    optional: false,
    found: `${process.versions.node} (${process.execPath})`,
    ...(!ok && { mend: "Node 24 or newer is wanted; in a checkout `npm start` brings its own" }),
  };
}

function missingLlvm(message: string): Finding {
  return {
    what: "LLVM",
    ok: false,
    optional: false,
    found: message,
    mend:
      `one of ${SUPPORTED_MAJORS.join(", ")} is wanted. Debian, Ubuntu: sudo apt install llvm-22 clang-22 lld-22 ` +
      "(or -19); elsewhere see apt.llvm.org or your package manager, and give its folder by --llvm or LLMC_LLVM",
  };
}

async function llvmFindings(toolchain: Toolchain): Promise<Finding[]> {
  const programs: [name: string, why: string, optional: boolean][] = [
    ["clang", "C input and final objects", false],
    ["clang++", "C++ input", false],
    ["opt", "the pass registry", true],
    ["llc", "benchmarks", true],
    ["ld.lld", "running what was built", true],
  ];
  return [
    await libraryFinding(toolchain),
    ...(await Promise.all(
      programs.map(([name, why, optional]) => programFinding(toolchain, { name, why, optional })),
    )),
  ];
}

/** Loads the library in a worker process, as every command does. */
async function libraryFinding(toolchain: Toolchain): Promise<Finding> {
  using pool = makePool(toolchain, 1);
  const version = await pool.llvmVersion().catch((error: Error) => error);
  const ok = typeof version === "string";
  return {
    what: "libLLVM",
    ok,
    optional: false,
    found: ok
      ? `${version} (${toolchain.library})`
      : `${toolchain.library} cannot be loaded: ${version.message}`,
    ...(!ok && { mend: `apt install --reinstall libllvm${toolchain.major}` }),
  };
}

async function programFinding(
  { bin, major }: Toolchain,
  { name, why, optional }: { name: string; why: string; optional: boolean },
): Promise<Finding> {
  const path = join(bin, name);
  const mend = `for ${why}: apt install ${name.startsWith("clang") ? "clang" : name === "ld.lld" ? "lld" : "llvm"}-${major}`;
  if (!existsSync(path)) return { what: name, ok: false, optional, found: `no ${path}`, mend };
  const run = await runCommand(path, ["--version"], { timeoutMs: 10_000, maxOutputBytes: 1 << 20 });
  const ok = run.status === "exited" && run.code === 0;
  return {
    what: name,
    ok,
    optional,
    found: ok ? path : `${path} does not run`,
    ...(!ok && { mend }),
  };
}

function cacheFinding(): Finding {
  const folder = cacheFolder();
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return { what: "cache folder", ok: true, optional: false, found: folder };
  } catch {
    return {
      what: "cache folder",
      ok: false,
      optional: false,
      found: `${folder} cannot be written`,
      mend: "set XDG_CACHE_HOME to a folder that can",
    };
  }
}

function render(findings: readonly Finding[], ok: boolean): string {
  const lines = findings.flatMap((finding) => {
    const mark = finding.ok
      ? paint("green", "ok     ")
      : finding.optional
        ? paint("yellow", "absent ")
        : paint("red", "MISSING");
    return [
      `${mark}  ${finding.what}: ${finding.found}`,
      ...(finding.mend ? [`         ${finding.mend}`] : []),
    ];
  });
  return `${lines.join("\n")}\n${ok ? "all that is needed is here" : paint("red", "something needed is missing")}\n`;
}
