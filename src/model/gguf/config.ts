/** config.json of a Hugging Face folder, checked: a Llama model that llama.cpp computes as `transformers` does. */

import { readFileSync } from "node:fs";
import { z } from "zod";
import { InvalidModel } from "./invalid-model.ts";

export interface LlamaConfig {
  readonly vocabulary: number;
  readonly context: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly ffn: number;
  readonly ropeTheta: number;
  readonly normEps: number;
  /** Embedding and output head are one matrix. */
  readonly tied: boolean;
}

const DEFAULT_ROPE_THETA = 10_000;
const count = z.int().positive();

const schema = z.object({
  model_type: z.literal("llama"),
  vocab_size: count,
  max_position_embeddings: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.optional(),
  head_dim: count.nullish(),
  hidden_act: z.literal("silu"),
  rms_norm_eps: z.number().positive(),
  rope_theta: z.number().positive().optional(),
  rope_scaling: z.null().optional(),
  // transformers 5 writes this instead of the two above.
  rope_parameters: z
    .object({ rope_theta: z.number().positive(), rope_type: z.literal("default").optional() })
    .nullish(),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.literal(false).default(false),
  mlp_bias: z.literal(false).default(false),
});

/** Throws InvalidModel. */
export function readConfig(path: string): LlamaConfig {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidModel(`${path}: ${why}; want a Hugging Face folder with config.json`);
  }
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path.join(".") ?? "";
    throw new InvalidModel(
      `${path}: ${key}: ${issue?.message ?? ""}; only plain Llama models are converted`,
    );
  }
  return check(toConfig(parsed.data), parsed.data.head_dim ?? undefined, path);
}

const toConfig = (data: z.infer<typeof schema>): LlamaConfig => ({
  vocabulary: data.vocab_size,
  context: data.max_position_embeddings,
  hidden: data.hidden_size,
  layers: data.num_hidden_layers,
  heads: data.num_attention_heads,
  kvHeads: data.num_key_value_heads ?? data.num_attention_heads,
  ffn: data.intermediate_size,
  ropeTheta: data.rope_parameters?.rope_theta ?? data.rope_theta ?? DEFAULT_ROPE_THETA,
  normEps: data.rms_norm_eps,
  tied: data.tie_word_embeddings,
});

function check(config: LlamaConfig, headDim: number | undefined, path: string): LlamaConfig {
  const { hidden, heads, kvHeads } = config;
  if (hidden % (2 * heads) !== 0 || heads % kvHeads !== 0)
    throw new InvalidModel(
      `${path}: hidden size ${hidden}, ${heads} heads, ${kvHeads} key-value heads: ` +
        "want a hidden size that is a multiple of 2 × heads, and heads a multiple of key-value heads",
    );
  if (headDim !== undefined && headDim !== hidden / heads)
    throw new InvalidModel(
      `${path}: head_dim is ${headDim}; want hidden size / heads, ${hidden / heads}`,
    );
  return config;
}
