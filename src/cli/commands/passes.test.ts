import { afterEach, expect, test, vi } from "vitest";
import { passesCommand } from "./passes.ts";

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function run(
  ...args: string[]
): Promise<{ text: string; exitCode: typeof process.exitCode }> {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => written.push(String(chunk)) > 0);
  await passesCommand().exitOverride().parseAsync(args, { from: "user" });
  vi.restoreAllMocks();
  return { text: written.join(""), exitCode: process.exitCode };
}

test("passes list prints one line a pass, of one level and kind where asked", async () => {
  const { text } = await run("list", "--level", "loop-mssa", "--kind", "transform");
  expect(text).toMatch(/^licm +loop-mssa +transform +<allowspeculation;no-allowspeculation>$/m);
  expect(text).not.toMatch(/^sroa/m);
});

test("passes list --json prints one array with every field", async () => {
  const rows: unknown = JSON.parse((await run("list", "--json", "--llvm", "19")).text);
  expect(rows).toContainEqual({
    name: "early-cse",
    level: "function",
    levels: ["function"],
    params: ["memssa"],
    kind: "transform",
  });
});

test("passes search finds names, parameters and evidence", async () => {
  expect((await run("search", "MERGEFUNC")).text).toMatch(/^mergefunc/);
  expect((await run("search", "sink-common")).text).toMatch(/^simplifycfg/);
  expect((await run("search", "torture")).text).toMatch(/^structurizecfg/);
  await expect(run("search", "xyzzy")).rejects.toThrow("no pass is like that");
});

test("passes check prints the canonical list, or the mistake with a caret and its mend", async () => {
  expect(await run("check", " globalopt, function( sroa )")).toEqual({
    text: "globalopt,function(sroa)\n",
    exitCode: undefined,
  });
  expect(await run("check", "globalopt,function(sroa,licm)")).toEqual({
    text: [
      "25: licm is a loop-mssa pass and stands at function level",
      "  globalopt,function(sroa,licm)",
      "                          ^ write loop-mssa(licm)",
      "",
    ].join("\n"),
    exitCode: 2,
  });
});

test("passes check shows the part of a long list where the mistake is", async () => {
  const long = `${"globalopt,".repeat(40)}oops,${"globaldce,".repeat(40)}mergefunc`;
  const [, line = "", caret = ""] = (await run("check", long)).text.split("\n");
  expect(line.length).toBeLessThan(100);
  expect(line.slice(caret.indexOf("^"))).toMatch(/^oops,/);
});

test("passes check --allow-unsafe lets unsafe passes through", async () => {
  expect((await run("check", "function(structurizecfg)")).exitCode).toBe(2);
  process.exitCode = undefined;
  expect(
    (await run("check", "--allow-unsafe", "function(structurizecfg)")).exitCode,
  ).toBeUndefined();
});

test("passes tree shows each pass inside the adaptors it needs", async () => {
  expect((await run("tree", "sroa,licm,inline")).text).toBe(
    "function\n  sroa\n  loop-mssa\n    licm\ncgscc\n  inline\n",
  );
  expect(await run("tree", "sroa,(")).toMatchObject({ exitCode: 2 });
});
