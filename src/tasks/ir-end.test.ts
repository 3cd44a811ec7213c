import { expect, test } from "vitest";
import { definedIn, mayEnd } from "./ir-end.ts";

const IR = `declare void @g()
define i32 @f(i32 %0) {
ret i32 %0
}
define internal void @"a b"() {
ret void
}
`;

test("definedIn tells all functions, or those that passes have to keep", () => {
  expect(definedIn(IR)).toEqual(["@f", '@"a b"']);
  expect(definedIn(IR, "kept")).toEqual(["@f"]);
  expect(definedIn(IR.replace("i32 @f", "linkonce_odr hidden i32 @f"), "kept")).toEqual([]);
  expect(definedIn(IR.replace("i32 @f", "dso_local i32 @f"), "kept")).toEqual(["@f"]);
  const elsewhere = IR.replace("i32 @f", "available_externally i32 @f");
  expect(definedIn(elsewhere, "emitted")).toEqual(['@"a b"']);
});

test("mayEnd wants every function whole, and at least one", () => {
  expect(mayEnd(IR, ["@f"])).toBe(true);
  expect(mayEnd(IR, ["@f", "@h"])).toBe(false);
  expect(mayEnd(IR.slice(0, -2), ["@f"])).toBe(false);
  expect(mayEnd("declare void @g()\n", [])).toBe(false);
  expect(mayEnd(IR.slice(IR.indexOf("define")), [])).toBe(true);
});
