"""Scenarios side by side: laws of paired differences, the decision table by hand, files, what cannot be compared."""

import json
import math
import shutil
from dataclasses import replace

import numpy as np
import pytest
from small_worlds import MONTHS, SCALE, SEEDS, comparison, early, runs, without

from sim.errors import CatfishError
from sim.results import Results
from sim.scenario import Scenario
from sim.storage.output_folder import replaced
from sim.studies.compare import compare
from sim.studies.comparison import Comparison, how_to_read
from sim.studies.decisions import QUESTIONS, Question, decision_table, shown, shown_gap

DATES = [f"2017-{month:02d}" for month in range(1, 13)] + ["2018-01", "2018-02"]


def column(table, scenario, name):
    return table[table["scenario"] == scenario].set_index("key")[name]


# -- laws --------------------------------------------------------------------------------------------------------------


def test_a_world_does_not_differ_from_itself():
    table = comparison().decisions
    gaps = column(table, "twin", "difference").dropna()
    assert len(gaps) > 10
    assert (gaps == 0.0).all()
    assert set(column(table, "twin", "sign")) <= {"same", "not defined"}


def test_the_order_of_scenarios_only_changes_the_sign():
    first, twin, other = runs()
    there, back = Comparison.of([first, other]).decisions, Comparison.of([other, first]).decisions
    gap, opposite = column(there, "without", "difference"), column(back, "early", "difference")
    assert gap.to_numpy() == pytest.approx(-opposite.to_numpy(), nan_ok=True)
    low, high = column(there, "without", "difference_low"), column(back, "early", "difference_high")
    assert low.to_numpy() == pytest.approx(-high.to_numpy(), nan_ok=True)
    assert column(there, "without", "sign").equals(column(back, "early", "sign"))
    assert (gap.abs() > 0).any()
    assert comparison().names == ["early", "twin", "without"]
    assert twin.seeds == list(SEEDS)


def test_a_world_is_the_same_alone_and_in_company():
    """What `compare` runs is what `run` runs."""
    together = compare([early(), without()], SEEDS, scale=SCALE, months=MONTHS, jobs=1)
    expected = Comparison.of([runs()[0], runs()[2]])
    assert together.files() == expected.files()


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [SEEDS, (1,)])
def test_processes_give_the_same_bytes(seeds):
    """Whether there are fewer worlds that share a history than processes, or more."""
    told = []
    worlds, how = [early(), without(), early("asleep", **{"bank.responds": False})], {"scale": SCALE, "months": 3}
    one, two = (compare(worlds, seeds, jobs=count, done=told.append, **how) for count in (1, 3))
    assert one.files() == two.files()
    assert max(told) == 3 * len(seeds) * 3


def test_series_are_the_worlds_months():
    everything = comparison()
    values = everything.series("wallet_active")
    assert values.shape == (3, 2, MONTHS)
    assert values[2, 1].tolist() == runs()[2].monthly.query("seed == 2")["wallet_active"].tolist()
    groups = runs()[2].groups.query("seed == 1 and kind == 'age' and group == 'from_60' and measure == 'unmet_need'")
    assert everything.series("unmet_need", ("age", "from_60"))[2, 0].tolist() == groups["value"].tolist()


# -- the decision table by hand ----------------------------------------------------------------------------------------


def made_up(values):
    """Return a series that gives the same values, [scenarios, seeds, months], for every measure."""
    return lambda measure, group: np.asarray(values, np.float64)


def test_windows():
    months = np.arange(14.0)
    series = made_up([[months]])
    assert Question("lines", "last", "days").values(series)[0, 0] == 13
    assert Question("lines", "sum", "days").values(series)[0, 0] == sum(range(2, 14))
    assert Question("lines", "mean", "days").values(series)[0, 0] == pytest.approx(7.5)
    assert Question("lines", "sum", "million yuan").values(series)[0, 0] == pytest.approx(90e-6)
    holes = np.where(months == 13, np.nan, months)
    assert Question("lines", "mean", "days").values(made_up([[holes]]))[0, 0] == pytest.approx(7.0)
    assert np.isnan(Question("lines", "last", "days").values(made_up([[holes]]))[0, 0])
    assert Question("lines", "last", "days").window(DATES) == "end of 2018-02"
    assert Question("lines", "sum", "days").window(DATES) == "sum of the year to 2018-02"
    assert Question("lines", "mean", "days").window(DATES[:4]) == "mean of 4 months to 2017-04"


def test_the_band_is_that_of_paired_differences():
    """Luck moves both worlds by much, their difference by little."""
    luck = np.array([0.0, 100.0, 200.0, 300.0, 400.0])
    gap = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    values = np.stack([luck, luck + gap, luck - gap + 3.0])[:, :, None].repeat(14, axis=2)
    row = decision_table(made_up(values), ["a", "b", "c"], DATES).query("key == 'wallet_active'").set_index("scenario")
    assert row.loc["a", "median"] == 200.0
    assert row.loc["b", "difference"] == 3.0
    assert (row.loc["b", "difference_low"], row.loc["b", "difference_high"]) == pytest.approx((1.4, 4.6))
    assert row["sign"].tolist() == ["base", "settled", "not settled"]
    assert row.loc["b", "months"] == "end of 2018-02"


@pytest.mark.parametrize(
    ("other", "sign", "text"),
    [
        ([[1.0], [1.0]], "same", "="),
        ([[1.5], [1.25]], "settled", "+0.4 (+0.3 to +0.5)"),
        ([[1.5], [0.5]], "not settled", "+0.0 (-0.4 to +0.4) ±?"),
        ([[np.nan], [np.nan]], "not defined", "–"),
        ([[np.nan], [3.0]], "one seed", "+2.0"),
    ],
)
def test_signs_and_marks(other, sign, text):
    values = np.array([[[1.0], [1.0]], other])
    rows = decision_table(made_up(values), ["a", "b"], DATES[:1])
    row = rows.query("key == 'days_to_cash' and scenario == 'b'").iloc[0]
    assert row["sign"] == sign
    assert shown_gap(row) == text


def test_numbers_as_people_read_them():
    assert shown(0.1234, "share") == "12.3%"
    assert shown(0.1234, "share", gap=True) == "+12.34 pp"
    assert shown(0.0965, "1/year") == "9.65%"
    assert shown(1234.56, "million yuan") == "1,234.6"
    assert shown(math.nan, "days") == "–"


def test_every_row_tells_its_measure_and_definition():
    table = comparison().decisions
    assert table["key"].nunique() == len(QUESTIONS)
    assert table["definition"].str.len().min() > 20
    assert {"unmet_need_poor", "unmet_need_from_60", "unmet_need_farmer"} <= set(table["key"])


def test_one_seed_has_no_band():
    alone = Comparison.of([Results(each.tables, each.manifest) for each in runs(seeds=(1,))])
    assert set(column(alone.decisions, "without", "sign")) <= {"same", "not defined", "one seed"}
    assert "no band" in how_to_read(alone)
    assert "±?" in how_to_read(comparison())


def test_notebooks_show_the_decision_table():
    page = comparison()._repr_html_()
    assert "adults with a credit line or a formal loan" in page
    assert "without" in page
    assert "±?" in page
    assert "Comparison of early, twin, without" in repr(comparison())


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path):
    """Three runs and their comparison, saved."""
    for each in runs():
        with replaced(tmp_path / each.manifest["scenario"]["name"]) as work:
            each.save(work)
    with replaced(tmp_path / "side-by-side") as work:
        comparison().save(work)
    return tmp_path


def test_a_comparison_is_read_again(saved):
    again = Comparison.load(saved / "side-by-side")
    assert again.files() == comparison().files()
    assert again.manifest["content_hash"]
    csv = (saved / "side-by-side" / "comparison.csv").read_text()
    assert csv.splitlines()[0].startswith('"key","what","measure","definition","months"')
    assert len(csv.splitlines()) == 1 + 3 * len(QUESTIONS)


def test_runs_are_compared_from_their_folders(saved):
    assert Comparison.load(saved / "early", saved / "twin", saved / "without").files() == comparison().files()


def test_a_scenario_comes_back_from_the_manifest(saved):
    again = Comparison.load(saved / "side-by-side")
    for before in (early(), without()):
        found = again.scenario(before.name)
        assert found.policy.stretches == before.policy.stretches
        assert (found.assumptions, found.county) == (before.assumptions, before.county)
        assert (found.name, found.title) == (before.name, before.title)
    dated = replace(Scenario.load("neixiang", overrides={"bank.responds": {"2017-03": False}}), name="dated")
    run = runs()[0]
    told = {**run.manifest, "scenario": {**run.manifest["scenario"], "name": "dated"}, "parameters": dated.describe()}
    assert Comparison.of([run, Results(run.tables, told)]).scenario("dated").policy.stretches == dated.policy.stretches
    with pytest.raises(CatfishError, match="no scenario 'nobody'"):
        again.scenario("nobody")


def spoil(folder, change):
    """Change a manifest."""
    path = folder / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    change(told)
    path.write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda folder: shutil.rmtree(folder), "no folder of results"),
        (lambda folder: (folder / "manifest.json").unlink(), "no manifest.json of its own"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "no manifest.json of its own"),
        (lambda folder: (folder / "groups.parquet").unlink(), "damaged: groups.parquet cannot be read"),
        (lambda folder: (folder / "monthly.parquet").write_bytes(b"PAR1"), "damaged: its files are not those"),
        (lambda folder: spoil(folder, lambda told: told.pop("seeds")), "its manifest.json says nothing of seeds"),
        (lambda folder: spoil(folder, lambda told: told.update(months=7)), "has months 7 and .* has months 15"),
        (lambda folder: spoil(folder, lambda told: told.update(scale=0.5)), "has scale 0.5"),
        (lambda folder: spoil(folder, lambda told: told.update(seeds=[8, 9])), "has seeds 8, 9"),
        (lambda folder: spoil(folder, lambda told: told["scenario"].update(county_file="anji")), "has county anji"),
        (lambda folder: spoil(folder, lambda told: told["scenario"].update(name="early")), "are both called early"),
        (lambda folder: spoil(folder, lambda told: told["versions"].update(catfish="0.0.1")), "by catfish 0.0.1"),
        (lambda folder: spoil(folder, lambda told: told["measures"].pop()), "other measures"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_said_in_a_sentence(saved, harm, words):
    harm(saved / "without")
    with pytest.raises(CatfishError, match=words) as error:
        Comparison.load(saved / "early", saved / "without")
    assert "without" in str(error.value)


def test_one_run_and_a_mixture_are_no_comparison(saved):
    with pytest.raises(CatfishError, match="at least two"):
        Comparison.load(saved / "early")
    with pytest.raises(CatfishError, match="holds a comparison, but must hold a run"):
        Comparison.load(saved / "early", saved / "side-by-side")
    (saved / "side-by-side" / "monthly.parquet").write_bytes(b"")
    with pytest.raises(CatfishError, match="damaged"):
        Comparison.load(saved / "side-by-side")


@pytest.mark.parametrize(
    ("worlds", "words"),
    [
        (["neixiang"], "at least two scenarios, but there is neixiang"),
        ([], "at least two"),
        (["neixiang", "neixiang"], "two scenarios are called neixiang"),
        (["neixiang", "no-platfrom"], "did you mean 'no-platform'"),
        (["neixiang", "nowhere/x.toml"], "nowhere"),
    ],
)
def test_scenarios_that_cannot_be_compared(worlds, words):
    with pytest.raises(CatfishError, match=words):
        compare(worlds, [1], scale=SCALE, months=1)


def test_worlds_of_two_counties_cannot_be_compared():
    other = replace(early("other"), county=early().county.model_copy(update={"name": "anji"}))
    with pytest.raises(CatfishError, match="other has county anji and early has county neixiang"):
        compare([early(), other], [1], scale=SCALE, months=1)


@pytest.mark.parametrize("wrong", [{"seeds": []}, {"seeds": [1, 1]}, {"scale": 30.0}, {"months": 0}])
def test_a_run_that_cannot_be_is_refused(wrong):
    with pytest.raises(CatfishError):
        compare(["neixiang", "no-platform"], **{"seeds": [1], "scale": SCALE, "months": 1, **wrong})
