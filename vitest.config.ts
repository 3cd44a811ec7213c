import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{src,tools,test,bench}/**/*.test.ts"],
    pool: "forks", // a crash of native code then ends one file's process, not the run
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
