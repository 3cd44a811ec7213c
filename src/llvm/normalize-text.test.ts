import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_NAME_CHARS } from "./normalize-names.ts";
import { normalizeText } from "./normalize-text.ts";

const TARGET_ATTRIBUTES =
  '"no-trapping-math"="true" "stack-protector-buffer-size"="8" "target-cpu"="x86-64"';

interface Spelling {
  /** Four numbers for metadata nodes, three for attribute groups. */
  readonly nodes: readonly number[];
  readonly groups: readonly number[];
  readonly constant: string;
  readonly struct: string;
  readonly helper: string;
  readonly noise: string;
}

/** One and the same module, spelt differently. */
function spelt({ nodes, groups, constant, struct, helper, noise }: Spelling): string {
  const [n0, n1, n2, n3] = nodes;
  const [g0, g1, g2] = groups;
  return `; ModuleID = '${noise}'
source_filename = "${noise}"
target datalayout = "e-m:e-i64:64-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

%struct.${struct} = type { i32, ptr }

@.str.${constant} = private unnamed_addr constant [9 x i8] c"@.str; #1\\00", align 1
@kept = internal global %struct.${struct} zeroinitializer, align 8

; Function Attrs: ${noise}
define dso_local i32 @main(ptr noundef %0) #${g0} {
  %2 = load i32, ptr %0, align 4, !tbaa !${n1}
  %3 = call i32 @${helper}(ptr @.str.${constant}) #${g1}, !srcloc !${n3}
  br label %4

4:                                                ; preds = %1
  ret i32 %3
}

define internal i32 @${helper}(ptr %0) #${g2} {
  %2 = getelementptr %struct.${struct}, ptr %0, i32 0, i32 1
  store ptr @kept, ptr %2, align 8, !tbaa !${n1}
  ret i32 7
}

attributes #${g0} = { minsize optsize ${TARGET_ATTRIBUTES} }
attributes #${g2} = { minsize nounwind optsize ${TARGET_ATTRIBUTES} }
attributes #${g1} = { nounwind }

!llvm.ident = !{!${n0}}

!${n0} = !{!"${noise}"}
!${n1} = !{!${n2}, !${n2}, i64 0}
!${n2} = !{!"Simple C/C++ TBAA"}
!${n3} = !{i64 12}
`;
}

const LONG = "x".repeat(MAX_NAME_CHARS);
const PLAIN: Spelling = {
  nodes: [0, 1, 2, 3],
  groups: [0, 1, 2],
  constant: "4",
  struct: "pair",
  helper: `_Z9${LONG}`,
  noise: "a.c",
};

const spelling = fc.record({
  nodes: fc.uniqueArray(fc.nat(500), { minLength: 4, maxLength: 4 }),
  groups: fc.uniqueArray(fc.nat(500), { minLength: 3, maxLength: 3 }),
  constant: fc.stringMatching(/^[a-z0-9.]{1,12}$/),
  struct: fc.stringMatching(/^[a-z0-9.]{1,12}$/),
  helper: fc.stringMatching(/^[a-z]{1,9}$/).map((tail) => `_Z9${LONG}${tail}`),
  noise: fc.stringMatching(/^[a-z0-9 ;,]{0,20}$/),
});

describe("normalizeText", () => {
  test("of a small module is what its header promises", () => {
    expect(normalizeText(spelt(PLAIN)).text)
      .toBe(`target datalayout = "e-m:e-i64:64-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"
%T0 = type { i32, ptr }
@.0 = private unnamed_addr constant [9 x i8] c"@.str; #1\\00", align 1
@kept = internal global %T0 zeroinitializer, align 8
define dso_local i32 @main(ptr noundef %0) #0 #1 {
%2 = load i32, ptr %0, !tbaa !0
%3 = call i32 @f.0(ptr @.0) #2
br label %4
4:
ret i32 %3
}
define internal i32 @f.0(ptr %0) #3 #1 {
%2 = getelementptr %T0, ptr %0, i32 0, i32 1
store ptr @kept, ptr %2, !tbaa !0
ret i32 7
}
attributes #0 = { minsize optsize }
attributes #1 = { ${TARGET_ATTRIBUTES} }
attributes #2 = { nounwind }
attributes #3 = { minsize nounwind optsize }
!0 = !{!1, !1, i64 0}
!1 = !{!"Simple C/C++ TBAA"}
`);
  });

  test("gives one text and one set of hashes however the module is spelt", () => {
    const { text, functions } = normalizeText(spelt(PLAIN));
    fc.assert(
      fc.property(spelling, (how) => {
        const other = normalizeText(spelt(how));
        expect(other.text).toBe(text);
        expect(other.functions.map(({ name }) => name)).toEqual(["main", how.helper]);
        expect(other.functions.map(({ hash }) => hash)).toEqual(functions.map(({ hash }) => hash));
      }),
    );
  });

  test("of its own result is that result", () => {
    fc.assert(
      fc.property(spelling, (how) => {
        const once = normalizeText(spelt(how));
        const twice = normalizeText(once.text);
        expect(twice.text).toBe(once.text);
        expect(twice.functions.map(({ hash }) => hash)).toEqual(
          once.functions.map(({ hash }) => hash),
        );
      }),
    );
  });

  test.each([
    ["a constant", "ret i32 7", "ret i32 8"],
    ["an attribute", "attributes #2 = { minsize nounwind", "attributes #2 = { minsize noreturn"],
    ["the layout of a type", "{ i32, ptr }", "{ i64, ptr }"],
    ["an alignment", "ptr %2, align 8", "ptr %2, align 1"],
  ])("changes text and hash with %s", (_, from, to) => {
    const before = normalizeText(spelt(PLAIN));
    const after = normalizeText(spelt(PLAIN).replace(from, to));
    expect(after.text).not.toBe(before.text);
    expect(after.functions[1]!.hash).not.toBe(before.functions[1]!.hash);
  });

  test("keeps a symbol's name where assembly, an attribute or a comdat depends on it", () => {
    const name = `_Z9${LONG}`;
    const kept = (extra: string): boolean =>
      normalizeText(spelt(PLAIN) + extra).text.includes(`@${name}(`);
    expect(kept("")).toBe(false);
    expect(kept(`module asm "call ${name}"\n`)).toBe(true);
    expect(kept(`define void @g() {\n  call void asm "call ${name}", ""()\n  ret void\n}\n`)).toBe(
      true,
    );
    expect(kept(`attributes #9 = { "vector-function-abi-variant"="_ZGVbN2v_f(${name})" }\n`)).toBe(
      true,
    );
    const inComdat = spelt(PLAIN).replace("(ptr %0) #2 {", "(ptr %0) #2 comdat {");
    expect(normalizeText(inComdat).text).toContain(`@${name}(`);
  });

  test("leaves out names that are taken", () => {
    const taken = "@.0 = external global i8\n@f.0 = external global i8\n";
    const { text } = normalizeText(spelt(PLAIN) + taken);
    expect(text).toContain("@.1 = private");
    expect(text).toContain("@f.1(ptr %0)");
    expect(text).toContain("@.0 = external");
  });

  test("never renames what a linker sees, nor numbered types and symbols", () => {
    const odd = `%0 = type { i64 }\n@0 = private constant %0 zeroinitializer\n@_Z${LONG}${LONG} = global ptr @0\n`;
    const { text } = normalizeText(spelt(PLAIN) + odd);
    for (const line of odd.trim().split("\n")) expect(text).toContain(line);
  });

  test("shortens long names of TBAA types, each to its own", () => {
    const type = (node: number, name: string): string => `!${node} = !{!"${name}", !2, i64 0}\n`;
    const nodes =
      type(10, `${LONG}ab`) + type(11, `${LONG}cd`) + type(12, "t.0") + "!x = !{!11, !10, !12}\n";
    expect(normalizeText(spelt(PLAIN) + nodes).text.match(/!"t\.\d"/g)).toEqual([
      '!"t.1"',
      '!"t.2"',
      '!"t.0"',
    ]);
  });

  test("drops module flags about DWARF and keeps the others", () => {
    const flags =
      '!llvm.module.flags = !{!5, !6, !7}\n!5 = !{i32 7, !"Dwarf Version", i32 5}\n' +
      '!6 = !{i32 8, !"PIC Level", i32 2}\n!7 = !{i32 2, !"Debug Info Version", i32 3}\n';
    const { text } = normalizeText(spelt(PLAIN) + flags);
    expect(text).toMatch(/^!llvm\.module\.flags = !\{!\d+\}$/m);
    expect(text).toContain('!"PIC Level"');
    expect(text).not.toMatch(/Dwarf|Debug Info/);
  });

  test("reads a quoted symbol as the linker sees it", () => {
    const { functions } = normalizeText('define void @"a\\20b\\C3\\A9"() {\n  ret void\n}\n');
    expect(functions[0]!.name).toBe("a bé");
  });

  test.each([
    ["a line of no known kind", "uselistorder ptr @f, { 1, 0 }\n", /uselistorder.*no known kind/],
    ["a body without an end", "define void @f() {\n  ret void\n", /ends inside a function/],
  ])("refuses %s", (_, text, message) => expect(() => normalizeText(text)).toThrow(message));
});
