import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { ensureTrainer, processorFlags, trainerVariables } from "./environment.ts";

describe("trainerVariables", () => {
  const preset = { HOME: "/h", OPENBLAS_CORETYPE: "Prescott", OMP_WAIT_POLICY: "active" };
  test.each([
    ["avx2 fma avx512f avx512bw avx512dq avx512vl", "SKYLAKEX"],
    ["avx2 fma avx512f", "HASWELL"],
    ["sse4_2 avx", undefined],
  ])("takes the kernels of the processor and no preset when flags are %s", (flags, wanted) => {
    expect(trainerVariables(preset, new Set(flags.split(" ")))).toEqual({
      HOME: "/h",
      OMP_WAIT_POLICY: "passive",
      OPENBLAS_CORETYPE: wanted,
    });
  });
});

test("processorFlags reads the first processor, and nothing where there is no such file", () => {
  const path = join(tempFolder(), "cpuinfo");
  writeFileSync(
    path,
    "processor\t: 0\nflags\t\t: fpu avx2 fma\n\nprocessor\t: 1\nflags\t\t: fpu\n",
  );
  expect([...processorFlags(path)]).toEqual(["fpu", "avx2", "fma"]);
  expect([...processorFlags(`${path}-none`)]).toEqual([]);
});

test("ensureTrainer says what setup.sh said when it fails, and where there is none", async () => {
  const folder = tempFolder();
  expect(await ensureTrainer(folder)).toMatch(/has no setup.sh; training needs a checkout/);
  writeFileSync(join(folder, "setup.sh"), "echo python3-venv is missing >&2; exit 3\n");
  expect(await ensureTrainer(folder)).toMatch(/setup.sh failed: python3-venv is missing/);
  writeFileSync(join(folder, "setup.sh"), "exit 0\n");
  expect(await ensureTrainer(folder)).toBeUndefined();
});
