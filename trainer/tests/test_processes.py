"""Several processes of one run: how many, and that they begin, go on and end as one."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from trainer.cli import main
from trainer.config import load_config
from trainer.processes import Wanted, how_many

from .conftest import WAIT_S, RunMaker, Starter, Trainer, folders, losses, metrics, stages


@pytest.mark.parametrize(
    ("wanted", "changes", "processes"),
    [
        ("auto", {"batch": {"rows": 12, "micro_rows": 8}}, 6),
        ("auto", {"batch": {"rows": 9, "micro_rows": 1}}, 3),
        ("auto", {"batch": {"rows": 11, "micro_rows": 1}}, 1),
        ("auto", {"batch": {"rows": 12, "micro_rows": 1}, "threads": 3}, 2),
        ("auto", {"threads": 9}, 1),
        ("auto", {"device": "cuda"}, 1),
        (4, {"threads": 3}, 4),
        (1, {}, 1),
    ],
)
def test_how_many_shares_rows_out_evenly_over_the_cores(
    make_run: RunMaker, monkeypatch: pytest.MonkeyPatch, wanted: Wanted, changes: dict[str, Any], processes: int
) -> None:
    monkeypatch.setattr("trainer.processes.cores", lambda: 6)
    assert how_many(wanted, load_config(make_run(**changes))) == processes


def test_processes_that_cannot_be_are_refused(
    make_run: RunMaker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(make_run())
    assert main([run, "--processes", "3"]) == 2
    assert "--processes 3: wanted a divisor of batch.rows, which is 4" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main([run, "--processes", "0"])
    assert "'0': wanted a number above 0, or auto" in capsys.readouterr().err
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main([run, "--processes", "auto"]) == 2
    assert "WORLD_SIZE are set, as torchrun does" in capsys.readouterr().err


@pytest.fixture
def endless(make_run: RunMaker, start: Starter, tmp_path: Path) -> Trainer:
    """Two processes that have made a checkpoint and would go on for long."""
    trainer = start(make_run(stages=stages(100_000), checkpoint={"every": 5}), "--processes", "2")
    trainer.wait_for(tmp_path / "out/checkpoints/step-00000005")
    return trainer


def other_process(trainer: Trainer) -> int:
    pid = trainer.process.pid
    (other,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(other)


def runs(pid: int) -> bool:
    """Whether it is there, and no zombie that nobody has waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_two_processes_go_on_where_one_stopped_with_the_loss_of_one(
    make_run: RunMaker, start: Starter, tmp_path: Path
) -> None:
    common: dict[str, Any] = {"optimizer": {"name": "muon"}, "schedule": {"name": "wsd", "decay": 0.0}}
    validation = {"data": [{"folder": "data"}], "every": 6, "rows": 4}
    assert main([str(make_run(**common, stages=stages(3)))]) == 0
    run = make_run(**common, stages=stages(6), validation=validation)
    code, error = start(run, "--processes", "2", "--time-limit", "1e9").end()
    assert code == 0, error
    assert [(line["step"], line["processes"]) for line in metrics(tmp_path / "out", "start")] == [(0, 1), (3, 2)]
    assert main([str(make_run(**common, stages=stages(6), validation=validation, out="alone"))]) == 0
    assert losses(tmp_path / "out") == pytest.approx(losses(tmp_path / "alone"), abs=1e-4)
    two, one = (metrics(tmp_path / name, "evaluation")[0]["loss"] for name in ("out", "alone"))
    assert two == pytest.approx(one, abs=1e-4)


def test_sigterm_to_the_first_process_ends_all_with_one_checkpoint(endless: Trainer, tmp_path: Path) -> None:
    other = other_process(endless)
    code, error = endless.end(signal.SIGTERM)
    assert code == 0, error
    stop = metrics(tmp_path / "out", "stop")[-1]
    assert stop["reason"] == "SIGTERM"
    assert folders(tmp_path / "out")[-1] == f"step-{stop['step']:08d}"
    assert not runs(other)


def test_a_killed_process_ends_the_run_with_the_reason(endless: Trainer, tmp_path: Path) -> None:
    os.kill(other_process(endless), signal.SIGKILL)
    code, error = endless.end()
    assert code == 1
    assert "\nerror: process 1 was ended by SIGKILL" in error
    assert "Traceback" not in error
    stop = metrics(tmp_path / "out", "stop")[-1]
    assert stop["reason"] == "error"
    assert "process 1 was ended by SIGKILL" in stop["message"]


def test_a_killed_first_process_leaves_none_behind(endless: Trainer) -> None:
    other = other_process(endless)
    endless.end(signal.SIGKILL)
    deadline = time.monotonic() + WAIT_S
    while runs(other):
        assert time.monotonic() < deadline, "it still runs"
        time.sleep(0.02)


@pytest.mark.parametrize("who", ["one", "all"])
def test_an_error_is_told_once_whether_one_finds_it_or_all(
    make_run: RunMaker, start: Starter, tmp_path: Path, who: str
) -> None:
    run = make_run()
    file = tmp_path / ("data/b.tokens" if who == "one" else "data/manifest.json")
    file.write_bytes(file.read_bytes()[:-1] + b"?")  # of the two shards' hashes each process checks one
    code, error = start(run, "--processes", "2").end()
    assert code == 1
    assert error.count("\nerror: ") == 1
    assert str(file) in error
