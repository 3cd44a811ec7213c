import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp.ts";
import { openNative } from "./native.ts";
import {
  BATCH,
  CONTEXT_PARAMS,
  MAX_THREADS,
  MODEL_PARAMS,
  RELEASE,
  THREADPOOL_PARAMS,
} from "./structs.ts";

const PACKAGE = join(import.meta.dirname, "../../../node_modules/node-llama-cpp");
const tree = join(tempFolder(), "llama.cpp");
execFileSync("git", ["clone", "-q", "--bare", join(PACKAGE, "llama/gitRelease.bundle"), tree], {
  stdio: "ignore",
});
const header = (path: string): string =>
  execFileSync("git", ["-C", tree, "show", `HEAD:${path}`], { encoding: "utf8" });

/** What koffi calls a type of C. */
function koffiType(type: string): string {
  if (type.includes("*") || type.endsWith("callback")) return "void *";
  if (type.startsWith("enum ")) return "int";
  return type;
}

/** The fields of a structure in a header, in their order, as koffi is told them. */
function fieldsOf(text: string, name: string): [name: string, type: string][] {
  const body = new RegExp(`struct ${name} \\{(.*?)\\n\\s*\\}`, "s").exec(text)?.[1] ?? "";
  const lines = body.replaceAll(/\/\/.*/g, "").split(";");
  return lines.flatMap((line): [string, string][] => {
    const [, type, field] = /^\s*(.*?)(\w+(?:\[\w+\])?)\s*$/s.exec(line) ?? [];
    return type === undefined || field === undefined ? [] : [[field, koffiType(type.trim())]];
  });
}

test("RELEASE is the one that node-llama-cpp brings", () => {
  const info = readFileSync(join(PACKAGE, "llama/llama.cpp.info.json"), "utf8");
  expect(JSON.parse(info)).toMatchObject({ tag: RELEASE });
});

test.each([
  ["llama_model_params", MODEL_PARAMS],
  ["llama_context_params", CONTEXT_PARAMS],
  ["llama_batch", BATCH],
])("%s has the fields that llama.h gives it", (name, fields) => {
  const real = fieldsOf(header("include/llama.h"), name);
  expect(Object.entries(fields)).toEqual(real);
});

test("ggml_threadpool_params has the fields that ggml.h gives it", () => {
  const text = header("ggml/include/ggml.h");
  const [mask, ...rest] = fieldsOf(text, "ggml_threadpool_params");
  expect(mask).toEqual(["cpumask[GGML_MAX_N_THREADS]", "bool"]);
  expect(text).toMatch(new RegExp(`#define GGML_MAX_N_THREADS +${MAX_THREADS}\n`));
  expect(rest).toEqual(Object.entries(THREADPOOL_PARAMS));
});

test("openNative of another release says which is wanted and how to get it", async () => {
  const rest = { contextTokens: 8, maxContextTokens: 8, batchTokens: 8, threads: 1 };
  const opened = openNative({ path: "none.gguf", release: "v0.0.1", ...rest });
  await expect(opened).rejects.toThrow(
    `v0.0.1; src/model/llama-cpp/structs.ts is of ${RELEASE}: run npm ci`,
  );
});
