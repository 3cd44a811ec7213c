import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf } from "./digest.ts";
import { TUNE_INPUT_TOKENS, tuneInput } from "./tune-input.ts";

const MODULE = `target triple = "x86_64-pc-linux-gnu"
@g = global i32 0
define i32 @f(i32 %0) #0 {
%2 = load i32, ptr @g, !tbaa !1
%3 = add nsw i32 %2, %0
ret i32 %3
}
declare void @away()
define void @h() {
call void @away() #1, !srcloc !2
ret void
}
attributes #0 = { minsize }
!1 = !{i32 1}
`;
const countTokens = (text: string): number => Math.ceil(text.length / 3);

test("tuneInput tells the digest, then bodies without metadata, attributes and declarations", () => {
  const told = tuneInput(MODULE, { countTokens });
  expect(told).toBe(
    `${digestOf(MODULE)}define i32 @f(i32 %0) #0 {
%2 = load i32, ptr @g
%3 = add nsw i32 %2, %0
ret i32 %3
}
define void @h() {
call void @away() #1
ret void
}
`,
  );
});

test("digestOf leaves out the levels that are not to be told", () => {
  const told = digestOf(MODULE, (word) => word === "add");
  expect(told).toBe("; module 5 2 2 1 3\n; add6\n");
});

test("tuneInput tells bodies in the order that is asked for, and whole lines as far as there is room", () => {
  const order = (bodies: readonly (readonly string[])[]) => bodies.toReversed();
  const maxTokens = countTokens(digestOf(MODULE)) + 17;
  const told = tuneInput(MODULE, { countTokens, maxTokens, order });
  expect(told.slice(digestOf(MODULE).length)).toBe(
    "define void @h() {\ncall void @away() #1\nret void\n",
  );
});

test("tuneInput never takes more than its room, but for the digest", () => {
  const golden = readFileSync(join(import.meta.dirname, "golden/input.ll"), "utf8");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: TUNE_INPUT_TOKENS }), (maxTokens) => {
      const told = tuneInput(golden, { countTokens, maxTokens });
      const most = Math.max(maxTokens, countTokens(digestOf(golden)));
      expect(countTokens(told)).toBeLessThanOrEqual(most);
    }),
  );
});

test("digestOf counts a module exactly and gives levels from 1 to 9 of what there is, whatever the text", () => {
  expect(digestOf(MODULE)).toMatch(/^; module 5 2 2 1 3\n; (?:[a-z]+[1-9] ?)+\n$/);
  expect(digestOf(MODULE)).toMatch(/ add6 /);
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(digestOf(text)).toMatch(/^; module(?: \d+){5}\n; (?:[a-z]+[1-9] ?)*\n$/);
    }),
  );
});
