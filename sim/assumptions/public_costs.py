"""Assumptions on what the county's programmes cost. No price is published; all are orders of magnitude."""

from __future__ import annotations

from sim.declare import Group, parameter

_STAFF = "assumed: some ten staff at 150 yuan a day, venue and print"
_CONTRACT = "assumed: published tenders for county data platforms run from 1 to 8 million yuan"


class PublicCosts(Group):
    """Prices of what the county government does."""

    campaign_day: float = parameter(2_000.0, "yuan/day", (1_000.0, 5_000.0), _STAFF, "a team's day of campaign")
    shops_a_day: float = parameter(
        120.0, "shops/day", (50.0, 300.0), "assumed: a street in a day", "shops that a team calls on in a day",
        allowed=(1.0, 1e5),
    )  # fmt: skip
    adults_a_day: float = parameter(
        1_500.0, "adults/day", (500.0, 5_000.0), "assumed: meetings, broadcasts and notices in two or three villages",
        "adults whom a team addresses in a day", allowed=(1.0, 1e6),
    )  # fmt: skip
    code: float = parameter(
        15.0, "yuan/shop", (3.0, 40.0), "assumed: printed plate, visit and registration",
        "a code given to a shop while the government backs it",
    )  # fmt: skip
    data_platform: float = parameter(3_000_000.0, "yuan", (1e6, 8e6), _CONTRACT, "the integrator's data platform, once")
    record: float = parameter(
        1.0, "yuan/adult", (0.2, 5.0), "assumed: cleaning and matching by clerks", "loading an adult's records"
    )
    service: float = parameter(
        60_000.0, "yuan/service", (20_000.0, 200_000.0), "assumed: interface and tests", "bringing a service live"
    )
    training: float = parameter(
        60.0, "yuan/adult", (20.0, 200.0), "assumed: a day's course in a class of thirty", "training an adult"
    )
    rating: float = parameter(
        3_000.0, "yuan/village", (1_000.0, 10_000.0), "assumed: a week of a committee's work", "rating a village"
    )
    registry: float = parameter(
        50_000.0, "yuan/month", (10_000.0, 200_000.0), "assumed: operation and audit", "running a shared registry"
    )
