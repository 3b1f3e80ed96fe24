"""Sweeps: designs, what is kept of each run, what is refused, and what is said at the end."""

import json
import math
import shutil

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

import sim
from sim.cli import main
from sim.errors import CatfishError
from sim.experiment import simulate
from sim.figures import save
from sim.figures.sweep import sweep_chart
from sim.storage.run_store import part_bytes
from sim.studies.sweep import Sweep, rank_correlation, sweep
from sim.studies.sweep_design import DESIGNS, axes_of, read_axes, spread

VARY = {
    "bank.alarm_level": (0.44, 0.57), "lending.relatives_asked": (1, 8), "platform.entry": ("2017-02", "2017-09"),
    "bank.price": (False, True),
}  # fmt: skip
SMALL = {"seeds": [3, 4], "scale": 0.01, "months": 3}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    return sweep("neixiang", VARY, 3, out=tmp_path_factory.mktemp("sweep") / "out", **SMALL)


# ---------------------------------------------------------------- designs


@pytest.mark.parametrize("design", ["latin", "sobol"])
def test_points_fill_the_ranges_evenly(design):
    points = spread(axes_of(VARY), 64, design, 1)
    assert points["bank.alarm_level"].between(0.44, 0.57).all()
    # a Latin hypercube, and 64 points of Sobol, have one point in each 64th of a range
    shares = (points["bank.alarm_level"] - 0.44) / 0.13
    assert sorted(np.floor(64 * shares).astype(int)) == list(range(64))
    assert points["lending.relatives_asked"].value_counts().to_dict() == dict.fromkeys(range(1, 9), 8)
    assert points["platform.entry"].value_counts().to_dict() == {f"2017-{month:02d}": 8 for month in range(2, 10)}
    assert points["bank.price"].sum() == 32


def test_a_grid_has_every_combination_once_and_the_ends():
    points = spread(axes_of(VARY), 3, "grid", 1)
    assert len(points) == len(points.drop_duplicates()) == 3 * 3 * 3 * 2
    assert sorted(set(points["bank.alarm_level"])) == pytest.approx([0.44, 0.505, 0.57])
    assert {1, 8} <= set(points["lending.relatives_asked"])
    assert {"2017-02", "2017-09"} <= set(points["platform.entry"])


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("count", [1, 5])
def test_equal_seeds_give_equal_points(design, count):
    one, again = (spread(axes_of(VARY), count, design, 7) for _ in range(2))
    assert one.equals(again)
    assert len(one) == count or design == "grid"
    if design != "grid":
        assert not one.equals(spread(axes_of(VARY), count, design, 8))


@pytest.mark.parametrize(
    ("vary", "words"),
    [
        ({}, "nothing is varied"),
        ({"bank.alarm_levl": (0.1, 0.2)}, "did you mean 'bank.alarm_level'"),
        ({"bank.alarm_level": (0.6, 0.4)}, "low must be below high"),
        ({"bank.alarm_level": (0.4, 0.4)}, "low must be below high"),
        ({"bank.alarm_level": (0.4, 1.4)}, "from 0 to 1"),
        ({"bank.alarm_level": (math.nan, 0.4)}, "nan"),
        ({"bank.alarm_level": 0.4}, "a range"),
        ({"lending.relatives_asked": (1.5, 3)}, "whole number"),
        ({"platform.entry": ("2017-03", "never")}, "never"),
        ({"bank.price": (True, False)}, "below"),
        ({"platform.line_low": (10_000.0, 90_000.0)}, "platform.line_high"),
    ],
)
def test_what_cannot_be_varied_is_a_sentence_and_nothing_is_written(vary, words, tmp_path):
    with pytest.raises(CatfishError, match=words):
        sweep("neixiang", vary, 16, out=tmp_path / "x", **SMALL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("points", [0, -1, True, 1.5, math.nan, 10_000_000])
def test_a_number_of_points_that_cannot_be(points, tmp_path):
    with pytest.raises(CatfishError, match="points"):
        sweep("neixiang", VARY, points, out=tmp_path / "x", **SMALL)


def test_a_grid_that_is_too_large():
    with pytest.raises(CatfishError, match="too many"):
        spread(axes_of(VARY), 20_000, "grid", 1)


@pytest.mark.parametrize("text", ["bank.alarm_level", "bank.alarm_level=1", "=0:1", "bank.alarm_level=0:1:2", "a.b=:1"])
def test_texts_of_another_form_are_refused(text):
    with pytest.raises(CatfishError, match="path=low:high"):
        read_axes([text])


# ---------------------------------------------------------------- what is kept


def test_every_run_is_what_it_would_be_alone(done):
    table = done.table()
    assert len(table) == 3 * 2 * 3
    values = {path: done.points[path].iloc[1] for path in VARY}
    values = {path: value.item() if hasattr(value, "item") else value for path, value in values.items()}
    alone = simulate("neixiang", 4, scale=0.01, months=3, overrides=values).monthly
    kept = table[(table["point"] == 1) & (table["seed"] == 4)]
    assert kept[list(alone.columns)].reset_index(drop=True).equals(alone)
    assert (kept["bank.alarm_level"] == values["bank.alarm_level"]).all()


def test_the_data_set_is_read_by_others(done):
    there = pd.read_parquet(done.folder / "monthly")
    assert len(there) == 3 * 2 * 3
    assert set(there["point"].astype(int)) == {0, 1, 2}
    assert done.dataset().count_rows() == len(there)


def test_points_come_back_to_the_last_bit(done):
    assert done.points.reset_index(drop=True).equals(spread(axes_of(VARY), 3, "latin", 3))


def test_the_record_tells_what_was_asked(done):
    manifest = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["program"] == "catfish"
    assert manifest["vary"] == {path: list(ends) for path, ends in VARY.items()}
    assert (manifest["design"], manifest["points"], manifest["seeds"]) == ("latin", 3, [3, 4])
    assert len(manifest["content_hash"]) == 64


def test_stocks_are_taken_at_the_end_and_flows_over_the_last_year(done):
    rows, outcomes = done.table("lines", "bank_profit"), done.outcomes("lines", "bank_profit")
    assert outcomes["lines"].to_numpy() == pytest.approx(
        rows[rows["month"] == 2].groupby("point")["lines"].mean().to_numpy()
    )
    assert outcomes["bank_profit"].to_numpy() == pytest.approx(rows.groupby("point")["bank_profit"].mean().to_numpy())


def test_rank_correlation_is_spearmans():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(1)
    one, other = pd.Series(rng.integers(0, 5, 30)), pd.Series(rng.normal(size=30))
    assert rank_correlation(one, other) == pytest.approx(spearmanr(one, other).statistic)
    assert rank_correlation(one, one**3) == pytest.approx(1.0)
    assert math.isnan(rank_correlation(one, one * 0))
    assert math.isnan(rank_correlation(one, other * math.nan))


def test_a_part_is_small(done):
    monthly = simulate("neixiang", 1, scale=0.01, months=3).tables["monthly"]
    assert len(part_bytes(monthly)) < 40_000


def test_a_measure_that_there_is_not(done):
    with pytest.raises(CatfishError, match="did you mean 'wallet_active'"):
        done.table("wallet_activ")


def test_it_is_a_public_name():
    assert sim.sweep is sweep
    assert sim.Sweep is Sweep


def test_notebooks_show_it(done):
    assert "Sweep of neixiang" in repr(done)
    assert "<table" in done._repr_html_()


# ---------------------------------------------------------------- what is there already


@pytest.fixture
def copy(done, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(done.folder, folder)
    return folder


def everything(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def again(folder, vary=VARY, points=3, scenario="neixiang", **how):
    return sweep(scenario, vary, points, out=folder, **{**SMALL, **how})


def test_only_what_is_missing_is_run_again(done, copy):
    gone = sorted(copy.glob("monthly/*/*.parquet"))[2]
    gone.unlink()
    told = []
    found = again(copy, done=told.append)
    assert told == [5, 6]
    assert found.content_hash == done.content_hash
    assert gone.exists()


def test_a_finished_sweep_is_only_read(copy):
    before, told = everything(copy), []
    again(copy, done=told.append)
    assert told == [6]
    assert everything(copy) == before


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"points": 4}, "number of points: 3, not 4"),
        ({"vary": {**VARY, "bank.alarm_level": (0.44, 0.5)}}, "ranges"),
        ({"seeds": [3]}, "seeds"),
        ({"scale": 0.02}, "scale"),
        ({"months": 4}, "number of months"),
        ({"design": "sobol"}, "design"),
        ({"scenario": sim.Scenario.load("neixiang", overrides={"bank.officers": 90.0})}, "bank.officers is 110"),
    ],
)
def test_another_question_is_refused_and_nothing_is_lost(copy, other, words):
    before = everything(copy)
    with pytest.raises(CatfishError, match=words):
        again(copy, **other)
    assert everything(copy) == before


def test_runs_of_another_model_are_refused(copy, monkeypatch):
    before = everything(copy)
    monkeypatch.setattr("sim.studies.sweep.model_version", lambda: "another")
    with pytest.raises(CatfishError, match="another version of the model"):
        again(copy)
    assert everything(copy) == before


def damage(path, how):
    content = path.read_bytes()
    if how == "cut short":
        path.write_bytes(content[: len(content) // 2])
    elif how == "a flipped bit":
        path.write_bytes(content[:999] + bytes([content[999] ^ 1]) + content[1000:])
    elif how == "there twice":
        twin = content + b"!"
        import hashlib

        digest = hashlib.sha256(twin).hexdigest()[:16]
        (path.parent / f"{path.name.rpartition('-')[0]}-{digest}.parquet").write_bytes(twin)
    else:
        shutil.move(path.parent, path.parent.with_name("point=000777"))


@pytest.mark.parametrize("how", ["cut short", "a flipped bit", "there twice", "of no run"])
def test_a_damaged_part_is_a_sentence_and_nothing_is_lost(copy, how):
    damage(sorted(copy.glob("monthly/*/*.parquet"))[0], how)
    before = everything(copy)
    with pytest.raises(CatfishError, match=how if "run" in how or "twice" in how else "damaged"):
        again(copy)
    assert everything(copy) == before


def test_what_is_there_of_a_stopped_sweep_can_be_read(copy):
    files = sorted(copy.glob("monthly/*/*.parquet"))
    for path in files[2:]:
        path.unlink()
    assert len(Sweep(copy).table("lines")) == 2 * 3
    assert Sweep(copy).outcomes("lines")["lines"].notna().tolist() == [True, False, False]
    files[0].write_bytes(b"")
    with pytest.raises(CatfishError, match="is damaged"):
        Sweep(copy).table("lines")
    for path in files[:2]:
        path.unlink()
    with pytest.raises(CatfishError, match="no finished run"):
        Sweep(copy).summary()


def test_two_at_a_time_are_refused(copy):
    from sim.storage.run_store import _locked

    with _locked(copy), pytest.raises(CatfishError, match="another catfish"):
        again(copy)


def test_other_commands_do_not_replace_a_sweep(copy):
    before = everything(copy)
    result = CliRunner().invoke(main, ["run", "--months", "1", "--seeds", "1", "--scale", "0.01", "--out", str(copy)])
    assert result.exit_code == 2
    assert "many runs" in result.output
    assert everything(copy) == before


def test_somebody_elses_folder_is_refused(tmp_path):
    (tmp_path / "points.csv").write_text("mine")
    with pytest.raises(CatfishError, match="not made by catfish"):
        again(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["points.csv"]


def test_results_of_a_run_are_no_sweep(tmp_path):
    (tmp_path / "manifest.json").write_text('{"program": "catfish"}')
    with pytest.raises(CatfishError, match="other results"):
        again(tmp_path)
    with pytest.raises(CatfishError, match="no sweep"):
        Sweep(tmp_path)


# ---------------------------------------------------------------- the command


def catfish(*args):
    return CliRunner().invoke(main, [str(each) for each in args])


ASKED = ("sweep", "--vary", "bank.alarm_level=0.44:0.57", "--vary", "bank.price=false:true", "--scale", 0.01,
         "--months", 2)  # fmt: skip


def test_the_command_says_and_draws_what_moves_with_what(tmp_path):
    result = catfish(*ASKED, "--design", "grid", "--points", 3, "--out", tmp_path / "x")
    assert result.exit_code == 0, result.output
    for words in (
        "run 6 of 6 done",
        "6 points",
        "median",
        "lowest",
        "Rank correlation",
        "bank.alarm_level",
        "19 of 20",
    ):
        assert words in result.output, words
    files = {path.name for path in (tmp_path / "x").iterdir()}
    assert files == {".lock", "manifest.json", "points.csv", "summary.csv", "monthly", "charts"}
    with Image.open(tmp_path / "x" / "charts" / "sweep.png") as picture:
        assert picture.width > 1_000
    quiet = catfish(*ASKED, "--design", "grid", "--points", 3, "--out", tmp_path / "x", "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_the_chart_speaks_chinese(done, tmp_path):
    axes = sweep_chart(done, language="zh")
    texts = [text.get_text() for text in axes[0].get_figure().texts]
    assert any("3 个点" in text for text in texts)


def test_one_point_has_no_correlations(tmp_path):
    result = catfish(*ASKED, "--points", 1, "--out", tmp_path / "x")
    assert result.exit_code == 0, result.output
    assert "say nothing" in result.output


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--points", 0], "--points"),
        (["--vary", "bank.alarm_level=0.1:0.2"], "there twice"),
        (["--vary", "bank.alarm=0.1:0.2"], "did you mean 'bank.alarm_level'"),
        (["--design", "random"], "--design"),
        (["--scale", 70], "--scale"),
        (["--set", "bank.officers=many"], "bank.officers"),
    ],
)
def test_what_is_wrong_is_one_sentence(more, words, tmp_path):
    result = catfish(*ASKED, *more, "--out", tmp_path / "x")
    assert result.exit_code == 2
    assert result.output.count("\n") == 1, result.output
    assert words in result.output
    assert list(tmp_path.iterdir()) == []


def test_the_chart_is_drawn_on_given_axes(done, tmp_path):
    from matplotlib.figure import Figure

    figure = Figure()
    drawn = sweep_chart(done, figure.subplots(4, 4))
    assert len(drawn) == 16
    save(drawn, tmp_path / "x.png")
