import hashlib
import json
import os
import resource
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from trainer.cli import main
from trainer.export import main as export_main
from trainer.model import fastest_dtype
from trainer.shards import write_folder

from .conftest import VOCABULARY, WAIT_S, RunMaker, Starter, documents, folders, losses, metrics, stages


def weights_hash(out: Path, step: int) -> str:
    return hashlib.sha256((out / f"checkpoints/step-{step:08d}/model.safetensors").read_bytes()).hexdigest()


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_main_learns_evaluates_and_keeps_two_checkpoints(make_run: RunMaker, tmp_path: Path, optimizer: str) -> None:
    validation = {"data": [{"folder": "data"}], "every": 20, "rows": 4}
    run = make_run(
        stages=[*stages(20), {"name": "second", "steps": 10, "data": [{"folder": "data", "shards": ["b"]}]}],
        optimizer={"name": optimizer, "learning_rate": 0.01},
        validation=validation,
        checkpoint={"every": 8},
        precision="bf16",
    )
    assert main([str(run)]) == 0
    out = tmp_path / "out"
    assert losses(out)[0] == pytest.approx(np.log(VOCABULARY), abs=0.1)
    assert losses(out)[-1] < losses(out)[0] - 1
    assert [line["step"] for line in metrics(out, "evaluation")] == [20, 30]
    assert metrics(out, "evaluation")[-1]["loss"] < losses(out)[0] - 1
    assert folders(out) == ["step-00000024", "step-00000030"]
    assert metrics(out, "stop")[-1] == {"event": "stop", "step": 30, "reason": "finished"}
    assert main([str(run), "--resume", "never"]) == 1


def test_auto_precision_is_what_is_fast_here_and_goes_on_from_another(make_run: RunMaker, tmp_path: Path) -> None:
    assert main([str(make_run(stages=stages(4), precision="bf16", checkpoint={"every": 2}))]) == 0
    assert main([str(make_run(stages=stages(6), precision="auto")), "--resume", "auto"]) == 0
    starts = metrics(tmp_path / "out", "start")
    assert [(line["step"], line["precision"]) for line in starts] == [
        (0, "bfloat16"),
        (4, str(fastest_dtype(torch.device("cpu"))).removeprefix("torch.")),
    ]


def test_validation_is_of_the_same_rows_whatever_the_seed(make_run: RunMaker, tmp_path: Path) -> None:
    assert main([str(make_run(stages=stages(4), out="base"))]) == 0
    still = {"name": "adamw", "learning_rate": 1e-12}
    common = {
        "stages": stages(1),
        "optimizer": still,
        "validation": {"data": [{"folder": "data"}], "every": 1, "rows": 4},
        "init_from": "base",
    }
    for seed in (1, 2):
        assert main([str(make_run(**common, seed=seed, out=f"{seed}"))]) == 0
    first, second = (metrics(tmp_path / out, "evaluation")[0]["loss"] for out in ("1", "2"))
    assert first == second


def test_a_killed_run_continues_bit_for_bit(make_run: RunMaker, start: Starter, tmp_path: Path) -> None:
    common = {"stages": stages(20), "checkpoint": {"every": 10}, "optimizer": {"name": "muon"}}
    assert main([str(make_run(**common, out="whole"))]) == 0
    # An evaluation without end after step 11 keeps the process where it is to be killed.
    endless = {"data": [{"folder": "data"}], "every": 11, "rows": 10**9}
    process = start(make_run(**common, validation=endless))
    process.wait_for(tmp_path / "out/checkpoints/step-00000010")
    assert process.end(signal.SIGKILL)[0] == -signal.SIGKILL
    assert folders(tmp_path / "out") == ["step-00000010"]
    code, error = start(make_run(**common)).end()
    assert code == 0, error
    assert [line["step"] for line in metrics(tmp_path / "out", "start")] == [0, 10]
    assert losses(tmp_path / "out") == losses(tmp_path / "whole")
    assert weights_hash(tmp_path / "out", 20) == weights_hash(tmp_path / "whole", 20)


def test_two_processes_under_torchrun_get_the_loss_of_one_and_one_goes_on(
    make_run: RunMaker, start: Starter, tmp_path: Path
) -> None:
    common = {
        "optimizer": {"name": "muon", "learning_rate": 0.01},
        "batch": {"rows": 4, "micro_rows": 1},
        "schedule": {"name": "wsd", "warmup": 2, "decay": 0.0},
    }
    validation = {"data": [{"folder": "data"}], "every": 4, "rows": 4}
    torchrun = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    code, error = start(make_run(**common, validation=validation), module=torchrun).end()
    assert code == 0, error
    assert metrics(tmp_path / "out", "start")[0]["processes"] == 2
    longer = make_run(**common, validation=validation, stages=stages(6))
    assert main([str(longer)]) == 0
    assert metrics(tmp_path / "out", "start")[1] | {"step": 4, "processes": 1} == metrics(tmp_path / "out", "start")[1]
    assert main([str(make_run(**common, validation=validation, stages=stages(6), out="alone"))]) == 0
    assert losses(tmp_path / "out") == pytest.approx(losses(tmp_path / "alone"), abs=1e-4)
    two, one = (metrics(tmp_path / name, "evaluation")[0]["loss"] for name in ("out", "alone"))
    assert two == pytest.approx(one, abs=1e-4)


def test_sigterm_leaves_a_checkpoint_and_exit_code_0_and_its_folder_is_its_own(
    make_run: RunMaker, start: Starter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run(stages=stages(100_000), checkpoint={"every": 5})
    process = start(run)
    process.wait_for(tmp_path / "out/checkpoints/step-00000005")
    assert main([str(run)]) == 1
    assert "another run writes here" in capsys.readouterr().err
    assert process.end(signal.SIGTERM)[0] == 0
    stop = metrics(tmp_path / "out", "stop")[-1]
    assert stop["reason"] == "SIGTERM"
    assert folders(tmp_path / "out")[-1] == f"step-{stop['step']:08d}"


def test_time_limit_leaves_a_checkpoint_and_exit_code_0(make_run: RunMaker, tmp_path: Path) -> None:
    assert main([str(make_run(stages=stages(100_000))), "--time-limit", "0"]) == 0
    assert metrics(tmp_path / "out", "stop") == [{"event": "stop", "step": 1, "reason": "time limit"}]
    assert folders(tmp_path / "out") == ["step-00000001"]


def test_a_budget_finishes_several_runs_in_its_time_each_from_the_one_before(
    make_run: RunMaker, tmp_path: Path
) -> None:
    common = {"optimizer": {"name": "muon", "learning_rate": 0.01}, "checkpoint": {"every": 10**6}}
    first = make_run("first.json", **common, stages=stages(10**6), out="first")
    second = make_run("second.json", **common, stages=stages(10**6), out="second", init_from="first")
    started = time.monotonic()
    assert main([str(first), str(second), "--budget", "6"]) == 0
    assert time.monotonic() - started < WAIT_S
    for name in ("first", "second"):
        out = tmp_path / name
        assert metrics(out, "stop")[-1]["reason"] == "finished"
        rates = [line["rate"] for line in metrics(out)]
        assert len(rates) > 10
        assert rates[-1] < 0.2 * max(rates)  # the schedule went to its end, a millionth of the steps notwithstanding
        assert folders(out) == [f"step-{len(rates):08d}"]
    assert losses(tmp_path / "second")[0] < losses(tmp_path / "first")[0] - 1


def test_several_runs_want_one_process(make_run: RunMaker, capsys: pytest.CaptureFixture[str]) -> None:
    run = str(make_run())
    assert main([run, run, "--processes", "2"]) == 2
    assert "--processes 2: several runs are trained by one process" in capsys.readouterr().err


def test_nan_stops_the_run_with_the_checkpoint_before_it_intact(
    make_run: RunMaker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run(
        stages=stages(50),
        checkpoint={"every": 1},
        optimizer={"learning_rate": 1e30, "clip": 0.0},
        schedule={"warmup": 1},
    )
    assert main([str(run)]) == 1
    error = capsys.readouterr().err
    assert "is nan" in error or "is inf" in error
    assert metrics(tmp_path / "out", "stop")[-1]["reason"] == "error"
    assert folders(tmp_path / "out")[-1] == f"step-{len(losses(tmp_path / 'out')):08d}"


def test_a_full_disk_stops_the_run_with_the_last_checkpoint_intact(
    make_run: RunMaker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(make_run())]) == 0
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (100_000, hard)
        )  # the system refuses to write more, as on a full disk
        assert main([str(make_run(stages=stages(6)))]) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    error = capsys.readouterr().err
    assert "step-00000006 could not be written" in error
    assert "the last good one is" in error
    assert folders(tmp_path / "out") == ["step-00000004"]
    assert main([str(make_run(stages=stages(6)))]) == 0
    assert folders(tmp_path / "out") == ["step-00000004", "step-00000006"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, a device that is always full")
def test_metrics_on_a_full_disk_stop_the_run(
    make_run: RunMaker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/metrics.jsonl").symlink_to("/dev/full")
    assert main([str(make_run())]) == 1
    assert "metrics.jsonl: cannot be written: No space left" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["model.safetensors", "state.pt", "meta.json"])
def test_a_corrupt_checkpoint_is_named_and_the_older_one_can_be_chosen(
    make_run: RunMaker, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    run = make_run(checkpoint={"every": 2})
    assert main([str(run)]) == 0
    newest = tmp_path / "out/checkpoints/step-00000004"
    data = (newest / name).read_bytes()
    (newest / name).write_bytes(data[: len(data) // 2])
    assert main([str(run)]) == 1
    assert f"step-00000004/{name}" in capsys.readouterr().err
    assert export_main([str(newest), str(tmp_path / "hf")]) == 1
    older = tmp_path / "out/checkpoints/step-00000002"
    assert main([str(make_run(stages=stages(3))), "--resume", str(older)]) == 0
    assert metrics(tmp_path / "out", "start")[-1]["step"] == 2


def test_a_corrupt_shard_stops_the_run_before_it_starts(
    make_run: RunMaker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run()
    file = tmp_path / "data/b.tokens"
    data = bytearray(file.read_bytes())
    data[100] ^= 1
    file.write_bytes(data)
    assert main([str(run)]) == 1
    assert "data/b.tokens: sha256" in capsys.readouterr().err


def test_resume_refuses_another_model_or_seed(make_run: RunMaker, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(make_run())]) == 0
    assert main([str(make_run(seed=1))]) == 1
    assert "its seed is 0, run.json's is 1" in capsys.readouterr().err


def test_init_from_starts_with_another_runs_weights(
    make_run: RunMaker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folder(tmp_path / "data", {"a": documents(60)}, vocabulary=VOCABULARY)
    assert main([str(make_run(stages=stages(30), optimizer={"learning_rate": 0.01}))]) == 0
    folder = "out/checkpoints/step-00000030"
    assert main([str(make_run(out="second", init_from=folder))]) == 0
    assert losses(tmp_path / "second")[0] < losses(tmp_path / "out")[0] - 1
    other = {"size": "nano", "context": 128, "vocabulary": VOCABULARY, "layers": 2, "ffn": 128}
    assert main([str(make_run(out="third", init_from=folder, model=other))]) == 1
    assert "mlp.gate_proj.weight' is (192, 64), this model's is (128, 64)" in capsys.readouterr().err


def test_a_torn_line_of_metrics_spoils_only_itself(make_run: RunMaker, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/metrics.jsonl").write_text('{"event": "ste')
    assert main([str(make_run())]) == 0
    first, second, *_ = (tmp_path / "out/metrics.jsonl").read_text().splitlines()
    assert first == '{"event": "ste'
    assert json.loads(second)["event"] == "start"
    assert torch.get_num_threads() == 1
