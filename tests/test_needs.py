"""What comes up, what it costs and what lenders offer: compiled passes against plain NumPy, and what must follow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.assumptions.need import Need
from sim.mechanisms.choice import BANK, JOINT, NONE, OPTIONS, PLATFORM, QUICK, RELATIVES
from sim.mechanisms.luck import lognormal
from sim.mechanisms.need import Chances, chances, expenses, set_aside, what_comes_up
from sim.mechanisms.options import LOAN_STEP, SMALLEST_LOAN, Homes, Lenders, Loan, People, options
from sim.vocabulary import Occupation, Product, Purpose

P = Need()
HOMES = 700
SEEDS = st.integers(0, 2**32 - 1)


def people(luck):
    """Return columns of residents and households, members side by side, with all kinds among them."""
    size = luck.integers(1, 6, HOMES)
    household = np.repeat(np.arange(HOMES, dtype=np.int32), size)
    n = len(household)
    head = np.diff(household, prepend=-1) > 0
    shop = np.where(luck.random(n) < 0.2, luck.integers(0, 50, n), -1).astype(np.int32)
    land = np.where(luck.random(HOMES) < 0.6, luck.random(HOMES) * 10, 0).astype(np.float32)
    return household, head, shop, land


# -- what comes up -----------------------------------------------------------------------------------------------------


def by_slices(terms, draw, busy, head, age_band, shop, household, land, children):
    """Give each kind its slice of the draw in turn; only to whom it can happen."""
    purpose = np.full(len(draw), -1)
    left = draw.astype(np.float64)
    for kind, chance, may in (
        (Purpose.ILLNESS, np.array(terms.illness)[age_band], np.ones(len(draw), np.bool_)),
        (Purpose.RESTOCKING, terms.restocking, shop >= 0),
        (Purpose.BUILDING, terms.building, head),
        (Purpose.INPUTS, terms.inputs, head & (land[household] > 0)),
        (Purpose.SCHOOLING, terms.schooling, head & (children[household] > 0)),
    ):
        left -= np.where(may, chance, 0.0)
        purpose[may & (purpose < 0) & (left < 0)] = kind
    purpose[busy >= 0] = -1
    return purpose


@given(SEEDS, st.integers(0, 11), st.booleans())
def test_what_comes_up_is_what_the_slices_say(seed, calendar, certain):
    luck = np.random.default_rng(seed)
    household, head, shop, land = people(luck)
    n = len(household)
    terms = Chances(0.3, 0.3, (0.1, 0.2, 0.3), 0.2, 0.1) if certain else chances(calendar, P)
    given_ = (
        terms, luck.random(n, np.float32), np.where(luck.random(n) < 0.1, 1, -1).astype(np.int8), head,
        luck.integers(0, 3, n).astype(np.int8), shop, household, land, luck.integers(0, 3, HOMES).astype(np.int8),
    )  # fmt: skip
    expected = by_slices(*given_)
    who, purpose = what_comes_up(*given_)
    np.testing.assert_array_equal(who, np.flatnonzero(expected >= 0))
    np.testing.assert_array_equal(purpose, expected[who])
    assert (who.dtype, purpose.dtype) == (np.int32, np.int8)


def test_in_a_large_county_everybody_is_looked_at_once():
    """So many that the work is shared out."""
    n = 300_000
    draw = np.random.default_rng(3).random(n, np.float32)
    nobody, everybody = np.full(n, -1, np.int8), np.ones(n, np.bool_)
    home, one = np.arange(n, dtype=np.int32), np.ones(n, np.int8)
    terms = Chances(0.25, 0.0, (0.1, 0.1, 0.1), 0.0, 0.2)
    shop, land = np.full(n, -1, np.int32), np.ones(n, np.float32)
    who, purpose = what_comes_up(terms, draw, nobody, everybody, one, shop, home, land, one)
    np.testing.assert_array_equal(who, np.flatnonzero(draw < 0.55))
    assert set(purpose) == {Purpose.ILLNESS, Purpose.BUILDING, Purpose.INPUTS}


# -- what it costs -----------------------------------------------------------------------------------------------------


@given(SEEDS)
def test_expenses_are_median_times_luck_and_the_gap_is_what_spare_money_leaves(seed):
    luck = np.random.default_rng(seed)
    household, _, shop, land = people(luck)
    who = np.flatnonzero(luck.random(len(household)) < 0.3).astype(np.int32)
    purpose = luck.integers(0, 5, len(who)).astype(np.int8)
    z = luck.standard_normal(len(who), np.float32)
    turnover = luck.integers(0, 10**7, 50)
    spare = luck.normal(0, 2e6, HOMES)
    home = household[who]
    median = np.select(
        [purpose == Purpose.INPUTS, purpose == Purpose.RESTOCKING],
        [P.inputs_cost * 100 * land[home], P.restocking_cost * turnover[np.maximum(shop[who], 0)]],
        np.array([0, 0, P.illness_cost, P.schooling_cost, P.building_cost])[purpose] * 100,
    )
    cost = (median * lognormal(1.0, P.spread, z)).astype(np.int64)
    missing = np.maximum(cost - np.maximum(spare[home].astype(np.int64), 0), 0)
    borrowed = -(-missing // 10_000) * 10_000
    borrowed[borrowed < P.smallest * 100] = 0
    paid, gap = expenses(who, purpose, z, household, shop, land, turnover, spare, P)
    np.testing.assert_array_equal(gap, borrowed)
    np.testing.assert_array_equal(paid, np.where(borrowed > 0, 0, cost))


@given(SEEDS)
def test_all_that_is_set_aside_is_kept_for_its_purpose(seed):
    luck = np.random.default_rng(seed)
    home = luck.integers(0, 20, 300).astype(np.int32)
    purpose, amount = luck.integers(0, 5, 300).astype(np.int8), luck.integers(0, 10**6, 300)
    inputs, stock, life, building = np.full((4, 20), 7, np.int64)
    set_aside(home, purpose, amount, inputs, stock, life, building)
    for kept, kinds in (
        (inputs, [Purpose.INPUTS]),
        (stock, [Purpose.RESTOCKING]),
        (life, [Purpose.ILLNESS, Purpose.SCHOOLING]),
        (building, [Purpose.BUILDING]),
    ):
        mine = np.isin(purpose, kinds)
        expected = 7 + np.array([amount[mine & (home == h)].sum() for h in range(20)])
        np.testing.assert_array_equal(kept, expected)


# -- what is offered ---------------------------------------------------------------------------------------------------


def lenders(**changed):
    """Return terms of lenders who all lend; ``changed`` gives others."""
    terms = {
        "farm": Loan(True, 10e6, 0.5, 0.09, 25.0), "business": Loan(True, 30e6, 3.0, 0.1, 22.0),
        "quick": Loan(True, 5e6, 6.0, 0.08, 2.0), "joint": Loan(True, 5e6, 6.0, 0.085, 1.0), "line_open": True,
        "largest_draw": 4_000_000, "oldest": 65, "subsidy": 0.0, "family": -0.4, "bank": 1.4, "quick_liking": -0.6,
        "platform": np.float32(-0.85), "trust": np.float32(2.0), "known": 1.6,
    }  # fmt: skip
    return Lenders(**(terms | changed))


def county(luck):
    """Return people and homes of all kinds, sales of shops, and some in need."""
    household, _, shop, land = people(luck)
    n = len(household)

    def whole(low, high, kind=np.int16, count=n):
        return luck.integers(low, high, count).astype(kind)

    line = np.where(luck.random(n) < 0.5, luck.integers(1, 50, n) * 100_000, 0)
    residents = People(
        household, whole(0, 3, np.int8), whole(18, 90, np.int8), shop, whole(-1, 2), whole(-1, 2), whole(-1, 2), line,
        whole(0, 3, np.int8), (line * luck.random(n)).astype(np.int64), whole(0, 3) * 15, luck.random(n, np.float32),
    )  # fmt: skip
    homes = Homes(land, whole(-1, 2, np.int32, HOMES), whole(0, 10**6, np.int64, HOMES), luck.random(HOMES) < 0.3)
    who = np.flatnonzero(luck.random(n) < 0.4).astype(np.int32)
    need = luck.integers(1, 100, len(who)) * 50_000
    relatives = np.where(luck.random(len(who)) < 0.5, luck.integers(0, 100, len(who)) * 5_000, 0)
    return who, need, np.minimum(relatives, need), residents, homes, whole(0, 10**7, np.int64, 50)


RATES = np.array([0.18, 0.15, 0.12])


def plain(terms, who, need, relatives, p, homes, turnover):
    """Return open, amount, annual rate, days and liking of each option, by columns of NumPy."""
    home = p.household[who]
    price, income = 1.0 - terms.subsidy * homes.poor[home], homes.income[home]
    merchant = p.occupation[who] == Occupation.MERCHANT
    farmer = ~merchant & (homes.land[home] > 0) & (homes.farm_loan[home] < 0)
    young, known = p.age[who] <= terms.oldest, terms.known * (p.bank_first[who] >= 0)
    bank_cap = np.where(
        merchant,
        np.minimum(terms.business.most, terms.business.of_income * turnover[np.maximum(p.shop[who], 0)]),
        np.minimum(terms.farm.most, terms.farm.of_income * (12 * income)),
    )
    line = p.line[who]
    platform = np.where(p.platform_first[who] >= 0, terms.known, 0.0) + (
        terms.platform + terms.trust * p.trust[who]
    ).astype(np.float64)
    of_bank = merchant * terms.business.open + farmer * terms.farm.open > 0
    zero = np.zeros(len(who))
    columns = {
        NONE: (np.ones(len(who), np.bool_), zero, zero, zero, zero),
        RELATIVES: (relatives > 0, relatives, zero, zero + 3.0, zero + terms.family),
        BANK: (
            of_bank & young,
            np.minimum(need, bank_cap),
            np.where(merchant, terms.business.rate, terms.farm.rate) * price,
            np.where(merchant, terms.business.days, terms.farm.days),
            terms.bank + known,
        ),
        PLATFORM: (
            (line > 0) & (p.worst_days[who] < 30) & terms.line_open,
            np.maximum(np.minimum(need, np.minimum(line - p.used[who], terms.largest_draw)), 0),
            RATES[p.line_tier[who]] * price,
            zero,
            platform,
        ),
    }
    for option, loan, may in ((QUICK, terms.quick, p.bank_app_since[who] >= 0), (JOINT, terms.joint, line > 0)):
        amount = np.minimum(need, np.minimum(loan.most, loan.of_income * income))
        columns[option] = (
            may & loan.open & young, amount, loan.rate * price, zero + loan.days, terms.quick_liking + known,
        )  # fmt: skip
    return [np.stack([columns[option][k] for option in range(OPTIONS)], axis=1) for k in range(5)]


CLOSED = Loan(False, 10e6, 0.5, 0.09, 25.0)


@given(
    SEEDS,
    st.sets(st.sampled_from(["farm", "business", "quick", "joint"])),
    st.booleans(),
    st.sampled_from([0.0, 0.5]),
)
def test_options_are_those_of_plain_columns(seed, closed, line_open, subsidy):
    county_ = county(np.random.default_rng(seed))
    terms = lenders(**dict.fromkeys(closed, CLOSED), line_open=line_open, subsidy=subsidy)
    who, need, relatives, *others = county_
    table, product = options(terms, RATES, who, need, relatives, *others)
    open_, amount, rate, days, liking = plain(terms, *county_)
    whole = amount.astype(np.int64) // LOAN_STEP * LOAN_STEP
    large = whole >= SMALLEST_LOAN
    large[:, NONE] = True
    np.testing.assert_array_equal(table.open, open_ & large)
    np.testing.assert_array_equal(table.amount, whole)
    np.testing.assert_array_equal(table.met, whole / need[:, None])
    np.testing.assert_array_equal(table.annual_rate, rate)
    np.testing.assert_array_equal(table.days, days)
    np.testing.assert_array_equal(table.liking, liking)
    of_bank = table.open[:, BANK]
    assert set(product[of_bank]) <= {Product.BANK_FARM, Product.BANK_BUSINESS}


@pytest.mark.parametrize(("name", "option"), [("quick", QUICK), ("joint", JOINT)])
def test_what_a_lender_does_not_sell_is_open_to_nobody(name, option):
    who, need, relatives, *others = county(np.random.default_rng(1))
    sold, _ = options(lenders(), RATES, who, need, relatives, *others)
    not_sold, _ = options(lenders(**{name: CLOSED}), RATES, who, need, relatives, *others)
    assert sold.open[:, option].any()
    assert not not_sold.open[:, option].any()
    rest = np.arange(OPTIONS) != option
    np.testing.assert_array_equal(sold.open[:, rest], not_sold.open[:, rest])


def test_nobody_borrows_more_than_needed_and_everybody_can_go_without():
    who, need, relatives, *others = county(np.random.default_rng(2))
    table, _ = options(lenders(), RATES, who, need, relatives, *others)
    assert (table.amount <= need[:, None]).all()
    assert table.open[:, NONE].all()
    assert (table.amount[:, NONE] == 0).all()
    assert table.open.any(axis=0).all(), "every option is somebody's"
