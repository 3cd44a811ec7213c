import { expect, test } from "vitest";
import { buildAttempts } from "./attempts.ts";

test.each([
  [
    ["configure", "Makefile", "src"],
    ["configure", "make", "make in src"],
  ],
  [
    ["CMakeLists.txt", "configure"],
    ["cmake", "configure"],
  ],
  [
    ["CMakeLists.txt", "configure.ac"],
    ["cmake", "autoreconf"],
  ],
  [
    ["Config.in", "Makefile"],
    ["kconfig", "make"],
  ],
  [["meson.build"], ["meson"]],
  [["README"], []],
])("buildAttempts tries %j in order when the root holds them", (files, names) => {
  expect(buildAttempts(files).map((attempt) => attempt.name)).toEqual(names);
});
