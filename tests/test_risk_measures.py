"""What lenders know and whom they get: measures against closed forms and plain counts."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from county_runs import county
from scipy.stats import mannwhitneyu, norm

from sim.assumptions.learning import Willingness
from sim.measures import collect
from sim.measures.risk import CELLS, FINENESS, area_under_curve, count_scores, true_refusal
from sim.mechanisms.beliefs import default_probability, willingness


def cells(scores):
    return np.bincount(np.clip((scores + 4) * FINENESS, 0, CELLS - 1).astype(int), minlength=CELLS).astype(float)


def test_area_under_curve_is_mann_and_whitneys():
    rng = np.random.default_rng(1)
    good, bad = np.round(rng.normal(0.3, 1, 900) * 2) / 2, np.round(rng.normal(0, 1, 400) * 2) / 2
    expected = mannwhitneyu(good, bad).statistic / (900 * 400)
    assert area_under_curve(cells(good), cells(bad)) == pytest.approx(expected, abs=1e-12)


def test_area_under_curve_at_its_ends():
    low, high = cells(np.full(10, -1.0)), cells(np.full(10, 1.0))
    assert area_under_curve(high, low) == 1.0
    assert area_under_curve(low, high) == 0.0
    assert area_under_curve(low, low) == 0.5
    assert math.isnan(area_under_curve(low, np.zeros(CELLS)))


@pytest.mark.parametrize("precision", [0.2, 0.5, 0.9])
def test_truth_against_a_score_of_known_precision(precision):
    # refusing is rare and loses exp(-k) per unit of quality: those who refuse are normal around -k
    n, k = 400_000, Willingness().quality
    rng = np.random.default_rng(2)
    quality = rng.normal(size=n).astype(np.float32)
    score = np.sqrt(precision) * quality + np.sqrt(1 - precision) * rng.normal(size=n)
    world = SimpleNamespace(
        residents=SimpleNamespace(worst_days=np.zeros(n, np.int16), quality=quality),
        mechanisms={"willingness": willingness}, assumptions=SimpleNamespace(willingness=Willingness()),
    )  # fmt: skip
    bad = true_refusal(world, np.arange(n))
    at = np.clip((score + 4) * FINENESS, 0, CELLS - 1).astype(int)
    found = area_under_curve(np.bincount(at, 1 - bad, CELLS), np.bincount(at, bad, CELLS))
    assert found == pytest.approx(norm.cdf(k * np.sqrt(precision / 2)), abs=0.01)


def test_default_probability_is_one_less_no_lasting_refusal():
    p, n = np.array([0.01, 0.01, 0.0, 1.0], np.float32), np.array([12, 1, 12, 1])
    found = default_probability(p, n, 0.05)
    stays = p.astype(float) * 0.95**3
    np.testing.assert_allclose(found, 1 - (1 - stays) ** n, rtol=1e-5)


@pytest.fixture(scope="module")
def model():
    return county(40, scale=0.1, seed=4)


def test_scores_are_counted_for_loans_whose_outcome_is_known(model):
    world = model.world
    book, counts = world.loans, count_scores(world)
    scored = ~np.isnan(book.score) & (book.renewed_from < 0) & (book.originated <= world.month - 12)
    assert counts.sum() == scored.sum() > 1_000
    late = (book.defaulted_month >= 0) & (book.defaulted_month - book.originated <= 12)
    assert counts[:, 1].sum() == (scored & late).sum() > 0


def test_new_loans_carry_the_score_and_the_truth(model):
    world = model.world
    book = world.loans
    lent = (book.originated >= 0) & (book.renewed_from < 0) & (book.lender != 2)
    assert not np.isnan(book.score[lent]).any()
    chance = book.default_probability[lent]
    assert ((chance > 0) & (chance < 1)).all()
    assert np.isnan(book.default_probability[book.renewed_from >= 0]).all()


def test_what_lenders_know_is_plausible_and_the_platform_knows_more(model):
    values = collect(model.world, model.bank, model.platform, model.government).values
    assert 0.5 < values["auc_bank"] < values["auc_platform"] < 0.8
    assert values["quality_new_platform"] > 0, "lines go to the better half"
    assert 0 < values["default_probability_new_bank"] < 0.1


def test_a_flawless_score_is_measured_as_such(model):
    people = model.residents
    before = people.platform_score.copy()
    try:
        people.platform_score[:] = people.quality
        k = model.world.assumptions.willingness.quality
        found = collect(model.world, model.bank, model.platform, model.government).values["auc_platform"]
        assert found == pytest.approx(norm.cdf(k / np.sqrt(2)), abs=0.03)
    finally:
        people.platform_score[:] = before
