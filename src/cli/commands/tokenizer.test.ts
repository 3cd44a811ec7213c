import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { llmc } from "../../../test/support/cli.ts";
import { tempFolder } from "../../../test/support/temp.ts";

const text = "define void @f() {\nstore i32 %12, ptr %3\nret void\n}\n".repeat(20);

test("tokenizer encode and decode give a file back when train made the vocabulary", async () => {
  const folder = tempFolder({ "text/a.ll": text, "text/deep/b.s": text, "text/c.bin": "zzzz" });
  const file = join(folder, "tokenizer.json");
  const trained = await llmc([
    "tokenizer",
    "train",
    join(folder, "text"),
    "-o",
    file,
    "--size",
    "300",
    "--json",
  ]);
  expect(trained.stderr).toBe("");
  expect(JSON.parse(trained.stdout)).toMatchObject({ tokens: 300, textBytes: 2 * text.length });
  const input = join(folder, "in.txt");
  writeFileSync(input, "store i32 <|end|> zz");
  const plain = await llmc(["tokenizer", "encode", "-t", file, input]);
  const special = await llmc(["tokenizer", "encode", "-t", file, input, "--special", "--json"]);
  expect(plain.stdout.split(" ")).not.toContain("1");
  expect(JSON.parse(special.stdout)).toContain(1);
  for (const { stdout } of [plain, special]) {
    writeFileSync(join(folder, "ids"), stdout);
    const back = await llmc(["tokenizer", "decode", "-t", file, join(folder, "ids")]);
    expect(back.stdout).toBe("store i32 <|end|> zz");
  }
  const inspected = await llmc(["tokenizer", "inspect", "-t", file, input]);
  expect(inspected.stdout).toContain("20 bytes");
});

test("tokenizer train makes a token of each word of a digest when it is given --words", async () => {
  const file = join(tempFolder(), "tokenizer.json");
  const train = ["tokenizer", "train", "--words", "--size", "2048", "-o", file, "--json"];
  expect(await llmc(train)).toMatchObject({ code: 0, stderr: "" });
  const digest = "\n; sizeL blocksF neverloadedA";
  writeFileSync(`${file}.txt`, `${digest}<|passes|>#ar<|sizes|>-C`);
  const encode = ["tokenizer", "encode", "-t", file, `${file}.txt`, "--special", "--json"];
  const ids: unknown = JSON.parse((await llmc(encode)).stdout);
  expect(ids).toHaveLength(2 + 3 + 4); // "\n" and ";", the words, two marks with a word each
});

test("tokenizer train writes nothing when it is interrupted", async () => {
  const out = join(tempFolder(), "tokenizer.json");
  const { code, stderr } = await llmc(["tokenizer", "train", "-", "-o", out], {
    // More than a pipe holds: once it is written the command is reading. Standard input stays open.
    onStart: (child) => child.stdin?.write("store ".repeat(1 << 16), () => child.kill("SIGINT")),
  });
  expect([code, stderr]).toEqual([130, "error: interrupted; nothing is written\n"]);
  expect(existsSync(out)).toBe(false);
});

test.each([
  ["is not there", "missing.json", "missing.json: ENOENT"],
  ["is no tokenizer", "odd.json", "want a file that `llmc tokenizer train` wrote"],
])("tokenizer encode says so when the tokenizer %s", async (_, name, message) => {
  const folder = tempFolder({ "odd.json": "{}", "a.txt": "x" });
  const { code, stderr } = await llmc([
    "tokenizer",
    "encode",
    "-t",
    join(folder, name),
    join(folder, "a.txt"),
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test("tokenizer train refuses a size when it cannot be", async () => {
  const folder = tempFolder({ "a.ll": text });
  const args = ["-o", join(folder, "t.json"), "--size", "100"];
  const { code, stderr } = await llmc(["tokenizer", "train", join(folder, "a.ll"), ...args]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining("a vocabulary of 100 tokens; want 288"),
  ]);
});
