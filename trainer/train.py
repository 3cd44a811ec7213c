"""The training loop: build, resume, step, evaluate, checkpoint, stop. One function a phase, in that order."""

import contextlib
import math
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from . import checkpoint
from .config import RunConfig
from .data import Batch, Mixture, Stages, mix
from .distributed import World, fill, parameters, shard_model, whole
from .errors import ConfigError, RunError
from .hf import Weights
from .model import AttentionName, Llama, fastest_attention, fastest_dtype, initial, parameter_counts, step_flops
from .optim import Optimizer
from .progress import Metrics, Progress, measure_peak
from .schedule import rate_factor
from .shards import verify_hashes

STEP_MARGIN = 1.5  # a step under a time limit is begun only if 1.5 times the last one would still fit
PRECISIONS = {"auto": None, "bf16": torch.bfloat16, "f32": torch.float32}
VALIDATION_SEED = 999  # not the run's: losses of runs that went on from one another, each with its own, must compare


@dataclass
class Stopper:
    """When to end early: a signal, or a time limit in seconds since `started`."""

    started: float
    limit_s: float | None
    reason: str | None = None
    slowest_save_s: float = 0.0

    def on_signal(self, number: int, frame: object) -> None:
        self.reason = signal.Signals(number).name

    def due(self, last_step_s: float) -> bool:
        """Whether this process wants to stop now, leaving time for the checkpoint."""
        ahead = STEP_MARGIN * last_step_s + self.slowest_save_s
        if self.limit_s is not None and time.monotonic() - self.started + ahead >= self.limit_s:
            self.reason = self.reason or "time limit"
        return self.reason is not None


@dataclass
class Pace:
    """How far a run is on its schedule: as many steps as it has made, or as its time has got to where it has a budget.

    Whoever lends a GPU lends minutes, not steps: a budget ends a run where its rate has come down, on a machine of any
    speed. It makes the answer depend on the clock, so it is never the default.
    """

    steps: int
    budget_s: float | None = None
    begun: float = field(default_factory=time.monotonic)

    def share(self) -> float:
        return 0.0 if self.budget_s is None else (time.monotonic() - self.begun) / self.budget_s

    def at(self, step: int) -> int:
        """The step whose rate is used; 0 ≤ step < steps."""
        return min(self.steps - 1, max(step, int(self.steps * self.share())))

    def is_over(self, last_step_s: float) -> bool:
        """Whether another step would end later than the budget."""
        return self.budget_s is not None and self.share() + last_step_s / self.budget_s >= 1


@dataclass
class Run:
    """All that the phases share."""

    config: RunConfig
    world: World
    model: Llama
    optimizer: Optimizer
    stages: Stages
    validation: Mixture | None
    metrics: Metrics | None  # of the first process only
    stopper: Stopper
    pace: Pace
    dtype: torch.dtype

    def note(self, event: str, **fields: object) -> None:
        if self.metrics:
            self.metrics.add(event, **fields)


def train(
    config: RunConfig,
    world: World,
    *,
    resume: str,
    limit_s: float | None,
    started: float,
    budget_s: float | None = None,
) -> str:
    """Trains until all steps are done, the time is up or a signal comes; returns the reason. Raises RunError.

    With `budget_s` the run is finished when so many seconds have passed from now, its schedule with it.
    """
    pace = Pace(config.steps, budget_s)
    if config.threads:
        torch.set_num_threads(config.threads)
    stopper = Stopper(started, limit_s)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopper.on_signal)
    run = build(config, world, stopper, pace)
    from_folder = checkpoint.choose(Path(config.out), resume)
    done = checkpoint.load(from_folder, run.model, run.optimizer, config) if from_folder else 0
    if world.leads:
        run.metrics = Metrics(Path(config.out) / "metrics.jsonl")
    peak = (config.peak_tflops * 1e12 if config.peak_tflops else measure_peak(world.device, run.dtype)) * world.size
    try:
        with world.others.blamed():
            note_start(run, done, from_folder, peak)
            return loop(run, done, Progress(config.steps, peak))
    except RunError as error:
        with contextlib.suppress(RunError):  # the disk may be full
            run.note("stop", reason="error", message=str(error))
        raise
    finally:
        if run.metrics:
            run.metrics.close()


def note_start(run: Run, done: int, resumed: Path | None, peak: float) -> None:
    config, world = run.config, run.world
    run.note(
        "start", run=config.name, step=done, steps=config.steps, resumed=str(resumed) if resumed else None,
        parameters=parameter_counts(config.model.shape())[0], processes=world.size, device=world.device.type,
        threads=torch.get_num_threads(), torch=torch.__version__, precision=str(run.dtype).removeprefix("torch."),
        peak_tflops=round(peak / 1e12, 3), provenance=config.provenance, optimizer=asdict(config.optimizer),
    )  # fmt: skip


def build(config: RunConfig, world: World, stopper: Stopper, pace: Pace) -> Run:
    """Opens and verifies the shards, makes the model with its first weights, and the optimiser."""
    if config.batch.rows % world.size:
        raise ConfigError(f"batch.rows {config.batch.rows}: wanted a multiple of the {world.size} processes")
    context, vocabulary = config.model.context, config.model.shape().vocabulary
    stages = Stages(config.stages, context, vocabulary, config.seed)
    validation = Mixture(config.validation.data, context, vocabulary, VALIDATION_SEED) if config.validation else None
    shards = stages.shards + ([s for source in validation.sources for s in source.shards] if validation else [])
    verify_hashes(shards[world.rank :: world.size])
    dtype = PRECISIONS[config.precision] or fastest_dtype(world.device)
    model = make_model(config, world, dtype)
    optimizer = Optimizer(model, config.optimizer, world, dtype)
    return Run(config, world, model, optimizer, stages, validation, None, stopper, pace, dtype)


def make_model(config: RunConfig, world: World, dtype: torch.dtype) -> Llama:
    """A model on this process's device, sharded where there are many, with initial weights or those of init_from."""
    shape, cuda = config.model.shape(), world.device.type == "cuda"
    attention: AttentionName = config.attention if config.attention != "auto" else fastest_attention(cuda)
    with torch.device("meta"):
        model = Llama(shape, attention, dtype=dtype, checkpointing=config.activation_checkpointing)
    if config.compile if config.compile is not None else cuda:
        for layer in model.model.layers:
            layer.compile()
    if world.size > 1:
        shard_model(model, world)
    model.to_empty(device=world.device)
    model.tie()
    if config.init_from:
        start = Path(config.init_from)
        weights = Weights(checkpoint.choose(start, "auto") or start)
        fill(model, lambda _, name, p: weights.get(name, p))
    else:
        fill(model, lambda index, name, p: initial(name, p, shape, mix(config.seed, index)))
    return model


def loop(run: Run, done: int, progress: Progress) -> str:
    """Steps `done` to the end. Every way out but an error leaves a checkpoint of the last step."""
    config = run.config
    for step, batches in prefetched(run, done):
        begun = time.monotonic()
        loss, fields = one_step(run, step, batches)
        seconds = time.monotonic() - begun
        lengths = [n for b in batches for n in b.lengths]
        learned = int(fields["learned"])
        size = run.world.size  # the others' documents are taken to be like ours
        speed = progress.step(
            seconds,
            config.batch.rows * config.model.context,
            step_flops(config.model.shape(), lengths, learned // size) * size,
        )
        run.note("step", step=step + 1, loss=loss, **fields, **speed, seconds=round(seconds, 4))
        if run.world.leads:
            progress.line(step + 1, loss, speed)
        done = step + 1
        over, stop = (
            total > 0 for total in run.world.sum(float(run.pace.is_over(seconds)), float(run.stopper.due(seconds)))
        )
        is_last = done == config.steps or over
        if config.validation and (done % config.validation.every == 0 or is_last):
            run.note("evaluation", step=done, loss=evaluate(run))
        if stop or is_last or done % config.checkpoint.every == 0:
            save(run, done)
        if stop and not is_last:
            return finish(run, done, run.stopper.reason or "another process was told to stop")
        if is_last:
            break
    return finish(run, done, "finished")


def finish(run: Run, done: int, reason: str) -> str:
    run.note("stop", step=done, reason=reason)
    return reason


def save(run: Run, done: int) -> None:
    begun = time.monotonic()
    folder = checkpoint.save(run.model, run.optimizer, config=run.config, step=done, world=run.world)
    seconds = time.monotonic() - begun
    run.stopper.slowest_save_s = max(run.stopper.slowest_save_s, seconds)
    run.note("checkpoint", step=done, folder=str(folder), seconds=round(seconds, 3))


def prefetched(run: Run, done: int) -> Iterator[tuple[int, list[Batch]]]:
    """The batches of this process for each step, the next ones read while the present step runs."""
    steps = run.config.steps
    with ThreadPoolExecutor(1) as pool:
        ahead: Future[list[Batch]] | None = pool.submit(read_step, run, done) if done < steps else None
        for step in range(done, steps):
            assert ahead is not None
            batches = ahead.result()
            ahead = pool.submit(read_step, run, step + 1) if step + 1 < steps else None
            yield step, batches


def read_step(run: Run, step: int) -> list[Batch]:
    """This process's micro-batches of a step."""
    _, mixture, nth = run.stages.at(step)
    share = run.config.batch.rows // run.world.size
    first = nth * run.config.batch.rows + run.world.rank * share
    return list(micro_batches(mixture, range(first, first + share), run.config.batch.micro_rows))


def micro_batches(mixture: Mixture, rows: range, micro_rows: int) -> Iterator[Batch]:
    return (mixture.batch(rows[i : i + micro_rows]) for i in range(0, len(rows), micro_rows))


def one_step(run: Run, step: int, batches: list[Batch]) -> tuple[float, dict[str, float]]:
    """Forward, backward and update; loss is the mean over all learned positions of all processes, in nats."""
    model, world, config = run.model, run.world, run.config
    learned = world.sum(sum(len(b.labels) for b in batches))[0]
    total = torch.zeros((), device=world.device)
    with precision(run):
        for batch in batches:
            loss = model(batch.to(world.device))
            # FSDP averages gradients over the processes: undo that, and divide by all positions. It does so after every
            # micro-batch: to wait for the last would keep whole float32 gradients on each GPU, 52 GB for 13b.
            (loss * (world.size / max(1.0, learned))).backward()
            total += loss.detach()
    mean = world.sum(float(total))[0] / max(1.0, learned)
    norm = clip(model, config.optimizer.clip)
    stage = run.stages.at(step)[0]
    for name, value in (("loss", mean), ("gradient norm", norm)):
        if not math.isfinite(value):
            where = f"step {step + 1} (stage {stage})"
            raise RunError(f"{where}: {name} is {value}; lower optimizer.learning_rate, then resume from before it")
    factor = rate_factor(config.schedule, run.pace.at(step), config.steps)
    run.optimizer.step(factor)
    return mean, {"learned": learned, "gradient_norm": norm, "rate": factor * config.optimizer.learning_rate}


def precision(run: Run) -> contextlib.AbstractContextManager[object]:
    """Autocast in one process; FSDP2 has its own mixed precision. One context a step: weights are cast once."""
    alone = run.world.size == 1 and run.dtype == torch.bfloat16
    return torch.autocast(run.world.device.type, torch.bfloat16) if alone else contextlib.nullcontext()


def uncompiled(run: Run) -> contextlib.AbstractContextManager[object]:
    """Without gradients all would be compiled anew, which takes longer than the rows do. FlexAttention has to be."""
    eager = run.world.device.type == "cuda" and run.model.attention != "flex"
    return torch.compiler.set_stance("force_eager") if eager else contextlib.nullcontext()


def clip(model: Llama, limit: float) -> float:
    """Scales gradients to a global norm of at most `limit` (0: no limit); returns the norm before."""
    norm: Tensor = torch.nn.utils.clip_grad_norm_([p for _, p in parameters(model)], limit or math.inf)
    return float(whole(norm))


@torch.no_grad()
def evaluate(run: Run) -> float:
    """Mean loss over the validation rows, in nats; the number of rows is rounded up to the processes."""
    assert run.config.validation and run.validation
    share = -(-run.config.validation.rows // run.world.size)
    rows = range(run.world.rank * share, (run.world.rank + 1) * share)
    loss, learned = 0.0, 0.0
    with precision(run), uncompiled(run):
        for batch in micro_batches(run.validation, rows, run.config.batch.micro_rows):
            loss += float(run.model(batch.to(run.world.device)))
            learned += len(batch.labels)
    loss, learned = run.world.sum(loss, learned)
    return loss / max(1.0, learned)
