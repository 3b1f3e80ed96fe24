"""Same seed, same bytes; a policy that changes nothing changes nobody; worlds are the same before they part."""

import pytest
from county_runs import county, fingerprint

from sim.model import CountyModel


def after(months: int, scenario: str = "neixiang", **overrides) -> CountyModel:
    return county(months, scenario, scale=0.1, **overrides)


def test_the_same_seed_gives_the_same_bytes():
    assert fingerprint(after(18)) == fingerprint(after(18))


def test_another_seed_gives_another_county():
    assert fingerprint(county(0, seed=6)) != fingerprint(county(0, seed=5))


def test_the_county_has_the_same_people_whatever_the_scenario():
    first, other = county(0), county(0, "no-wallet", **{"bank.alarm_level": 0.9})
    assert fingerprint(first) == fingerprint(other)


@pytest.mark.parametrize(
    "placebo",
    [
        {"government.subsidy_start": "2018-06"},  # a subsidy of nothing
        {"government.literacy_start": "2018-01", "government.literacy_months": 0},
        {"shocks.drought_month": "2018-06"},
        {"regulator.rate_cap_start": "2021-12"},
    ],
    ids=lambda p: next(iter(p)),
)
def test_a_policy_that_changes_nothing_changes_nobody(placebo):
    assert fingerprint(after(24, **placebo)) == fingerprint(after(24))


@pytest.mark.parametrize(
    ("scenario", "overrides", "month"),
    [
        ("no-platform", {}, 8),  # 2017-09
        ("no-endorsement", {}, 13),  # 2018-02
        ("neixiang", {"platform.entry": "2018-01", "government.data_sharing_start": "2018-01"}, 8),
        ("neixiang", {"government.endorsement_start": "2018-04"}, 13),
    ],
    ids=["no entry", "no endorsement", "later entry", "later endorsement"],
)
def test_worlds_are_the_same_before_they_part(scenario, overrides, month):
    assert fingerprint(after(month, scenario, **overrides)) == fingerprint(after(month))
    assert fingerprint(after(month + 6, scenario, **overrides)) != fingerprint(after(month + 6))


def test_worlds_are_the_same_until_the_bank_answers():
    model = after(0)
    while model.bank.alarm_month < 0:
        model.step()
    passive = after(model.world.month, "passive-bank")
    assert fingerprint(passive) == fingerprint(after(model.world.month))
