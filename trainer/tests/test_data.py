import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from trainer.config import SourceConfig
from trainer.data import BLOCK_ROWS, IGNORED, Mixture, pack, quotas, shuffle
from trainer.errors import RunError
from trainer.shards import open_folder, verify_hashes, write_folder

from .conftest import VOCABULARY, RunMaker, documents


def mixture(folder: Path, *, context: int = 128, seed: int = 0, long: str = "split") -> Mixture:
    return Mixture([SourceConfig(str(folder), long_documents=long)], context, VOCABULARY, seed)  # type: ignore[arg-type]


def test_pack_places_every_piece_once_and_within_the_context() -> None:
    lengths = np.random.default_rng(0).integers(1, 129, 5000)
    order, bounds = pack(lengths, 128)
    assert sorted(order) == list(range(5000))
    fill = np.add.reduceat(lengths[order], bounds[:-1])
    assert fill.max() <= 128
    assert fill.mean() > 0.97 * 128


def test_mixture_reads_each_document_once_an_epoch_with_the_next_token_as_label(tmp_path: Path) -> None:
    docs = documents(50, longest=120)
    write_folder(tmp_path, {"a": docs}, vocabulary=VOCABULARY)
    rows = mixture(tmp_path)
    seen = []
    for number in range(rows.sources[0].rows):
        batch = rows.batch(range(number, number + 1))
        labels = torch.full((128,), IGNORED)
        labels[batch.learned] = batch.labels
        for part in torch.arange(128).split(batch.lengths):
            if labels[part[0]] != IGNORED:  # else padding
                assert batch.positions[0, part].tolist() == list(range(len(part)))
                assert len(set(batch.documents[0, part].tolist())) == 1
                seen.append((*batch.tokens[0, part].tolist(), int(labels[part[-1]])))
    assert Counter(seen) == Counter(tuple(d.tolist()) for d in docs)


def test_mixture_splits_or_drops_documents_longer_than_the_context(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a": [np.arange(300), np.arange(5)]}, vocabulary=VOCABULARY)
    split, drop = mixture(tmp_path), mixture(tmp_path, long="drop")
    assert sorted(split.sources[0].pieces[:, 2]) == [4, 43, 128, 128]
    assert drop.sources[0].pieces.tolist() == [[0, 300, 4]]


def test_mixture_learns_masked_in_tokens_alone(tmp_path: Path) -> None:
    mask = np.array([0, 0, 0, 1, 1, 0], np.uint8)
    write_folder(tmp_path, {"a": [np.arange(10, 16)]}, vocabulary=VOCABULARY, masks={"a": [mask]})
    batch = mixture(tmp_path).batch(range(1))
    assert batch.learned.tolist() == [2, 3]
    assert batch.labels.tolist() == [13, 14]


def test_mixture_depends_on_seed_and_row_number_alone(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a": documents(80)}, vocabulary=VOCABULARY)
    one, two, other = mixture(tmp_path), mixture(tmp_path), mixture(tmp_path, seed=1)
    late = two.batch(range(300, 304)).tokens
    assert [one.batch(range(n, n + 1)).tokens.tolist() for n in range(300, 304)] == late[:, None].tolist()
    assert one.batch(range(8)).tokens.tolist() != other.batch(range(8)).tokens.tolist()
    assert shuffle(5, 1, 2).tolist() == [1, 3, 2, 4, 0]  # must never change: it would reorder runs in progress


def test_quotas_follow_the_weights_and_leave_nobody_out() -> None:
    assert quotas([3, 1]).tolist() == [768, 256]
    assert quotas([1000, 1e-9, 1e-9]).tolist() == [1022, 1, 1]
    assert quotas([1.0] * 7).sum() == BLOCK_ROWS


def test_mixture_mixes_sources_by_weight(tmp_path: Path) -> None:
    for name, token in (("x", 1), ("y", 2)):
        write_folder(tmp_path / name, {"a": [np.full(129, token)] * 3}, vocabulary=VOCABULARY)
    sources = [SourceConfig(str(tmp_path / "x"), 3.0), SourceConfig(str(tmp_path / "y"), 1.0)]
    rows = Mixture(sources, 128, VOCABULARY, 0)
    first = Counter(int(rows.batch(range(n, n + 1)).tokens[0, 0]) for n in range(BLOCK_ROWS))
    assert first == {1: 768, 2: 256}


def test_open_folder_names_the_damaged_file(make_run: RunMaker) -> None:
    folder = make_run().parent / "data"
    tokens = folder / "a.tokens"
    data = tokens.read_bytes()
    shards = open_folder(folder, None, VOCABULARY)
    verify_hashes(shards)

    tokens.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(RunError, match=r"a\.tokens: sha256 .* corrupt"):
        verify_hashes(open_folder(folder, None, VOCABULARY))
    tokens.write_bytes(data[:-2])
    with pytest.raises(RunError, match=r"a\.tokens: .* bytes, wanted .* truncated"):
        open_folder(folder, None, VOCABULARY)
    with pytest.raises(RunError, match=r"a\.tokens: ends early"):
        shards[0].read("tokens", int(shards[0].offsets[-1]) - 2, 2)
    tokens.write_bytes(b"PK" + data[2:])
    with pytest.raises(RunError, match=r"a\.tokens: header"):
        open_folder(folder, None, VOCABULARY)
    tokens.unlink()
    with pytest.raises(RunError, match=r"a\.tokens: cannot be read: No such file"):
        open_folder(folder, None, VOCABULARY)
    with pytest.raises(RunError, match="has no shard 'c'; it has a, b"):
        open_folder(folder, ["c"], VOCABULARY)
    with pytest.raises(RunError, match="vocabulary 512 is larger than the model's 100"):
        open_folder(folder, None, 100)


def test_open_folder_refuses_a_manifest_of_another_version(make_run: RunMaker) -> None:
    folder = make_run().parent / "data"
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"version": 2}))
    with pytest.raises(RunError, match="version 2, wanted llmc-shards 1"):
        open_folder(folder, None, VOCABULARY)


def test_batch_refuses_token_ids_outside_the_vocabulary(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a": [np.array([1, 600, 2])]}, vocabulary=VOCABULARY)
    with pytest.raises(RunError, match=r"a\.tokens: id 600 near token 0, vocabulary is 512"):
        mixture(tmp_path).batch(range(1))
