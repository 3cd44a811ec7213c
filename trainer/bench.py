"""Our training step beside the same model in plain `transformers`, taking turns: `python -m trainer.bench`.

Both train the same geometry on the same rows with AdamW (fused), autocast to bf16 where that is fast. The rival is
LlamaForCausalLM with SDPA, given whole rows with causal attention across documents (no mask: its fastest path), as
"concatenate and cut" does; ours keeps documents apart besides. Wall times suffer from other jobs; processor times of
one thread hardly do, so the headline ratio is of those on a CPU.
"""

import argparse
import contextlib
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from torch import Tensor

from .config import MAX_CONTEXT_TOKENS, ModelConfig, OptimizerConfig, SizeName, SourceConfig
from .data import Batch, Mixture
from .distributed import World, fill
from .hf import hf_config
from .model import Llama, fastest_dtype, initial
from .optim import Optimizer
from .shards import write_folder

Step = Callable[[Batch], float]
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
DTYPE = fastest_dtype(DEVICE)
RESULTS = Path(__file__).resolve().parent.parent / "results" / "trainer-throughput.md"


def batches(context: int, vocabulary: int, rows: int, *, answers: float) -> list[Batch]:
    """Rows of made-up documents, log-normal around a third of the context; `answers`: share of tokens to learn."""
    rng = np.random.default_rng(0)
    lengths = np.clip(rng.lognormal(np.log(context / 3), 0.8, 400).astype(int), 16, context)
    documents = [rng.integers(0, vocabulary, n) for n in lengths]
    masks = {"a": [(np.arange(n) >= n * (1 - answers)).astype(np.uint8) for n in lengths]}
    with tempfile.TemporaryDirectory() as folder:
        write_folder(Path(folder), {"a": documents}, vocabulary=vocabulary, masks=masks)
        mixture = Mixture([SourceConfig(folder)], context, vocabulary, 0)
        return [mixture.batch(range(i * rows, (i + 1) * rows)).to(DEVICE) for i in range(4)]


def our_step(model: ModelConfig, compile_layers: bool) -> Step:
    shape, config = model.shape(), OptimizerConfig()
    llama = Llama(shape, "flex" if DEVICE.type == "cuda" else "segments", dtype=DTYPE).to(DEVICE)
    fill(llama, lambda index, name, p: initial(name, p, shape, index))
    optimizer = Optimizer(llama, config, World(0, 1, DEVICE), DTYPE)
    for layer in llama.model.layers if compile_layers else []:
        layer.compile()

    def step(batch: Batch) -> float:
        with autocast():
            loss: Tensor = llama(batch) / len(batch.labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(llama.parameters(), 1.0)
        optimizer.step(1.0)
        return float(loss.detach())

    return step


def plain_step(model: ModelConfig) -> Step:
    made = {k: v for k, v in hf_config(model, "float32").items() if k not in ("architectures", "model_type")}
    make: Any = transformers.LlamaForCausalLM
    llama = make(transformers.LlamaConfig(**made, use_cache=False)).to(DEVICE)
    llama.set_attn_implementation("sdpa")
    llama.train()
    optimizer = torch.optim.AdamW(llama.parameters(), 1e-3, (0.9, 0.95), fused=True)

    def step(batch: Batch) -> float:
        labels = torch.full(batch.tokens.shape, -100, device=DEVICE).flatten()
        labels[batch.learned] = batch.labels
        labels = labels.view(batch.tokens.shape)
        # transformers shifts labels by one itself: shift_labels hands over ours, which are shifted already
        with autocast():
            loss = llama(input_ids=batch.tokens, labels=labels, shift_labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(llama.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        return float(loss.detach())

    return step


def autocast() -> contextlib.AbstractContextManager[object]:
    return torch.autocast(DEVICE.type, DTYPE, enabled=DTYPE is torch.bfloat16)


def clocks() -> tuple[float, float]:
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter(), time.process_time()


def alternate(steps: dict[str, Step], data: list[Batch], rounds: int) -> dict[str, tuple[float, float]]:
    """Median seconds of a step, (wall, processor), each way in turn after a first round that does not count."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in steps}
    for turn in range(rounds + 1):
        for name, step in steps.items():
            before = clocks()
            step(data[turn % len(data)])
            after = clocks()
            if turn > 0:
                times[name].append((after[0] - before[0], after[1] - before[1]))
    return {name: tuple(map(statistics.median, zip(*t, strict=True))) for name, t in times.items()}


def git(*words: str) -> str:
    command = ["git", "-C", str(RESULTS.parent.parent), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def machine() -> str:
    """Commit, day and machine, as every result states them."""
    head, changes = git("rev-parse", "--short", "HEAD"), git("status", "--porcelain", "trainer")
    commit = (head or "unknown") + (" with changes" if changes else "")
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    cpu = torch.cuda.get_device_name() if DEVICE.type == "cuda" else f"{names[0] if names else platform.processor()}"
    return (
        f"Commit {commit}, {date.today()}, {cpu}, {torch.get_num_threads()} thread(s), "
        f"Python {platform.python_version()}, torch {torch.__version__}, transformers {transformers.__version__}. "
        "Made by `python -m trainer.bench`."
    )


def main() -> None:
    parser = argparse.ArgumentParser("python -m trainer.bench", description=__doc__)
    parser.add_argument("--size", default="small")
    parser.add_argument("--context", type=int, default=1024)
    parser.add_argument("--rows", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--compile", action="store_true", help="also ours with torch.compile")
    parser.add_argument("--note", default="", help="a sentence for the results, such as what else ran on the machine")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS}")
    options = parser.parse_args()
    assert 0 < options.context <= MAX_CONTEXT_TOKENS
    torch.set_num_threads(options.threads)
    size: SizeName = options.size
    model = ModelConfig(size, options.context)
    steps = {"transformers": plain_step(model), "ours": our_step(model, False)}
    if options.compile:
        steps["ours, compiled"] = our_step(model, True)
    tokens, clock = options.rows * options.context, 0 if DEVICE.type == "cuda" else 1
    lines = []
    for title, answers in (("every token learned", 1.0), ("answers only (30 % of tokens)", 0.3)):
        data = batches(options.context, model.shape().vocabulary, options.rows, answers=answers)
        times = alternate(steps, data, options.rounds)
        rival = times["transformers"]
        for name, (wall, cpu) in times.items():
            per_s = tokens / (wall, cpu)[clock]
            ratio = rival[clock] / (wall, cpu)[clock]
            lines.append(f"| {title} | {name} | {wall:.3f} | {cpu:.3f} | {per_s:,.0f} | {ratio:.2f} |")
    text = report(lines, options)
    print(text)
    if options.write:
        RESULTS.write_text(text, "utf-8")


def report(lines: list[str], options: argparse.Namespace) -> str:
    clock = "wall" if DEVICE.type == "cuda" else "processor"
    head = "| data | step | wall s | processor s | tokens/s | ratio |\n| --- | --- | ---: | ---: | ---: | ---: |\n"
    dtype = str(DTYPE).removeprefix("torch.")
    intro = (
        f"# trainer-throughput\n\n{machine()}\n\n`{options.size}`, context {options.context}, {options.rows} rows a "
        f"step, {dtype}, fused AdamW; medians of {options.rounds} steps of each in turn in one process. tokens/s "
        f"and ratio are of {clock} time. Documents are packed, about three a row; `transformers` gets whole rows with "
        f"plain causal attention, its fastest way. Wanted: at least 1.3. {options.note}\n\n"
    )
    return intro + head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
