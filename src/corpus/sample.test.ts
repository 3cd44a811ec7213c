import { hash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { refuseHeldOut } from "./held-out.ts";
import { isPermissive } from "./licence.ts";
import { splitOf } from "./split.ts";
import { openCorpus } from "./store.ts";

const SAMPLE = fileURLToPath(new URL("../../test/corpus/sample.parquet", import.meta.url));

test("the sample holds about 200 whole modules that may be passed on, none held out", async () => {
  const corpus = await openCorpus(SAMPLE);
  let count = 0;
  for await (const module of corpus.modules()) {
    count++;
    const { package: name, licence, split } = module;
    expect(hash("sha256", module.bitcode), module.path).toBe(module.hash);
    expect([name, isPermissive(licence), refuseHeldOut(name)]).toEqual([name, true, null]);
    expect(split).toBe(splitOf(name));
  }
  corpus.close();
  expect(count).toBeGreaterThanOrEqual(150);
});
