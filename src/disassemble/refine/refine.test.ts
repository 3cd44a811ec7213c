import { expect, test } from "vitest";
import { sayingModel, says } from "../../../test/support/eval.ts";
import { testPool, value } from "../../../test/support/llvm.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import type { Model } from "../../model/model.ts";
import { assemblyFunctions } from "../../tasks/assembly-cut.ts";
import type { Architecture } from "../../tasks/dialect.ts";
import { disassemble } from "../../tasks/disassemble.ts";
import { withTarget } from "../isolate.ts";
import { refinedCandidate } from "./candidate.ts";
import { refine } from "./refine.ts";

const pool = testPool();
const scratch = tempFolder();

const TRUTH = `define i32 @f(ptr %0, i32 %1) #0 {
%3 = getelementptr inbounds i8, ptr %0, i64 12
%4 = load i32, ptr %3
%5 = icmp sgt i32 %4, %1
br i1 %5, label %6, label %9
6:
%7 = sub i32 %4, %1
%8 = call i32 @g(i32 %7)
br label %9
9:
%10 = phi i32 [ %8, %6 ], [ -1, %2 ]
ret i32 %10
}
declare i32 @g(i32)
attributes #0 = { minsize optsize }
`;

async function assemblyOf(architecture: Architecture, ir = TRUTH): Promise<string> {
  const module = value(await pool.load(Buffer.from(value(withTarget(ir, architecture))), "f"));
  const made = Buffer.from(value(await pool.emit(module, "", "assembly"))).toString("utf8");
  pool.unload(module);
  return assemblyFunctions(made, architecture).cut("f") ?? "";
}

const questionOf = async (architecture: Architecture, ir = TRUTH) => {
  const wanted = await assemblyOf(architecture, ir);
  const prompt = disassemble.compact.prompt({ assembly: wanted, architecture });
  return { name: "f", architecture, wanted, prompt, isOurs: true, timeLimitMs: 60_000 };
};

/** Says nothing new. */
const SILENT = sayingModel(() => says());
const refineWith = async (model: Model, answer: string, tokens = 2000) =>
  refine({ pool, model }, await questionOf("x86_64"), { answers: [answer], tokens });

test.each(["x86_64", "aarch64"] as const)(
  "refine finds the IR of %s code without the model when an answer has single things wrong",
  async (architecture) => {
    const answer = TRUTH.replace("i64 12", "i64 16").replace("sgt", "slt").replace("sub", "add");
    const question = await questionOf(architecture);
    const how = { answers: [answer], tokens: 2000 };
    const refined = await refine({ pool, model: SILENT }, question, how);
    expect(refined?.distance).toBe(0);
    expect(refined?.before).toBeGreaterThan(1);
    const ir = refined?.ir ?? "";
    expect(ir.length).toBeGreaterThan(0);
    expect(await assemblyOf(architecture, ir)).toBe(question.wanted);
  },
);

test("refine asks the model to go on in another way from the line that the code differs at", async () => {
  const [, rest] = TRUTH.split("\n6:");
  const prompts: string[] = [];
  const model = sayingModel(({ prompt }) => {
    prompts.push(prompt);
    return prompt.endsWith("\n6:") ? says(`${rest}<|end|>`) : says();
  });
  const wrong = "%7 = mul i32 %4, %1\n%8 = call i32 @g(i32 5)";
  const answer = TRUTH.replace(/%7 = sub[^]*?@g\(i32 %7\)/, wrong);
  expect((await refineWith(model, answer))?.distance).toBe(0);
  expect(prompts.at(-1)?.endsWith("\n6:")).toBe(true);
});

test("refine gives nothing when an answer is no IR, says something else altogether, or nothing nearer is found", async () => {
  expect(await refineWith(SILENT, "I cannot do that.")).toBeUndefined();
  expect(await refineWith(SILENT, "define void @f() {\nret void\n}\n")).toBeUndefined();
  expect(await refineWith(SILENT, TRUTH)).toBeUndefined();
});

test("refine ends when the tokens are used up, and gives the same twice", async () => {
  let asked = 0;
  const model = sayingModel(() => {
    asked++;
    return says(`\n%99 = add i32 ${asked}, 1\n<|end|>`);
  });
  const answer = TRUTH.replace("br i1 %5, label %6, label %9", "br label %6").replace(
    ", [ -1, %2 ]",
    "",
  );
  const first = await refineWith(model, answer, 8);
  const often = asked;
  asked = 0;
  expect(await refineWith(model, answer, 8)).toEqual(first);
  expect(asked).toBe(often);
  expect(often).toBeLessThan(20);
});

test("refinedCandidate is judged as answers are, and says where it comes from", async () => {
  const { timeLimitMs, ...question } = await questionOf("x86_64");
  const how = {
    replies: [{ text: `${TRUTH.replace("sgt", "sle")}<|end|>`, ended: true, tokens: 9 }],
    prompt: question.prompt,
    tokens: 2000,
    timeLimitMs,
  };
  const asked = { ...question, timeLimitMs, scratch };
  const candidate = await refinedCandidate({ pool, model: SILENT }, asked, how);
  expect(candidate).toMatchObject({
    verdict: "exact",
    reason: expect.stringMatching(
      /compiles back .*; refined from .* differs by [\d.]+ instructions to 0\.0/,
    ),
  });
  const none = { ...how, tokens: 0 };
  expect(await refinedCandidate({ pool, model: SILENT }, asked, none)).toBeUndefined();
});
