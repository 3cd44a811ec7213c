/**
 * llama.cpp's own benchmark, llama-bench. node-llama-cpp brings the sources of the release that it was built from and its compiled
 * libraries, but not that program: it is compiled here (g++, ten seconds) and linked to the same libraries, so both
 * sides of a comparison run the same kernels.
 */

import { execFileSync } from "node:child_process";
import { globSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const MODULES = join(import.meta.dirname, "../node_modules");
const SOURCES = join(MODULES, "node-llama-cpp/llama/gitRelease.bundle");
const LIBRARIES = join(MODULES, "@node-llama-cpp/linux-x64/bins/linux-x64");
const COMPILER = "g++";
const MAIN = "tools/llama-bench/*.cpp";
const INCLUDES = ["common", "include", "ggml/include", "src", "vendor"];

/** The program, in `folder`, with the libraries beside it: that is where it looks for its CPU kernels. */
export function buildLlamaBench(folder: string): string {
  const tree = join(folder, "llama.cpp");
  execFileSync("git", ["clone", "--quiet", SOURCES, tree], { stdio: "ignore" });
  const libraries = globSync("lib*.so", { cwd: LIBRARIES });
  for (const name of libraries) symlinkSync(join(LIBRARIES, name), join(folder, name));
  const program = join(folder, "llama-bench");
  const wanted = libraries.filter((name) => !name.startsWith("libggml-cpu"));
  const args = ["-std=c++17", "-O1", "-o", program, ...globSync(MAIN, { cwd: tree })];
  for (const each of INCLUDES) args.push("-I", each);
  args.push("-L", folder, ...wanted.map((name) => `-l:${name}`), "-lpthread", "-Wl,-rpath,$ORIGIN");
  execFileSync(COMPILER, args, { cwd: tree });
  return program;
}

export interface BenchTask {
  readonly path: string;
  readonly threads: number;
  /** Tokens of the prompt and of the answer that comes behind it. */
  readonly prompt: number;
  readonly answer: number;
  /** Of each, after one to warm up. */
  readonly repetitions: number;
}

const line = z.object({ samples_ts: z.array(z.number()) });

/** Tokens a second, of every repetition. */
export function runLlamaBench(
  program: string,
  { path, threads, prompt, answer, repetitions }: BenchTask,
): { prompt: number[]; answer: number[] } {
  const samples = (what: readonly number[]): number[] => {
    const [p, n, depth] = what.map(String);
    const args = ["-m", path, "-t", `${threads}`, "-r", `${repetitions}`, "-o", "jsonl"];
    const how = ["-p", p ?? "", "-n", n ?? "", "-d", depth ?? ""];
    const text = execFileSync(program, [...args, ...how], { stdio: ["ignore", "pipe", "ignore"] });
    return line.parse(JSON.parse(text.toString())).samples_ts;
  };
  return { prompt: samples([prompt, 0, 0]), answer: samples([0, answer, prompt]) };
}
