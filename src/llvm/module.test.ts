import { expect, test } from "vitest";
import { programBitcode, toolchain, value } from "../../test/support/llvm.ts";
import { openLlvm } from "./bindings.ts";
import { makeEngine } from "./engine.ts";
import { cloneModule, countInstructions, hashModule, parseModule, runPasses } from "./module.ts";

test("cloneModule gives a copy that passes change without changing the original", () => {
  const engine = makeEngine(openLlvm(toolchain.library));
  using module = value(parseModule(engine, programBitcode("table.c"), "table.c"));
  const before = hashModule(module);
  {
    using copy = cloneModule(module);
    expect(hashModule(copy)).toBe(before);
    expect(runPasses(copy, "default<Oz>")).toBeUndefined();
    expect(countInstructions(copy)).toBeLessThan(countInstructions(module));
  }
  expect(hashModule(module)).toBe(before);
});
