import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WILD_PROGRAMS } from "../../test/support/wild-programs.ts";
import { findToolchain } from "../llvm/toolchain.ts";
import { type Sandbox, type SandboxMode, openSandbox } from "./execute.ts";

const found = findToolchain();
const folder = mkdtempSync(join(tmpdir(), "llmc-execute-"));

type Name = keyof typeof WILD_PROGRAMS;

const MODES: readonly SandboxMode[] = ["root", "user", "plain"];
const sandboxes = new Map<SandboxMode, Sandbox>();

beforeAll(async () => {
  if (found.status !== "found") return;
  chmodSync(folder, 0o711);
  for (const [name, source] of Object.entries(WILD_PROGRAMS)) {
    writeFileSync(join(folder, `${name}.c`), source);
    execFileSync(join(found.toolchain.bin, "clang"), [
      "-w",
      "-O0",
      join(folder, `${name}.c`),
      "-o",
      join(folder, name),
    ]);
  }
  for (const mode of MODES) {
    const sandbox = await openSandbox(folder, [mode]);
    if (sandbox !== undefined) sandboxes.set(mode, sandbox);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Processes of this name; a killed one that nobody has waited for yet (state Z) is none. */
const running = (name: string): number =>
  readdirSync("/proc").filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        new RegExp(`\\(${name}\\) [^Z]`).test(readFileSync(`/proc/${pid}/stat`, "utf8"))
      );
    } catch {
      return false;
    }
  }).length;

describe.skipIf(found.status !== "found").each(MODES)("in mode %s", (mode) => {
  const run = async (name: Name, cpuSeconds = 1) => {
    const sandbox = sandboxes.get(mode);
    return sandbox === undefined ? undefined : sandbox.execute(join(folder, name), { cpuSeconds });
  };

  test("execute gives exit code and output", async ({ skip }) => {
    const quiet = await run("quiet");
    if (quiet === undefined) return skip(`mode ${mode} does not work on this machine`);
    expect(quiet).toMatchObject({ status: "exited", code: 7, head: "" });
    expect(await run("prints")).toMatchObject({ status: "exited", code: 0, head: "hello\n" });
  });

  test("execute reports a signal as 128 and its number", async ({ skip }) => {
    const result = await run("aborts");
    if (result === undefined) return skip(`mode ${mode} does not work on this machine`);
    expect(result).toMatchObject({ status: "exited", code: 134 });
  });

  test("execute stops a program that does not end, and one that sleeps", async ({ skip }) => {
    const result = await run("endless");
    if (result === undefined) return skip(`mode ${mode} does not work on this machine`);
    expect(result).toMatchObject({ status: "stopped", why: "time" });
    expect(await run("sleeps")).toMatchObject({ status: "stopped", why: "time" });
  });

  // Only where the kernel counts this run's processes apart: a bomb that reaches the bound of a whole user, or of root,
  // which has none, would disturb the machine.
  test.skipIf(mode === "plain" || (mode === "user" && process.getuid?.() === 0))(
    "execute ends a fork bomb with all its children",
    async ({ skip }) => {
      const result = await run("forks");
      if (result === undefined) return skip(`mode ${mode} does not work on this machine`);
      expect(result.status).toBe("stopped");
      // A killed process stays in /proc until the kernel has taken it down; one that lives on stays for ever.
      await expect.poll(() => running("forks"), { timeout: 5000 }).toBe(0);
    },
  );

  test("execute leaves no process behind when the program does", async ({ skip }) => {
    const result = await run("leaves");
    if (result === undefined) return skip(`mode ${mode} does not work on this machine`);
    expect(result).toMatchObject({ status: "exited", code: 0 });
    expect(running("leaves")).toBe(0);
  });

  test("execute bounds memory", async ({ skip }) => {
    const result = await run("eats", 5);
    if (result === undefined) return skip(`mode ${mode} does not work on this machine`);
    expect(result).toMatchObject({ status: "exited", code: 3 });
  });

  test("execute stops a program that prints without end", async ({ skip }) => {
    const result = await run("floods", 5);
    if (result === undefined) return skip(`mode ${mode} does not work on this machine`);
    expect(result).toMatchObject({ status: "stopped", why: "output" });
  });

  test("execute takes files away afterwards and bounds their size", async ({ skip }) => {
    const before = readdirSync(folder).length;
    const result = await run("writes");
    if (result === undefined) return skip(`mode ${mode} does not work on this machine`);
    expect(result).toMatchObject({ status: "exited", code: 0 });
    expect(await run("bigFile")).toMatchObject({ status: "exited", code: 128 + 25 });
    expect(readdirSync(folder)).toHaveLength(before);
    expect(readdirSync(join(folder, "scratch"))).toEqual([]);
  });

  test("execute gives a clean environment", async ({ skip }) => {
    const result = await run("environment");
    if (result === undefined) return skip(`mode ${mode} does not work on this machine`);
    expect(result.status === "exited" ? result.code : undefined).toBeLessThanOrEqual(6);
  });

  test.skipIf(mode === "plain")("execute has no network", async ({ skip }) => {
    const result = await run("net");
    if (result === undefined) return skip(`mode ${mode} does not work on this machine`);
    expect(result).toMatchObject({ status: "exited", code: 0 });
  });
});

test("execute says that it failed when the sandbox's programs are missing", async () => {
  expect(await openSandbox(folder, [])).toBeUndefined();
});
