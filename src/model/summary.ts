/** A model file in a few facts, for lists and for people. */

import { type GgufInfo } from "./gguf-info.ts";
import { type MadeFor, madeFor } from "./made-for.ts";

export interface ModelSummary {
  readonly name: string | undefined;
  readonly architecture: string;
  readonly parameters: number;
  readonly fileBytes: number;
  /** The type that most parameters are kept as: "F16", "Q8_0". */
  readonly quantization: string;
  /** Parameters by type. */
  readonly parametersByType: Readonly<Record<string, number>>;
  readonly contextTokens: number | undefined;
  readonly layers: number | undefined;
  readonly width: number | undefined;
  readonly vocabulary: number | undefined;
  readonly madeFor: MadeFor;
}

export function summarize(info: GgufInfo): ModelSummary {
  const { metadata, parameters, fileBytes } = info;
  const text = (key: string): string | undefined => {
    const value = metadata.get(key);
    return typeof value === "string" ? value : undefined;
  };
  const architecture = text("general.architecture") ?? "unknown";
  const number = (key: string): number | undefined => {
    const value = metadata.get(`${architecture}.${key}`);
    return typeof value === "number" ? value : undefined;
  };
  const tokens = metadata.get("tokenizer.ggml.tokens");
  const parametersByType = byType(info);
  const [quantization = "none"] = Object.entries(parametersByType)
    .toSorted(([, a], [, b]) => b - a)
    .map(([type]) => type);
  return {
    name: text("general.name"),
    architecture,
    parameters,
    fileBytes,
    quantization,
    parametersByType,
    contextTokens: number("context_length"),
    layers: number("block_count"),
    width: number("embedding_length"),
    vocabulary: Array.isArray(tokens) ? tokens.length : undefined,
    madeFor: madeFor(info),
  };
}

function byType({ tensors }: GgufInfo): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type, shape } of tensors)
    counts[type] = (counts[type] ?? 0) + shape.reduce((product, length) => product * length, 1);
  return counts;
}
