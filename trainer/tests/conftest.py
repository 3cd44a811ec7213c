"""A small folder of shards and a small run for every test."""

import copy
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from trainer.shards import Array, write_folder

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 900  # for another process to get somewhere, on a machine as busy as may be
VOCABULARY = 512
BASE: dict[str, Any] = {
    "name": "test",
    "out": "out",
    "model": {"size": "nano", "context": 128, "vocabulary": VOCABULARY, "layers": 2},
    "stages": [{"name": "only", "steps": 4, "data": [{"folder": "data"}]}],
    "batch": {"rows": 4, "micro_rows": 2},
    "schedule": {"name": "cosine", "warmup": 2},
    "precision": "f32",
    "device": "cpu",
    "threads": 1,
    "peak_tflops": 0.1,
}

RunMaker = Callable[..., Path]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def documents(count: int, seed: int = 0, longest: int = 200) -> list[Array]:
    """Documents that can be learned: each counts upwards from a random start."""
    rng = np.random.default_rng(seed)
    starts, lengths = rng.integers(0, VOCABULARY, count), rng.integers(2, longest, count)
    return [(s + np.arange(n)) % VOCABULARY for s, n in zip(starts, lengths, strict=True)]


@pytest.fixture
def make_run(tmp_path: Path) -> RunMaker:
    """make_run(key=value, ...) writes shards and run.json with some keys replaced, and gives the path of run.json."""
    write_folder(tmp_path / "data", {"a": documents(60), "b": documents(40, 1)}, vocabulary=VOCABULARY)

    def make(name: str = "run.json", **changes: Any) -> Path:
        data = copy.deepcopy(BASE) | changes
        (tmp_path / name).write_text(json.dumps(data))
        return tmp_path / name

    return make


def metrics(out: Path, event: str = "step") -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    return [line for line in lines if line["event"] == event]


def losses(out: Path) -> list[float]:
    """Of each step the last line, in order of steps."""
    by_step = {line["step"]: line["loss"] for line in metrics(out)}
    return [by_step[step] for step in sorted(by_step)]


def folders(out: Path) -> list[str]:
    return sorted(p.name for p in (out / "checkpoints").iterdir())


def stages(steps: int, **source: Any) -> list[dict[str, Any]]:
    return [{"name": "only", "steps": steps, "data": [{"folder": "data", **source}]}]


class Trainer:
    """`python -m trainer` as a process of its own."""

    def __init__(self, run: Path, *options: str, module: tuple[str, ...] = ()) -> None:
        command = [sys.executable, *module, "-m", "trainer", str(run), *options]
        self.process = subprocess.Popen(command, cwd=ROOT, text=True, stderr=subprocess.PIPE)

    def wait_for(self, path: Path) -> None:
        deadline = time.monotonic() + WAIT_S
        while not path.exists():
            assert self.process.poll() is None, self.process.communicate()[1]
            assert time.monotonic() < deadline, f"{path} did not come"
            time.sleep(0.02)

    def end(self, number: int | None = None) -> tuple[int, str]:
        """Sends a signal, waits for the end; gives exit code and standard error."""
        if number:
            self.process.send_signal(number)
        error = self.process.communicate(timeout=WAIT_S)[1]
        return self.process.returncode, error


Starter = Callable[..., Trainer]


@pytest.fixture
def start() -> Iterator[Starter]:
    """start(run, ...) starts a Trainer; those still running at the end of the test are killed."""
    started: list[Trainer] = []

    def begin(*args: Any, **options: Any) -> Trainer:
        started.append(Trainer(*args, **options))
        return started[-1]

    yield begin
    for trainer in started:
        if trainer.process.poll() is None:
            trainer.end(signal.SIGKILL)
