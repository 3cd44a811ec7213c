import { join } from "node:path";
import { expect, test } from "vitest";
import { value } from "../../../test/support/outcome.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { writeTinyModel } from "../../../test/support/tiny-gguf.ts";
import { makeLlamaProcess } from "./process.ts";
import type { ProposeRequest } from "./protocol.ts";

const path = join(tempFolder(), "tiny.gguf");
await writeTinyModel(path);

const request = (rest: Partial<ProposeRequest> = {}): ProposeRequest => ({
  kind: "propose",
  isMonitored: false,
  prompt: "<|begin|>",
  count: 1,
  maxTokens: 4,
  stops: [],
  limitMs: 30_000,
  ...rest,
});

const loadOf = (from: string) =>
  ({ kind: "load", path: from, contextTokens: 512, threads: 1, specials: true }) as const;

const START_MS = 120_000; // two starts, each of a second where the machine is idle

test(
  "makeLlamaProcess outlives a child that is killed in the middle of a request",
  { timeout: START_MS },
  async () => {
    const child = makeLlamaProcess({ load: loadOf(path) });
    const long = request({ count: 50, maxTokens: 400 });
    value(await child.request<"load">(loadOf(path), 30_000));
    const asked = child.request<"propose">(long, long.limitMs);
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill(child.pid ?? 0, "SIGSEGV");
    expect(await asked).toMatchObject({
      status: "crashed",
      message: expect.stringContaining("SIGSEGV"),
    });
    const short = { ...long, count: 1, maxTokens: 4 };
    expect(value(await child.request<"propose">(short, 30_000))).toHaveLength(1);
    child.close();
  },
);

test(
  "makeLlamaProcess ends a child that hangs, and starts another",
  { timeout: START_MS },
  async () => {
    const child = makeLlamaProcess({ load: loadOf(path), graceMs: 100 });
    value(await child.request<"load">(loadOf(path), 30_000));
    process.kill(child.pid ?? 0, "SIGSTOP");
    expect(await child.request<"propose">(request(), 100)).toMatchObject({ status: "timeout" });
    expect(value(await child.request<"propose">(request(), 30_000))).toHaveLength(1);
    child.close();
  },
);

test("makeLlamaProcess ends a child that takes more memory than it may", async () => {
  const child = makeLlamaProcess({ load: loadOf(path), memoryBytes: 1 << 20 });
  const outcome = await child.request<"load">(loadOf(path), 30_000);
  expect(outcome).toMatchObject({ status: "crashed", message: expect.stringContaining("1 MiB") });
  child.close();
});
