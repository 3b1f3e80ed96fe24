"""Measures against the plain sums that their definitions say."""

import math

import numpy as np
import pytest
from made_up_world import made_up_world

from sim.experiment import simulate
from sim.measures import GROUP_MEASURES, GROUPS, MEASURES, Panel, collect
from sim.vocabulary import Lender


@pytest.fixture(scope="module")
def measured():
    parts = made_up_world()
    return parts[0], collect(*parts)


def test_every_measure_says_what_it_is():
    for name, m in MEASURES.items():
        assert name == m.name
        assert m.unit
        assert m.when in ("stock", "flow")
        assert len(m.definition) > 10


def test_shares_of_adults(measured):
    world, now = measured
    r = world.residents
    active = r.wallet_last > world.month - 3
    assert now.values["wallet_active"] == pytest.approx(active.mean())
    assert now.values["epayment_any"] == pytest.approx((active | (r.card_last > world.month - 3)).mean())
    assert now.values["wallet_active_town"] == pytest.approx(active[r.place_kind == 2].mean())
    assert now.values["wallet_active_rural"] == pytest.approx(active[r.place_kind < 2].mean())
    assert now.values["lines"] == (r.line > 0).sum() * 10
    assert now.values["limits"] == pytest.approx(r.line.sum() / 100 * 10)


@pytest.mark.parametrize("kind", ["occupation", "age", "poverty", "place", "township"])
def test_groups_add_up_to_everybody(measured, kind):
    _, now = measured
    names = [m.name for m in GROUP_MEASURES[kind]]
    for name in ("adults", "lines", "limits", "formal_debt", "unmet_need", "borrowers_platform"):
        assert now.groups[kind][:, names.index(name)].sum() == pytest.approx(now.values[name])


def test_a_group_is_its_members(measured):
    world, now = measured
    r = world.residents
    names = [m.name for m in GROUP_MEASURES["age"]]
    for band in range(3):
        here = r.age_band == band
        expected = (r.wallet_last[here] > world.month - 3).mean()
        assert now.groups["age"][band, names.index("wallet_active")] == pytest.approx(expected)
    assert now.values["wallet_active_gap_age"] == pytest.approx(
        now.groups["age"][0, names.index("wallet_active")] - now.groups["age"][2, names.index("wallet_active")]
    )


def test_households_are_digital_when_a_member_is(measured):
    world, now = measured
    r = world.residents
    digital = (r.wallet_last > world.month - 3) | (r.bank_app_since >= 0)
    by_home = np.zeros(world.households.n, bool)
    np.logical_or.at(by_home, r.household, digital)
    assert now.values["household_digital"] == pytest.approx(by_home.mean())
    age_of_head = r.age_band[r.head]
    names = [m.name for m in GROUP_MEASURES["age"]]
    assert now.groups["age"][0, names.index("household_digital")] == pytest.approx(by_home[age_of_head == 0].mean())


def test_loans_by_lender(measured):
    world, now = measured
    book = world.loans
    for name, lender in (("bank", Lender.BANK), ("platform", Lender.PLATFORM)):
        mine = book.lender == lender
        gross = book.balance[mine].sum()
        late = book.balance[mine & (book.days_past_due >= 90)].sum()
        new = mine & (book.originated == world.month) & (book.renewed_from < 0)
        assert now.values[f"gross_loans_{name}"] == pytest.approx(gross / 100 * 10)
        assert now.values[f"npl_ratio_{name}"] == pytest.approx(late / gross)
        assert now.values[f"days_to_cash_{name}"] == pytest.approx(
            np.average(book.days[new], weights=book.principal[new])
        )
        assert now.values[f"annual_rate_{name}"] == pytest.approx(
            np.average(book.annual_rate[mine], weights=book.balance[mine]) / 1e6
        )
        wrote_off = book.written_off[mine & (book.closed == world.month)].sum()
        assert now.values[f"write_offs_{name}"] == pytest.approx(wrote_off / 100 * 10)
        vintage = mine & (book.originated == world.month - 12)
        assert now.values[f"default_rate_{name}"] == pytest.approx((book.defaulted_month[vintage] >= 0).mean())
    formal = book.balance[book.lender != Lender.FAMILY].sum() / 100 * 10
    assert now.values["gross_loans"] == pytest.approx(formal)


def test_customers_are_counted_once_a_product(measured):
    world, now = measured
    book = world.loans
    names = [m.name for m in GROUP_MEASURES["product"]]
    for product in range(len(GROUPS["product"])):
        people = np.unique(book.borrower[book.product == product]).size
        assert now.groups["product"][product, names.index("customers")] == people * 10


def test_market_shares_and_hhi(measured):
    _, now = measured
    bank, platform = now.values["market_share_bank"], now.values["market_share_platform"]
    assert bank + platform == pytest.approx(1.0)
    assert now.values["hhi"] == pytest.approx(bank**2 + platform**2)


def test_payment_shares_sum_to_one(measured):
    _, now = measured
    for ending in ("", "_town", "_seat", "_village", "_count", "_count_town"):
        assert sum(now.values[f"{way}_share{ending}"] for way in ("digital", "card", "cash")) == pytest.approx(1.0)


def test_default_rate_waits_for_a_year():
    now = collect(*made_up_world(month=11))
    assert math.isnan(now.values["default_rate_bank"])


def test_a_hole_in_the_panel_fails(measured):
    world, now = measured
    panel = Panel(world.month + 1)
    panel.record(now)
    with pytest.raises(AssertionError, match="month 0 was never measured"):
        panel.check()
    one = Panel(1)
    moved = type(now)(0, {**now.values, "lines": math.nan}, now.groups)
    one.record(moved)
    with pytest.raises(AssertionError, match="lines is not a number in month 0"):
        one.check()
    one.record(type(now)(0, {**now.values, "npl_ratio_platform": math.nan}, now.groups))
    one.check()


def test_applications_that_wait_are_counted(measured):
    world, now = measured
    waiting = (world.residents.pending_product >= 0).sum()
    assert now.values["queued_bank"] == waiting * 10 > 0


@pytest.mark.slow
def test_no_measure_is_silently_the_same_all_the_time():
    monthly = simulate(seed=3, scale=0.1).monthly
    still = {name for name in MEASURES if monthly[name].nunique() <= 1}
    assert still == {
        "adults",  # nobody is born, dies or moves
        "bank_loans_corporate",  # what is lost is lent anew
        "days_to_cash_platform",  # a line pays at once
        "queued_platform",  # and nobody waits for it
    }
