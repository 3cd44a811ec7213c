import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp.ts";
import type { SandboxMode } from "../../verify/execute.ts";
import { type Python, openPython } from "./python.ts";

const opened = new Map<SandboxMode, Python>();
for (const mode of ["root", "user", "plain"] as const) {
  const python = await openPython({ cpuSeconds: 1, modes: [mode] });
  if (!(python instanceof Error)) opened.set(mode, python);
}
afterAll(() => opened.forEach((python) => python[Symbol.dispose]()));

const [best] = [...opened.values()];
const reason = best === undefined ? " (skipped: no python3)" : "";

const run = async (program: string): Promise<unknown> => best?.run(program);

test.skipIf(reason !== "")(`openPython says which Python there is${reason}`, () => {
  expect(best?.version).toMatch(/^3\.\d+\.\d+/);
});

test("openPython says that an interpreter is missing", async () => {
  const missing = await openPython({ python: "/no/such/python" });
  expect(missing instanceof Error && missing.message).toContain("/no/such/python");
  const spaced = await openPython({ python: "a b" });
  expect(spaced instanceof Error && spaced.message).toContain("without spaces");
});

const GOOD: Readonly<Record<string, string>> = {
  "tests that hold": "assert 1 + 1 == 2",
  "text that is not ASCII, quotes and backslashes": String.raw`assert len("é\n'") == 3 and '"' == "\""`,
  "much that is printed": "for i in range(100000): print('0123456789')",
  "a data class with annotations in quotes":
    "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: 'int' = 3\nassert P().x == 3",
  "a thread that goes on":
    "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()",
  "code that needs the order of sets to stay":
    "import sys\nassert sys.flags.hash_randomization == 0",
  "a file in its own folder": "open('x', 'w').write('1'); assert open('x').read() == '1'",
};

test.skipIf(reason !== "").each(Object.entries(GOOD))(
  `run passes %s${reason}`,
  async (_, program) => {
    expect(await run(program)).toBe("passed");
  },
);

const BAD: Readonly<Record<string, string>> = {
  "a test that fails": "assert 1 == 2",
  "what is no Python": "def f(:",
  "a null character": "x = '\0'\nassert False",
  "half a surrogate": "x = '\ud800'",
  "exit(0) before the tests": "exit(0)\nassert False",
  "os._exit(0) before the tests": "import os\nos._exit(0)",
  "an exit in a handler": "import atexit, sys\nsys.exit(0)",
  "a mark that is guessed": "import os\nprint('passed'); os.write(1, b'0' * 32); os._exit(0)",
  "a mark of its own behind exit codes":
    "import os\nfor fd in range(3, 20):\n    try: os.write(fd, b'passed')\n    except OSError: pass\nos._exit(0)",
  "the death of its process": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
  "a child that reaches the end for it": "import os\nif os.fork() != 0: os._exit(0)",
  "a fork bomb": "import os\nwhile True: os.fork()",
  "all memory": "x = []\nwhile True: x.append(bytearray(1 << 20))",
  "100 MB in a file":
    "with open('big', 'wb') as f:\n    for _ in range(100): f.write(bytes(1 << 20))",
  "endless recursion": "import sys\nsys.setrecursionlimit(10**9)\nf = lambda: f()\nf()",
};

test.skipIf(reason !== "").each(Object.entries(BAD))(
  `run fails %s${reason}`,
  async (_, program) => {
    expect(await run(program)).not.toBe("passed");
  },
);

test.skipIf(reason !== "")(`run tells what does not end${reason}`, async () => {
  expect(await run("while True: pass")).toBe("timeout");
  expect(await run("import time\ntime.sleep(600)")).toBe("timeout");
  expect(await run("assert 1")).toBe("passed");
});

const namespaced = best !== undefined && best.mode !== "plain";

test.skipIf(!namespaced)("run leaves a program no network", async () => {
  const program = "import socket\nassert [name for _, name in socket.if_nameindex()] == ['lo']";
  expect(await run(program)).toBe("passed");
});

test.skipIf(best?.mode !== "root")("run as root lets a program write nowhere else", async () => {
  const folder = tempFolder();
  chmodSync(folder, 0o755);
  const path = join(folder, "x");
  expect(await run(`open(${JSON.stringify(path)}, "w")`)).toBe("failed");
  expect(existsSync(path)).toBe(false);
});

test.skipIf(reason !== "")(`run does the same in every mode that works here${reason}`, async () => {
  for (const python of opened.values()) {
    expect(await python.run("assert True")).toBe("passed");
    expect(await python.run("exit(0)")).toBe("failed");
  }
});
