/**
 * Packed tokens as the trainer reads them: trainer/README.md, "Shards", defines the format to the byte. A folder for each
 * stage and split; pretraining has shards of IR and of assembly apart, so that a run may weigh them. Nothing is padded or
 * cut: documents lie one after the other, the trainer packs them.
 */

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TokenRow } from "./module-rows.ts";

/** 64 MiB of tokens: what a reader may hold, and a transfer repeat. */
const MAX_SHARD_TOKENS = 32 * 2 ** 20;
const HEADER_BYTES = 32;
const VERSION = 1;
const MAGIC = { tokens: "LLMCTOKN", documents: "LLMCDOCS", mask: "LLMCMASK" } as const;
type Kind = keyof typeof MAGIC;
const ELEMENT_BYTES: Readonly<Record<Kind, number>> = { tokens: 2, documents: 8, mask: 1 };

export interface ShardFolder {
  add(row: TokenRow): void;
  /** Writes what is left, and the manifest. Without any row there is no folder. */
  finish(): { readonly documents: number; readonly tokens: number; readonly learned: number };
}

export interface ShardHow {
  /** Tokens that there are; ids are below. */
  readonly vocabulary: number;
  readonly split: string;
  /** Whatever describes where this came from; goes into the manifest. */
  readonly mix: unknown;
  readonly maxShardTokens?: number;
}

interface Entry {
  readonly name: string;
  readonly documents: number;
  readonly tokens: number;
  readonly files: Partial<Record<Kind, { bytes: number; sha256: string }>>;
}

/** The caller sees to it that the folder appears whole: manifest.json is written last. */
export function shardFolderWriter(folder: string, how: ShardHow): ShardFolder {
  const { maxShardTokens = MAX_SHARD_TOKENS } = how;
  const open = new Map<string, TokenRow[]>();
  const entries: Entry[] = [];
  const totals = { documents: 0, tokens: 0, learned: 0 };
  const lengthOf = (rows: readonly TokenRow[]): number =>
    rows.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const sizes = new Map<string, number>();
  const flush = (group: string): void => {
    const rows = open.get(group) ?? [];
    open.delete(group);
    sizes.delete(group);
    if (rows.length === 0) return;
    const number = entries.filter(({ name }) => name.startsWith(`${group}-`)).length;
    const name = `${group}-${String(number).padStart(3, "0")}`;
    entries.push(writeShard(folder, name, { rows, tokens: lengthOf(rows) }));
  };
  return {
    add(row) {
      const group = groupOf(row);
      const size = (sizes.get(group) ?? 0) + row.tokens.length;
      if (size > maxShardTokens) flush(group);
      const rows = open.get(group) ?? [];
      rows.push(row);
      open.set(group, rows);
      sizes.set(group, (sizes.get(group) ?? 0) + row.tokens.length);
      totals.documents++;
      totals.tokens += row.tokens.length;
      totals.learned += isMasked(row) ? learnedTokens(row) : row.tokens.length;
    },
    finish() {
      for (const group of [...open.keys()].toSorted()) flush(group);
      if (entries.length > 0) writeManifest(folder, how, entries);
      return totals;
    },
  };
}

/** Everything is learned in pretraining, answers alone in the tasks, and of these not what is told. */
const isMasked = ({ row }: TokenRow): boolean => row.stage !== "pretrain";

function learnedTokens({ answerTokens, toldTokens }: TokenRow): number {
  const told = toldTokens.reduce((sum, edge, index) => sum + (index % 2 === 0 ? -edge : edge), 0);
  return answerTokens - told;
}

const groupOf = ({ row }: TokenRow): string => (row.stage === "pretrain" ? row.teaches : row.stage);

function writeShard(
  folder: string,
  name: string,
  { rows, tokens }: { rows: readonly TokenRow[]; tokens: number },
): Entry {
  mkdirSync(folder, { recursive: true });
  const [first] = rows;
  const parts: [Kind, Buffer][] = [
    ["tokens", tokenBytes(rows, tokens)],
    ["documents", offsetBytes(rows)],
  ];
  if (first && isMasked(first)) parts.push(["mask", maskBytes(rows, tokens)]);
  const files: Entry["files"] = {};
  for (const [kind, bytes] of parts) {
    writeFileSync(join(folder, `${name}.${kind}`), bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    files[kind] = { bytes: bytes.length, sha256 };
  }
  return { name, documents: rows.length, tokens, files };
}

function fileOf(kind: Kind, elements: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + elements * ELEMENT_BYTES[kind]);
  bytes.write(MAGIC[kind], "latin1");
  bytes.writeUInt32LE(VERSION, 8);
  bytes.writeUInt32LE(ELEMENT_BYTES[kind], 12);
  bytes.writeBigUInt64LE(BigInt(elements), 16);
  return bytes;
}

function tokenBytes(rows: readonly TokenRow[], count: number): Buffer {
  const bytes = fileOf("tokens", count);
  let at = HEADER_BYTES;
  for (const { tokens } of rows) for (const id of tokens) at = bytes.writeUInt16LE(id, at);
  return bytes;
}

/** Where each document starts, and where the last one ends. */
function offsetBytes(rows: readonly TokenRow[]): Buffer {
  const bytes = fileOf("documents", rows.length + 1);
  let at = HEADER_BYTES;
  let start = 0;
  for (const { tokens } of rows) {
    at = bytes.writeBigUInt64LE(BigInt(start), at);
    start += tokens.length;
  }
  bytes.writeBigUInt64LE(BigInt(start), at);
  return bytes;
}

function maskBytes(rows: readonly TokenRow[], count: number): Buffer {
  const bytes = fileOf("mask", count);
  let at = HEADER_BYTES;
  for (const { tokens, promptTokens, toldTokens } of rows) {
    // Learned and told stretches take turns.
    for (const [index, start] of [promptTokens, ...toldTokens].entries())
      bytes.fill(1 - (index % 2), at + start, at + (toldTokens[index] ?? tokens.length));
    at += tokens.length;
  }
  return bytes;
}

function writeManifest(folder: string, how: ShardHow, entries: readonly Entry[]): void {
  const { vocabulary, split, mix } = how;
  const shards = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const manifest = { format: "llmc-shards", version: VERSION, vocabulary, split, mix, shards };
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
}
