"""Nano or small models of random weights with their logits, to hold another implementation against this one:
`python -m trainer.tests.random_model OUT --tokenizer FOLDER < token ids as a JSON array`.

For NAME in tied, untied writes OUT/NAME/model (a Hugging Face folder in bfloat16) and OUT/NAME/logits.f32: (tokens,
vocabulary) in float32.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import torch
from torch import Tensor

from .. import checkpoint
from ..config import BatchConfig, ModelConfig, OptimizerConfig, RunConfig, SizeName
from ..data import Batch
from ..distributed import World, fill
from ..export import export
from ..model import Llama
from ..optim import Optimizer

SEED = 7
# Attention that looks somewhere, and few tokens that are often likely: the best are then well ahead, as after training.
# A higher gain amplifies the rounding of Q8_0 from layer to layer.
GAIN = 0.8  # of the layers' matrices
SPREAD = 1.0  # of the lengths of embeddings and head rows: standard deviation of their logarithm
CONTEXT: dict[SizeName, int] = {"nano": 512, "small": 4096}
PROVENANCE = {
    "llmc.dialect": "compact",
    "llmc.llvm.version": "22.1.8",
    "llmc.passes.hash": "11",
    "llmc.coreset.hash": "22",
    "llmc.stage": "tune",
    "llmc.commit": "33",
    "note": "no key of a GGUF",
}


def random_value(index: int, name: str, like: Tensor) -> Tensor:
    """Norms around 1, matrices by their width; values that bfloat16 holds, so that the export rounds nothing."""
    generator = torch.Generator().manual_seed(SEED + index)
    value = torch.empty(like.shape).normal_(generator=generator)
    if like.dim() == 1:
        value = 1 + 0.2 * value
    elif "layers" in name:
        value *= GAIN / math.sqrt(like.shape[1])
    else:
        value *= torch.empty(like.shape[0], 1).normal_(0.0, SPREAD, generator=generator).exp()
    return value.bfloat16().float()


def build(model_config: ModelConfig) -> Llama:
    model = Llama(model_config.shape(), "segments", dtype=torch.float32)
    fill(model, random_value)
    return model


@torch.no_grad()
def logits(model: Llama, ids: list[int]) -> Tensor:
    """(tokens, vocabulary) of one document."""
    n, none = len(ids), torch.empty(0, dtype=torch.int64)
    tokens = torch.tensor([ids])
    batch = Batch(tokens, torch.arange(n)[None], torch.zeros(1, n, dtype=torch.int32), [n], none, none)
    return model.logits(batch)[0]


def write(out: Path, ids: list[int], *, size: SizeName, tokenizer: Path, tied: bool) -> None:
    # rope_theta as in the large sizes: another base than llama.cpp's default must arrive there.
    model_config = ModelConfig(size, context=CONTEXT[size], tied=tied, rope_theta=1e6)
    config = RunConfig("random", str(out), model_config, [], BatchConfig(1, 1), provenance=PROVENANCE)
    model = build(model_config)
    alone = World(0, 1, torch.device("cpu"))
    optimizer = Optimizer(model, OptimizerConfig(), alone, torch.float32)
    folder = checkpoint.save(model, optimizer, config=config, step=0, world=alone)
    export(folder, out / "model", tokenizer=tokenizer)
    logits(model, ids).contiguous().numpy().tofile(out / "logits.f32")


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m trainer.tests.random_model")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--size", choices=CONTEXT, default="nano")
    options = parser.parse_args(argv)
    ids: list[int] = json.load(sys.stdin)
    for name, tied in (("tied", True), ("untied", False)):
        write(options.out / name, ids, size=options.size, tokenizer=options.tokenizer, tied=tied)


if __name__ == "__main__":
    main(sys.argv[1:])
