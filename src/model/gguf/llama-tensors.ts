/** The tensors of a Llama model: their names and shapes on Hugging Face's side, and llama.cpp's names for them. */

import type { LlamaConfig } from "./config.ts";
import { InvalidModel } from "./invalid-model.ts";
import type { SourceTensor, Weights } from "./safetensors.ts";

export interface LlamaTensor {
  /** llama.cpp's name. */
  readonly name: string;
  readonly source: SourceTensor;
  /**
   * Rows of one head where they are to be reordered: Hugging Face's rotary embedding pairs row i with row i + half, llama.cpp's
   * row 2 i with row 2 i + 1.
   */
  readonly headRows?: number | undefined;
}

/** A tensor of both sides; its shape is rows first. */
export interface Wanted {
  readonly name: string;
  /** Hugging Face's name. */
  readonly from: string;
  readonly shape: readonly number[];
  readonly headRows?: number | undefined;
}

export function wantedTensors(config: LlamaConfig): Wanted[] {
  const { hidden, vocabulary, layers, tied } = config;
  const head: Wanted = {
    name: "output.weight",
    from: "lm_head.weight",
    shape: [vocabulary, hidden],
  };
  return [
    { name: "token_embd.weight", from: "model.embed_tokens.weight", shape: [vocabulary, hidden] },
    ...Array.from({ length: layers }, (_, layer) => layerTensors(config, layer)).flat(),
    { name: "output_norm.weight", from: "model.norm.weight", shape: [hidden] },
    ...(tied ? [] : [head]),
  ];
}

function layerTensors({ hidden, heads, kvHeads, ffn }: LlamaConfig, layer: number): Wanted[] {
  const headRows = hidden / heads;
  const kvRows = kvHeads * headRows;
  const tensor = (name: string, from: string, shape: readonly number[]): Wanted => ({
    name: `blk.${layer}.${name}.weight`,
    from: `model.layers.${layer}.${from}.weight`,
    shape,
  });
  return [
    tensor("attn_norm", "input_layernorm", [hidden]),
    { ...tensor("attn_q", "self_attn.q_proj", [hidden, hidden]), headRows },
    { ...tensor("attn_k", "self_attn.k_proj", [kvRows, hidden]), headRows },
    tensor("attn_v", "self_attn.v_proj", [kvRows, hidden]),
    tensor("attn_output", "self_attn.o_proj", [hidden, hidden]),
    tensor("ffn_norm", "post_attention_layernorm", [hidden]),
    tensor("ffn_gate", "mlp.gate_proj", [ffn, hidden]),
    tensor("ffn_up", "mlp.up_proj", [ffn, hidden]),
    tensor("ffn_down", "mlp.down_proj", [hidden, ffn]),
  ];
}

/** What may be there unused: frequencies that older versions saved, and the copy of a tied embedding. */
const isSpare = (name: string, { tied }: LlamaConfig): boolean =>
  name.endsWith("rotary_emb.inv_freq") || (tied && name === "lm_head.weight");

/** In the order of the file. Throws InvalidModel where one is missing, of another shape, or one too many. */
export function llamaTensors(weights: Weights, config: LlamaConfig): LlamaTensor[] {
  const wanted = wantedTensors(config);
  const known = new Set(wanted.map(({ from }) => from));
  const extra = [...weights.tensors.keys()].find(
    (name) => !known.has(name) && !isSpare(name, config),
  );
  if (extra !== undefined)
    throw new InvalidModel(
      `the weights have "${extra}", which config.json says nothing of; is it another architecture?`,
    );
  return wanted.map(({ name, from, shape, headRows }) => {
    const source = weights.tensors.get(from);
    if (source === undefined)
      throw new InvalidModel(`the weights lack "${from}"; is the folder complete?`);
    if (source.shape.join() !== shape.join())
      throw new InvalidModel(
        `"${from}" is [${source.shape.join(", ")}]; config.json wants [${shape.join(", ")}]`,
      );
    return { name, source, headRows };
  });
}

export const valuesOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

/** The inverse of `interleaveRows`. */
export function separateRows(head: Float32Array, columns: number): Float32Array {
  const half = head.length / columns / 2;
  const out = new Float32Array(head.length);
  for (let i = 0; i < half; i++) {
    const [even, odd] = [2 * i * columns, (2 * i + 1) * columns];
    out.set(head.subarray(even, odd), i * columns);
    out.set(head.subarray(odd, odd + columns), (half + i) * columns);
  }
  return out;
}

/** Moves the rows of one head, (rows, columns), from Hugging Face's order to llama.cpp's. */
export function interleaveRows(head: Float32Array, columns: number): Float32Array {
  const half = head.length / columns / 2;
  const out = new Float32Array(head.length);
  for (let i = 0; i < half; i++) {
    out.set(head.subarray(i * columns, (i + 1) * columns), 2 * i * columns);
    out.set(head.subarray((half + i) * columns, (half + i + 1) * columns), (2 * i + 1) * columns);
  }
  return out;
}
