import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { ensureTrainer } from "./environment.ts";

test("ensureTrainer says what setup.sh said when it fails, and where there is none", async () => {
  const folder = tempFolder();
  expect(await ensureTrainer(folder)).toMatch(/has no setup.sh; training needs a checkout/);
  writeFileSync(join(folder, "setup.sh"), "echo python3-venv is missing >&2; exit 3\n");
  expect(await ensureTrainer(folder)).toMatch(/setup.sh failed: python3-venv is missing/);
  writeFileSync(join(folder, "setup.sh"), "exit 0\n");
  expect(await ensureTrainer(folder)).toBeUndefined();
});
