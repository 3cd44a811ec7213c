import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { claim } from "./claim.ts";

test("claim is refused while it is held, for its folder and name alone, and free afterwards", async () => {
  const [folder, other] = [tempFolder(), tempFolder()];
  const held = await claim(folder, "a");
  expect(held).toBeDefined();
  expect(await claim(folder, "a")).toBeUndefined();
  for (const [place, name] of [
    [folder, "b"],
    [other, "a"],
  ] as const) {
    const free = await claim(place, name);
    expect(free).toBeDefined();
    await free?.[Symbol.asyncDispose]();
  }
  await held?.[Symbol.asyncDispose]();
  await using again = await claim(folder, "a");
  expect(again).toBeDefined();
});

test("claim of another process ends when that is killed", async () => {
  const folder = tempFolder();
  const script = `
    const { claim } = await import(${JSON.stringify(join(import.meta.dirname, "claim.ts"))});
    globalThis.held = await claim(${JSON.stringify(folder)}, "a");
    setInterval(() => {}, 1000);
    console.log("held");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  await once(child.stdout, "data");
  expect(await claim(folder, "a")).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "close");
  await using free = await claim(folder, "a");
  expect(free).toBeDefined();
});
