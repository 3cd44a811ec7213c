import { expect, test } from "vitest";
import { makeRng } from "../base/rng.ts";
import { MUTATION_KINDS, type MutationKind, mutate } from "./mutator.ts";

const LINE_OF: Record<MutationKind, string> = {
  "swap operands": "  %r = sub nsw i32 %a, %b",
  "predicate": "  %r = icmp slt i32 %a, %b",
  "constant": "  %r = add i32 %a, 7",
  "drop store": "  store i32 %a, ptr %p, align 4, !tbaa !5",
  "drop call": "  tail call void @g(i32 %a)",
  "select arms": "  %r = select i1 %c, i32 %a, i32 %b",
  "pointer index": "  %r = getelementptr inbounds i8, ptr %p, i64 8",
  "branch targets": "  br i1 %c, label %yes, label %no, !prof !3",
  "branch condition": "  br i1 %c, label %yes, label %no",
  "operation": "  %r = and i32 %a, %b",
  "extension": "  %r = zext nneg i8 %a to i32",
  "case value": "    i32 97, label %8",
};

const moduleWith = (line: string): string => `define i32 @f(i32 %a) {\n${line}\n}\n`;

test.each(MUTATION_KINDS)("mutate changes the line when the kind is %s", (kind) => {
  const mutation = mutate(moduleWith(LINE_OF[kind]), makeRng(1), [kind]);
  expect(mutation?.fn).toBe("@f");
  expect(mutation?.text).not.toBe(moduleWith(LINE_OF[kind]));
  expect(mutation?.text.startsWith("define i32 @f(i32 %a) {\n")).toBe(true);
});

test("mutate does the same when the seed is the same", () => {
  const text = Object.values(LINE_OF).map(moduleWith).join("");
  expect(mutate(text, makeRng(5))).toEqual(mutate(text, makeRng(5)));
});

test("mutate leaves declarations and metadata alone", () => {
  expect(
    mutate("declare void @g(i32)\n!0 = !{i32 1, i32 2}\n@x = global i32 7\n", makeRng(1)),
  ).toBeUndefined();
});

test("mutate never touches struct indices, which the verifier would refuse", () => {
  const line = "  %r = getelementptr inbounds %struct.S, ptr %p, i64 0, i32 1";
  expect(mutate(moduleWith(line), makeRng(1), ["pointer index"])).toBeUndefined();
});
