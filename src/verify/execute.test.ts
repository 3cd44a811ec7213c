import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findToolchain } from "../llvm/toolchain.ts";
import { type Sandbox, type SandboxMode, openSandbox } from "./execute.ts";

const found = findToolchain();
const folder = mkdtempSync(join(tmpdir(), "llmc-execute-"));

const SOURCES = {
  quiet: "int main(void) { return 7; }",
  prints: '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }',
  aborts: "#include <stdlib.h>\nint main(void) { abort(); }",
  endless: "int main(void) { for (volatile int i = 0;; i++) ; }",
  sleeps: "#include <unistd.h>\nint main(void) { for (;;) pause(); }",
  forks: "#include <unistd.h>\nint main(void) { for (;;) fork(); }",
  leaves: `#include <unistd.h>
int main(void) {
  if (fork() == 0) { setsid(); if (fork() == 0) { close(1); close(2); for (;;) pause(); } _exit(0); }
  usleep(100000);
  return 0;
}`,
  eats: `#include <stdlib.h>
#include <string.h>
int main(void) { for (;;) { char *p = malloc(1 << 20); if (!p) return 3; memset(p, 1, 1 << 20); } }`,
  floods:
    '#include <stdio.h>\nint main(void) { for (;;) puts("0123456789012345678901234567890123456789"); }',
  writes: `#include <stdio.h>
#include <string.h>
int main(void) {
  char block[65536], name[32];
  memset(block, 'x', sizeof block);
  for (int file = 0; file < 4; file++) {
    sprintf(name, "file%d", file);
    FILE *f = fopen(name, "w");
    for (int i = 0; f && i < 64; i++) fwrite(block, sizeof block, 1, f);
    if (!f) return 2;
    fclose(f);
  }
  return 0;
}`,
  bigFile: `#include <fcntl.h>
#include <unistd.h>
int main(void) {
  static char block[1 << 20];
  int f = open("big", O_CREAT | O_WRONLY, 0600);
  for (int i = 0; i < 1000; i++) if (write(f, block, sizeof block) <= 0) return 4;
  return 0;
}`,
  net: `#include <arpa/inet.h>
#include <sys/socket.h>
int main(void) {
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(0x01010101) };
  return connect(s, (struct sockaddr *)&a, sizeof a) == 0 ? 1 : 0;
}`,
  environment: `#include <stdio.h>
extern char **environ;
int main(void) { int n = 0; while (environ[n]) n++; return n; }`,
};

type Name = keyof typeof SOURCES;

const MODES: readonly SandboxMode[] = ["root", "user", "plain"];
const sandboxes = new Map<SandboxMode, Sandbox>();

beforeAll(async () => {
  if (found.status !== "found") return;
  chmodSync(folder, 0o711);
  for (const [name, source] of Object.entries(SOURCES)) {
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
