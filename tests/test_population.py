"""The county at its start: does it have the people, shops and money that its facts say?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import Draws
from sim.errors import CatfishError
from sim.scenario import Scenario
from sim.state.household_types import ADULTS, OLD, TYPES, YOUNG, type_shares
from sim.state.people import expected_mix, smartphone_shares
from sim.state.population import (
    HOUSEHOLD_COLUMNS,
    PLACE_COLUMNS,
    RESIDENT_COLUMNS,
    SHOP_COLUMNS,
    build_population,
)
from sim.state.shops import shopping_shares
from sim.state.start import wallet_chances
from sim.vocabulary import AgeBand, Employer, Occupation, PlaceKind, ShopKind

SCENARIO = Scenario.load("neixiang")
FACTS, ASSUMPTIONS = SCENARIO.county, SCENARIO.assumptions
KINDS = list(PlaceKind)


def build(seed=7, scale=1.0, facts=FACTS, assumptions=ASSUMPTIONS):
    return build_population(facts, assumptions, Draws(seed), scale)


def with_facts(group, **values):
    return FACTS.model_copy(update={group: getattr(FACTS, group).model_copy(update=values)})


@pytest.fixture(scope="module")
def county():
    return build()


@pytest.fixture(scope="module")
def tenth():
    return build(scale=0.1)


def within(found, expected, n, errors=5.0):
    """A share of n lies within five Monte Carlo standard errors; households make people alike, hence the factor 2."""
    return abs(found - expected) < errors * np.sqrt(2.0 * expected * (1.0 - expected) / n) + 1e-9


def test_tables_have_the_columns_of_their_specification(county):
    tables = (county.residents, county.households, county.shops, county.places)
    for table, spec in zip(tables, (RESIDENT_COLUMNS, HOUSEHOLD_COLUMNS, SHOP_COLUMNS, PLACE_COLUMNS), strict=True):
        assert set(table.names) == set(spec)
        for name in table.names:
            assert table[name].dtype == np.dtype(spec[name].dtype)
            assert spec[name].unit
            assert spec[name].text
            if table[name].dtype.kind == "f":
                assert np.isfinite(table[name]).all(), name


def test_the_full_county_has_the_facts_size(county):
    people = FACTS.people
    adults = people.residents * people.adult_share
    assert county.residents.n == pytest.approx(adults, rel=0.005)
    assert county.weight * county.residents.n == pytest.approx(adults)
    everybody = county.residents.n + county.households.children.sum()
    assert everybody == pytest.approx(people.residents, rel=0.01)
    kinds = np.bincount(county.places.kind)
    assert list(kinds) == [people.villages, people.townships - 1, 1]
    shares = np.bincount(county.residents.place_kind) / county.residents.n
    expected = [1 - people.urban_share, people.seat_share, people.urban_share - people.seat_share]
    np.testing.assert_allclose(shares, expected, atol=0.005)
    np.testing.assert_array_equal(county.places.adults, np.bincount(county.residents.place, minlength=county.places.n))


def test_residents_stand_by_place_then_household_with_the_head_first(county):
    residents, households, first = county.residents, county.households, county.first
    assert (np.diff(residents.place) >= 0).all()
    np.testing.assert_array_equal(residents.household, np.repeat(np.arange(households.n), np.diff(first)))
    np.testing.assert_array_equal(first[:-1], households.first)
    np.testing.assert_array_equal(np.diff(first), households["count"])
    np.testing.assert_array_equal(np.flatnonzero(residents.head), first[:-1])
    np.testing.assert_array_equal(households.sector, residents.occupation[first[:-1]])
    for name in ("place", "place_kind", "township", "poor"):
        np.testing.assert_array_equal(households[name][residents.household], residents[name])
    np.testing.assert_array_equal(county.places.kind[residents.place], residents.place_kind)
    np.testing.assert_array_equal(county.places.township[residents.place], residents.township)


def test_the_head_is_the_oldest_under_seventy_or_nearly(county):
    residents, first = county.residents, county.first
    working = np.where(residents.age < 70, residents.age, -1)
    oldest = np.maximum.reduceat(working, first[:-1])
    heads = residents.age[first[:-1]]
    # a partner may be up to four years older
    assert ((heads >= oldest - 4) | (heads >= 70)).all()
    assert residents.age.min() >= 18
    assert residents.age.max() <= 95


def test_ages_and_occupations_are_those_of_the_facts(county):
    residents = county.residents
    people = FACTS.people
    for kind in KINDS:
        here = residents.place_kind == kind
        name, n = kind.name.lower(), here.sum()
        for prefix, values in (
            ("under_40", residents.age_band == AgeBand.UNDER_40),
            ("over_60", residents.age_band == AgeBand.FROM_60),
            ("merchants", residents.occupation == Occupation.MERCHANT),
            ("employees", residents.occupation == Occupation.EMPLOYEE),
        ):
            assert within(values[here].mean(), getattr(people, f"{prefix}_{name}"), n), (kind, prefix)
    for employer, staff in ((Employer.ANCHOR, people.anchor_staff), (Employer.PUBLIC, people.public_staff)):
        found = (residents.employer == employer).sum() * county.weight
        assert abs(found - staff) < 5 * np.sqrt(2 * staff)
    poor = county.households.poor.sum()
    assert abs(poor - people.poor_households) < 5 * np.sqrt(people.poor_households)
    assert (residents.wage[residents.employer != Employer.NONE] > 0).all()
    assert (residents.wage[residents.age >= 60] == 0).all()
    assert (residents.pension[residents.age < 60] == 0).all()


def test_wallets_at_the_start_have_the_share_of_the_facts_in_expectation():
    for share in (0.1, 0.2, 0.3):
        facts = with_facts("start", wallet_share=share)
        mix = expected_mix(facts, ASSUMPTIONS.population)
        chance = wallet_chances(facts, mix)
        expected = (mix.adults[:, None] * mix.bands * smartphone_shares(facts) * chance).sum() / mix.adults.sum()
        assert expected == pytest.approx(share, abs=1e-6)


def test_wallets_at_the_start_are_there(county):
    residents = county.residents
    user = residents.wallet_since >= 0
    assert within(user.mean(), FACTS.start.wallet_share, residents.n)
    assert residents.smartphone[user].all()
    assert residents.informed[user].all()
    assert set(np.unique(residents.wallet_since)) == {-1, 0}
    np.testing.assert_array_equal(residents.wallet_last, np.where(user, -1, -99))
    assert (residents.habit[user] == np.float32(ASSUMPTIONS.habit.start)).all()
    assert (residents.habit[~user] == 0).all()
    assert (residents.wallet[~user] == 0).all()
    assert (residents.money_fund[~user] == 0).all()
    assert residents.flow_months.max() == 24
    by_place = [user[residents.place_kind == kind].mean() for kind in KINDS]
    assert 0.11 < by_place[PlaceKind.VILLAGE] < 0.15
    assert 0.31 < by_place[PlaceKind.TOWN] < 0.38
    payer = county.households.payer
    known = payer >= 0
    assert user[payer[known]].all()
    np.testing.assert_array_equal(residents.household[payer[known]], np.flatnonzero(known))
    assert not user[~np.isin(residents.household, np.flatnonzero(known))].any()


def test_too_many_wallets_are_refused():
    with pytest.raises(CatfishError, match="wallet_share 95%"):
        build(scale=0.01, facts=with_facts("start", wallet_share=0.95))


def test_money_at_the_start(county):
    residents, first = county.residents, county.first
    for name in ("cash", "deposit_rural", "deposit_elsewhere", "wallet", "money_fund"):
        assert (residents[name] >= 0).all()
    deposits = residents.deposit_rural + residents.deposit_elsewhere + residents.money_fund
    per_adult = deposits.sum() / residents.n / 100
    assert per_adult == pytest.approx(FACTS.rural_bank.deposits_per_adult, rel=0.04)
    share = residents.deposit_rural.sum() / (residents.deposit_rural + residents.deposit_elsewhere).sum()
    assert share == pytest.approx(FACTS.rural_bank.deposit_share, abs=0.02)
    homes = np.sort(np.add.reduceat(deposits, first[:-1]))
    assert 0.4 < homes[-len(homes) // 10 :].sum() / homes.sum() < 0.65, "deposits have a heavy tail"
    assert (residents.main_bank[residents.employer == Employer.ANCHOR] == 0).all()
    poor = np.median(np.add.reduceat(deposits, first[:-1])[county.households.poor])
    assert poor < 0.5 * np.median(homes)


def test_incomes_are_those_of_a_county_in_henan(county):
    """Disposable income a head, 2018: rural 13,800 yuan in the province, less here; urban 31,900 in the province."""
    households = county.households
    heads = households["count"] + households.children
    net = households.income_average / 100 * 12 - households.land * FACTS.economy.inputs_cost
    village = households.place_kind == PlaceKind.VILLAGE
    assert 11_500 < net[village].sum() / heads[village].sum() < 14_500
    assert 22_000 < net[~village].sum() / heads[~village].sum() < 30_000
    poor = households.poor
    assert net[poor].sum() / heads[poor].sum() < 0.9 * net[village].sum() / heads[village].sum()
    assert (households.income_average > 0).mean() > 0.98
    farms = households.land > 0
    assert households.land[farms].mean() == pytest.approx(FACTS.economy.land_per_household, rel=0.03)


def test_quality_is_standard_normal_and_leans_as_it_should(county):
    quality = county.residents.quality
    assert abs(quality.mean()) < 0.02
    assert quality.std() == pytest.approx(1.0, abs=0.01)
    assert 0.05 < np.corrcoef(quality, county.residents.schooling)[0, 1] < 0.25
    assert quality[county.residents.poor].mean() < -0.2


def test_each_merchant_owns_one_shop(county):
    residents, shops = county.residents, county.shops
    np.testing.assert_array_equal(np.flatnonzero(residents.shop >= 0), shops.owner)
    np.testing.assert_array_equal(residents.shop[shops.owner], np.arange(shops.n))
    np.testing.assert_array_equal(residents.occupation == Occupation.MERCHANT, residents.shop >= 0)
    np.testing.assert_array_equal(residents.place[shops.owner], shops.place)
    for kind in KINDS:
        here = shops.place_kind == kind
        assert shops.size[here].mean() == pytest.approx(1.0, abs=0.08)
        assert within(shops.qr[here].mean(), getattr(FACTS.start, f"qr_{kind.name.lower()}"), here.sum())
        assert within(shops.pos[here].mean(), getattr(FACTS.start, f"terminals_{kind.name.lower()}"), here.sum())
    assert shops.size.min() > 0
    assert shops.size.max() > 10, "a heavy tail"
    np.testing.assert_array_equal(shops.qr_since >= 0, shops.qr)
    assert (shops.kind[shops.place_kind == PlaceKind.VILLAGE] != ShopKind.STREET_SHOP).all()


def test_regular_shops_are_six_and_near(county):
    shops, households, places = county.shops, county.households, county.places
    chosen, weights = county.household_shops, county.household_weights
    assert chosen.shape == weights.shape == (households.n, 6)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-6)
    sorted_rows = np.sort(chosen, axis=1)
    assert (np.diff(sorted_rows, axis=1) > 0).all(), "a shop twice"
    where = shops.place[chosen]
    home, seat = households.place[:, None], places.seat[households.place][:, None]
    assert ((where == home) | (where == seat) | (where == places.n - 1)).all()
    assert (shops.kind[chosen] != ShopKind.INPUT_DEALER).all()
    served = county.household_shops[households.place_kind == PlaceKind.VILLAGE]
    town = shops.place_kind[served] == PlaceKind.TOWN
    villages = households.place[households.place_kind == PlaceKind.VILLAGE]
    busiest = np.bincount(served[town]).argmax()
    assert len(np.unique(villages[(served == busiest).any(axis=1)])) > 50, "a town shop serves many villages"


def test_spending_by_place_follows_gravity(county):
    shares = shopping_shares(county.places, FACTS, ASSUMPTIONS.network)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    village = county.places.kind == PlaceKind.VILLAGE
    town = county.places.n - 1
    away = np.hypot(county.places.x - county.places.x[town], county.places.y - county.places.y[town])[village]
    assert np.corrcoef(away, shares[village, 2])[0, 1] < -0.6
    assert 0.15 < shares[village, 2].mean() < 0.4
    in_town = county.shops.place_kind[county.household_shops] == PlaceKind.TOWN
    spent = (in_town * county.household_weights).sum(axis=1)
    found = np.bincount(county.households.place, weights=spent) / county.places.households
    np.testing.assert_allclose(found[village], shares[village, 2], atol=0.06)


def test_land_has_a_dealer_and_no_other(county):
    households, shops = county.households, county.shops
    np.testing.assert_array_equal(households.dealer >= 0, households.land > 0)
    rows = households.dealer[households.dealer >= 0]
    assert (shops.kind[rows] == ShopKind.INPUT_DEALER).all()


def test_usefulness_is_the_share_of_own_shops_with_a_code(county):
    expected = (county.shops.qr[county.household_shops] * county.household_weights).sum(axis=1)
    np.testing.assert_allclose(county.households.usefulness, expected, atol=1e-5)
    np.testing.assert_array_equal(county.residents.usefulness, county.households.usefulness[county.residents.household])
    assert 0 < county.shops.customers_wallet.mean() < 0.5
    assert (county.shops.turnover_average > 0).mean() > 0.99


def assert_same_people(small, full):
    """Whoever is in both counties is the same in both, but for rows and what follows from shops elsewhere."""
    common = np.isin(full.households.number, small.households.number)
    assert common.sum() == small.households.n
    rows = common[full.residents.household]
    elsewhere = {"place", "household", "shop", "usefulness", "flow_average"}
    for name in small.residents.names:
        if name not in elsewhere:
            np.testing.assert_array_equal(small.residents[name], full.residents[name][rows], err_msg=name)
    for name in ("children", "sector", "poor", "land", "remittance"):
        np.testing.assert_array_equal(small.households[name], full.households[name][common], err_msg=name)
    owners = rows[full.shops.owner]
    for name in ("kind", "size", "taste", "pos", "qr"):
        np.testing.assert_array_equal(small.shops[name], full.shops[name][owners], err_msg=name)


def test_a_kept_village_is_the_same_at_every_scale(county, tenth):
    assert_same_people(tenth, county)
    kept = np.isin(county.places.number, tenth.places.number)
    village = tenth.places.kind == PlaceKind.VILLAGE
    np.testing.assert_array_equal(tenth.places.households[village], county.places.households[kept][village])


@pytest.mark.parametrize("scale", [0.02, 0.1, 0.35])
def test_a_smaller_county_keeps_the_composition(scale):
    small = build(scale=scale)
    full = FACTS.people.residents * FACTS.people.adult_share
    assert small.residents.n == pytest.approx(scale * full, rel=0.02 if scale >= 0.1 else 0.06)
    shares = np.bincount(small.residents.place_kind, minlength=3) / small.residents.n
    np.testing.assert_allclose(shares, [0.57, 0.15, 0.28], atol=0.015 if scale >= 0.1 else 0.04)
    assert (small.places.kind == PlaceKind.VILLAGE).sum() == round(scale * 288)
    assert len(np.unique(small.places.township)) > (15 if scale >= 0.1 else 5)


def test_the_smallest_county_stands():
    for seed in range(5):
        small = build(seed=seed, scale=0.01)
        assert small.residents.n > 3000
        assert small.household_shops.max() < small.shops.n


def test_a_county_may_be_several_times_as_large():
    large = build(scale=4.0)
    one = build(scale=1.0)
    assert (large.places.kind == PlaceKind.VILLAGE).sum() == 4 * 288
    assert large.residents.n == pytest.approx(4 * one.residents.n, rel=0.01)
    assert large.weight == pytest.approx(one.weight / 4, rel=0.01)
    assert len(np.unique(large.households.number)) == large.households.n, "nobody has another's luck"
    for name in ("place_kind", "age_band", "occupation"):
        shares = [np.bincount(county.residents[name], minlength=3) / county.residents.n for county in (large, one)]
        np.testing.assert_allclose(*shares, atol=0.01)


def test_the_same_seed_gives_the_same_bytes(tenth):
    again, other = build(scale=0.1), build(seed=8, scale=0.1)
    for name in tenth.residents.names:
        assert tenth.residents[name].tobytes() == again.residents[name].tobytes(), name
    assert tenth.household_shops.tobytes() == again.household_shops.tobytes()
    assert tenth.residents.quality[:100].tobytes() != other.residents.quality[:100].tobytes()


def test_facts_that_contradict_each_other_are_refused():
    with pytest.raises(CatfishError, match="more posts"):
        build(scale=0.01, facts=with_facts("people", anchor_staff=200_000))
    with pytest.raises(CatfishError, match="no mix of households"):
        build(scale=0.01, facts=with_facts("people", under_40_village=0.95, over_60_village=0.04))


@given(kind=st.sampled_from(KINDS), adults=st.floats(2.2, 2.8), young=st.floats(0.2, 0.45), old=st.floats(0.15, 0.35))
def test_a_mix_of_households_has_the_ages_asked_for(kind, adults, young, old):
    shares = np.array(type_shares(kind, adults, young, old))
    assert (shares >= 0).all()
    assert shares.sum() == pytest.approx(1.0, abs=1e-7)
    assert shares @ ADULTS == pytest.approx(adults, abs=1e-6)
    assert shares @ np.array(YOUNG) == pytest.approx(adults * young, abs=1e-6)
    assert shares @ np.array(OLD) == pytest.approx(adults * old, abs=1e-6)


def test_kinds_of_household_are_well_formed():
    for place in range(3):
        assert sum(kind.mix[place] for kind in TYPES) == pytest.approx(1.0)
    for kind in TYPES:
        for low, high in kind.ages:
            assert not low < 40 <= high
            assert not low < 60 <= high
            assert 18 <= low <= high <= 95
