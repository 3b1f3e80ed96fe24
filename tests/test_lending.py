"""What lenders see of those who apply, whose turn it is and who stays within his means: against plain NumPy."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.residents.borrowing import in_turn
from sim.mechanisms.lending import affordable, forget_closed, seen_by_the_bank
from sim.vocabulary import Employer

SEEDS = st.integers(0, 2**32 - 1)
PEOPLE, HOMES = 900, 300


def some(luck):
    return np.flatnonzero(luck.random(PEOPLE) < 0.4).astype(np.int32)


@given(SEEDS, st.floats(0, 1), st.floats(0, 1), st.sampled_from([0.3, 1.0, 2.0]))
def test_means_are_seen_debts_and_the_new_one_over_yearly_income(seed, of_bank, of_platform, limit):
    luck = np.random.default_rng(seed)
    who = some(luck)
    amount = luck.integers(0, 10**7, len(who))
    bank, platform = luck.integers(0, 10**7, (2, PEOPLE))
    household = luck.integers(0, HOMES, PEOPLE).astype(np.int32)
    income = luck.integers(-5, 10**6, HOMES)
    debt = of_bank * bank[who] + of_platform * platform[who] + amount
    expected = debt <= limit * (12.0 * np.maximum(income[household[who]], 1))
    found = affordable(who, amount, bank, platform, household, income, of_bank, of_platform, limit)
    np.testing.assert_array_equal(found, expected)


def test_more_debt_never_makes_a_loan_affordable():
    luck = np.random.default_rng(5)
    who, household = some(luck), luck.integers(0, HOMES, PEOPLE).astype(np.int32)
    amount, debt, income = luck.integers(0, 10**6, len(who)), luck.integers(0, 10**7, PEOPLE), np.full(HOMES, 300_000)
    none = np.zeros(PEOPLE, np.int64)
    without, with_debt, unseen = (
        affordable(who, amount, of_bank, none, household, income, seen, 0.0, 1.0)
        for of_bank, seen in ((none, 1.0), (debt, 1.0), (debt, 0.0))
    )
    assert (with_debt <= without).all()
    assert with_debt.sum() < without.sum()
    np.testing.assert_array_equal(unseen, without)


@given(SEEDS, st.integers(0, 2000))
def test_the_bank_counts_months_from_the_first_loan_and_sees_wages_it_pays(seed, month):
    luck = np.random.default_rng(seed)
    who = some(luck)
    quality, error = luck.standard_normal((2, PEOPLE), np.float32)
    employer = luck.integers(0, len(Employer), PEOPLE).astype(np.int8)
    first = luck.integers(-1, month + 1, PEOPLE).astype(np.int16)
    connected = luck.random(PEOPLE) < 0.1
    seen = seen_by_the_bank(who, month, quality, error, employer, first, connected)
    np.testing.assert_array_equal(seen.quality, quality[who])
    np.testing.assert_array_equal(seen.error, error[who])
    np.testing.assert_array_equal(seen.payroll, employer[who] == Employer.ANCHOR)
    np.testing.assert_array_equal(seen.connected, connected[who])
    months = np.where(first[who] >= 0, np.minimum(month - first[who] + 1, 1000), 0)
    np.testing.assert_array_equal(seen.months, months)


@given(SEEDS)
def test_only_loans_on_which_nothing_is_owed_are_forgotten(seed):
    luck = np.random.default_rng(seed)
    balance = luck.integers(0, 3, 500)
    loan = luck.integers(-1, 500, HOMES).astype(np.int32)
    before = loan.copy()
    forget_closed(loan, balance)
    closed = (before >= 0) & (balance[before] == 0)
    np.testing.assert_array_equal(loan, np.where(closed, -1, before))


@given(SEEDS)
def test_turns_are_by_month_then_luck_then_row(seed):
    luck = np.random.default_rng(seed)
    who = some(luck)
    since = luck.integers(-3, 4, len(who)).astype(np.int16)
    draw = (luck.integers(0, 50, len(who)) * np.float32(2**-23)).astype(np.float32)
    draw[::3] = np.float32(1 - 2**-23)
    np.testing.assert_array_equal(in_turn(who, since, draw, PEOPLE), who[np.lexsort((draw, since))])
