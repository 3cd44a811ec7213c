"""What a run tells: metrics.jsonl for programs, one line for people, and the machine's peak to measure against."""

import contextlib
import fcntl
import json
import math
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any, TextIO

import torch

from .errors import RunError

LINE_EVERY_S = 10.0  # where standard error is no terminal
RECENT_STEPS = 20  # speed and ETA are of these


def measure_peak(device: torch.device, dtype: torch.dtype) -> float:
    """Floating-point operations a second of a large square matrix product, the best of several; about 0.1 s to 1 s."""
    n, rounds = (8192, 10) if device.type == "cuda" else (1024, 8)
    a = torch.ones(n, n, device=device, dtype=dtype)
    best = math.inf
    for _ in range(rounds):
        start = time.perf_counter()
        a @ a
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - start)
    return 2.0 * n**3 / best


class Metrics:
    """Appends events to metrics.jsonl.

    After a kill the steps since the last checkpoint come again: the last line of a step counts.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            torn = _torn(path)
            self.file: TextIO = open(path, "a", encoding="utf-8")  # noqa: SIM115 (open as long as the run)
        except OSError as error:
            raise RunError(f"{path}: cannot be written: {error.strerror}") from error
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.file.close()
            raise RunError(
                f"{path}: another run writes here; wait for it, or give this one a new 'out' folder"
            ) from error
        if torn:
            self._write("\n")  # a line torn by a kill spoils only itself

    def add(self, event: str, **fields: Any) -> None:
        """One line, flushed. Raises RunError when the disk is full."""
        self._write(json.dumps({"event": event, **fields}) + "\n")

    def close(self) -> None:
        with contextlib.suppress(OSError):  # what could not be written was reported by `add`
            self.file.close()

    def _write(self, text: str) -> None:
        try:
            self.file.write(text)
            self.file.flush()
        except OSError as error:
            raise RunError(f"{self.path}: cannot be written: {error.strerror}") from error


def _torn(path: Path) -> bool:
    """Whether the last line lacks its end."""
    if not path.is_file() or path.stat().st_size == 0:
        return False
    with open(path, "rb") as f:
        f.seek(-1, 2)
        return f.read() != b"\n"


class Progress:
    """Speed, ETA and share of peak out of step times, and the line on standard error."""

    def __init__(self, steps: int, peak_flops: float) -> None:
        self.steps, self.peak = steps, peak_flops
        self.recent: deque[tuple[float, int, float]] = deque(maxlen=RECENT_STEPS)
        self.last_line = -math.inf

    def step(self, seconds: float, tokens: int, flops: float) -> dict[str, float]:
        """Notes a step; returns tokens a second and the share of the peak over the recent ones."""
        self.recent.append((seconds, tokens, flops))
        time_s, count, work = (sum(column) for column in zip(*self.recent, strict=True))
        return {"tokens_per_second": round(count / time_s, 1), "peak_share": round(work / time_s / self.peak, 4)}

    def line(self, step: int, loss: float, speed: dict[str, float]) -> None:
        """Prints the line: over itself on a terminal, else every LINE_EVERY_S and at the end."""
        terminal = sys.stderr.isatty()
        now = time.monotonic()
        if not terminal and now - self.last_line < LINE_EVERY_S and step < self.steps:
            return
        self.last_line = now
        eta_s = (self.steps - step) * sum(s for s, _, _ in self.recent) / len(self.recent)
        text = (
            f"step {step}/{self.steps}  loss {loss:.4f}  {speed['tokens_per_second']:,.0f} tok/s  "
            f"{speed['peak_share']:.0%} of peak  ETA {duration(eta_s)}"
        )
        print(f"\r{text}\x1b[K" if terminal else text, end="" if terminal else "\n", file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """59 s, 12 min, 3 h 05 min."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
