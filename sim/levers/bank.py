"""Levers of the rural bank."""

from __future__ import annotations

from sim.dates import Month
from sim.declare import Group, parameter

_PROTOTYPE = "assumed: prototype of 2026 that met the patterns"
_ORDINARY = "assumed: county rural banks, 2017"
_RATES = (0.0, 0.36)


class BankLevers(Group):
    """What the rural bank can do."""

    responds: bool = parameter(True, "yes/no", None, "article: catfish", "the bank answers at all")
    price: bool = parameter(True, "yes/no", None, "article: thresholds fall", "it answers with its rate")
    speed: bool = parameter(
        True, "yes/no", None, "article: ten minutes to apply, cash within two days", "it answers with faster handling"
    )
    products: bool = parameter(
        True, "yes/no", None, "article: muyuan_loan, neixiang_loan", "it answers with new products"
    )
    outreach: bool = parameter(
        True, "yes/no", None, "article: bank_target, bank_offline", "it answers with an app, terminals and cards"
    )
    starting_conviction: float = parameter(
        0.10, "share", (0.0, 0.3), "article: sure that digital would not work here; the level is assumed",
        "belief in digital finance at the start", fixed=True,
    )  # fmt: skip
    alarm_level: float = parameter(
        0.50, "share", (0.44, 0.57), _PROTOTYPE, "belief at which the crisis meeting is called"
    )
    development_months: int = parameter(
        2, "months", (2, 6), f"{_PROTOTYPE}; the provincial union's approval included",
        "from the meeting to the first product", allowed=(0, 60),
    )  # fmt: skip
    monthly_target: int = parameter(
        3000, "customers/month", (1000, 5000), "article: bank_target", "its online goal", allowed=(0, 1_000_000)
    )
    terminals_a_month: float = parameter(
        60.0, "terminals/month", (10.0, 200.0), "assumed", "card terminals placed in a month after the alarm",
        allowed=(0.0, 1e5),
    )  # fmt: skip
    contactless: bool = parameter(
        True, "yes/no", None, "article: contactless cards in buses, hospitals and schools",
        "contactless cards after the alarm",
    )  # fmt: skip
    officers: float = parameter(110.0, "officers", (40.0, 150.0), "assumed", "loan officers", allowed=(0.0, 10_000.0))
    applications_per_officer: float = parameter(
        18.0, "1/month", (8.0, 30.0), "assumed", "applications an officer handles in a month", allowed=(0.0, 10_000.0)
    )
    farm_rate: float = parameter(0.095, "1/year", (0.08, 0.11), _ORDINARY, "annual rate, farm loan", allowed=_RATES)
    business_rate: float = parameter(
        0.095, "1/year", (0.08, 0.11), _ORDINARY, "annual rate, business loan", allowed=_RATES
    )
    salaried_rate: float = parameter(
        0.075, "1/year", (0.06, 0.09), "assumed", "annual rate, salaried quick loan", allowed=_RATES
    )
    resident_rate: float = parameter(
        0.085, "1/year", (0.07, 0.10), "assumed", "annual rate, quick loan for all residents", allowed=_RATES
    )
    policy_rate: float = parameter(
        0.0435, "1/year", (0.0385, 0.0475),
        "People's Bank of China, benchmark rates of 2015; prime rate of 2020-04: 3.85%",
        "annual rate, policy loan of the poor", allowed=_RATES,
    )  # fmt: skip
    salaried_cap: float = parameter(
        300_000.0, "yuan", (200_000.0, 300_000.0), "assumed", "largest salaried loan", allowed=(0.0, 1e7)
    )
    salaried_multiple: float = parameter(
        10.0, "years of income", (5.0, 10.0), "article: up to ten times annual income",
        "largest salaried loan over yearly income", allowed=(0.0, 100.0),
    )  # fmt: skip
    resident_cap: float = parameter(
        50_000.0, "yuan", (30_000.0, 100_000.0), "assumed", "largest quick loan for residents", allowed=(0.0, 1e7)
    )
    farm_cap: float = parameter(
        50_000.0, "yuan", (30_000.0, 100_000.0), "assumed", "largest farm loan", allowed=(0.0, 1e7)
    )
    business_cap: float = parameter(
        300_000.0, "yuan", (100_000.0, 500_000.0), "assumed", "largest business loan", allowed=(0.0, 1e8)
    )
    days_before: float = parameter(
        12.0, "days", (7.0, 30.0), "assumed", "days to cash of an ordinary loan, beyond the queue", allowed=(0.0, 365.0)
    )
    joint_product_start: Month = parameter(
        "never", "date", None, "article: in the end platform data joined with bank funds", "joint product from"
    )
    joint_share: float = parameter(0.7, "share", (0.5, 0.9), "assumed", "part of a joint loan that the bank funds")
