"""Sensitivity: what is varied, elementary effects and parts of the variance of known functions, resuming, errors."""

import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

import sim
from sim.cli import main
from sim.errors import CatfishError
from sim.figures.sensitivity import sensitivity_chart
from sim.parameters import DECLARED
from sim.scenario import Scenario
from sim.studies.sensitivity import MOST, ask, estimate, most, ranges_of, sensitivity

HOW = {"only": ["bank.officers", "bank.farm_rate", "platform.line_high", "bank.alarm_level"], "trajectories": 2,
       "samples": 2, "seeds": [3], "scale": 0.01, "months": 2}  # fmt: skip
RUNS = (2 * 5, 2 * 6)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    told = []
    found = sensitivity(measures=["bank_profit"], out=tmp_path_factory.mktemp("s") / "out", done=told.append, **HOW)
    return found, told


# ---------------------------------------------------------------- what is varied


def test_every_parameter_with_a_range_is_varied_or_named():
    scenario = Scenario.load("neixiang")
    axes, left_out = ranges_of(scenario)
    with_range = {
        path for path, each in DECLARED.items() if (each.plausible or scenario.county.ranges.get(path, ()))
    }  # fmt: skip
    assert {axis.path for axis in axes} | {path for paths in left_out.values() for path in paths} == with_range
    assert len(axes) > 350


def test_no_policy_that_the_scenario_lacks_is_switched_on():
    _, left_out = ranges_of(Scenario.load("neixiang"))
    assert "shocks.drought" in left_out["the scenario does not use them"]
    assert "regulator.reserve_ratio" in left_out["they change over time"]
    drought, _ = ranges_of(Scenario.load("neixiang", overrides={"shocks.drought": 0.4}), ["shocks"])
    assert "shocks.drought" in [axis.path for axis in drought]


def test_only_some_are_varied():
    axes, _ = ranges_of(Scenario.load("neixiang"), ["learning", "bank.officers"])
    assert {axis.path.partition(".")[0] for axis in axes} == {"learning", "bank"}
    assert [axis.path for axis in axes if axis.path.startswith("bank")] == ["bank.officers"]


# ---------------------------------------------------------------- what is found


def made_up(plan, folder, **how):
    """Stand in for the runs of a plan: a known function of its points."""
    shares = {
        axis.path: (plan.points[axis.path] - axis.low) / (axis.high - axis.low) for axis in plan.axes
    }  # fmt: skip
    value = 3.0 * shares["bank.farm_rate"] + shares["bank.alarm_level"]
    outcomes = lambda *measures: pd.DataFrame(dict.fromkeys(measures, value))  # noqa: E731
    return SimpleNamespace(points=plan.points, axes=plan.axes, outcomes=outcomes)


def test_a_sum_is_taken_apart_as_it_must_be(monkeypatch):
    """Effects are the slopes; of 3x + y, with x and y even on 0 to 1, the variance is 9/10 and 1/10."""
    monkeypatch.setattr("sim.studies.sensitivity.run_plan", made_up)
    found = sensitivity(measures=["bank_profit"], **{**HOW, "samples": 1024})
    effects = found.morris.set_index("path")
    assert effects.loc["bank.farm_rate", ["mu", "mu_star"]].to_list() == pytest.approx([3.0, 3.0])
    assert effects.loc["bank.alarm_level", "mu_star"] == pytest.approx(1.0)
    assert effects.loc["platform.line_high", "mu_star"] == pytest.approx(0.0, abs=1e-9)
    assert effects["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-9)
    parts = found.sobol.set_index("path")
    assert parts.loc["bank.farm_rate", ["S1", "ST"]].to_list() == pytest.approx([0.9, 0.9], abs=0.03)
    assert parts.loc["bank.alarm_level", ["S1", "ST"]].to_list() == pytest.approx([0.1, 0.1], abs=0.03)
    assert (parts["ST_conf"] >= 0).all()


def test_those_that_matter_most_are_chosen_over_all_measures():
    paths = [f"p{k:02d}" for k in range(12)]
    one, other = np.arange(12.0), np.zeros(12)
    other[0] = 1e9
    morris = pd.concat(
        pd.DataFrame({"measure": name, "path": paths, "mu_star": values}) for name, values in
        (("a", one), ("b", other), ("c", other * np.nan))
    )  # fmt: skip
    chosen = most(morris)
    assert len(chosen) == MOST
    assert set(chosen) == {"p00", *paths[-7:]}


def test_both_steps_are_sweeps(done):
    found, told = done
    assert told[-1] == sum(RUNS) == len(found.screened.table("lines")) // 2 + len(found.split.table("lines")) // 2
    assert told == sorted(told)
    assert found.screened.content_hash
    assert found.split.folder.parent == found.screened.folder
    assert found.table("bank_profit")["path"].tolist()[0] in HOW["only"]


def test_it_goes_on_and_other_measures_need_no_new_first_step(done, tmp_path):
    found, _ = done
    folder = tmp_path / "copy"
    shutil.copytree(found.screened.folder, folder)
    for path in sorted(folder.rglob("*.parquet"))[::5]:
        path.unlink()
    again = sensitivity(measures=["bank_profit"], out=folder, **HOW)
    assert again.screened.content_hash == found.screened.content_hash
    assert again.split.content_hash == found.split.content_hash
    assert again.files() == found.files()
    told = []
    sensitivity(measures=["lines", "bank_profit"], out=folder, done=told.append, **HOW)
    assert told[0] == RUNS[0], "no run of the first step is made again"


def test_another_question_is_refused(done):
    with pytest.raises(CatfishError, match="another sensitivity: its scale"):
        sensitivity(measures=["lines"], out=done[0].screened.folder, **{**HOW, "scale": 0.02})


def test_the_estimate_counts_what_is_missing(done, tmp_path):
    asked = ask("neixiang", **HOW)
    assert "10 runs, then 12 for the 4" in estimate(asked, tmp_path)
    assert "all may be there" in estimate(asked, done[0].screened.folder)


def test_it_is_a_public_name(done):
    assert sim.sensitivity is sensitivity
    assert "4 parameters" in repr(done[0])


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"only": ["bank.officer"]}, "did you mean 'bank.officers'"),
        ({"only": ["bank.price"]}, "none of bank.price has a range"),
        ({"trajectories": 1}, "trajectories"),
        ({"samples": 3}, "power of two"),
        ({"samples": 1}, "power of two"),
        ({"measures": ["bank_profits"]}, "did you mean 'bank_profit'"),
        ({"scale": 30.0}, "scale"),
    ],
)
def test_what_cannot_be_is_a_sentence(more, words, tmp_path):
    with pytest.raises(CatfishError, match=words):
        sensitivity(**{"measures": ["lines"], "out": tmp_path / "x", **HOW, **more})
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr("sim.studies.sensitivity.find_spec", lambda name: None)
    with pytest.raises(CatfishError, match=r"catfish\[sensitivity\]"):
        ask("neixiang", **HOW)


# ---------------------------------------------------------------- the command


def test_the_command_says_how_long_it_takes_and_what_matters(tmp_path):
    arguments = [
        "--trajectories",
        "2",
        "--samples",
        "2",
        "--scale",
        "0.01",
        "--months",
        "2",
        "--measure",
        "bank_profit",
    ]
    arguments += ["--measure", "default_rate", "--only", "bank.officers", "--only", "bank.farm_rate"]
    result = CliRunner().invoke(main, ["sensitivity", *arguments, "--out", str(tmp_path / "x")])
    assert result.exit_code == 0, result.output
    for words in ("2 parameters: 6 runs, then 8 for the 2", "One takes", "on 1 process about", "run 14 of 14 done",
                  "profit of the rural bank, mean of the last 2 months", "bank.farm_rate", "mu*", "S1"):  # fmt: skip
        assert words in result.output, words
    assert result.output.index("One takes") < result.output.index("run 1 of 14 done")
    files = {path.name for path in (tmp_path / "x").iterdir() if not path.name.startswith("sobol-")}
    assert files == {".lock", "manifest.json", "points.csv", "morris.csv", "sobol.csv", "monthly", "charts"}
    with Image.open(tmp_path / "x" / "charts" / "sensitivity.png") as picture:
        assert picture.width > 1_000


def test_the_chart_speaks_chinese(done):
    axes = sensitivity_chart(done[0], language="zh")
    assert "农商行利润" in axes[0].get_title(loc="left")
