/** Bad and unusual answers, and what they score. */

import { describe, expect, test } from "vitest";
import { bleuOf } from "../base/bleu.ts";
import { parsePassList } from "../passes/parse.ts";
import { registryFor } from "../passes/registry.ts";
import type { DialectName, FaultKind, Parsed } from "./dialect.ts";
import { disassemble, scoreDisassemble } from "./disassemble.ts";
import { emulate, scoreEmulate } from "./emulate.ts";
import { loopAtEnd, MAX_ANSWER_CHARACTERS } from "./endless.ts";
import { printProposal, proposedList } from "./proposal.ts";
import { codeTokens, relativeError, totalBleu } from "./score.ts";
import { scoreTune, tune, type TuneAnswer } from "./tune.ts";

const globalopt = parsePassList("globalopt");
const coreset = globalopt.ok ? [globalopt.list, globalopt.list] : [];
const context = { registry: registryFor(22), coreset };

function read<A>(parsed: Parsed<A>): [FaultKind[], Partial<A>] {
  return parsed.ok ? [[], parsed.answer] : [parsed.faults.map(({ kind }) => kind), parsed.partial];
}

const tuned = (
  dialect: DialectName,
  text: string,
  ended = true,
): [FaultKind[], string, unknown] => {
  const [faults, { proposal, sizes }] = read<TuneAnswer>(
    tune[dialect].parse({ text, ended }, context),
  );
  return [faults, proposal ? printProposal(proposal) : "", sizes];
};
const sizes = { before: 90, after: 80 };

describe("tune.compact.parse", () => {
  test.each<[text: string, ended: boolean, faults: FaultKind[], list: string, sizes: unknown]>([
    ["globalopt<|sizes|>90 80", true, [], "globalopt", sizes],
    [" #ab <|sizes|> 90  80 <|end|> and more", false, [], "#ab", sizes],
    ["<|passes|>#ab<|sizes|>90 80<|end|>", true, [], "#ab", sizes],
    ["sroa,globalopt<|sizes|>90 80<|end|>", true, [], "function(sroa),globalopt", sizes],
    ["#ab", true, ["sizes missing"], "#ab", undefined],
    ["#ab", false, ["no end mark", "sizes missing"], "", undefined],
    ["#ab<|sizes|>90 8", false, ["no end mark"], "#ab", undefined],
    ["#ac<|sizes|>90 80<|end|>", true, ["coreset list unknown"], "", sizes],
    ["#ab<|sizes|>ninety<|end|>", true, ["sizes wrong"], "#ab", undefined],
    ["#ab<|ir|>90 80<|end|>", true, ["sizes missing"], "#ab", undefined],
    ["#ab<|sizes|>90 80<|sizes|>1 2<|end|>", true, ["out of order"], "#ab", sizes],
    ["", true, ["empty", "sizes missing"], "", undefined],
    ["function(<|sizes|>90 80<|end|>", true, ["pass list wrong"], "", sizes],
    ["globalop<|sizes|>90 80<|end|>", true, ["pass list wrong"], "", sizes],
    [
      "function(sroa,".repeat(300),
      false,
      ["endless", "pass list wrong", "sizes missing"],
      "",
      undefined,
    ],
  ])("of %j, ended %j: %j", (text, ended, faults, list, pair) => {
    expect(tuned("compact", text, ended)).toEqual([faults, list, pair]);
  });

  test("says how to mend a pass list", () => {
    const parsed = tune.compact.parse({ text: "globalop<|sizes|>1 2", ended: true }, context);
    expect(parsed.ok ? [] : parsed.faults.map(({ message }) => message)).toEqual([
      'LLVM 22 has no pass "globalop"; did you mean globalopt?',
    ]);
  });
});

describe("tune.published.parse", () => {
  test.each<[text: string, ended: boolean, faults: FaultKind[], list: string, sizes: unknown]>([
    ["<code>globalopt</code>", true, [], "globalopt", undefined],
    ["<code>globalopt", false, ["no end mark"], "", undefined],
    ["Use opt -p 'module(default<Oz>)' on it", false, [], "module(default<Oz>)", undefined],
    ['<code>opt -passes="globalopt" a.ll</code>', true, [], "globalopt", undefined],
    ["globalopt", true, [], "globalopt", undefined],
    [
      "opt -p 'globalopt' takes it from size 1,090 bytes to a binary size of 80 bytes.",
      true,
      [],
      "globalopt",
      { before: 1090, after: 80 },
    ],
    ["I cannot help with that.", true, ["pass list wrong"], "", undefined],
    ["", true, ["empty"], "", undefined],
  ])("of %j, ended %j: %j", (text, ended, faults, list, pair) => {
    expect(tuned("published", text, ended)).toEqual([faults, list, pair]);
  });
});

describe("emulate.parse", () => {
  const code = (text: string, ended = true, dialect: DialectName = "compact") =>
    read(emulate[dialect].parse({ text, ended }, { want: "ir" }));

  test("keeps sizes of an answer that stops in the code", () => {
    const counts = { instructions: 7, bytes: 98 };
    expect(code("7 98<|ir|>define", false)).toEqual([
      ["no end mark"],
      { want: "ir", sizes: counts },
    ]);
    expect(code("7 98", true)).toEqual([["code missing"], { want: "ir", sizes: counts }]);
    expect(code("7 9", false)).toEqual([["no end mark", "code missing"], { want: "ir" }]);
  });

  test("refuses code of the other kind", () =>
    expect(code("7 98<|asm|>retq<|end|>")[0]).toEqual(["code missing"]));

  test("reads published sizes where they are told", () => {
    const text = "instruction count 7 and binary size 98 bytes:\n<code>x</code>";
    expect(code(text, true, "published")).toEqual([
      [],
      { want: "ir", code: "x", sizes: { instructions: 7, bytes: 98 } },
    ]);
    expect(code("nothing", true, "published")[0]).toEqual(["code missing"]);
    expect(code("<code>x", false, "published")[0]).toEqual(["no end mark"]);
  });
});

describe("disassemble.parse", () => {
  test("names an answer that loops, and reads a bounded part of it", () => {
    let text = "define void @f() {\n";
    for (let value = 1; text.length < 2 * MAX_ANSWER_CHARACTERS; value++)
      text += `%${value} = add i32 %${value - 1}, 1\n`;
    for (const dialect of ["compact", "published"] as const) {
      const given = dialect === "compact" ? text : `<code>${text}`;
      const parsed = disassemble[dialect].parse({ text: given, ended: true }, {});
      expect(read(parsed)).toEqual([["endless"], {}]);
    }
  });

  test("of nothing has no code", () => {
    for (const dialect of ["compact", "published"] as const)
      expect(read(disassemble[dialect].parse({ text: " \n", ended: true }, {}))[0]).toEqual([
        "code missing",
      ]);
  });
});

describe("loopAtEnd", () => {
  test("finds a unit that is repeated to the end, numbers aside", () => {
    const text = `start ${Array.from({ length: 200 }, (_, index) => `store %${index}; `).join("")}`;
    expect(loopAtEnd(text)?.unit.length).toBe("store %0; ".length);
  });

  test.each([
    ["a short run", "ret void\n".repeat(8)],
    [
      "different lines",
      Array.from(
        { length: 400 },
        (_, index) => `${"ab".repeat(Math.imul(index, 2_654_435_761) >>> 27)}x${index}`,
      ).join(" c"),
    ],
    ["a loop that ended", `${"i8 0, ".repeat(200)}] and then more of something else, long enough`],
  ])("finds none in %s", (_, text) => expect(loopAtEnd(text)).toBeUndefined());
});

describe("scores", () => {
  const parse = (text: string, ended = true): Parsed<TuneAnswer> =>
    tune.compact.parse({ text, ended }, context);

  test("scoreTune compares sizes with what was measured", () => {
    expect(scoreTune(parse("#ab<|sizes|>90 80"), { before: 100, after: 64 })).toEqual({
      isParsed: true,
      hasList: true,
      beforeError: 0.1,
      afterError: 0.25,
    });
    expect(scoreTune(parse("#ab<|sizes|>90 80"), undefined)).toEqual({
      isParsed: true,
      hasList: true,
    });
    expect(scoreTune(parse("#ab"), { before: 1, after: 1 })).toEqual({
      isParsed: false,
      hasList: true,
    });
    expect(scoreTune(parse("nonsense("), undefined)).toEqual({ isParsed: false, hasList: false });
  });

  test("scoreEmulate is exact in the form it is given, and leaves to compilers what is theirs", () => {
    const truth = {
      want: "ir",
      code: "ret i32 %0\n",
      sizes: { instructions: 1, bytes: 10 },
    } as const;
    const parsed = emulate.compact.parse(
      { text: "1 12<|ir|>ret i32 %x<|end|>", ended: true },
      { want: "ir" },
    );
    const score = scoreEmulate(parsed, truth);
    expect(score).toMatchObject({
      isParsed: true,
      isExact: false,
      instructionError: 0,
      byteError: 0.2,
    });
    expect(score.undecided).toEqual(["compiles", "equivalent"]);
    expect(scoreEmulate(parsed, { ...truth, normalAnswer: "ret i32 %0" }).isExact).toBe(true);
  });

  test("scoreDisassemble gives nothing for an answer that was not read", () => {
    const lost = scoreDisassemble(disassemble.compact.parse({ text: "ret", ended: false }, {}), {
      ir: "ret void",
    });
    expect([lost.isParsed, lost.isExact, bleuOf(lost.bleu)]).toEqual([false, false, 0]);
    const good = scoreDisassemble(
      disassemble.compact.parse({ text: "ret void\nret void", ended: true }, {}),
      {
        ir: "ret void\nret void\n",
      },
    );
    expect([good.isParsed, good.isExact, bleuOf(good.bleu)]).toEqual([true, true, 1]);
    expect(totalBleu([lost, good]).referenceLength).toBe(6);
  });

  test("codeTokens keeps names and strings whole", () =>
    expect(codeTokens('%5 = call i32 @f.1(ptr @"a b"), !tbaa !3 ; movl $-4, .LD0(%rip)')).toEqual([
      ..."%5 = call i32 @f.1 ( ptr @".split(" "),
      '"a b"',
      ...") , !tbaa !3 ; movl $ - 4 , .LD0 ( %rip )".split(" "),
    ]));

  test("relativeError of nothing wanted is 0 or 1", () => {
    expect([relativeError(0, 0), relativeError(5, 0), relativeError(5, 10)]).toEqual([0, 1, 0.5]);
  });

  test("proposedList knows coreset lists by number", () => {
    expect(proposedList({ kind: "coreset", number: 1 }, { coreset })).toBe(coreset[1]);
    expect(proposedList({ kind: "coreset", number: 2 }, { coreset })).toBeUndefined();
  });
});
