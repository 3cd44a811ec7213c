"""From shards to batches: packing documents into rows, mixing sources, and reading a batch.

A *row* is `context` positions filled with *pieces* of documents; a document of n tokens gives n - 1 positions, each
with the next token as its label. What row comes where is a pure function of run.json, the shards and the row's number:
there is no state to save.
"""

import bisect
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .config import SourceConfig, StageConfig
from .errors import RunError
from .shards import Array, Shard, open_folder

BLOCK_ROWS = 1024  # sources are mixed exactly within each block; weights are rounded to 1/1024
IGNORED = -1  # label of a position that is not learned


@dataclass(frozen=True)
class Batch:
    """Rows ready for the model. B rows, T = context, P learned positions."""

    tokens: Tensor  # (B, T) int64
    positions: Tensor  # (B, T) int64, from 0 in each document
    documents: Tensor  # (B, T) int32, number of the document within the row; padding is the last
    lengths: list[int]  # of the pieces and paddings in order, over all rows; sums to B * T
    learned: Tensor  # (P,) int64, indices into the flattened B * T
    labels: Tensor  # (P,) int64

    def to(self, device: torch.device) -> "Batch":
        def moved(t: Tensor) -> Tensor:
            return t.to(device, non_blocking=True)

        tokens, positions, documents = moved(self.tokens), moved(self.positions), moved(self.documents)
        return Batch(tokens, positions, documents, self.lengths, moved(self.learned), moved(self.labels))


class Source:
    """The packed rows of one entry of run.json's data: all its documents, once an epoch, in an order of its own."""

    def __init__(self, config: SourceConfig, context: int, vocabulary: int, seed: int) -> None:
        self.shards = open_folder(Path(config.folder), config.shards, vocabulary)
        self.weight, self.context, self.vocabulary, self.seed = config.weight, context, vocabulary, seed
        pieces = [_pieces(s, number, context, config.long_documents) for number, s in enumerate(self.shards)]
        self.pieces = np.concatenate(pieces)  # (pieces, 3): shard, first token, positions
        if not len(self.pieces):
            raise RunError(
                f"{config.folder}: no document gives a position to learn "
                f"(context {context}, long_documents {config.long_documents})"
            )
        self.order, self.bounds = pack(self.pieces[:, 2], context)
        self.rows = len(self.bounds) - 1
        self._epoch, self._shuffled = -1, np.zeros(0, np.int64)

    def row(self, index: int) -> list[tuple[Shard, int, int]]:
        """Pieces (shard, first token, positions) of the index-th row of this source's endless sequence."""
        epoch, within = divmod(index, self.rows)
        if epoch != self._epoch:
            self._epoch, self._shuffled = epoch, shuffle(self.rows, self.seed, epoch)
        row = self._shuffled[within]
        chosen = self.order[self.bounds[row] : self.bounds[row + 1]]
        return [(self.shards[s], int(first), int(count)) for s, first, count in self.pieces[chosen]]


class Mixture:
    """The endless sequence of rows of a stage: its sources by weight."""

    def __init__(self, configs: list[SourceConfig], context: int, vocabulary: int, seed: int) -> None:
        self.context, self.vocabulary, self.seed = context, vocabulary, seed
        self.sources = [Source(c, context, vocabulary, mix(seed, i)) for i, c in enumerate(configs)]
        self.counts = quotas([s.weight for s in self.sources])  # rows of each source in a block
        self._kinds = np.repeat(np.arange(len(self.sources)), self.counts)
        self._block, self._assigned = -1, self._kinds

    def row(self, number: int) -> list[tuple[Shard, int, int]]:
        block, within = divmod(number, BLOCK_ROWS)
        if block != self._block:
            self._block, self._assigned = block, self._kinds[shuffle(BLOCK_ROWS, self.seed, block)]
        kind = int(self._assigned[within])
        before = int((self._assigned[:within] == kind).sum())
        return self.sources[kind].row(block * int(self.counts[kind]) + before)

    def batch(self, numbers: range) -> Batch:
        """Reads rows; raises RunError for damaged shards and for token ids outside the vocabulary."""
        return assemble([self.row(n) for n in numbers], self.context, self.vocabulary)


class Stages:
    """All stages of a run in sequence: which rows make a step."""

    def __init__(self, stages: list[StageConfig], context: int, vocabulary: int, seed: int) -> None:
        self.mixtures = [Mixture(s.data, context, vocabulary, mix(seed, 1000 + i)) for i, s in enumerate(stages)]
        self.names = [s.name for s in stages]
        self.starts = [sum(s.steps for s in stages[:i]) for i in range(len(stages))]

    def at(self, step: int) -> tuple[str, Mixture, int]:
        """Name and mixture of the stage that `step` belongs to, and the step's number in it."""
        i = bisect.bisect_right(self.starts, step) - 1
        return self.names[i], self.mixtures[i], step - self.starts[i]

    @property
    def shards(self) -> list[Shard]:
        return [shard for m in self.mixtures for source in m.sources for shard in source.shards]


def _pieces(shard: Shard, number: int, context: int, long_documents: str) -> Array:
    """(pieces, 3) int64 (shard number, first token, positions) of a shard; long documents are cut every `context`."""
    starts = shard.offsets[:-1].astype(np.int64)
    positions: Array = np.diff(shard.offsets.astype(np.int64)) - 1  # the last token is a label only
    keep = (positions > 0) & ((positions <= context) | (long_documents == "split"))
    starts, positions = starts[keep], positions[keep]
    cuts: Array = (positions + context - 1) // context
    document = np.repeat(np.arange(len(starts)), cuts)
    nth = np.arange(len(document)) - np.repeat(np.cumsum(cuts) - cuts, cuts)
    lengths = np.minimum(context, positions[document] - nth * context)
    return np.stack([np.full_like(nth, number), starts[document] + nth * context, lengths], axis=1)


def pack(lengths: Array, context: int) -> tuple[Array, Array]:
    """Best-fit decreasing: pieces, longest first, each into the fullest row that still has room.

    Returns (order, bounds): row r holds pieces order[bounds[r]:bounds[r + 1]]. 1.3 s for a million pieces.
    """
    rows: list[list[int]] = []
    by_room: list[list[int]] = [[] for _ in range(context + 1)]  # open rows by positions left
    rooms = 0  # bit n is set where by_room[n] is not empty
    for piece in np.argsort(-lengths, kind="stable").tolist():
        length = int(lengths[piece])
        fitting = rooms >> length
        if fitting:
            room = length + (fitting & -fitting).bit_length() - 1
            row = by_room[room].pop()
            if not by_room[room]:
                rooms &= ~(1 << room)
            rows[row].append(piece)
        else:
            room, row = context, len(rows)
            rows.append([piece])
        if room > length:
            by_room[room - length].append(row)
            rooms |= 1 << (room - length)
    order = np.fromiter((p for row in rows for p in row), np.int64, len(lengths))
    return order, np.cumsum([0, *map(len, rows)])


def quotas(weights: list[float]) -> Array:
    """Rows a source gets of each block: in proportion to its weight by largest remainder, at least one."""
    if len(weights) > BLOCK_ROWS // 4:
        raise RunError(f"data: {len(weights)} sources in one stage, wanted at most {BLOCK_ROWS // 4}; merge folders")
    exact = np.array(weights) / sum(weights) * BLOCK_ROWS
    counts = np.maximum(1, np.floor(exact)).astype(np.int64)
    while (missing := BLOCK_ROWS - int(counts.sum())) != 0:
        gain = np.where((counts > 1) | (missing > 0), (exact - counts) * np.sign(missing), -np.inf)
        counts[int(np.argmax(gain))] += np.sign(missing)
    return counts


def assemble(rows: list[list[tuple[Shard, int, int]]], context: int, vocabulary: int) -> Batch:
    """Reads the pieces of rows into tensors."""
    tokens = np.zeros((len(rows), context), np.int64)
    labels = np.full((len(rows), context), IGNORED, np.int64)
    positions = np.zeros((len(rows), context), np.int64)
    documents = np.zeros((len(rows), context), np.int32)
    lengths: list[int] = []
    for r, pieces in enumerate(rows):
        at = 0
        for d, (shard, first, count) in enumerate(pieces):
            ids = shard.read("tokens", first, count + 1).astype(np.int64)
            if int(ids.max()) >= vocabulary:
                raise RunError(
                    f"{shard.path}.tokens: id {ids.max()} near token {first}, "
                    f"vocabulary is {vocabulary}: corrupt, or of another tokenizer"
                )
            span = slice(at, at + count)
            tokens[r, span], labels[r, span] = ids[:-1], ids[1:]
            if shard.has_mask:
                labels[r, span][shard.read("mask", first + 1, count) == 0] = IGNORED
            positions[r, span], documents[r, span] = np.arange(count), d
            lengths.append(count)
            at += count
        if at < context:
            lengths.append(context - at)
            positions[r, at:], documents[r, at:] = np.arange(context - at), len(pieces)
    flat = labels.reshape(-1)
    learned = np.flatnonzero(flat != IGNORED)
    tensor = torch.from_numpy
    return Batch(tensor(tokens), tensor(positions), tensor(documents), lengths, tensor(learned), tensor(flat[learned]))


def shuffle(count: int, seed: int, nth: int) -> Array:
    """A permutation of range(count) that depends on its arguments alone, not on the version of a library."""
    keys = _splitmix(np.arange(count, dtype=np.uint64) + np.uint64(mix(seed, nth)))
    return np.argsort(keys, kind="stable")


def mix(seed: int, nth: int) -> int:
    """A 64-bit seed out of two numbers."""
    first = _splitmix(np.array([seed % 2**64], np.uint64))
    return int(_splitmix(first ^ np.uint64(nth))[0])


def _splitmix(x: Array) -> Array:
    """SplitMix64's output function, elementwise on u64."""
    with np.errstate(over="ignore"):
        x = x + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))
