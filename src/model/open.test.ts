import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { writeTinyModel } from "../../test/support/tiny-gguf.ts";
import { openModel } from "./open.ts";

test("openModel takes a GGUF file, an address and a replay", async () => {
  const folder = tempFolder({ "r.jsonl": '{"dialect": "compact", "contextTokens": 9}\n' });
  const path = join(folder, "tiny.gguf");
  await writeTinyModel(path);
  const names = [path, "http://localhost:9/v1", `replay:${join(folder, "r.jsonl")}`];
  for (const name of names) {
    const outcome = await openModel(name, { threads: 1, contextTokens: 256 });
    expect(outcome).toMatchObject({ status: "ok", value: { name } });
    if (outcome.status === "ok") await outcome.value.close();
  }
});

test.each(["gpt", "none", "model.bin", "/no/such.gguf", "replay:/no/such"])(
  "openModel refuses %s",
  async (name) => {
    const outcome = await openModel(name);
    expect(outcome).toMatchObject({ status: "refused", message: expect.stringContaining(name) });
  },
);
