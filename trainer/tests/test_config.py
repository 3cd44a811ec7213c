import itertools
from typing import Any

import pytest

from trainer.cli import main
from trainer.config import SIZES, ScheduleConfig, load_config
from trainer.errors import ConfigError
from trainer.model import parameter_counts
from trainer.schedule import rate_factor

from .conftest import BASE, RunMaker


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"learning_rate": 1}, "unknown key 'learning_rate'"),
        ({"model": {"size": "nano", "context": 128, "depth": 3}}, "model: unknown key 'depth'"),
        ({"model": {"size": "tiny", "context": 128}}, 'size: is "tiny", wanted one of nano, mini, small'),
        ({"model": {"size": "nano"}}, "key 'context' is missing"),
        ({"model": {"size": "nano", "context": 20_000}}, "model.context 20000: wanted 1 to 16384"),
        ({"model": {"size": "nano", "context": 128, "vocabulary": 70_000}}, "model.vocabulary 70000"),
        ({"batch": {"rows": True, "micro_rows": 1}}, "rows: is true, wanted int"),
        ({"stages": []}, "stages: is empty"),
        ({"stages": [{"name": "a", "steps": 1, "data": [{"folder": "x", "weight": -1}]}]}, "every weight"),
    ],
)
def test_load_config_names_the_key_that_is_wrong(make_run: RunMaker, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(make_run(**changes))


def test_load_config_resolves_folders_against_its_own(make_run: RunMaker) -> None:
    path = make_run()
    config = load_config(path)
    assert config.out == str(path.parent / "out")
    assert config.stages[0].data[0].folder == str(path.parent / "data")
    assert config.model.shape().layers == BASE["model"]["layers"]


def test_main_exits_with_2_when_run_json_is_wrong(make_run: RunMaker, capsys: pytest.CaptureFixture[str]) -> None:
    path = make_run()
    path.write_text("{")
    assert main([str(path)]) == 2
    assert "is not JSON" in capsys.readouterr().err
    assert main([str(path.with_name("absent.json"))]) == 2


def test_sizes_have_the_parameters_their_names_promise() -> None:
    millions = {name: parameter_counts(shape)[0] / 1e6 for name, shape in SIZES.items()}
    wanted = {"nano": 0.459, "mini": 5.476, "small": 15.7, "base": 59.0, "large": 125.9, "7b": 6738.5, "13b": 13_016.0}
    assert millions == pytest.approx(wanted, rel=0.01)


def test_rate_factor_rises_stays_and_falls() -> None:
    cosine, wsd = ScheduleConfig("cosine", 10, floor=0.1), ScheduleConfig("wsd", 10, decay=0.2, floor=0.1)
    for schedule in (cosine, wsd):
        factors = [rate_factor(schedule, step, 100) for step in range(100)]
        assert factors[:10] == pytest.approx([(i + 1) / 10 for i in range(10)])
        assert all(a >= b for a, b in itertools.pairwise(factors[10:]))
        assert 0.1 <= factors[-1] < 0.16
    assert rate_factor(wsd, 80, 100) == 1
    assert rate_factor(cosine, 55, 100) == pytest.approx(0.55)
