"""The held-out patterns: their rules, and the hazard ratio along ties."""

import math

import numpy as np
import pytest
from click.testing import CliRunner

from sim.cli import main
from sim.patterns.held_out import HELD_OUT, judge_held_out
from sim.patterns.neighbours import hazard_ratio
from sim.studies.held_out import held_out, months_in_all


def verdict(key, values):
    return next(row for row in judge_held_out({key: values}) if row.key == key).verdict


def test_every_key_stands_once_and_every_rule_is_told():
    keys = [each.key for each in HELD_OUT]
    assert len(set(keys)) == len(keys)
    assert {key[:2] for key in keys} == {"P6", "P7", "P8", "P9"}
    for each in HELD_OUT:
        assert each.of == "" or math.isfinite(each.low) or math.isfinite(each.high)
        assert each.rule


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        ("P6a", [-2.0, -1.0, -3.0], "met"),
        ("P6a", [-2.0, -1.0, 3.0], "missed"),  # the band reaches over zero
        ("P6b", [1.0], "reported"),
        ("P6f", [-0.1, -0.1, -0.9], "met"),  # the median decides
        ("P6f", [-0.3], "missed"),
        ("P8a", [0.45], "met"),
        ("P8a", [0.65], "missed"),
        ("P8a", [0.25], "missed"),
        ("P7a", [float("nan")], "not reached"),
        ("P7b", [], "not reached"),
    ],
)
def test_verdicts(key, values, expected):
    assert verdict(key, values) == expected


def ring(n):
    ptr = np.arange(0, 2 * n + 1, 2, dtype=np.int32)
    ties = np.stack([(np.arange(n) - 1) % n, (np.arange(n) + 1) % n], axis=1).ravel().astype(np.int32)
    return ptr, ties


@pytest.mark.parametrize("factor", [1.0, 3.0])
def test_hazard_ratio_finds_how_strongly_neighbours_pull(factor):
    n, months, rng = 60_000, 20, np.random.default_rng(3)
    ptr, ties = ring(n)
    taken = np.where(rng.random(n) < 0.1, 0, -1).astype(np.int16)
    for month in range(1, months):
        has = (taken >= 0) & (taken < month)
        pulled = has[(np.arange(n) - 1) % n] | has[(np.arange(n) + 1) % n]
        takes = ~has & (rng.random(n) < np.where(pulled, 0.01 * factor, 0.01))
        taken[takes] = month
    stratum = rng.integers(0, 3, n)
    found = hazard_ratio(ptr, ties, taken, np.where(taken == 0, -1, 1), stratum, range(1, months))
    assert found == pytest.approx(factor, rel=0.1)


def test_hazard_ratio_of_nobody():
    ptr, ties = ring(10)
    nobody = np.full(10, -1, np.int16)
    assert math.isnan(hazard_ratio(ptr, ties, nobody, np.ones(10, np.int16), np.zeros(10, np.int64), range(1, 5)))


@pytest.mark.slow
def test_the_worlds_are_run_and_every_pattern_is_judged():
    told = []
    rows = held_out(seeds=[1], scale=0.03, jobs=1, done=told.append)
    assert [row.key for row in rows] == [each.key for each in HELD_OUT]
    assert told[-1] == months_in_all(1)
    by_key = {row.key: row for row in rows}
    assert by_key["P8a"].median > 0, "frozen acceptance costs users"
    assert by_key["P6a"].verdict in ("met", "missed")


def test_patterns_asks_for_a_folder_or_all():
    result = CliRunner().invoke(main, ["patterns"])
    assert result.exit_code == 2
    assert "--all" in result.output
