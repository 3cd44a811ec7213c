import dataclasses
import json
from pathlib import Path
from typing import get_args

import pytest
import torch
import torch.nn.functional as F

from trainer.config import SIZES, SourceConfig, load_config
from trainer.data import Batch, Mixture
from trainer.distributed import World, fill
from trainer.loss import LOGITS_PER_CHUNK, linear_cross_entropy
from trainer.model import (
    FLEX_BLOCK,
    AttentionName,
    Llama,
    _sdpa,
    block_mask,
    blocked_attention,
    initial,
    parameter_counts,
)
from trainer.optim import Optimizer, orthogonalise
from trainer.shards import write_folder

from .conftest import VOCABULARY, RunMaker, documents

SHAPE = dataclasses.replace(SIZES["nano"], vocabulary=VOCABULARY, layers=2, rope_theta=5e5)


def model(attention: AttentionName = "segments", **changes: bool) -> Llama:
    shape = dataclasses.replace(SHAPE, **changes)
    made = Llama(shape, attention, dtype=torch.float32)
    fill(made, lambda index, name, p: initial(name, p, shape, index) * (1 if "norm" in name else 5))
    return made


def packed(folder: Path) -> Batch:
    write_folder(folder, {"a": documents(60, longest=90)}, vocabulary=VOCABULARY)
    batch = Mixture([SourceConfig(str(folder))], 128, VOCABULARY, 0).batch(range(4))
    assert len(batch.lengths) > 8
    return batch


def alone(tokens: torch.Tensor, learned: torch.Tensor, labels: torch.Tensor) -> Batch:
    n = len(tokens)
    return Batch(tokens[None], torch.arange(n)[None], torch.zeros(1, n, dtype=torch.int32), [n], learned, labels)


@pytest.mark.parametrize("attention", ["segments", "mask"])
def test_packed_documents_have_the_loss_and_gradient_that_they_have_alone(
    tmp_path: Path, attention: AttentionName
) -> None:
    batch, llama = packed(tmp_path), model(attention)
    loss = llama(batch)
    loss.backward()
    packed_grads = [p.grad.clone() for p in llama.parameters() if p.grad is not None]
    llama.zero_grad()
    flat, total, at = batch.tokens.flatten(), 0.0, 0
    for length in batch.lengths:
        inside = (batch.learned >= at) & (batch.learned < at + length)
        part = llama(alone(flat[at : at + length], batch.learned[inside] - at, batch.labels[inside]))
        part.backward()
        total += float(part.detach())
        at += length
    assert float(loss.detach()) / len(batch.labels) == pytest.approx(total / len(batch.labels), abs=1e-5)
    for p, grad in zip(llama.parameters(), packed_grads, strict=True):
        assert torch.allclose(p.grad, grad, rtol=1e-3, atol=1e-4 * float(grad.abs().max()))  # type: ignore[arg-type]


def test_every_way_of_attention_gives_the_same_logits(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a": documents(60, longest=400)}, vocabulary=VOCABULARY)
    batch = Mixture([SourceConfig(str(tmp_path))], 4 * FLEX_BLOCK, VOCABULARY, 0).batch(range(4))
    with torch.no_grad():
        segments, mask, flex = (model(name).logits(batch) for name in ("segments", "mask", "flex"))
    assert torch.allclose(segments, mask, atol=1e-5)
    assert torch.allclose(segments, flex, atol=1e-5)
    blocks = block_mask(batch.documents, batch.positions)
    assert int(blocks.kv_num_blocks.sum()) < 4 * 10  # of 4 × 4 blocks a row, 10 are not in the future


@pytest.mark.skipif(not torch.cuda.is_available(), reason="FlashAttention's kernels are for CUDA")
def test_attention_on_cuda_gives_the_logits_of_the_cpu(tmp_path: Path) -> None:
    batch = packed(tmp_path)
    with torch.no_grad():
        wanted = model("segments").logits(batch)
        for name in get_args(AttentionName)[2:]:
            made = model(name).to("cuda")
            with torch.autocast("cuda", torch.bfloat16):
                made.dtype = torch.bfloat16
                got = made.logits(batch.to(torch.device("cuda"))).float().cpu()
            assert float((got - wanted).norm() / wanted.norm()) < 0.03, name


@pytest.mark.parametrize("length", [1, 7, 300])
def test_blocked_attention_equals_sdpa_forward_and_backward(length: int) -> None:
    q, k, v = (torch.randn(2, length, heads, 16, requires_grad=True) for heads in (4, 2, 2))
    results = []
    for function in (blocked_attention, _sdpa):
        out = function(q, k, v)
        results.append((out, *torch.autograd.grad((out * out).sum(), (q, k, v))))
    for got, wanted in zip(*results, strict=True):
        assert torch.allclose(got, wanted, atol=1e-4)


def test_activation_checkpointing_gives_the_same_gradients(tmp_path: Path) -> None:
    batch, plain = packed(tmp_path), model()
    plain(batch).backward()
    again = model()
    again.checkpointing = True
    again(batch).backward()
    for p, q in zip(plain.parameters(), again.parameters(), strict=True):
        assert torch.equal(p.grad, q.grad)  # type: ignore[arg-type]


@pytest.mark.parametrize("tied", [True, False])
def test_parameter_counts_count_the_model(tied: bool) -> None:
    llama = model(tied=tied)
    assert parameter_counts(llama.shape)[0] == sum(p.numel() for p in llama.parameters())
    assert ("lm_head.weight" in dict(llama.named_parameters())) == (not tied)


def test_linear_cross_entropy_equals_the_plain_way_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LOGITS_PER_CHUNK, "cpu", 7 * 50)
    x, w = torch.randn(23, 16, requires_grad=True), torch.randn(50, 16, requires_grad=True)
    labels = torch.randint(0, 50, (23,))
    (linear_cross_entropy(x, w, labels) * 0.5).backward()
    got = x.grad, w.grad
    x.grad = w.grad = None
    wanted = F.cross_entropy(x @ w.T, labels, reduction="sum")
    (wanted * 0.5).backward()
    assert torch.allclose(linear_cross_entropy(x, w, labels), wanted)
    assert torch.allclose(got[0], x.grad, atol=1e-5)  # type: ignore[arg-type]
    assert torch.allclose(got[1], w.grad, atol=1e-5)  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(8, 32), (32, 8), (16, 16)])
def test_orthogonalise_brings_singular_values_near_one(shape: tuple[int, int]) -> None:
    # A random square matrix may be nearly singular, and five iterations do not lift a value from nothing.
    torch.manual_seed(0)
    made = torch.randn(shape) + 4 * torch.eye(*shape)
    first, second = orthogonalise(torch.stack([made, 3 * made]), torch.float32)
    assert torch.allclose(first, second, atol=1e-5)
    values = torch.linalg.svdvals(first)
    assert 0.5 < float(values.min()) <= float(values.max()) < 1.3


@pytest.mark.parametrize("name", ["adamw", "muon"])
def test_optimizer_gives_matrices_and_the_rest_what_the_run_says(make_run: RunMaker, name: str) -> None:
    config = load_config(make_run(optimizer={"name": name, "learning_rate": 0.01})).optimizer
    llama = model()
    optimizer = Optimizer(llama, config, World(0, 1, torch.device("cpu")), torch.float32)
    owner = {
        optimizer.names[p]: (type(o).__name__, g["weight_decay"])
        for o in optimizer.parts
        for g in o.param_groups
        for p in g["params"]
    }
    assert len(owner) == len(list(llama.parameters()))
    assert owner["model.layers.0.mlp.up_proj.weight"] == ("Muon" if name == "muon" else "AdamW", 0.1)
    assert owner["model.embed_tokens.weight"] == owner["model.norm.weight"] == ("AdamW", 0.0)


def test_transformers_loads_a_checkpoint_folder_and_gives_the_same_logits(make_run: RunMaker, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="transformers is a dependency of tests alone")
    from trainer.cli import main
    from trainer.export import export
    from trainer.hf import Weights

    changes = {"size": "nano", "context": 128, "vocabulary": VOCABULARY, "layers": 2, "rope_theta": 5e5}
    assert main([str(make_run(model=changes))]) == 0
    export(tmp_path / "out/checkpoints/step-00000004", tmp_path / "hf", dtype="float32")
    theirs = transformers.LlamaForCausalLM.from_pretrained(tmp_path / "hf", dtype=torch.float32)
    ours, weights = Llama(SHAPE, "segments", dtype=torch.float32), Weights(tmp_path / "hf")
    fill(ours, lambda _, name, p: weights.get(name, p))
    tokens = torch.arange(100) * 5 % VOCABULARY
    with torch.no_grad():
        got = ours.logits(alone(tokens, tokens[:0], tokens[:0]))
        wanted = theirs(tokens[None]).logits
    assert float(wanted.std()) > 0.01
    assert torch.allclose(got, wanted, atol=1e-5)
    assert json.loads((tmp_path / "hf/config.json").read_text())["num_key_value_heads"] == 2
