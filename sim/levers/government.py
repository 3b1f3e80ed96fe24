"""Levers of the county government."""

from __future__ import annotations

from sim.dates import Month
from sim.declare import Group, parameter

_PROTOTYPE = "assumed: prototype of 2026 that met the patterns"
_PUSH = "article: the push came half a year before cash was gone"


class GovernmentLevers(Group):
    """What the county government can do."""

    endorsement_start: Month = parameter("2018-02", "date", None, _PUSH, "the government's backing begins")
    endorsement_months: int = parameter(
        24, "months", (0, 48), "assumed", "how long the backing lasts", allowed=(0, 240), fixed=True
    )
    endorsement_reach: float = parameter(0.60, "share", (0.51, 0.71), _PROTOTYPE, "residents whom its word reaches")
    endorsement_strength: float = parameter(0.63, "share", (0.48, 0.78), _PROTOTYPE, "weight of its word with them")
    push_shops: float = parameter(1.0, "ratio", (0.0, 1.5), "assumed", "strength of the push on shops", allowed=(0, 3))
    push_people_lag: int = parameter(
        2, "months", (0, 6), "article: shops and firms first, the rest followed; 2 months: prototype of 2026",
        "people are addressed so much later than shops", allowed=(0, 60), fixed=True,
    )  # fmt: skip
    push_town: float = parameter(1.0, "ratio", (0.5, 1.0), _PROTOTYPE, "push on shops, county town", allowed=(0, 2))
    push_seat: float = parameter(0.6, "ratio", (0.3, 1.0), _PROTOTYPE, "the same, township seats", allowed=(0, 2))
    push_village: float = parameter(0.35, "ratio", (0.1, 1.0), _PROTOTYPE, "the same, villages", allowed=(0, 2))
    push_firms: float = parameter(
        1.0, "share", (0.5, 1.0), "article: firms with many visitors came first",
        "staff of the anchor firm and of public employers who are reached with the shops",
    )  # fmt: skip
    data_sharing_start: Month = parameter(
        "2017-12", "date", None, "article: records go to the integrator; the month: prototype of 2026",
        "loading of the government's records begins",
    )  # fmt: skip
    records_a_month: float = parameter(
        0.045, "share", (0.02, 0.09), _PROTOTYPE, "adults whose records are loaded in a month"
    )
    records_coverage: float = parameter(0.9, "share", (0.5, 1.0), "assumed", "adults of whom it has records")
    services_start: Month = parameter("2017-09", "date", None, "article: launch", "public services come live from")
    services_live_a_month: float = parameter(
        2.0, "services/month", (0.5, 6.0), "assumed", "services that come live in a month", allowed=(0, 32)
    )
    services_planned: int = parameter(
        32, "services", (0, 32), "article: 32 services planned", "services in the end", allowed=(0, 200)
    )
    literacy_start: Month = parameter("never", "date", None, "assumed", "training in the use of the app begins")
    literacy_months: int = parameter(
        12, "months", (0, 36), "assumed", "how long the training lasts", allowed=(0, 240), fixed=True
    )
    literacy_reach: float = parameter(0.3, "share", (0.1, 0.6), "assumed", "of the old and unschooled, those trained")
    guarantee_start: Month = parameter("never", "date", None, "assumed", "guarantee fund for new bank loans from")
    guarantee_share: float = parameter(
        0.0, "share", (0.3, 0.8), "assumed: none unless a scenario says so", "part of a defaulted loan the fund pays"
    )
    guarantee_cap: float = parameter(
        10_000_000.0, "yuan", (2e6, 5e7), "assumed", "the fund's endowment", allowed=(0, 1e10)
    )
    subsidy_start: Month = parameter("never", "date", None, "assumed", "interest of poor households subsidised from")
    subsidy_rate: float = parameter(
        0.0, "share", (0.2, 1.0), "assumed: none unless a scenario says so", "part of their interest paid back"
    )
    village_rating_start: Month = parameter("never", "date", None, "assumed", "village-wide credit rating begins")
    village_rating_strength: float = parameter(
        0.4, "share", (0.1, 0.7), "assumed", "precision that a rating adds to the bank's knowledge"
    )
    shared_registry_start: Month = parameter("never", "date", None, "assumed", "registry shows platform lines from")
