"""Levels that people of the county know: judged from the monthly table, and believable in the county as it was."""

import pandas as pd
import pytest
from click.testing import CliRunner
from made_up_results import made_up_results

from sim.cli import main
from sim.experiment import run_seeds
from sim.measures import MEASURES
from sim.patterns.levels import LEVELS, judge_levels
from sim.storage.output_folder import replaced


def test_every_level_reads_measures_and_says_where_its_range_is_from():
    dates = pd.period_range("2017-01", "2021-12", freq="M").astype(str)
    monthly = pd.DataFrame(dict.fromkeys(MEASURES, 1.0), index=range(60)).assign(seed=1, date=dates)
    rows = judge_levels(monthly)
    assert [row.key for row in rows] == [level.key for level in LEVELS]
    for level, row in zip(LEVELS, rows, strict=True):
        assert row.verdict != "not reached", row.key
        assert level.low < level.high
        assert len(level.source) > 8


def test_a_level_is_inside_or_outside():
    dates = pd.period_range("2017-01", "2021-12", freq="M").astype(str)
    monthly = pd.DataFrame({"bank_capital_ratio": 0.13}, index=range(60)).assign(seed=1, date=dates)
    found = {row.key: row.verdict for row in judge_levels(monthly)}
    assert found["L15"] == "met"
    found = {row.key: row.verdict for row in judge_levels(monthly.assign(bank_capital_ratio=0.3))}
    assert found["L15"] == "missed"


def test_a_short_run_reaches_no_level():
    assert {row.verdict for row in judge_levels(made_up_results(months=10, tape=90).monthly)} == {"not reached"}


def test_patterns_prints_the_levels(tmp_path):
    with replaced(tmp_path / "r") as work:
        made_up_results().save(work)
    result = CliRunner().invoke(main, ["patterns", str(tmp_path / "r")])
    assert "Levels that people of the county know" in result.output


#: Outside its range, and told in the model description.
KNOWN_OUTSIDE = {"L3", "L9"}


@pytest.mark.slow
def test_the_county_as_it_was_has_believable_levels():
    outside = {row.key for row in judge_levels(run_seeds(seeds=range(1, 9), scale=0.1).monthly) if row.verdict != "met"}
    assert outside <= KNOWN_OUTSIDE
