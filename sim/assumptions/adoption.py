"""Assumptions on information, trust, adoption and lapses."""

from __future__ import annotations

from sim.declare import Group, parameter

_PROTOTYPE = "assumed: prototype of 2026 that met the patterns"
_BANERJEE = "Banerjee et al. 2013, Science 341, table 1: {} a quarter"
_VILLAGES = "fitted to loans in 29 villages, data of Banerjee et al. 2013: {}"


class Adoption(Group):
    """How wallets and the bank's app spread among residents."""

    information_users: float = parameter(
        0.134, "1/month", (0.10, 0.16), _BANERJEE.format("0.35"), "chance that a neighbour with a wallet passes it on"
    )
    information_others: float = parameter(
        0.017, "1/month", (0.005, 0.03), _BANERJEE.format("0.05"),
        "chance that an informed neighbour without a wallet passes it on",
    )  # fmt: skip
    campaign_information: float = parameter(
        0.35, "1/month", (0.15, 0.55), _PROTOTYPE, "chance that a campaign of full strength informs one it reaches"
    )
    campaign_build_up: int = parameter(
        3, "months", (1, 6), _PROTOTYPE, "a campaign reaches its full intensity over so many months"
    )
    campaign_memory: int = parameter(
        12, "months", (3, 24), "assumed", "people forget an ended campaign over so many months"
    )
    services_known: float = parameter(
        32.0, "services", (10.0, 60.0), "facts: services_32", "public services live at which their worth is complete"
    )
    trust_base: float = parameter(0.16, "share", (0.08, 0.25), _PROTOTYPE, "trust without any source")
    trust_government: float = parameter(
        0.66, "share", (0.57, 0.79), _PROTOTYPE, "doubt removed by the government's word at full strength"
    )
    trust_relatives: float = parameter(
        0.10, "share", (0.0, 0.3), "assumed", "doubt removed by a member of the household who has a wallet"
    )
    trust_neighbours: float = parameter(
        0.47, "share", (0.35, 0.56), _PROTOTYPE, "doubt removed when all neighbours have a wallet"
    )
    trust_own: float = parameter(0.40, "share", (0.1, 0.7), "assumed", "doubt removed by own use at full habit")
    trust_training: float = parameter(0.15, "share", (0.0, 0.4), "assumed", "doubt removed by literacy training")
    fraud_memory: int = parameter(6, "months", (1, 24), "assumed", "people forget a wave of frauds over so many months")
    fraud_heard: float = parameter(0.6, "share", (0.3, 0.9), "assumed", "residents who hear of a wave of frauds")
    bound: float = parameter(0.61, "1/month", (0.46, 0.72), _PROTOTYPE, "highest adoption hazard")
    intercept: float = parameter(
        -5.2, "logit", (-6.7, -5.1), f"{_PROTOTYPE} at -6.1, with news that never got old",
        "intercept of the adoption hazard",
    )  # fmt: skip
    usefulness: float = parameter(
        5.2, "logit", (3.2, 5.7), f"{_PROTOTYPE} at 4.5, with news that never got old", "all of one's own shops take QR"
    )
    trust: float = parameter(5.3, "logit", (4.2, 6.0), _PROTOTYPE, "full trust")
    imitation: float = parameter(
        0.48, "logit", (0.25, 0.72), _PROTOTYPE, "all neighbours have a wallet, beyond what they tell"
    )
    age: float = parameter(0.53, "logit/decade", (0.35, 0.67), _PROTOTYPE, "taken off per decade of age over 30")
    taste: float = parameter(1.25, "logit", (0.6, 1.8), _PROTOTYPE, "standard deviation of what is personal")
    news_fade: float = parameter(
        1.2, "months", (0.4, 8.0), _VILLAGES.format("1.15 (0.36 to 8.5)"), "over which attention to news falls to 1/e",
        allowed=(0.05, 1000.0),
    )  # fmt: skip
    news_floor: float = parameter(
        0.06, "share", (0.01, 0.5), _VILLAGES.format("0.055 (0.012 to 0.56)"),
        "adoption hazard that is left when the news is old; 1: it never gets old",
    )  # fmt: skip
    services: float = parameter(
        0.11, "share", (0.0, 0.25), f"{_PROTOTYPE}: 0.49 logit",
        "worth of all services live, as a share of own shops taking QR",
    )  # fmt: skip
    remittances: float = parameter(
        0.05, "share", (0.0, 0.15), "assumed", "worth of receiving remittances, as a share of own shops taking QR"
    )
    training_age: float = parameter(0.40, "share", (0.1, 0.7), "assumed", "share of the age term that training removes")
    low_schooling: int = parameter(
        6, "years", (0, 9), "assumed", "training is for those with no more schooling, and over 60"
    )
    villages_rated: float = parameter(
        0.10, "1/month", (0.05, 0.25), "assumed", "share of villages rated in a month of village-wide rating",
        allowed=(0.0, 1.0),
    )  # fmt: skip
    lapse: float = parameter(
        0.022, "1/month", (0.01, 0.03), _PROTOTYPE, "chance that a user lapses when none of the own shops takes QR"
    )
    bank_app: float = parameter(
        0.05, "1/month", (0.01, 0.15), "assumed", "chance to take up the bank's app at full push and full trust in it"
    )
    bank_trust: float = parameter(0.70, "share", (0.4, 0.9), "assumed", "trust of its own customers in the rural bank")
    bank_trust_others: float = parameter(0.30, "share", (0.1, 0.6), "assumed", "trust of other residents in it")
    acceptance_frozen_from: int = parameter(
        32000, "month", None, "switch for the test of complementarity; 32000 is never",
        "month from which people go on seeing the acceptance at shops that they saw before",
        allowed=(0, 32000),
    )  # fmt: skip
