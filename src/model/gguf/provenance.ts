/** What a model was made for and from (made-for.ts has the keys), as metadata of its GGUF file. */

import { MADE_FOR_KEYS } from "../made-for.ts";
import type { GgufValue } from "./metadata.ts";

/** Those keys that are there and texts; `provenance` may hold anything else besides. */
export function provenanceEntries(provenance: Readonly<Record<string, unknown>>): GgufValue[] {
  return Object.values(MADE_FOR_KEYS).flatMap((key): GgufValue[] => {
    const value = provenance[key];
    return typeof value === "string" ? [{ key, type: "string", value }] : [];
  });
}
