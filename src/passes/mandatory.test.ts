import { expect, test } from "vitest";
import { inlinesMandatory, withMandatoryInlining } from "./mandatory.ts";
import { parsePassList } from "./parse.ts";
import { printPassList } from "./print.ts";

function completed(text: string): string {
  const parsed = parsePassList(text);
  if (!parsed.ok) throw new Error(text);
  return printPassList(withMandatoryInlining(parsed.list));
}

test("withMandatoryInlining puts always-inline before a list without an inliner", () => {
  expect(completed("function(sroa)")).toBe("always-inline,function(sroa)");
});

test("withMandatoryInlining puts it before a pass that drops bodies first", () => {
  expect(completed("elim-avail-extern,default<Oz>")).toBe(
    "always-inline,elim-avail-extern,default<Oz>",
  );
});

test.each(["default<Oz>,mergefunc", "cgscc(inline,function(sroa))", "globaldce,always-inline"])(
  "withMandatoryInlining leaves %s alone",
  (text) => expect(completed(text)).toBe(text),
);

test("inlinesMandatory is false for the empty list", () => {
  expect(inlinesMandatory([])).toBe(false);
});
