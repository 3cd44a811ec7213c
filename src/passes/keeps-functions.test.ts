import { expect, test } from "vitest";
import { load, testPool, toolchain } from "../../test/support/llvm.ts";
import { definedIn } from "../tasks/ir-end.ts";
import { keepsFunctions } from "./keeps-functions.ts";
import { nestPassList } from "./nest.ts";
import { parsePassList } from "./parse.ts";
import { printPassList } from "./print.ts";
import { registryFor, searchPasses } from "./registry.ts";

const registry = registryFor(toolchain.major);
const pool = testPool();

function keeps(text: string): boolean {
  const parsed = parsePassList(text);
  if (!parsed.ok) throw new Error(text);
  return keepsFunctions(parsed.list, registry);
}

test.each([
  ["function(sroa,loop-mssa(licm)),globalsplit", true],
  ["function(sroa),globaldce", false],
  ["cgscc(function-attrs,function(sroa))", true],
  ["cgscc(inline,function(sroa))", false],
  ["default<Oz>", false],
  ["no-such-pass", false],
])("keepsFunctions of %j is %j", (text, is) => expect(keeps(text)).toBe(is));

const IR = `
define i32 @main(i32 %x) {
  %a = call i32 @once(i32 1)
  %b = call i32 @first(i32 %x)
  %c = call i32 @second(i32 %b)
  %d = call i32 @elsewhere(i32 %c)
  %e = call i32 @always(i32 %d)
  %f = add i32 %a, %e
  ret i32 %f
}
define internal i32 @once(i32 %x) {
  %y = mul i32 %x, 3
  ret i32 %y
}
define internal i32 @first(i32 %x) {
  %y = call i32 @external(i32 %x)
  %z = udiv i32 %y, 7
  ret i32 %z
}
define internal i32 @second(i32 %x) {
  %y = call i32 @external(i32 %x)
  %z = udiv i32 %y, 7
  ret i32 %z
}
define internal i32 @always(i32 %x) alwaysinline {
  %y = xor i32 %x, 9
  ret i32 %y
}
define available_externally i32 @elsewhere(i32 %x) {
  %y = sub i32 %x, 5
  ret i32 %y
}
define internal i32 @unused(i32 %x) {
  ret i32 %x
}
define linkonce_odr i32 @shared(i32 %x) {
  ret i32 %x
}
declare i32 @external(i32)
`;

test("keepsFunctions is true of no pass that takes a function away", async () => {
  const module = await load(pool, IR);
  const before = definedIn(IR);
  const went = new Set<string>();
  for (const { name } of searchPasses(registry)) {
    const list = nestPassList([{ name }], registry);
    const after = await pool.emit(module, printPassList(list), "ir");
    if (after.status !== "ok") continue;
    const there = new Set(definedIn(Buffer.from(after.value).toString("utf8")));
    if (before.every((symbol) => there.has(symbol))) continue;
    went.add(name);
    expect(keepsFunctions(list, registry), name).toBe(false);
  }
  for (const name of ["globaldce", "globalopt", "inline", "elim-avail-extern"])
    expect(went).toContain(name);
});
