"""Assumptions on when households need more money than they have."""

from __future__ import annotations

from sim.declare import Group, parameter

_ASSUMED = "assumed"


class Need(Group):
    """What comes up, how often and how large; a need is what exceeds the household's spare money."""

    inputs_chance: float = parameter(
        0.25, "1/season", (0.03, 0.3), _ASSUMED,
        "a farm household wants more than its usual inputs (rent, hire, another crop) before a season",
        allowed=(0.0, 1.0),
    )  # fmt: skip
    inputs_cost: float = parameter(1300.0, "yuan/mu", (400.0, 2500.0), _ASSUMED, "median cost of that")
    restocking_chance: float = parameter(
        0.15,
        "1/month",
        (0.02, 0.2),
        _ASSUMED,
        "a shop restocks beyond what it sells, mean over the year",
        allowed=(0.0, 1.0),
    )
    restocking_cost: float = parameter(
        1.2, "months of sales", (0.3, 3.0), _ASSUMED, "median cost of that", allowed=(0.0, 24.0)
    )
    illness_under_40: float = parameter(
        0.006, "1/month", (0.001, 0.01), _ASSUMED, "costly illness, under 40", allowed=(0.0, 1.0)
    )
    illness_40_59: float = parameter(
        0.009, "1/month", (0.002, 0.015), _ASSUMED, "costly illness, 40 to 59", allowed=(0.0, 1.0)
    )
    illness_over_60: float = parameter(
        0.015, "1/month", (0.004, 0.03), _ASSUMED, "costly illness, 60 and over", allowed=(0.0, 1.0)
    )
    illness_cost: float = parameter(
        7000.0, "yuan", (3000.0, 15000.0), "assumed: a hospital stay after insurance", "median cost of that"
    )
    schooling_chance: float = parameter(
        0.25, "1/term", (0.05, 0.5), _ASSUMED, "a household with children pays fees away from home", allowed=(0.0, 1.0)
    )
    schooling_cost: float = parameter(5000.0, "yuan", (2000.0, 10000.0), _ASSUMED, "median cost of that")
    building_chance: float = parameter(
        0.009, "1/month", (0.002, 0.015), "assumed: a house, a car, machines or a wedding every 9 years",
        "a household builds or buys something large", allowed=(0.0, 1.0),
    )  # fmt: skip
    building_cost: float = parameter(40000.0, "yuan", (15000.0, 100000.0), _ASSUMED, "median cost of that")
    spread: float = parameter(0.80, "log", (0.4, 1.2), _ASSUMED, "standard deviation of the log of costs")
    buffer_months: float = parameter(
        4.0, "months", (1.0, 9.0), _ASSUMED, "money that a household does not touch, months of usual income"
    )
    locked: float = parameter(
        0.65, "share", (0.2, 0.8), "assumed: over half of rural households' deposits are term deposits",
        "share of deposits that a household leaves in term deposits",
    )  # fmt: skip
    smallest: float = parameter(1000.0, "yuan", (300.0, 3000.0), _ASSUMED, "less than that is not borrowed")
