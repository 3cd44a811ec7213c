import { expect, test } from "vitest";
import { CLASSIFIED_TWICE, classify, isClassified, REFUSED } from "./classify.ts";
import { audit22 } from "./generated/audit-22.ts";
import { levelsOf, registryFor, runsAt, searchPasses } from "./registry.ts";

test.each([19, 22])(
  "every pass of LLVM %i has exactly one kind, and evidence where it is refused for a reason",
  (major) => {
    const infos = [...registryFor(major).passes.values()];
    expect(infos.filter(({ name }) => !isClassified(name)).map(({ name }) => name)).toEqual([]);
    expect(CLASSIFIED_TWICE).toEqual([]);
    const bare = infos.filter(
      (info) => REFUSED.has(info.kind) && info.kind !== "printer" && !info.evidence,
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
  },
);

test("registryFor takes the nearest older version that is checked in, and 19 for what is older still", () => {
  expect([17, 18, 19, 20, 21, 22, 23].map((major) => registryFor(major).llvmVersion)).toEqual([
    19, 19, 19, 19, 19, 22, 22,
  ]);
  expect(registryFor(20)).toBe(registryFor(19));
});

test("the registry knows levels and parameters as opt has them", () => {
  const { passes } = registryFor(22);
  expect(passes.get("licm")).toMatchObject({
    level: "loop-mssa",
    levels: ["loop-mssa"],
    kind: "transform",
  });
  expect(passes.get("indvars")).toMatchObject({ level: "loop", levels: ["loop", "loop-mssa"] });
  expect(passes.get("inline")).toMatchObject({ level: "cgscc", params: ["only-mandatory"] });
  expect(passes.get("sroa")?.params).toEqual(["preserve-cfg", "modify-cfg"]);
  expect(passes.get("dse")?.params).toBeUndefined();
  expect(passes.has("machine-cse")).toBe(false);
  const iroutliner = passes.get("iroutliner");
  expect(iroutliner && runsAt(iroutliner, "module")).toBe(true);
  expect(levelsOf({ name: "require", params: "domtree" }, registryFor(22))).toEqual(["function"]);
});

test("searchPasses has what makes programs small and none of the bad actors", () => {
  const names = searchPasses(registryFor(22)).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(["iroutliner", "mergefunc", "lower-switch", "sroa", "licm", "inline"]),
  );
  for (const bad of [
    "structurizecfg",
    "unify-loop-exits",
    "fix-irreducible",
    "attributor",
    "newgvn",
    "loop-extract",
    "codegenprepare",
    "function-import",
    "internalize",
    "strip",
    "lower-atomic",
    "lower-invoke",
    "verify",
  ]) {
    expect(names).not.toContain(bad);
  }
});

test("classify refuses a pass that nobody has looked at", () => {
  expect(classify("a-pass-of-llvm-30")).toEqual({
    kind: "unsafe",
    evidence: "nobody has tried it yet",
  });
});

test("the registry keeps what the audit found out of searches, and refuses what broke a program", () => {
  const registry = registryFor(22);
  const against = Object.entries(audit22.passes).filter(([, { status }]) => status !== "safe");
  expect(against.length).toBeGreaterThan(10);
  for (const [name, { status }] of against) {
    const info = registry.passes.get(name);
    expect(info?.kind, name).not.toBe("transform");
    expect(info?.evidence, name).toBeTruthy();
    if (status === "breaks") expect(info?.kind, name).toBe("unsafe");
  }
});
