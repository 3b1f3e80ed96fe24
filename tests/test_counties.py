"""Counties: any scenario runs on any of them, their start is what their facts say, and their books balance."""

import re

import numpy as np
import pytest
from county_runs import county

from sim import CountyModel
from sim.experiment import simulate
from sim.scenario import Scenario, counties, scenarios
from sim.state.places import BLOCK
from sim.vocabulary import Employer, PlaceKind, Product

COUNTIES = sorted(counties())


def test_there_are_counties_besides_the_first():
    assert {"anji", "lankao", "neixiang"} <= set(COUNTIES)


@pytest.mark.parametrize("place", COUNTIES)
@pytest.mark.parametrize("name", sorted(scenarios()))
def test_any_scenario_loads_on_any_county(name, place):
    found = Scenario.load(name, county=place)
    assert found.county.name == place
    assert found.settings == Scenario.load(name).settings


@pytest.mark.parametrize("place", COUNTIES)
def test_a_fact_says_who_when_or_that_it_is_assumed(place):
    for path, source in Scenario.load("neixiang", county=place).county.sources.items():
        assert re.match("assumed|derived", source) or re.search(r"\b(19|20)\d\d\b", source), f"{path}: {source}"


@pytest.mark.parametrize("place", COUNTIES)
def test_what_is_uncertain_has_its_value_in_its_range(place):
    found = Scenario.load("neixiang", county=place).county
    for path, limits in found.ranges.items():
        group, name = path.split(".")
        if limits:
            assert limits[0] <= getattr(found.groups[group], name) <= limits[1], path


@pytest.fixture(scope="module", params=COUNTIES)
def start(request):
    return CountyModel(Scenario.load("neixiang", county=request.param), seed=2, scale=0.2)


def test_as_many_people_live_there(start):
    facts, people = start.world.facts.people, start.world.residents
    assert people.n * start.world.weight == pytest.approx(facts.residents * facts.adult_share, rel=0.01)
    urban = float((people.place_kind != PlaceKind.VILLAGE).mean())
    assert urban == pytest.approx(facts.urban_share, abs=0.01)
    assert len(set(people.township.tolist())) == facts.townships


def test_households_are_as_large_and_as_poor(start):
    facts, homes = start.world.facts.people, start.world.households
    assert start.world.residents.n / homes.n == pytest.approx(facts.adults_per_household, rel=0.02)
    assert homes.children.mean() == pytest.approx(facts.children_per_household, rel=0.05)
    error = 4 * np.sqrt(facts.poor_households * start.world.weight)
    assert abs(homes.poor.sum() * start.world.weight - facts.poor_households) <= error


def test_as_many_have_a_wallet(start):
    """Wallets go by household at the start: the error is that of households, not of people."""
    facts, people = start.world.facts.start, start.world.residents
    error = 4 * np.sqrt(facts.wallet_share * (1 - facts.wallet_share) / start.world.households.n)
    assert float((people.wallet_since >= 0).mean()) == pytest.approx(facts.wallet_share, abs=error)


def test_as_many_work_for_the_anchor_firm(start):
    facts, people = start.world.facts.people, start.world.residents
    for staff, employer in ((facts.anchor_staff, Employer.ANCHOR), (facts.public_staff, Employer.PUBLIC)):
        error = 4 * np.sqrt(staff * start.world.weight) + 0.02 * staff
        assert abs((people.employer == employer).sum() * start.world.weight - staff) <= error


def test_the_bank_has_lent_as_much(start):
    facts, world = start.world.facts.rural_bank, start.world
    own = world.loans.balance[np.isin(world.loans.product, [Product.BANK_FARM, Product.BANK_BUSINESS])].sum()
    largest = 2e6  # the last loan, yuan
    assert own / 100 * world.weight == pytest.approx(facts.household_loans, abs=largest * world.weight)


def test_blocks_are_not_larger_than_seats(start):
    """Seats and town are thinned by blocks of households: a seat must have some of them."""
    places = start.world.places
    assert (places.full_households[places.kind == PlaceKind.SEAT] > 4 * BLOCK).all()


@pytest.mark.parametrize("place", COUNTIES)
@pytest.mark.parametrize("name", ["neixiang", "hog-price-crash+interest-subsidy+guarantee-fund"])
def test_books_balance_in_every_county(name, place):
    model = county(24, Scenario.load(name, county=place), scale=0.05)
    assert model.world.month == 23
    assert int(model.world.loans.n) > 0


@pytest.mark.parametrize("place", COUNTIES)
def test_a_county_can_be_measured(place):
    monthly = simulate(Scenario.load("neixiang", county=place), 1, scale=0.05, months=14).monthly
    assert (monthly["income"] > 0).all()
    assert monthly["lines"].iloc[-1] > 0
    if Scenario.load("neixiang", county=place).county.people.poor_households == 0:
        assert monthly["wallet_active_gap_poverty"].isna().all()
