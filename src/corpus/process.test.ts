import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { run } from "./process.ts";
import type { RunOptions } from "./process.ts";

const folder = mkdtempSync(join(tmpdir(), "process-"));
afterAll(() => rmSync(folder, { recursive: true }));

const NEVER = new AbortController().signal;

function options(over: Partial<RunOptions> = {}): RunOptions {
  const env = { PATH: "/usr/bin:/bin" };
  return {
    cwd: folder,
    env,
    logPath: join(folder, "log"),
    limitMs: 20_000,
    signal: NEVER,
    ...over,
  };
}

test("run gives the exit code and logs both outputs when the command ends", async () => {
  const outcome = await run(["sh", "-c", "echo out; echo err >&2; exit 3"], options());
  expect(outcome).toEqual({ status: "exited", code: 3 });
  expect(readFileSync(join(folder, "log"), "utf8")).toBe("out\nerr\n");
});

test("run kills the whole group when the limit passes or enough was done", async () => {
  const endless = ["sh", "-c", "sleep 100 & sleep 100"];
  expect(await run(endless, options({ limitMs: 0 }))).toEqual({ status: "timeout" });
  expect(await run(endless, options({ enough: () => true }))).toEqual({ status: "enough" });
});

test("run ends the command at once when its signal aborts", async () => {
  const started = Date.now();
  const outcome = await run(["sleep", "100"], options({ signal: AbortSignal.timeout(50) }));
  expect(outcome).toEqual({ status: "exited", code: -1 });
  expect(Date.now() - started).toBeLessThan(10_000);
});

test("run reports a failure when the program is not there", async () => {
  expect(await run(["no-such-program"], options())).toMatchObject({ status: "failed" });
});
