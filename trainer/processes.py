"""Several processes of one run on this machine, without torchrun: how many, their start, and that all end together.

The process that was started is rank 0; the others are its children, each in a session of its own, so that Ctrl-C
reaches rank 0 alone (that a run is to stop is shared by all at each step). When rank 0 ends in any way, so do they:
their standard input is a pipe that only rank 0 holds. When one of them breaks, rank 0 ends with its reason.

Nothing here may load torch: OMP_NUM_THREADS counts when it loads.
"""

import argparse
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from importlib.metadata import version
from types import TracebackType
from typing import Literal

from .config import RunConfig
from .errors import ConfigError, RunError

Wanted = int | Literal["auto"]

HOST = "127.0.0.1"
GRACE_S = 5.0  # for rank 0 to notice by itself that another process is gone, or for the others to end with it
SETTLE_S = 0.5  # between the failure that is noticed first and its cause, if they are two
KEPT_LINES = 100  # of what another process says


def wanted_processes(text: str) -> Wanted:
    """The value of --processes, for argparse."""
    if text == "auto":
        return "auto"
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r}: wanted a number above 0, or auto")
    return int(text)


def how_many(wanted: Wanted, config: RunConfig) -> int:
    """Processes for a run. "auto" is as many as there are cores, as far as rows can be shared out evenly; one on a GPU.

    Raises ConfigError where rows cannot be shared out, or under torchrun.
    """
    if wanted == 1:
        return 1
    if preset := [name for name in ("RANK", "WORLD_SIZE") if name in os.environ]:
        raise ConfigError(
            f"--processes {wanted}: {' and '.join(preset)} are set, as torchrun does; leave --processes out under "
            "torchrun, else unset them"
        )
    rows = config.batch.rows
    if wanted == "auto":
        most = min(rows, cores() // (config.threads or 1))
        return 1 if most < 2 or has_gpu(config.device) else max(n for n in range(1, most + 1) if rows % n == 0)
    if rows % wanted:
        raise ConfigError(f"--processes {wanted}: wanted a divisor of batch.rows, which is {rows}")
    return wanted


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_gpu(device: str) -> bool:
    """Whether the run will be on a GPU; where only torch knows, another process asks it, which takes seconds."""
    if device != "auto" or version("torch").endswith("+cpu"):
        return device == "cuda"
    question = "import sys, torch; sys.exit(not torch.cuda.is_available())"
    return subprocess.run([sys.executable, "-c", question], check=False).returncode == 0


def follow() -> None:
    """In the others: ends this process, whatever it does, when rank 0 is gone."""

    def wait() -> None:
        os.read(0, 1)  # nobody writes: this is the end
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


class Others:
    """The other processes as rank 0 sees them; on leaving the context they are gone. None of them without arguments."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen[str]] = []
        self.failures: list[tuple[int, Exception]] = []  # the smaller the number, the likelier it is the cause
        self.failed = threading.Event()
        # Who holds it ends the run and says why: the main thread, or a watching one if the main thread hangs.
        self.ending = threading.RLock()

    def start(self, size: int, args: list[str]) -> "Others":
        """Starts `size` - 1 others with the command line `args` and makes this process rank 0 of them.

        Raises RunError when one cannot be started.
        """
        if size == 1:
            return self
        os.environ |= group_variables(size)
        for rank in range(1, size):
            try:
                process = subprocess.Popen(
                    [sys.executable, "-m", "trainer", *args, "--follow"],
                    env=os.environ | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
                    stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                    encoding="utf-8", errors="replace", start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                self.end()
                raise RunError(f"process {rank} of {size} could not be started: {error.strerror}") from error
            self.running.append(process)
            threading.Thread(target=self._watch, args=(rank, process), daemon=True).start()
        return self

    def __enter__(self) -> "Others":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end(grace_s=GRACE_S if error is None else 0)

    def end(self, grace_s: float = 0) -> None:
        """Lets the others end by themselves for `grace_s` seconds, then kills them."""
        self.ending.acquire()
        for process in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace_s)
            process.kill()
            process.wait()

    @contextlib.contextmanager
    def blamed(self) -> Iterator[None]:
        """What broke here because one of the others broke is raised as the other's error."""
        try:
            yield
        except (ConfigError, RunError):
            raise
        except Exception as error:
            if self.running and self.failed.wait(GRACE_S):
                self.ending.acquire()
                time.sleep(SETTLE_S)
                raise self._cause() from error
            raise

    def _watch(self, rank: int, process: subprocess.Popen[str]) -> None:
        assert process.stderr
        said = "".join(deque(process.stderr, KEPT_LINES))
        code = process.wait()
        if code == 0:
            return
        self.failures.append(failure(rank, code, said))
        self.failed.set()
        self._give_up()

    def _give_up(self) -> None:
        """Ends a main thread that waits for a process that is gone."""
        time.sleep(GRACE_S)
        if self.ending.acquire(blocking=False):
            error = self._cause()
            print(f"\nerror: {error}", file=sys.stderr, flush=True)
            self.end()
            os._exit(2 if isinstance(error, ConfigError) else 1)

    def _cause(self) -> Exception:
        return min(self.failures, key=lambda f: f[0])[1]


def group_variables(size: int) -> dict[str, str]:
    """What torchrun would set on rank 0; and OMP_NUM_THREADS, where it is not set, to share out the cores."""
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    loopback = [name for _, name in socket.if_nameindex() if name.startswith("lo")]
    return {
        "RANK": "0", "LOCAL_RANK": "0", "WORLD_SIZE": str(size), "MASTER_ADDR": HOST, "MASTER_PORT": str(port),
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", str(max(1, cores() // size))),
        # gloo would look up the machine's own name, which not every machine can
        **({"GLOO_SOCKET_IFNAME": loopback[0]} if loopback else {}),
    }  # fmt: skip


def failure(rank: int, code: int, said: str) -> tuple[int, Exception]:
    """How likely it is the cause (0 is most), and the error. What only lost its peer ends with a traceback."""
    if code < 0:
        name = {s.value: s.name for s in signal.Signals}.get(-code, f"signal {-code}")
        advice = "was there memory enough? The run goes on from its newest checkpoint when it is started again"
        return 0, RunError(f"process {rank} was ended by {name}; {advice}")
    if told := re.search(r"^error: (.*)", said, re.MULTILINE | re.DOTALL):
        return 1, (ConfigError if code == 2 else RunError)(told[1].strip())
    return 2, RunError(f"process {rank} ended with exit code {code}: {said.strip()}")
