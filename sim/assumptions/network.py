"""Assumptions on who knows whom, and who shops where."""

from __future__ import annotations

from sim.declare import Group, parameter

_KARNATAKA = "fitted to Banerjee et al. 2013, villages of Karnataka: ties mean 9.25, median 7, p90 20; clustering 0.25"
_GRAVITY = "assumed: Huff's gravity, villagers do about a quarter of their shopping in town"


class Network(Group):
    """Social ties and shopping ties."""

    circle_ties: float = parameter(0.9, "ties", (0.4, 2.0), _KARNATAKA, "ties a person begins within the circle of kin")
    group_ties: float = parameter(0.55, "ties", (0.2, 1.2), _KARNATAKA, "the same, in the villager group or block")
    place_ties: float = parameter(0.55, "ties", (0.3, 1.2), _KARNATAKA, "the same, in the whole village, seat or town")
    friend_ties: float = parameter(0.45, "ties", (0.0, 1.0), _KARNATAKA, "the same, with friends of friends")
    afar_ties: float = parameter(
        0.35, "ties", (0.1, 0.8), "assumed: about one tie in thirteen leaves the place", "the same, to other places"
    )
    sociability_spread: float = parameter(
        1.25, "log", (0.9, 1.5), _KARNATAKA, "standard deviation of the log of sociability"
    )
    sociability_most: float = parameter(
        20.0, "ratio", (10.0, 40.0), _KARNATAKA, "most sociable over the median", allowed=(1.0, 100.0)
    )
    merchant_sociability: float = parameter(
        1.5, "ratio", (1.0, 2.5), "assumed: everybody knows the shopkeeper",
        "sociability of a merchant relative to others", allowed=(0.1, 10.0),
    )  # fmt: skip
    kin_sociability: float = parameter(
        0.6, "exponent", (0.0, 1.0), _KARNATAKA, "how far ties to kin rise with sociability (0: not, 1: in proportion)",
        allowed=(0.0, 1.0),
    )  # fmt: skip
    afar_villages: float = parameter(
        0.50, "share", (0.2, 0.8), "assumed", "of villagers' ties to other places, those to villages of the township"
    )
    afar_town: float = parameter(
        0.25, "share", (0.1, 0.5), "assumed", "of ties to other places, those to the county town"
    )
    gravity_distance: float = parameter(
        1.7, "exponent", (1.0, 2.5), _GRAVITY, "how fast a shop's pull falls with distance", allowed=(0.0, 5.0)
    )
    gravity_size: float = parameter(
        0.78, "exponent", (0.4, 1.0), _GRAVITY, "how a place's pull grows with its number of shops", allowed=(0.0, 2.0)
    )
    first_shop: float = parameter(
        0.30, "share", (0.2, 0.5), "assumed", "share of shopping done in the first of six regular shops",
        allowed=(0.1667, 0.95),
    )  # fmt: skip
