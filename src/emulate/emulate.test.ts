import { beforeAll, describe, expect, test } from "vitest";
import { bitcodeOfC, load, testPool, value } from "../../test/support/llvm.ts";
import type { LoadedModule } from "../llvm/pool.ts";
import type { Model, ModelReply, ModelRequest } from "../model/model.ts";
import { checkPassList } from "../passes/check.ts";
import { registryFor } from "../passes/registry.ts";
import type { PassList } from "../passes/tree.ts";
import { bareWithTriple } from "../tasks/bare-ir.ts";
import { emulate } from "../tasks/emulate.ts";
import type { CodeKind } from "../tasks/dialect.ts";
import { cleanAssembly } from "../tasks/assembly.ts";
import { type Emulation, emulateModule } from "./emulate.ts";
import { normalText } from "./parts.ts";
import { sizesOf } from "./sizes.ts";

const SOURCE = `
int g(int);
int sum(int n) { int s = 0; for (int i = 0; i < n; i++) s += g(i); return s; }
int twice(int x) { int y = x + x; return y * 1; }
int many(int a, int b, int c) { return g(a) + g(b) + g(c) + g(a + b) + g(b + c) + g(a + c) + a * b * c; }
`;
const pool = testPool();
let module: LoadedModule;
let passes: PassList;

beforeAll(async () => {
  module = await load(pool, bitcodeOfC(SOURCE));
  const checked = checkPassList("default<Oz>", registryFor(pool.toolchain.major));
  if (!checked.ok) throw new Error("default<Oz> is refused");
  passes = checked.list;
});

/** Answers with what `answer` says of the prompt's IR. */
function modelOf(
  answer: (ir: string, request: ModelRequest) => Promise<string> | string,
  contextTokens = 100_000,
): Model {
  return {
    name: "by hand",
    dialect: "compact",
    contextTokens,
    countTokens: (text) => text.length,
    async propose(request) {
      const ir = request.prompt.split("<|ir|>")[1]?.split("<|sizes|>")[0] ?? "";
      const reply: ModelReply = { text: await answer(ir, request), ended: true, tokens: 1 };
      return { status: "ok", value: [reply] };
    },
    close: () => Promise.resolve(),
  };
}

/** What the compiler makes of IR, written as a model would. */
async function right(ir: string, want: CodeKind): Promise<string> {
  const input = await load(pool, ir);
  const optimised = value(await pool.emit(input, "default<Oz>", "bitcode"));
  const made = value(await normalText(pool, optimised));
  const text = value(await normalText(pool, Buffer.from(bareWithTriple(made))));
  const output = await load(pool, text);
  const sizes = value(await sizesOf(pool, output, ""));
  const assembly = Buffer.from(value(await pool.emit(output, "", "assembly"))).toString("utf8");
  const code = want === "ir" ? text : cleanAssembly(assembly, "x86_64");
  return emulate.compact.target({ want, code, sizes });
}

const run = async (model: Model, want: CodeKind = "ir", isChecked = true): Promise<Emulation> =>
  value(await emulateModule(pool, model, { module, passes, want, isChecked }));

describe("emulateModule", () => {
  test.each(["ir", "assembly"] as const)(
    "emulateModule finds no difference when the answer is the compiler's %s",
    async (want) => {
      const { parts } = await run(
        modelOf((ir) => right(ir, want)),
        want,
      );
      expect(parts).toHaveLength(1);
      expect(parts[0]?.check).toMatchObject({
        isExact: true,
        compiles: true,
        bleu: 1,
        instructionError: 0,
        byteError: 0,
        isDifferent: false,
      });
    },
  );

  test("emulateModule says nothing of right or wrong when nothing is checked", async () => {
    const { parts } = await run(
      modelOf((ir) => right(ir, "ir")),
      "ir",
      false,
    );
    expect(parts[0]?.answer?.ok).toBe(true);
    expect(parts[0]).not.toHaveProperty("check");
  });

  test("emulateModule measures how far it is off when code and sizes are wrong", async () => {
    const model = modelOf(async (ir) => {
      const answer = await right(ir, "ir");
      const [, count = "0"] = /^(\d+) /.exec(answer) ?? [];
      return answer.replace(/^\d+/, `${Number(count) * 2}`).replace("@twice(", "@thrice(");
    });
    const { parts } = await run(model);
    expect(parts[0]?.check).toMatchObject({
      isExact: false,
      compiles: true,
      instructionError: 1,
      byteError: 0,
      isDifferent: true,
    });
    expect(parts[0]?.check?.bleu).toBeGreaterThan(0.5);
    expect(parts[0]?.check?.bleu).toBeLessThan(1);
  });

  test.each([
    ["is no IR", "12 34<|ir|>no IR at all<|end|>", "ir"],
    ["breaks a rule", "12 34<|ir|>define i32 @f(i32 %0) {\nret i64 %0\n}<|end|>", "ir"],
    ["is no assembly", "12 34<|asm|>frob %rax<|end|>", "assembly"],
  ] as const)(
    "emulateModule says that it does not compile when the answer %s",
    async (_, text, want) => {
      const { parts } = await run(
        modelOf(() => text),
        want,
      );
      expect(parts[0]?.check).toMatchObject({ compiles: false, isDifferent: true });
      expect(parts[0]?.check?.fault).toMatch(/^invalid: /);
    },
  );

  test("emulateModule names the fault when an answer does not parse", async () => {
    const { parts } = await run(modelOf(() => "nonsense<|end|>"));
    expect(parts[0]?.problem).toMatch(/wanted/);
    expect(parts[0]?.check?.isDifferent).toBe(true);
  });

  test("emulateModule asks by groups of functions when the module does not fit", async () => {
    const whole = bareWithTriple(value(await pool.normalize(module)).text).length;
    const { parts, tooLong } = await run(modelOf((ir) => right(ir, "ir"), Math.floor(whole * 1.8)));
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flatMap(({ functions }) => functions ?? [])).toEqual(["@sum", "@twice", "@many"]);
    expect(parts.every(({ check }) => check?.isExact)).toBe(true);
    expect(tooLong).toEqual([]);
  });

  test("emulateModule asks about each function when there is no answer about all of them", async () => {
    const oneAlone = modelOf((ir) =>
      ir.split("\ndefine ").length > 2 ? "nonsense" : right(ir, "ir"),
    );
    const { parts, split } = await run(oneAlone);
    expect(parts.map(({ functions }) => functions)).toEqual([["@sum"], ["@twice"], ["@many"]]);
    expect(parts.every(({ check }) => check?.isExact)).toBe(true);
    expect(split).toBe(1);
    const { parts: whole, split: none } = await run(modelOf((ir) => right(ir, "ir")));
    expect([whole.length, none]).toEqual([1, 0]);
  });

  test("emulateModule tells the functions when the context has no room for any", async () => {
    const { parts, tooLong } = await run(modelOf(() => "", 500));
    expect(parts).toEqual([]);
    expect(tooLong.map(({ symbol }) => symbol)).toEqual(["@sum", "@twice", "@many"]);
  });

  test("emulateModule says so when the model is down", async () => {
    const down: Model = {
      ...modelOf(() => ""),
      propose: () => Promise.resolve({ status: "unreachable", message: "connection refused" }),
    };
    const { parts, unreachable } = await run(down);
    expect(unreachable).toBe("connection refused");
    expect(parts[0]?.problem).toContain("connection refused");
  });
});
