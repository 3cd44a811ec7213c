import { expect, test } from "vitest";
import { leadingType, typeSizer } from "./type-size.ts";

test("typeSizer gives the bytes that x86_64 gives", () => {
  const bytes = typeSizer(
    new Map([
      ["%T0", "{ i8, i32, i8 }"],
      ["%T1", "<{ i8, %T0, ptr }>"],
      ["%T2", "opaque"],
    ]),
  );
  expect(bytes("i1")).toBe(1);
  expect(bytes("i24")).toBe(4);
  expect(bytes("i128")).toBe(16);
  expect(bytes("x86_fp80")).toBe(16);
  expect(bytes("[3 x [2 x i16]]")).toBe(12);
  expect(bytes("<4 x float>")).toBe(16);
  expect(bytes("%T0")).toBe(12);
  expect(bytes("%T1")).toBe(21);
  expect(bytes("{ i8, { i64, i8 }, [3 x i8] }")).toBe(32);
  expect(bytes("{}")).toBe(0);
  expect(bytes("%T2")).toBe(0);
  expect(bytes("%unknown")).toBe(0);
});

test("typeSizer comes to an end where types double at every level or hold themselves", () => {
  const levels = Array.from(
    { length: 60 },
    (_, k) => [`%T${k}`, `{ %T${k + 1}, %T${k + 1} }`] as const,
  );
  expect(typeSizer(new Map([...levels, ["%T60", "i8"]]))("%T0")).toBe(2 ** 60);
  expect(typeSizer(new Map([["%T0", "{ %T0, i8 }"]]))("%T0")).toBe(1);
});

test("leadingType cuts a type off what stands behind it", () => {
  expect(leadingType('[6 x i8] c"a]b\\00", align 1')).toBe("[6 x i8]");
  expect(leadingType("<{ ptr, [2 x i32] }> <{ ptr null }>")).toBe("<{ ptr, [2 x i32] }>");
  expect(leadingType("i32, align 4")).toBe("i32");
  expect(leadingType("%T0 zeroinitializer")).toBe("%T0");
});
