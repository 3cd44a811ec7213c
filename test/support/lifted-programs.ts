/** A program of small C functions, compiled, and a model made by hand, for tests of `disassemble`. */

import { functionNames, disassembleFunctions } from "../../src/disassemble/disassemble.ts";
import type { AssemblySource } from "../../src/disassemble/assembly-source.ts";
import { readAssemblySource } from "../../src/disassemble/source.ts";
import { TRIPLES } from "../../src/disassemble/tools.ts";
import type { LiftedFunction } from "../../src/disassemble/verdict.ts";
import type { Pool } from "../../src/llvm/pool.ts";
import { runTool } from "../../src/llvm/tools.ts";
import type { Model, ModelReply } from "../../src/model/model.ts";
import type { Architecture } from "../../src/tasks/dialect.ts";
import { cutFunction } from "../../src/tasks/fit.ts";

const SOURCE = `
extern int outside(int);
extern int table[];
struct node { int value; struct node *next; };
int counter;
int sum_list(const struct node *n) { unsigned s = 0; for (; n; n = n->next) s += n->value; return s; }
unsigned weigh(unsigned a, unsigned b) { return a - 3 * b; }
void store_both(int *p, int *q) { p[1] = 11; *q = 22; counter += 1; }
int choose(int x) { return x > 12 ? outside(x + 5) : table[x & 3]; }
const char *name_of(int x) { return x ? "some" : "none"; }
double scaled(double x) { return x * 2.75 + 0.3; }
int jump(int x) { switch (x) { case 0: return outside(4); case 1: return outside(9); case 2: return 77;
  case 3: return outside(1) + 1; case 4: return outside(2); case 5: return -3; } return 0; }
static __attribute__((noinline)) int hidden(int x) { return outside(x) * 3; }
int calls_hidden(int x) { return hidden(x) + hidden(x + 1); }
long widest(long a, long b) { return (a ^ (b >> 3)) * 5; }
`;

export interface Program {
  readonly assembly: Uint8Array;
  readonly object: Uint8Array;
  /** In normal form. */
  readonly ir: string;
}

export async function compileProgram(
  pool: Pool,
  level: string,
  architecture: Architecture,
): Promise<Program> {
  const args = [level, `--target=${TRIPLES[architecture]}`, "-ffreestanding", "-w", "-x", "c", "-"];
  const run = async (more: readonly string[]): Promise<Uint8Array> => {
    const made = await runTool(pool.toolchain, "clang", {
      args: [...args, ...more, "-o", "-"],
      stdin: SOURCE,
    });
    if (made.status !== "ok") throw new Error(made.message);
    return made.value;
  };
  const loaded = await pool.load(await run(["-c", "-emit-llvm"]), "program");
  if (loaded.status !== "ok") throw new Error(loaded.message);
  const normal = await pool.normalize(loaded.value);
  if (normal.status !== "ok") throw new Error(normal.message);
  return { assembly: await run(["-S"]), object: await run(["-c"]), ir: normal.value.text };
}

export const reply = (text: string, ended = true): ModelReply => ({ text, ended, tokens: 1 });

/** Answers as it is told to, by the name of the function that the prompt is about. */
export function modelOf(
  answers: (name: string) => readonly ModelReply[],
  contextTokens = 16_384,
): Model {
  return {
    name: "by hand",
    dialect: "compact",
    contextTokens,
    countTokens: (text) => Math.ceil(text.length / 4),
    propose: ({ prompt, count }) => {
      const name = /^([A-Za-z_]\w*):$/m.exec(prompt)?.[1] ?? "";
      return Promise.resolve({ status: "ok", value: answers(name).slice(0, count) });
    },
    close: () => Promise.resolve(),
  };
}

export async function sourceOf(pool: Pool, bytes: Uint8Array): Promise<AssemblySource> {
  const source = await readAssemblySource(pool.toolchain, bytes);
  if (source.status !== "ok") throw new Error(source.message);
  return source.value;
}

export interface Lifting {
  readonly pool: Pool;
  readonly scratch: string;
  /** All when left out. */
  readonly names?: readonly string[];
}

export async function lift(
  bytes: Uint8Array,
  answers: (name: string) => readonly ModelReply[],
  { pool, scratch, names }: Lifting,
): Promise<readonly LiftedFunction[]> {
  const source = await sourceOf(pool, bytes);
  const wanted = names ?? functionNames(source);
  const how = { source, names: wanted, candidates: 8, refineTokens: 0, scratch };
  return (await disassembleFunctions(pool, modelOf(answers), how)).functions;
}

/** The function of that name. */
export async function liftOne(
  bytes: Uint8Array,
  answers: readonly ModelReply[],
  { name, ...how }: Omit<Lifting, "names"> & { readonly name: string },
): Promise<LiftedFunction> {
  const [lifted] = await lift(bytes, () => answers, { ...how, names: [name] });
  if (lifted === undefined) throw new Error(`${name}: nothing lifted`);
  return lifted;
}

/** The compiler's own IR as the answer for each function. */
export const truth =
  (ir: string) =>
  (name: string): readonly ModelReply[] => [reply(`${cutFunction(ir, `@${name}`) ?? ""}<|end|>`)];
