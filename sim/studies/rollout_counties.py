"""Counties of a rollout: in what Chinese counties differ, between what, and from where that is known.

One table holds it all. A county is a point of it: a scrambled Sobol sequence gives each characteristic its place
between low and high, and a common factor, development, ties those together that go together in China (richer counties
have fewer poor and fewer migrants, more town, more wallets, sounder banks). What the table leaves out stays as in the
scenario's own county; what a county has in proportion to its people (staff, deposits of firms, officers) keeps its
proportion.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm, qmc

from sim.scenario import Scenario

FloatArray = NDArray[np.float64]
MOST_COUNTIES = 2800
"""There were 2,851 counties, county-level cities and districts at the end of 2017: more is no rollout."""
MOST_AT_WORK = 0.95
"""Merchants and employees together, share of the adults of a place."""


@dataclass(frozen=True)
class Trait:
    """In what counties differ.

    Attributes
    ----------
    name, unit : str
    low, high : float
        Where most counties lie; none is drawn outside.
    source : str
    goes_with_development : float
        Correlation of its place between low and high with the common factor, -1 to 1; assumed.
    log : bool
        Whether its logarithm is spread evenly.
    """

    name: str
    unit: str
    low: float
    high: float
    source: str
    goes_with_development: float = 0.0
    log: bool = False

    def value(self, share: FloatArray) -> FloatArray:
        """Return values at shares of the way from low to high."""
        if self.log:
            found: FloatArray = self.low * (self.high / self.low) ** share
            return found
        return self.low + share * (self.high - self.low)


_CENSUS = (
    "National Bureau of Statistics, census 2020, counties and county-level cities; middle of the range, from memory"
)
_INCOMES = (
    "National Bureau of Statistics 2018: rural income a head from 8,804 yuan (Gansu) to 27,302 (Zhejiang), Henan 13,831"
)

TRAITS: tuple[Trait, ...] = (
    Trait("residents", "persons", 180_000, 1_000_000, f"assumed: {_CENSUS}", 0.0, log=True),
    Trait("away", "share of registered people", 0.0, 0.35,
          "assumed: 241 million live away from where they are registered (NBS 2018), most of them from counties",
          -0.4),
    Trait("urban_share", "share of adults", 0.32, 0.60,
          "assumed: urbanisation of counties, 10% to 90% around half (NBS 2018: 59.6% with cities)", 0.6),
    Trait("people_a_village", "residents", 900, 2_200,
          "assumed: 550 to 690 thousand villages, 564 million rural people (Ministry of Civil Affairs, NBS 2018)", 0.0,
          log=True),
    Trait("over_60_village", "share of adults", 0.22, 0.38, "assumed: census 2020: rural people of 60 and over 23.8%, "
          "of adults 29%; by province from 15% to 35%", 0.0),
    Trait("income", "times Neixiang's", 0.65, 1.9, _INCOMES, 0.8, log=True),
    Trait("land", "mu a farm household", 3.0, 15.0,
          "assumed: third agricultural census 2016: some 10 mu a household, 3 in the south-east, over 20 in the north",
          -0.2, log=True),
    Trait("shops", "times Neixiang's", 0.7, 1.8,
          "assumed: SAMR 2018: 71 million self-employed over 1.1 billion adults are 6.4%; Neixiang 5%", 0.5, log=True),
    Trait("factory_work", "times Neixiang's", 0.6, 3.0, "assumed: employees among adults of villages, 7% to 33%", 0.6,
          log=True),
    Trait("poor", "share of households", 0.0, 0.15,
          "State Council 2016: 43 million poor people at the end of 2016, 4.5% of rural people; in poor counties 15%",
          -0.7),
    Trait("bank_share", "share of deposits", 0.20, 0.55,
          "assumed: rural credit institutions hold 12% of all deposits (PBOC 2018), a third to a half in poor counties",
          -0.3),
    Trait("bank_npl", "share of loans", 0.012, 0.07,
          "China Banking Regulatory Commission: rural commercial banks 2.8% in 2017; by bank from 1% to over 10%", -0.5,
          log=True),
    Trait("bank_capital", "share of risk-weighted assets", 0.11, 0.16,
          "China Banking Regulatory Commission 2017: rural commercial banks 13.3%", 0.3),
    Trait("bank_officers", "officers for 10,000 adults", 1.3, 4.5,
          "assumed: Neixiang's 110 officers are 2.6", 0.0, log=True),
    Trait("lent_before", "yuan of household loans an adult", 2_500, 9_000,
          "assumed: rural loans to households 9.2 trillion yuan (PBOC 2018), 8,000 an adult, larger borrowers included",
          0.3, log=True),
    Trait("wallets", "share of adults in 2017-01", 0.10, 0.40,
          "assumed: PBOC 2017: 47% of rural adults paid electronically, cards included; Neixiang 20%", 0.7),
    Trait("codes", "share of town shops in 2017-01", 0.05, 0.35, "assumed: Neixiang 15%", 0.6),
    Trait("phones_of_the_old", "share of people of 60 and over", 0.25, 0.60,
          "assumed: CNNIC 2017: 5% of users are 60 and over; Neixiang half", 0.5),
)  # fmt: skip


def draw_counties(count: int, seed: int) -> pd.DataFrame:
    """Return so many counties: a row for each, a column for each trait.

    Parameters
    ----------
    count : int
        The first counties of a longer list are those of a shorter one.
    seed : int
        Of the scrambled sequence (Owen 1998).
    """
    sampler = qmc.Sobol(1 + len(TRAITS), seed=np.random.default_rng(seed))
    points = sampler.random_base2(max(math.ceil(math.log2(count)), 1))[:count]
    normal = norm.ppf(np.clip(points, 1e-9, 1.0 - 1e-9))
    development = normal[:, 0]
    found = {}
    for k, trait in enumerate(TRAITS):
        loading = trait.goes_with_development
        mixed = loading * development + math.sqrt(1.0 - loading * loading) * normal[:, 1 + k]
        found[trait.name] = trait.value(norm.cdf(mixed))
    return pd.DataFrame(found).rename_axis("county")


#: What grows with incomes, besides deposits and cash.
_PAID = ("off_farm_pay", "wage_anchor", "wage_public", "wage_other", "pension_residents", "pension_staff", "remittance")


def facts_of(traits: Mapping[str, float], scenario: Scenario) -> dict[str, Any]:
    """Return the facts and levers that make a scenario's county into one with these traits, by path.

    Parameters
    ----------
    traits : mapping of trait to value
    scenario : Scenario
        Whose county has all that the traits leave out.
    """
    residents = round(traits["residents"])
    size = residents / scenario.county.people.residents
    return {
        **_people(traits, scenario.county.people, residents),
        **_economy(traits, scenario.county),
        **_bank(traits, scenario.county, residents),
        **_levers(traits, scenario, residents * scenario.county.people.adult_share, size),
    }


def _people(traits: Mapping[str, float], old: Any, residents: int) -> dict[str, Any]:
    """Return who lives there."""
    size, town = residents / old.residents, traits["urban_share"] / old.urban_share
    aged = traits["over_60_village"] / old.over_60_village
    young = (1.0 - traits["over_60_village"]) / (1.0 - old.over_60_village)
    villages = round(residents * (1.0 - traits["urban_share"]) / traits["people_a_village"])
    found: dict[str, Any] = {
        "residents": residents,
        "registered": round(residents / (1.0 - traits["away"])),
        "urban_share": traits["urban_share"],
        "seat_share": old.seat_share * town,
        "villages": min(max(villages, 10), 1000),
        "poor_households": round(traits["poor"] * residents * old.adult_share / old.adults_per_household),
        "anchor_staff": round(old.anchor_staff * size),
        "public_staff": round(old.public_staff * size),
    }
    for place in ("village", "seat", "town"):
        found[f"over_60_{place}"] = getattr(old, f"over_60_{place}") * aged
        found[f"under_40_{place}"] = getattr(old, f"under_40_{place}") * young
        shops = getattr(old, f"merchants_{place}") * traits["shops"]
        found[f"merchants_{place}"] = shops
        found[f"employees_{place}"] = min(getattr(old, f"employees_{place}"), MOST_AT_WORK - shops)
    found["employees_village"] = min(
        old.employees_village * traits["factory_work"], MOST_AT_WORK - found["merchants_village"]
    )
    return {f"people.{name}": value for name, value in found.items()}


def _economy(traits: Mapping[str, float], old: Any) -> dict[str, Any]:
    """Return what people live on."""
    away = traits["away"] / (1.0 - old.people.residents / old.people.registered)
    found: dict[str, Any] = {"land_per_household": traits["land"]}
    found |= {name: getattr(old.economy, name) * traits["income"] for name in _PAID}
    for place in ("village", "seat", "town"):
        found[f"remitting_{place}"] = min(getattr(old.economy, f"remitting_{place}") * away, 0.8)
    return {f"economy.{name}": value for name, value in found.items()}


def _bank(traits: Mapping[str, float], old: Any, residents: int) -> dict[str, Any]:
    """Return the rural bank and its customers at the start."""
    bank, people, start = old.rural_bank, old.people, old.start
    size, adults = residents / people.residents, residents * people.adult_share
    poor = round(traits["poor"] * adults / people.adults_per_household)
    codes = traits["codes"] / start.qr_town
    deposits = size * traits["income"] * traits["bank_share"] / bank.deposit_share
    return {
        "rural_bank.deposit_share": traits["bank_share"],
        "rural_bank.deposits_per_adult": bank.deposits_per_adult * traits["income"],
        "rural_bank.cash_per_adult": bank.cash_per_adult * traits["income"],
        "rural_bank.household_loans": traits["lent_before"] * adults,
        "rural_bank.policy_loan_households": int(poor * bank.policy_loan_households / max(people.poor_households, 1)),
        "rural_bank.corporate_loans": bank.corporate_loans * deposits,
        "rural_bank.npl_start": traits["bank_npl"],
        "rural_bank.capital_ratio": traits["bank_capital"],
        "rural_bank.government_deposits": bank.government_deposits * size,
        "rural_bank.firm_deposits": bank.firm_deposits * size,
        "start.wallet_share": traits["wallets"],
        "start.qr_town": traits["codes"],
        "start.qr_seat": start.qr_seat * codes,
        "start.qr_village": start.qr_village * codes,
        "start.smartphone_over_60": traits["phones_of_the_old"],
    }


def _levers(traits: Mapping[str, float], scenario: Scenario, adults: float, size: float) -> dict[str, Any]:
    """Return levers that count people or yuan of a whole county, in proportion to its size."""
    now = scenario.policy.at(0)
    return {
        "bank.officers": traits["bank_officers"] * adults / 10_000.0,
        "bank.monthly_target": round(now.bank.monthly_target * size),
        "bank.terminals_a_month": round(now.bank.terminals_a_month * size),
        "platform.funding_limit": now.platform.funding_limit * size,
        "government.guarantee_cap": now.government.guarantee_cap * size,
    }
