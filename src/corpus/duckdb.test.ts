import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { openDatabase } from "./duckdb.ts";

test("openDatabase takes many fills and queries at the same time", async () => {
  const database = await openDatabase(join(tempFolder(), "spill"));
  const sums = await Promise.all(
    Array.from({ length: 30 }, async (_, k) => {
      await database.fill(`t${k}`, { n: "BIGINT" }, [[k], [1]]);
      const [row] = await database.rows(`SELECT sum(n)::INTEGER AS sum FROM t${k}`);
      return row?.["sum"];
    }),
  );
  database.close();
  expect(sums).toEqual(Array.from({ length: 30 }, (_, k) => k + 1));
});
