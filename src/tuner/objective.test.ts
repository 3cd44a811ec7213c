import { expect, test } from "vitest";
import { OBJECTIVES, type Objective, score } from "./objective.ts";

const measurement = {
  sections: {
    text: 1,
    data: 20,
    rodata: 300,
    ehFrame: 4000,
    other: 50_000,
    size: 54_321,
    bss: 600_000,
  },
  instructions: 7,
};
const WANTED: Record<Objective, number> = { size: 54_321, text: 1, published: 21, instructions: 7 };

test("score reads of a measurement what each objective names", () => {
  const names = Object.keys(WANTED).filter((name): name is Objective => name in OBJECTIVES);
  expect(names).toEqual(Object.keys(OBJECTIVES));
  expect(Object.fromEntries(names.map((name) => [name, score(measurement, name)]))).toEqual(WANTED);
});
