import { join } from "node:path";
import { expect, test } from "vitest";
import { testPool, value } from "../../test/support/llvm.ts";
import { lift, truth } from "../../test/support/lifted-programs.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { openCorpus } from "../corpus/store.ts";

const SAMPLE = join(import.meta.dirname, "../../test/corpus/sample.parquet");
const MODULES = 6;
const FUNCTIONS = 3;
const pool = testPool();
const scratch = tempFolder();

test("disassembleFunctions never fails the compiler's own IR when the functions are real programs'", async () => {
  const corpus = await openCorpus(SAMPLE);
  const failed: string[] = [];
  let exact = 0;
  for await (const { bitcode, path } of corpus.modules({ maxBitcodeBytes: 6000, limit: MODULES })) {
    const module = value(await pool.load(bitcode, path));
    const optimised = value(await pool.emit(module, "default<Oz>", "bitcode"));
    const { text, functions } = value(
      await pool.normalize(value(await pool.load(optimised, path))),
    );
    const object = value(
      await pool.emit(value(await pool.load(Buffer.from(text), path)), "", "object"),
    );
    const names = functions
      .map(({ name }) => name)
      .filter((name) => text.includes(`@${name}(`))
      .slice(0, FUNCTIONS);
    for (const { name, verdict, reason } of await lift(object, truth(text), {
      pool,
      scratch,
      names,
    })) {
      if (verdict === "failed") failed.push(`${path} ${name}: ${reason}`);
      if (verdict === "exact") exact++;
    }
  }
  corpus.close();
  expect(failed).toEqual([]);
  expect(exact).toBeGreaterThanOrEqual(MODULES);
});
