/**
 * `llmc passes`: which passes there are, and what a pass list means. No LLVM is needed: the
 * registry is checked in.
 */

import { Command, Option } from "commander";
import { checkPassList, MAX_PASS_LIST_CHARACTERS } from "../../passes/check.ts";
import { PASS_KINDS } from "../../passes/classify.ts";
import { excerpt, renderTree } from "../../passes/explain.ts";
import { nestPassList } from "../../passes/nest.ts";
import { parsePassList } from "../../passes/parse.ts";
import { printPassList } from "../../passes/print.ts";
import { LEVEL_ORDER, registryFor } from "../../passes/registry.ts";
import type { PassInfo, Registry } from "../../passes/registry.ts";
import type { Mistake } from "../../passes/tree.ts";
import { CommandError, EXIT, integer } from "../context.ts";
import { paint, table } from "../terminal.ts";
import { auditCommand } from "./passes-audit.ts";

const EXAMPLES = `
Examples:
  llmc passes list --level loop
  llmc passes list --kind unsafe              what is not used, and why
  llmc passes search merge
  llmc passes check 'function(sroa,licm)'     says what is wrong, where, and what to write
  llmc passes tree 'default<Oz>,function(simplifycfg)'
  echo 'globalopt,function(dse)' | llmc passes check -

LLVM itself is not asked: the lists are checked in for 19 and 22; others take the nearest older one.`;

const DEFAULT_LLVM = 22;

interface ListOptions {
  llvm: number;
  level?: string;
  kind?: string;
  json?: boolean;
}

export function passesCommand(): Command {
  const command = new Command("passes")
    .description("list, search and check passes")
    .addHelpText("after", EXAMPLES);
  command.addCommand(
    withLlvm(new Command("list"))
      .description("every pass with its level, kind and parameters")
      .addOption(
        new Option("--level <level>", "only those that run at this level").choices([
          ...LEVEL_ORDER,
        ]),
      )
      .addOption(new Option("--kind <kind>", "only this kind").choices([...PASS_KINDS]))
      .option("--json", "one JSON array")
      .action((options: ListOptions) => list(options, () => true)),
  );
  command.addCommand(
    withLlvm(new Command("search"))
      .description("passes with WORD in the name, a parameter or the evidence")
      .argument("<word>")
      .option("--json", "one JSON array")
      .action((word: string, options: ListOptions) =>
        list(options, (info) => mentions(info, word)),
      ),
  );
  command.addCommand(
    withLlvm(new Command("check"))
      .description(
        "is LIST fit to run? Exit code 0, or 2 with every mistake, its place and its mend",
      )
      .argument("<list>", "a pass list, or - for standard input")
      .option("--allow-unsafe", "let printers and unsafe passes through")
      .action(check),
  );
  command.addCommand(
    withLlvm(new Command("tree"))
      .description("LIST as an indented tree, each pass inside the adaptors it needs")
      .argument("<list>", "a pass list, or - for standard input")
      .action(tree),
  );
  command.addCommand(auditCommand());
  return command;
}

function withLlvm(command: Command): Command {
  return command.option("--llvm <major>", "the LLVM to speak of", integer(1), DEFAULT_LLVM);
}

function list({ llvm, level, kind, json }: ListOptions, wanted: (info: PassInfo) => boolean): void {
  const infos = [...registryFor(llvm).passes.values()].filter(
    (info) =>
      (level === undefined || info.levels.some((at) => at === level)) &&
      (kind === undefined || info.kind === kind) &&
      wanted(info),
  );
  if (json) return print(JSON.stringify(infos, null, 2));
  if (infos.length === 0)
    throw new CommandError("no pass is like that; `llmc passes list` shows all", EXIT.problem);
  print(table(infos.map(row), ["left", "left", "left", "left"]));
}

function mentions({ name, params, evidence }: PassInfo, word: string): boolean {
  const wanted = word.toLowerCase();
  return [name, ...(params ?? []), evidence ?? ""].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

/** Long parameter lists, such as simplifycfg's 24, are cut; --json has them whole. */
const MAX_PARAMS_CHARACTERS = 60;

function row({ name, levels, kind, params, evidence }: PassInfo): string[] {
  const all = params === undefined ? "" : `<${params.join(";")}>`;
  const shown =
    all.length > MAX_PARAMS_CHARACTERS ? `${all.slice(0, MAX_PARAMS_CHARACTERS)}…` : all;
  const style = kind === "transform" ? "green" : evidence === undefined ? "dim" : "yellow";
  return [paint("bold", name), levels.join(","), paint(style, kind), evidence ?? shown];
}

interface CheckOptions {
  llvm: number;
  allowUnsafe?: boolean;
}

async function check(given: string, { llvm, allowUnsafe = false }: CheckOptions): Promise<void> {
  const text = await readList(given);
  const result = checkPassList(text, registryFor(llvm), { allowUnsafe });
  if (result.ok) return print(printPassList(result.list));
  print(result.mistakes.map((mistake) => describe(text, mistake)).join("\n\n"));
  process.exitCode = EXIT.usage;
}

async function tree(given: string, { llvm }: { llvm: number }): Promise<void> {
  const text = await readList(given);
  const parsed = parsePassList(text);
  if (!parsed.ok) {
    print(describe(text, parsed.mistake));
    process.exitCode = EXIT.usage;
    return;
  }
  const registry = registryFor(llvm);
  const lines = renderTree(nestPassList(parsed.list, registry));
  print(lines.map((line) => coloured(line, registry)).join("\n"));
}

function coloured(line: string, registry: Registry): string {
  const name = line.trimStart().replace(/<.*/, "");
  const kind = registry.passes.get(name)?.kind;
  if (kind === undefined) return paint("red", line);
  return kind === "adaptor" ? paint("cyan", line) : line;
}

function describe(text: string, mistake: Mistake): string {
  const { line, column } = excerpt(text, mistake);
  return [
    `${mistake.position + 1}: ${paint("red", mistake.message)}`,
    `  ${line}`,
    `  ${" ".repeat(column)}${paint("red", "^")} ${paint("green", mistake.mend)}`,
  ].join("\n");
}

async function readList(given: string): Promise<string> {
  if (given !== "-") return given;
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) {
    text += chunk;
    // Too long for check already, which says so.
    if (text.length > MAX_PASS_LIST_CHARACTERS) break;
  }
  return text.trimEnd();
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
