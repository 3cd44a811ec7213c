"""Command line: `python -m trainer run.json [--time-limit S] [--resume auto|never|FOLDER] [--processes N|auto]`.

Exit codes: 0 finished, or stopped cleanly by SIGTERM, SIGINT or the time limit (metrics.jsonl says which); 1 the run
broke; 2 run.json or the arguments are wrong.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from .config import load_config
from .errors import ConfigError, RunError
from .processes import Others, follow, how_many, wanted_processes


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m trainer", description="Trains a Llama model as run.json says.")
    parser.add_argument("run", type=Path, help="run.json; README.md describes it")
    parser.add_argument(
        "--time-limit", type=float, metavar="S", help="stop with a checkpoint before S seconds have passed"
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
        config = load_config(options.run)
        size = how_many(options.processes, config)
        # When to stop is up to this process: the others get no time limit.
        with Others().start(size, [str(options.run), "--resume", options.resume]) as others, others.blamed():
            from .distributed import join, leave  # torch loads here, after OMP_NUM_THREADS is set
            from .train import describe, train

            world = join(config.device, others)
            reason = train(config, world, resume=options.resume, limit_s=options.time_limit, started=started)
            describe(reason, started, report)
            leave()
            return 0
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except RunError as error:
        print(f"\nerror: {error}", file=sys.stderr)
        return 1
