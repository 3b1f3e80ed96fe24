"""Verdicts on the reported patterns, and the split of the claim that no loan was bad."""

import math

import numpy as np
import pandas as pd
import pytest
from made_up_results import made_up_results

from sim.patterns.no_bad_loans import hidden_share_needed, sight, split_claim, zero_probability
from sim.patterns.verdicts import PATTERNS, any_missed, judge, judge_all
from sim.patterns.vintages import cumulative_default, default_within, vintage_curves


def tape(originated, defaulted, **columns):
    count = len(originated)
    base = {
        "seed": 1, "loan": np.arange(count), "lender": "platform", "repayment": "installment", "originated": originated,
        "defaulted_month": defaulted, "worst_days": np.where(np.asarray(defaulted) >= 0, 90, 0), "own_share": 1_000_000,
        "renewed_from": -1,
    }  # fmt: skip
    return pd.DataFrame({**base, **columns})


def test_zero_of_5500_as_the_model_description_says():
    assert zero_probability(np.full(5_500, 0.01), 1.0) == pytest.approx(0.99**5_500)
    assert zero_probability(np.full(550, 0.01), 10.0) == pytest.approx(0.99**5_500)
    assert sight("", "", np.full(550, 0.01), 10.0).expected == pytest.approx(55.0)


def test_cumulative_default_is_the_plain_share_when_all_are_watched():
    originated = np.zeros(100, np.int64)
    defaulted = np.where(np.arange(100) < 7, 5, -1)
    share = cumulative_default(originated, defaulted, last=20)
    assert share[4] == pytest.approx(0.0)
    assert share[5] == share[20] == pytest.approx(0.07)


def test_cumulative_default_with_loans_of_different_age():
    # 10 old loans, one bad at age 5; 10 young ones watched for 3 months only: the young say nothing about age 5
    originated = np.r_[np.zeros(10, np.int64), np.full(10, 17)]
    defaulted = np.r_[5, np.full(19, -1)]
    share = cumulative_default(originated, defaulted, last=20)
    assert share[5] == pytest.approx(0.1)


def test_default_within_counts_only_those_watched_long_enough():
    loans = tape([0, 0, 15], [6, -1, -1])
    assert default_within(loans, 12, last=20) == pytest.approx(0.5)
    assert math.isnan(default_within(loans, 24, last=20))


def test_vintage_curves_end_where_the_youngest_loan_is_no_longer_watched():
    curves = vintage_curves(tape([0, 3, 8], [4, -1, -1]), last=20, width=6)
    assert list(curves) == [0, 6]
    assert curves[0].last_valid_index() == 17
    assert curves[6].last_valid_index() == 12


def claim(**columns):
    """1,000 loans made 10 months before the claim, 2% of which turn bad 5 months later, watched for 36 months."""
    return tape(np.full(1_000, 14), np.where(np.arange(1_000) < 20, 19, -1), **columns)


def by_name(loans, at=24, last=60, weight=1.0):
    return {s.name: s for s in split_claim(loans, at, last, weight)}


def test_split_of_the_claim():
    found = by_name(claim())
    assert found["as simulated"].expected == pytest.approx(20)
    assert found["as simulated"].probability == pytest.approx(0.98**1_000)
    assert found["bullets"].expected == 0.0  # ten months old: a 12-month bullet has not fallen due
    assert found["bullets"].probability == 1.0
    assert found["own funds only"].expected == pytest.approx(20)
    assert by_name(claim(own_share=300_000))["own funds only"].expected == pytest.approx(6)
    assert by_name(claim(), weight=10.0)["as simulated"].expected == pytest.approx(200)


def test_loans_that_were_too_young_hide_their_default():
    young = by_name(claim(), at=17)
    assert young["as simulated"].probability == 1.0
    assert young["seasoned"].expected == pytest.approx(20)


def test_renewals_counted_from_the_first_loan():
    # the second loan renews the first, six months later
    loans = tape([10, 16] * 500, np.where(np.arange(1_000) < 20, np.tile([10, 16], 500) + 9, -1))
    loans["renewed_from"] = np.where(np.arange(1_000) % 2 == 1, np.arange(1_000) - 1, -1)
    found = by_name(loans)
    assert found["renewals counted"].expected > found["as simulated"].expected


def test_debit_order_compares_with_the_bank():
    loans = claim()
    loans.loc[:39, "worst_days"] = np.where(np.arange(40) < 20, 90, 30)  # half of the late go on
    bank = tape(np.full(100, 14), np.full(100, -1), lender="bank", worst_days=90)
    bank["loan"] += 1_000
    found = by_name(pd.concat([loans, bank], ignore_index=True))
    assert found["no debit order"].expected == pytest.approx(2 * found["as simulated"].expected)


def test_nobody_borrowed():
    assert split_claim(claim(lender="bank"), 24, 60, 1.0) == []


def test_hidden_share_needed():
    assert hidden_share_needed(1.0) == 0.0
    expected = 23.5
    assert math.exp(-expected * (1 - hidden_share_needed(expected))) == pytest.approx(0.05)


def test_verdicts_of_a_run_that_ends_early():
    early = made_up_results(months=12, tape=240)
    rows = {row.key: row for row in early.verdicts}
    assert rows["P1a"].verdict == "not reached"
    assert rows["P1e"].verdict == "met"
    assert rows["P4"].verdict == "not reached"
    assert not any_missed(early.verdicts)


def test_verdict_is_of_the_median():
    pattern = next(p for p in PATTERNS if p.key == "P2")
    monthly = pd.DataFrame(
        {"seed": [1, 2, 3], "month": 24, "date": "2019-01", "lines": [90_000.0, 100_001.0, 140_000.0]}
    )
    row = judge(pattern, monthly)
    assert row.verdict == "met"
    assert row.median == 100_001
    assert row.low < 100_000 < 130_000 < row.high
    assert judge(pattern, monthly.assign(lines=99_999.0)).verdict == "missed"


def test_every_pattern_has_its_row():
    results = made_up_results()
    rows, _ = judge_all(results.monthly, results.loans, results.weight)
    keys = [row.key for row in rows]
    assert keys == ["P1a", "P1b", "P1c", "P1d", "P1e", "P2", "P3a", "P3b", "P4", "P4 12m", "P4 24m", "P5", "P5 goal"]
    assert rows[-1].verdict == "reported"
