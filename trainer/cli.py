"""Command line: `python -m trainer run.json... [--time-limit S] [--budget S] [--resume WHAT] [--processes N]`.

Several runs are trained one after the other in one process, which compiles once; each may start from the one before
(`init_from`).

Exit codes: 0 finished, or stopped cleanly by SIGTERM, SIGINT or the time limit (metrics.jsonl says which); 1 the run
broke; 2 run.json or the arguments are wrong.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .config import RunConfig, load_config
from .errors import ConfigError, RunError
from .processes import Others, follow, how_many, wanted_processes


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m trainer", description="Trains a Llama model as run.json says.")
    parser.add_argument("runs", type=Path, nargs="+", metavar="run.json", help="README.md describes it")
    parser.add_argument(
        "--time-limit", type=float, metavar="S", help="stop with a checkpoint before S seconds have passed"
    )
    parser.add_argument(
        "--budget",
        type=float,
        metavar="S",
        help="train all runs in S seconds, each by its share of the tokens: rates follow the time instead of the steps",
    )
    parser.add_argument(
        "--micro-rows",
        type=int,
        metavar="N",
        help="instead of batch.micro_rows: rows that fit into this machine's memory at once",
    )
    parser.add_argument(
        "--resume",
        default="auto",
        metavar="WHAT",
        help="auto (newest checkpoint, if any), never, or a checkpoint folder",
    )
    parser.add_argument(
        "--processes",
        type=wanted_processes,
        default=1,
        metavar="N",
        help="share the rows among N processes of this machine; auto: as many as there are cores, or one on a GPU",
    )
    parser.add_argument("--follow", action="store_true", help=argparse.SUPPRESS)  # for those that rank 0 starts
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    started = time.monotonic()
    options = arguments(argv)
    report = (
        (lambda text: print(f"\n{text}", file=sys.stderr))
        if os.environ.get("RANK", "0") == "0"
        else (lambda text: None)
    )
    if options.follow:
        follow()
    try:
        configs = [for_this_machine(load_config(path), options.micro_rows) for path in options.runs]
        if len(configs) > 1 and options.processes != 1:
            raise ConfigError(f"--processes {options.processes}: several runs are trained by one process")
        for run, budget_s in shares(list(zip(options.runs, configs, strict=True)), options.budget, started):
            reason = one_run(run, options, started=started, budget_s=budget_s)
            report(f"{run[1].name}: {reason}, {time.monotonic() - started:.0f} s after the start")
            if reason != "finished":
                break
        return 0
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except RunError as error:
        print(f"\nerror: {error}", file=sys.stderr)
        return 1


def for_this_machine(config: RunConfig, micro_rows: int | None) -> RunConfig:
    if micro_rows is None:
        return config
    if micro_rows < 1:
        raise ConfigError(f"--micro-rows {micro_rows}: wanted a number above 0")
    return replace(config, batch=replace(config.batch, micro_rows=micro_rows))


Run = tuple[Path, RunConfig]


def shares(runs: list[Run], budget_s: float | None, started: float) -> Iterator[tuple[Run, float | None]]:
    """Each run with its seconds, shared out by tokens of what is left when its turn comes."""
    tokens = [config.steps * config.batch.rows * config.model.context for _, config in runs]
    for i, run in enumerate(runs):
        left = None if budget_s is None else budget_s - (time.monotonic() - started)
        yield run, None if left is None else max(1.0, left * tokens[i] / sum(tokens[i:]))


def one_run(run: Run, options: argparse.Namespace, *, started: float, budget_s: float | None) -> str:
    """Trains it and says why it ended. Raises ConfigError and RunError."""
    path, config = run
    # When to stop is up to this process: the others get no time limit.
    arguments = [str(path), "--resume", options.resume]
    if options.micro_rows is not None:
        arguments += ["--micro-rows", str(options.micro_rows)]
    with Others().start(how_many(options.processes, config), arguments) as others, others.blamed():
        from .distributed import join, leave  # torch loads here, after OMP_NUM_THREADS is set
        from .train import train

        world = join(config.device, others)
        limit_s = options.time_limit
        reason = train(config, world, resume=options.resume, limit_s=limit_s, started=started, budget_s=budget_s)
        leave()
        return reason
