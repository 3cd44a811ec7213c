import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tool } from "../../test/support/llvm.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { expandResponseFiles, splitWords } from "./response-file.ts";

test.each([
  [" a\tb\n\nc ", ["a", "b", "c"]],
  [`"a b" 'c d'e"f"`, ["a b", "c def"]],
  [String.raw`a\ b "\"" '\'' \\`, ["a b", '"', "'", "\\"]],
  [`"" a`, ["", "a"]],
  [`"open end`, ["open end"]],
])("splitWords reads %j as clang does", (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

/** What clang itself makes of a response file: each word comes back as a macro on its standard output. */
function byClang(text: string): string {
  const folder = tempFolder({ "words.rsp": text, "empty.c": "" });
  const args = ["-E", "-dM", "-undef", `@${join(folder, "words.rsp")}`, join(folder, "empty.c")];
  return tool("clang", args).toString();
}

test("splitWords agrees with clang on any quoting", () => {
  const piece = fc.constantFrom("a", " ", '"', "'", "\\", "b", "\n");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = `-DX=1${pieces.join("")}`;
      fc.pre(!/\\\n|\\$/.test(text)); // a line joined in a macro is the preprocessor's business
      const words = splitWords(text);
      fc.pre(words.length === 1 && !/["'\\\n]/.test(words[0] ?? ""));
      // clang prints a macro's tokens with one space between them.
      const value = words[0]?.slice(4).trimEnd().replace(/ +/g, " ");
      expect(byClang(text)).toContain(`#define X ${value}`);
    }),
    { numRuns: 25 },
  );
});

test("expandResponseFiles follows files in files and gives null when one is missing", () => {
  const folder = tempFolder({ "in ner": "-DB '-DC=1 2'" });
  const outer = join(tempFolder({ outer: `-DA "@${join(folder, "in ner")}"` }), "outer");
  expect(expandResponseFiles(["-c", `@${outer}`, "a.c"])).toEqual([
    "-c",
    "-DA",
    "-DB",
    "-DC=1 2",
    "a.c",
  ]);
  expect(expandResponseFiles([`@${join(folder, "none")}`])).toBeNull();
});

test("expandResponseFiles gives null when a file names itself", () => {
  const loop = join(tempFolder(), "loop");
  writeFileSync(loop, `-DA @${loop}`);
  expect(expandResponseFiles([`@${loop}`])).toBeNull();
});
