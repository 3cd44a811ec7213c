import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { llmc } from "../../test/support/cli.ts";
import { programPath, testPool, tool, toolchain, until } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { registryFor } from "../passes/registry.ts";
import { tuneGbnf } from "../tasks/grammar-proposal.ts";
import { tune } from "../tasks/tune.ts";
import { digestOf } from "../tasks/digest.ts";
import { loadCoreset } from "../tuner/coreset.ts";
import { findModel } from "./open-model.ts";

const pool = testPool(1);
const SHIPPED = join(import.meta.dirname, "../../models/disassembler-q8_0.gguf");
const registry = registryFor(toolchain.major);
const context = { registry, coreset: loadCoreset(registry).lists };

test("findModel gives the shipped model, which is for this LLVM and coreset, when none is named", async () => {
  const before = process.env["LLMC_MODEL"];
  delete process.env["LLMC_MODEL"];
  const model = await findModel(undefined, pool, { task: "tune", tune: context });
  if (before !== undefined) process.env["LLMC_MODEL"] = before;
  if (model === undefined) throw new Error("no model: the shipped one does not fit what is here");
  const outcome = await model.propose({
    prompt: tune.compact.prompt({ ir: digestOf("") }),
    count: 3,
    maxTokens: 64,
    stops: tune.compact.stops,
    grammar: tuneGbnf(context, { sizes: true }),
    limitMs: 60_000,
  });
  await model.close();
  if (outcome.status !== "ok") throw new Error(outcome.message);
  const lists = outcome.value.map((reply) => tune.compact.parse(reply, context));
  expect(lists.map(({ ok }) => ok)).toEqual([true, true, true]);
}, 60_000);

test("findModel gives nothing when it is told so", async () => {
  expect(await findModel("none", pool, {})).toBeUndefined();
});

test("findModel refuses a model for what it was not made for", async () => {
  await expect(findModel(SHIPPED, pool, { task: "tune" })).rejects.toThrow(
    /made for the task disassemble, here it is tune/,
  );
});

test("llmc models inspect says that the shipped model fits", async () => {
  const { code, stdout } = await llmc(["models", "inspect", SHIPPED]);
  expect({ code, stdout }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/fits here +yes/);
});

const readProcess = (path: string): string => {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    return ""; // it ended meanwhile
  }
};

/** Of the processes that `pid` has started for its model: hundredths of a second that they computed. */
function modelTicks(pid: number | undefined): number {
  const children = readProcess(`${pid}/task/${pid}/children`).trim().split(" ");
  const own = children.filter((child) => readProcess(`${child}/cmdline`).includes("llama-cpp"));
  const ticks = own.map((child) => {
    const fields = readProcess(`${child}/stat`)
      .replace(/^.*\) /, "")
      .split(" ");
    return Number(fields[11]) + Number(fields[12]); // user and system; proc(5) counts them 14 and 15
  });
  return Math.max(0, ...ticks);
}

/** Of a model that is surely loaded: that takes a sixth of it, more where its threads wait for each other on a busy machine. */
const LOADED_TICKS = 500;

test("a model's answer is cut short when the program is interrupted", async () => {
  const assembly = join(tempFolder({}), "table.s");
  tool("clang", ["-O2", "-S", programPath("table.c"), "-o", assembly]);
  const many = ["--candidates", "100000", "--json"]; // ten minutes' worth, or more
  const args = ["disassemble", assembly, "--model", SHIPPED, ...many];
  const { code, signal, stdout } = await llmc(args, {
    onStart: (child) =>
      void until(() => modelTicks(child.pid) > LOADED_TICKS, 100_000).then(() =>
        child.kill("SIGINT"),
      ),
  });
  expect({ code, signal }).toEqual({ code: 130, signal: null });
  const { functions } = JSON.parse(stdout);
  expect(functions[0].reason).toBe("the model gave nothing: refused: the model was closed");
  expect(functions.at(-1).reason).toBe("not asked: interrupted");
}, 150_000);
