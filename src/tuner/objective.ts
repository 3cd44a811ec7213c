/** What a search makes small. Smaller is better for all of them. */

import type { Measurement } from "../llvm/protocol.ts";

export type Objective = "size" | "text" | "published" | "instructions";

export const OBJECTIVES: Record<Objective, { readonly unit: string; readonly about: string }> = {
  size: { unit: "bytes", about: "all that a program loads: text, rodata, data and .eh_frame" },
  text: { unit: "bytes", about: "code alone" },
  published: { unit: "bytes", about: ".text + .data, only to compare with published numbers" },
  instructions: {
    unit: "instructions",
    about: "IR instructions, only to compare with published numbers",
  },
};

export function score(
  { sections, instructions }: Pick<Measurement, "sections" | "instructions">,
  objective: Objective,
): number {
  switch (objective) {
    case "size":
      return sections.size;
    case "text":
      return sections.text;
    case "published":
      return sections.text + sections.data;
    case "instructions":
      return instructions;
    default:
      return objective satisfies never;
  }
}
