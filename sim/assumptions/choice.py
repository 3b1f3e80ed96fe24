"""Assumptions on how people choose among lenders."""

from __future__ import annotations

from sim.declare import Group, parameter

_ASSUMED = "assumed"


class Choice(Group):
    """Weights of the logit by which people in need choose a lender; going without has utility 0."""

    amount: float = parameter(2.0, "logit", (1.0, 4.0), _ASSUMED, "all of the need is met")
    cost: float = parameter(9.0, "logit", (4.0, 15.0), _ASSUMED, "taken off per unit of annual rate")
    days: float = parameter(0.05, "logit/day", (0.02, 0.1), _ASSUMED, "taken off per day to cash")
    papers: float = parameter(0.6, "logit", (0.2, 1.5), _ASSUMED, "taken off for papers to be brought")
    guarantor: float = parameter(0.6, "logit", (0.2, 1.5), _ASSUMED, "taken off for having to find a guarantor")
    family: float = parameter(
        -0.4, "logit", (-1.5, 1.0), _ASSUMED, "asking relatives and friends", allowed=(-10.0, 10.0)
    )
    bank: float = parameter(
        1.4, "logit", (-1.0, 2.0), _ASSUMED, "the rural bank, known for decades", allowed=(-10.0, 10.0)
    )
    quick: float = parameter(
        -0.6, "logit", (-2.0, 1.0), _ASSUMED, "the bank's quick loan in its app", allowed=(-10.0, 10.0)
    )
    platform: float = parameter(-0.85, "logit", (-4.0, 1.0), _ASSUMED, "the platform's line", allowed=(-10.0, 10.0))
    platform_trust: float = parameter(2.0, "logit", (0.5, 4.0), _ASSUMED, "the platform's line, per unit of trust")
    known: float = parameter(1.6, "logit", (0.5, 2.0), _ASSUMED, "a lender from whom one has borrowed before")
