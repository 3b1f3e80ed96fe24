"""The engine gives, person by person and month by month, what the plain version of the model description gives."""

import numpy as np
import pytest
from campaign import intensity
from loan_service import half_even, level_installment
from side_by_side import Adoption, Loans, run_beside

from sim.mechanisms import MECHANISMS
from sim.vocabulary import Product, Repayment

#: Events and values that bring out what the shipped scenario shows seldom or never.
HARD_TIMES = {
    "shocks.fraud_start": "2018-06",
    "government.literacy_start": "2017-06",
    "government.guarantee_start": "2017-03",
    "government.guarantee_share": 0.5,
    "government.subsidy_start": "2017-05",
    "government.subsidy_rate": 0.5,
    "platform.code_giveaway": {"2018-10": False},
    "platform.exit": "2019-09",
    "bank.joint_product_start": "2018-01",
    "adoption.intercept": -6.7,
    "adoption.lapse": 0.03,
    "adoption.acceptance_frozen_from": 33,
    "shops.intercept": -5.5,
    "shops.patience": 3,
    "shops.drop": 0.2,
    "spending.propensity": 0.9,
    "willingness.intercept": -4,
    "repayment.early_hazard": 0.15,
    "repayment.recovery_chance": 0.1,
    "repayment.write_off_bank": 360,
    "repayment.write_off_platform": 180,
}
EVERY_RUN = {
    "news", "wallets taken up", "wallets given up", "codes taken", "bank apps taken up", "refused", "cured",
    "cannot pay all", "paid with another member's money", "relative repaid", "repaid", "repaid early", "renewed",
    "not renewed for want of the interest", "harvest-dated due", "delinquent", "defaulted", "written off", "recovered",
}  # fmt: skip
IN_HARD_TIMES = EVERY_RUN | {"codes given up", "line lost", "subsidised"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "overrides", "expected"), [(1, {}, EVERY_RUN), (2, HARD_TIMES, IN_HARD_TIMES)], ids=["as shipped", "hard"]
)
def test_36_months_are_the_same_person_by_person(seed, overrides, expected):
    adoption, loans = run_beside((Adoption, Loans), 36, seed=seed, scale=0.01, **overrides)
    happened = +adoption.plain.seen + +loans.plain.seen
    assert expected <= set(happened)
    tape = loans.plain.tape
    assert {loan.repayment for loan in tape} == set(Repayment)
    assert {loan.product for loan in tape} >= set(Product) - {Product.JOINT}
    assert adoption.plain.month == loans.plain.month == 35


def test_where_wallets_do_not_spread_only_the_banks_app_does():
    (adoption,) = run_beside((Adoption,), 12, "no-wallet", seed=1, scale=0.01, **{"bank.alarm_level": 0.05})
    assert set(+adoption.plain.seen) == {"bank apps taken up"}


def _one_bit_more_trust(*arguments):
    return np.nextafter(MECHANISMS["trust"](*arguments), np.float32(1))


def _news_is_a_month_older(*arguments):
    *others, news_age, assumed = arguments
    return MECHANISMS["adoption"](*others, news_age + np.int16(1), assumed)


def _nobody_lapses(*arguments):
    return np.zeros_like(MECHANISMS["lapse"](*arguments))


def _everybody_refuses(*arguments):
    return np.ones_like(MECHANISMS["willingness"](*arguments))


@pytest.mark.parametrize(
    ("block", "name", "rule", "column"),
    [
        (Adoption, "trust", _one_bit_more_trust, "trust of"),
        (Adoption, "adoption", _news_is_a_month_older, "wallet_since of"),
        (Adoption, "lapse", _nobody_lapses, "wallet_since of"),
        (Loans, "willingness", _everybody_refuses, "borrower: .* rows|balance of loan"),
    ],
)
def test_a_difference_is_noticed(block, name, rule, column):
    with pytest.raises(AssertionError, match=column):
        run_beside((block,), 3, seed=1, scale=0.01, mechanisms={name: rule})


def test_a_campaign_builds_up_lasts_and_is_forgotten():
    course = [intensity(month, 2, 4, 2, 3) for month in range(12)]
    assert course == [0, 0, 0.5, 1, 1, 1, 0.75, 0.5, 0.25, 0, 0, 0]
    assert intensity(5, 2, 0, 2, 3) == 0


def test_halves_go_to_the_even_number():
    assert [half_even(n, 2) for n in range(6)] == [0, 0, 1, 2, 2, 2]
    assert half_even(8, 3) == 3


def test_level_installments_repay_the_loan():
    balance, installment = 1_200_000, level_installment(1_200_000, 146_000, 12)
    for _ in range(12):
        balance += half_even(balance * 146_000, 12_000_000) - installment
    assert abs(balance) < 12
