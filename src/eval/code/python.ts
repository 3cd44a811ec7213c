/**
 * Runs a Python program that may do anything, and tells whether it came to its end. It runs in the sandbox of the verifier
 * (verify/execute.ts): bounded in CPU and wall-clock time, memory, files and processes, in an empty folder of its own and,
 * where namespaces are allowed, without network. As root it runs as a user of its own, who can write only where everyone may;
 * in a user namespace or without namespaces it could write what the user can. Its output is thrown away.
 *
 * To end with exit code 0 is no pass: a program that leaves by `exit(0)` has not run its tests. A pass is a mark that is
 * written behind the last test, by the process that began. The mark is a hash of the program, so no program can hold its
 * own. This is against accidents and guesses: code that looks for its caller's frames could still forge it.
 */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentHash } from "../../base/hash.ts";
import { type Run, type Sandbox, type SandboxMode, openSandbox } from "../../verify/execute.ts";

/** `notRun`: it could not even be started, by the machine's fault. */
export type PythonVerdict = "passed" | "failed" | "timeout" | { readonly notRun: string };

export interface Python extends Disposable {
  /** Of the interpreter, as it says: 3.11.2. */
  readonly version: string;
  readonly mode: SandboxMode;
  run(program: string): Promise<PythonVerdict>;
}

export interface PythonOptions {
  /** Looked for in the system's folders, or a path; without spaces. */
  readonly python?: string;
  /** Of each process. */
  readonly cpuSeconds?: number;
  /** Tried in order. */
  readonly modes?: readonly SandboxMode[];
}

/** What HumanEval's own harness gives, there of wall-clock time. */
const CPU_SECONDS = 3;
const MODES: readonly SandboxMode[] = ["root", "user", "plain"];

/** The error says what is missing. */
export async function openPython({
  python = "python3",
  cpuSeconds = CPU_SECONDS,
  modes = MODES,
}: PythonOptions = {}): Promise<Python | Error> {
  if (/\s/.test(python))
    return new Error(`python ${JSON.stringify(python)}: want a name or path without spaces`);
  const folder = mkdtempSync(join(tmpdir(), "llmc-python-"));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  chmodSync(folder, 0o711); // programs run as other users, who may pass through but not look around
  for (const mode of modes) {
    const sandbox = await openSandbox(folder, [mode]);
    if (sandbox === undefined) continue;
    const run = runnerIn(folder, { sandbox, python, cpuSeconds });
    const version = versionIn(await run(VERSION_SCRIPT));
    if (version === undefined) continue;
    return {
      version,
      mode,
      run: async (program) => verdictOf(await run(scriptOf(program)), program),
      [Symbol.dispose]: dispose,
    };
  }
  dispose();
  return new Error(
    `cannot run ${python} in a sandbox: apt install python3 util-linux, or name another python`,
  );
}

interface Runner {
  readonly sandbox: Sandbox;
  readonly python: string;
  readonly cpuSeconds: number;
}

/** Runs a script as a file of its own. The hash seed is fixed: else the order of sets changes from run to run. */
function runnerIn(folder: string, { sandbox, python, cpuSeconds }: Runner) {
  let serial = 0;
  return async (script: string): Promise<Run> => {
    const path = join(folder, `${serial++}.py`);
    writeFileSync(path, `#!/usr/bin/env -S PYTHONHASHSEED=0 ${python} -sB\n${script}`, {
      mode: 0o755,
    });
    try {
      return await sandbox.execute(path, { cpuSeconds });
    } finally {
      rmSync(path, { force: true });
    }
  };
}

const VERSION_SCRIPT = "import platform; print(platform.python_version())\n";

const versionIn = (run: Run): string | undefined =>
  run.status === "exited" && run.code === 0 ? /^3\.[\w.+-]+/.exec(run.head)?.[0] : undefined;

const markOf = (program: string): string => contentHash(`the end of ${program}`);

/** What the program may replace or close is taken aside first. It is a module, for dataclasses and pickle look theirs up. */
const scriptOf = (program: string): string => `
def run():
    import os, sys, types
    end, write, getpid, report = os._exit, os.write, os.getpid, os.dup(1)
    first, nothing = getpid(), os.open(os.devnull, os.O_RDWR)
    for place in 0, 1, 2:
        os.dup2(nothing, place)
    module = sys.modules["answer"] = types.ModuleType("answer")
    exec(compile(${JSON.stringify(program)}, "<answer>", "exec"), module.__dict__)
    if getpid() == first:
        write(report, b"${markOf(program)}")
    end(0)
run()
`;

function verdictOf(run: Run, program: string): PythonVerdict {
  if (run.status === "failed") return { notRun: run.message };
  if (run.status === "stopped" && run.why === "time") return "timeout";
  const isMarked = run.status === "exited" && run.code === 0 && run.head === markOf(program);
  return isMarked ? "passed" : "failed";
}
