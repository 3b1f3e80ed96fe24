"""What the county's programmes cost, and that the county pays it."""

import dataclasses

import numpy as np
import pytest
from county_runs import county

from sim.accounts import Kind
from sim.assumptions.public_costs import PublicCosts
from sim.experiment import simulate
from sim.mechanisms.public_cost import Work, public_cost
from sim.vocabulary import Sector

PRICE = PublicCosts()


def test_every_work_has_its_price():
    for field in dataclasses.fields(Work):
        cost = public_cost(Work(**{field.name: 10.0}), PRICE)
        assert sum(cost.values()) > 0, field.name
        assert sum(public_cost(Work(**{field.name: 20.0}), PRICE).values()) == pytest.approx(2 * sum(cost.values()))
    assert sum(public_cost(Work(), PRICE).values()) == 0


def test_a_day_of_campaign_is_paid_by_shops_and_people_reached():
    cost = public_cost(Work(shops_called_on=PRICE.shops_a_day, adults_addressed=2 * PRICE.adults_a_day), PRICE)
    assert cost["campaign"] == pytest.approx(3 * PRICE.campaign_day)


def test_the_county_pays_what_its_programmes_cost():
    model = county(0)
    told = 0.0
    for _ in range(20):
        model.step()
        paid = -int(model.world.ledger.transactions()[Kind.PUBLIC_PROGRAMMES, Sector.GOVERNMENT])
        spent = sum(model.government.spent.values())
        assert paid == round((spent - told) * 100 / model.world.weight)
        assert model.government.cost >= paid
        told = spent
    spent = model.government.spent
    assert spent["campaign"] > 0
    assert spent["codes"] > 0
    assert spent["data"] > PRICE.data_platform
    assert spent["services"] > 0
    assert spent["training"] == spent["rating"] == spent["registry"] == 0


def test_without_the_cooperation_nothing_is_spent():
    model = county(20, "no-platform")
    assert model.government.cost_so_far == 0
    assert sum(model.government.spent.values()) == 0


PROGRAMMES = {
    "training": {"government.literacy_start": "2017-03"},
    "rating": {"government.village_rating_start": "2017-03"},
    "registry": {"government.shared_registry_start": "2017-03"},
}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_programme_is_charged_when_it_runs_and_only_then(name):
    assert county(6, **PROGRAMMES[name]).government.spent[name] > 0
    assert county(1, **PROGRAMMES[name]).government.spent[name] == 0


def test_training_and_rating_cost_their_price_once_for_each():
    model = county(18, **PROGRAMMES["training"], **PROGRAMMES["rating"], scale=0.1)
    world = model.world
    trained = np.count_nonzero(model.government.trained(world)) * world.weight
    assert model.government.spent["training"] == pytest.approx(PRICE.training * trained, rel=0.05)
    assert model.government.spent["rating"] == pytest.approx(PRICE.rating * world.facts.people.villages)


def test_subsidies_and_claims_on_the_fund_are_public_costs():
    run = simulate(
        seed=2, scale=0.05, months=30,
        overrides={
            "platform.entry": "never", "government.guarantee_start": "2017-02", "government.guarantee_share": 0.8,
            "government.subsidy_start": "2017-02", "government.subsidy_rate": 0.5,
        },
    )  # fmt: skip
    monthly = run.monthly
    assert (monthly["public_cost"].iloc[2:] >= 0).all()
    assert monthly["public_cost"].sum() > 0
    assert monthly["public_cost_so_far"].iloc[-1] == pytest.approx(monthly["public_cost"].sum())


def test_cost_per_gain_is_cost_over_gain():
    monthly = simulate(seed=2, scale=0.05, months=20).monthly
    last = monthly.iloc[-1]
    gained = last["public_cost_so_far"] / last["public_cost_per_wallet"]
    adults = last["adults"]
    before = last["wallet_active"] - gained / adults
    assert before == pytest.approx(0.2, abs=0.03)  # the county's wallet share at the start
    assert last["public_cost_per_credit"] > 0


def test_prices_change_no_resident():
    dear = county(16, **{"costs.campaign_day": 5_000.0, "costs.data_platform": 8e6})
    usual = county(16)
    for table in ("residents", "households", "shops"):
        for column in getattr(usual.world, table).names:
            mine, other = getattr(getattr(dear.world, table), column), getattr(getattr(usual.world, table), column)
            assert np.array_equal(mine, other), column
    assert dear.government.cost_so_far > usual.government.cost_so_far
