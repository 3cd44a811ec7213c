import { describe, expect, test } from "vitest";
import { checkPassList } from "../passes/check.ts";
import { registryFor } from "../passes/registry.ts";
import { auditMarkdown, auditModule } from "./audit-text.ts";
import { PLACES, auditedPasses, casesOfPairs, casesOfPass, summarise } from "./audit.ts";
import type { ListReports } from "./many-lists.ts";

const registry = registryFor(22);

const reports = (passes: string, found: Partial<ListReports["reports"][number]>): ListReports => ({
  passes,
  reports: [
    {
      suite: "builtin",
      run: 2,
      correct: 2,
      wrong: [],
      undecided: [],
      seconds: 1,
      executed: 0,
      ...found,
    },
  ],
});

describe("casesOfPass", () => {
  test("gives lists that check accepts, at every place, for every pass", () => {
    for (const info of auditedPasses(registry)) {
      const cases = casesOfPass(info, registry);
      expect(new Set(cases.map(({ place }) => place))).toEqual(new Set(PLACES));
      for (const { passes } of cases) {
        expect(checkPassList(passes, registry, { allowUnsafe: true }), passes).toMatchObject({
          ok: true,
        });
        expect(passes).toContain(info.name);
      }
    }
  });

  test("covers unsafe passes as well as those of searches", () => {
    const names = auditedPasses(registry).map(({ name }) => name);
    expect(names).toContain("sroa");
    expect(names).toContain("structurizecfg");
    expect(names).not.toContain("print");
  });
});

test("casesOfPairs gives neighbours, once each, with what they need around them", () => {
  const cases = casesOfPairs(["globaldce,function(sroa,dce)", "function(sroa,dce)"], registry);
  expect(cases.map(({ subject, passes }) => [subject, passes])).toEqual([
    ["globaldce,sroa", "globaldce,function(sroa)"],
    ["sroa,dce", "function(sroa,dce)"],
  ]);
});

describe("summarise", () => {
  const cases = [
    { subject: "a", place: "alone" as const, passes: "a" },
    { subject: "a", place: "after -Oz" as const, passes: "oz,a" },
    { subject: "b", place: "alone" as const, passes: "b" },
    { subject: "c", place: "alone" as const, passes: "c" },
    { subject: "a,b", place: "pair" as const, passes: "a,b" },
    { subject: "late", place: "alone" as const, passes: "late" },
  ];
  const rows = [
    reports("a", {
      undecided: [{ program: "p.c", why: "crashed: LLVM died", outcome: "crashed" }],
    }),
    reports("oz,a", { wrong: [{ program: "p.c", counterexample: "exit code 1, want 0" }] }),
    reports("b", {}),
    reports("c", { undecided: [{ program: "p.c", why: "timeout: 120 s", outcome: "timeout" }] }),
    reports("a,b", {}),
  ];
  const audit = summarise(cases, rows, { llvmVersion: "22.1.8", suites: [] });

  test("holds the worst that was seen against a pass, with its evidence", () => {
    expect(audit.passes["a"]).toEqual({
      status: "breaks",
      evidence: "builtin/p.c with oz,a: exit code 1, want 0",
      lists: 2,
      programs: 4,
    });
    expect(audit.passes["b"]).toEqual({ status: "safe", lists: 1, programs: 2 });
    expect(audit.passes["c"]?.status).toBe("hangs");
    expect(audit.pairs).toEqual([{ pair: "a,b", status: "safe", lists: 1, programs: 2 }]);
  });

  test("says nothing of passes that were not reached", () => {
    expect(audit.passes["late"]).toBeUndefined();
  });

  test("its text names what was found, and its module can be read", async () => {
    expect(auditMarkdown(audit, "llmc passes audit")).toContain("| `a` | unsafe | breaks |");
    const text = auditModule(audit)
      .replace(/^import type.*$/m, "")
      .replace(": PassAudit", "");
    const module: unknown = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    expect(module).toMatchObject({ audit22: audit });
  });
});
