"""Residents and their households: who lives together, ages, schooling, phones and what is hidden in a person."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.population import Population as Assumed
from sim.draws import Decision, Draws
from sim.kernels import add_up
from sim.state.columns import Columns
from sim.state.household_types import ADULTS, CHILDREN, MOST_ADULTS, POOR, age_table, type_shares
from sim.state.places import START, Layout
from sim.state.tables import HOUSEHOLD_COLUMNS, RESIDENT_COLUMNS
from sim.vocabulary import AgeBand, PlaceKind

MOST_CHILDREN = 3
COUPLE_GAP = 4
KINDS = (PlaceKind.VILLAGE, PlaceKind.SEAT, PlaceKind.TOWN)
BANDS = (AgeBand.UNDER_40, AgeBand.FROM_40, AgeBand.FROM_60)


@dataclass(frozen=True)
class Mix:
    """What is expected of a county before any draw: the same at every scale.

    Attributes
    ----------
    adults : float64[kind]
        Adults at full size, by kind of place.
    households : float64[kind]
        Households at full size.
    bands : float64[kind, band]
        Shares of adults by age band.
    types : float64[kind, type]
        Shares of households by kind of household.
    poor : float64[kind, type]
        Probability that such a household is registered as poor.
    """

    adults: NDArray[np.float64]
    households: NDArray[np.float64]
    bands: NDArray[np.float64]
    types: NDArray[np.float64]
    poor: NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """The tables of residents and households, and what later steps need of their making.

    Attributes
    ----------
    residents, households : Columns
    first : int32[households + 1]
        Row of each household's first member.
    who : int32[residents]
        Number in the full county: what a person's luck depends on.
    home : int32[households]
        The same of the household.
    schooling : float32[residents]
        Schooling against others of the same age and place, standard normal.
    mix : Mix
    """

    residents: Columns
    households: Columns
    first: NDArray[np.int32]
    who: NDArray[np.int32]
    home: NDArray[np.int32]
    schooling: NDArray[np.float32]
    mix: Mix


def expected_mix(facts: Any, assumed: Assumed) -> Mix:
    """Return the county's expected composition from its facts.

    Raises
    ------
    CatfishError
        If no mix of households has the ages of the facts.
    """
    people = facts.people
    village, town = 1.0 - people.urban_share, people.urban_share - people.seat_share
    adults = people.residents * people.adult_share * np.array([village, people.seat_share, town])
    young = [getattr(people, f"under_40_{kind.name.lower()}") for kind in KINDS]
    old = [getattr(people, f"over_60_{kind.name.lower()}") for kind in KINDS]
    bands = np.array([[y, 1.0 - y - o, o] for y, o in zip(young, old, strict=True)])
    types = np.array(
        [type_shares(k, people.adults_per_household, y, o) for k, y, o in zip(KINDS, young, old, strict=True)]
    )
    households = adults / people.adults_per_household
    registered = people.poor_households * np.array([assumed.poor_in_villages, 1.0 - assumed.poor_in_villages, 0.0])
    usual = np.array([_dot(shares, POOR) for shares in types])
    poor = np.minimum((registered / households / usual)[:, None] * np.array(POOR), 0.95)
    return Mix(adults, households, bands, types, poor)


def make_people(layout: Layout, facts: Any, assumed: Assumed, draws: Draws) -> People:
    """Make residents and households: all columns of who they are but work, shops and money."""
    mix = expected_mix(facts, assumed)
    home = layout.number.astype(np.int32)
    kind = layout.places.kind[layout.place]
    what = _household_types(mix, kind, draws.uniform_of(Decision.HOUSEHOLDS, START, home))
    count = ADULTS[what]
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    household = np.repeat(np.arange(len(home), dtype=np.int32), count)
    slot = (np.arange(first[-1], dtype=np.int32) - first[household]).astype(np.int32)
    who = home[household] * np.int32(8) + slot
    households = _households(layout, facts, mix, what, kind, first, home, draws)
    residents = Columns(RESIDENT_COLUMNS, int(first[-1]))
    residents.household = household
    for name in ("place", "place_kind", "township", "poor"):
        setattr(residents, name, households[name][household])
    residents.head = slot == 0
    residents.age = _ages(what[household], slot, draws.uniform_of(Decision.AGE, START, who))
    residents.age_band = (residents.age >= 40).astype(np.int8) + (residents.age >= 60).astype(np.int8)
    schooling = _characters(residents, who, facts, assumed, mix, draws)
    _fill_places(layout.places, residents, households)
    return People(residents, households, first, who, home, schooling, mix)


def _dot(left: NDArray[np.float64], right: tuple[float, ...]) -> float:
    """Add up products in order, so that the bits are the same on every machine."""
    return add_up(a * b for a, b in zip(left.tolist(), right, strict=True))


def _household_types(mix: Mix, kind: NDArray[np.int8], luck: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the kind of household that each draw falls on."""
    what = np.zeros(len(kind), np.int64)
    for k in KINDS:
        here = kind == k
        what[here] = np.searchsorted(np.cumsum(mix.types[k])[:-1], luck[here], side="right")
    return what


def _households(
    layout: Layout, facts: Any, mix: Mix, what: NDArray[np.int64], kind: NDArray[np.int8],
    first: NDArray[np.int32], home: NDArray[np.int32], draws: Draws,
) -> Columns:  # fmt: skip
    """Return the table of households: where they live, children, poverty."""
    households = Columns(HOUSEHOLD_COLUMNS, len(home))
    households.number, households.first, households.count = home, first[:-1], np.diff(first).astype(np.int16)
    households.place, households.place_kind = layout.place.astype(np.int16), kind
    households.township = layout.places.township[layout.place]
    each = facts.people.children_per_household
    mean = np.array([[c * each / _dot(shares, CHILDREN) for c in CHILDREN] for shares in mix.types])
    # Binomial of three: P(0), P(0 or 1), P(at most 2)
    p = np.minimum(mean / MOST_CHILDREN, 0.95)
    q = 1.0 - p
    steps = np.stack([q * q * q, q * q * (q + 3.0 * p), 1.0 - p * p * p], axis=2)
    luck = draws.uniform_of(Decision.CHILDREN, START, home)
    households.children = (luck[:, None] >= steps[kind, what]).sum(axis=1).astype(np.int8)
    households.poor = draws.uniform_of(Decision.POOR, START, home) < mix.poor[kind, what]
    return households


def _ages(what: NDArray[np.int64], slot: NDArray[np.int32], luck: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return ages: even within a range, thinning out above 60; partners are within four years of each other."""
    low, high, partner = age_table()
    cell = what * MOST_ADULTS + slot
    youngest, oldest = low.ravel()[cell], high.ravel()[cell]
    place = np.where(youngest >= 60, luck * luck, luck)
    age = youngest + (place * (oldest - youngest + 1).astype(np.float32)).astype(np.int8)
    rows = np.flatnonzero(partner.ravel()[cell])
    gap = (luck[rows] * np.float32(2 * COUPLE_GAP + 1)).astype(np.int8) - np.int8(COUPLE_GAP)
    age[rows] = np.clip(age[rows - 1] + gap, youngest[rows], oldest[rows])
    result: NDArray[np.int8] = age.astype(np.int8)
    return result


def _characters(
    residents: Columns, who: NDArray[np.int32], facts: Any, assumed: Assumed, mix: Mix, draws: Draws
) -> NDArray[np.float32]:
    """Fill in schooling, phones, return, taste and creditworthiness; return schooling against one's peers."""
    kind, band = residents.place_kind, residents.age_band
    schooling = draws.normal_of(Decision.SCHOOLING, START, who)
    usual = np.array([assumed.schooling_under_40, assumed.schooling_40_59, assumed.schooling_over_60])
    more = np.array([0.0, assumed.schooling_seat, assumed.schooling_town])
    years = (usual + more[:, None]).astype(np.float32)[kind, band] + np.float32(assumed.schooling_spread) * schooling
    residents.schooling = np.clip(np.floor(years + np.float32(0.5)), 0, 19).astype(np.int8)
    residents.smartphone = draws.uniform_of(Decision.SMARTPHONE, START, who) < smartphone_shares(facts)[kind, band]
    young = (band == AgeBand.UNDER_40) & (kind != PlaceKind.TOWN)
    residents.returned = young & (draws.uniform_of(Decision.RETURNED, START, who) < facts.people.returned_share)
    residents.adoption_taste = draws.normal_of(Decision.TASTE, START, who)
    residents.quality = _quality(residents, schooling, draws.normal_of(Decision.QUALITY, START, who), assumed, mix)
    return schooling


def smartphone_shares(facts: Any) -> NDArray[np.float32]:
    """Return the share of adults with a smartphone, float32[kind, band]."""
    s = facts.start
    shares = np.tile([s.smartphone_under_40, s.smartphone_40_59, s.smartphone_over_60], (len(KINDS), 1))
    shares[PlaceKind.VILLAGE] -= [0.0, s.smartphone_village_40_59, s.smartphone_village_over_60]
    result: NDArray[np.float32] = shares.astype(np.float32)
    return result


def _quality(
    residents: Columns, schooling: NDArray[np.float32], luck: NDArray[np.float32], assumed: Assumed, mix: Mix
) -> NDArray[np.float32]:
    """Return hidden creditworthiness: mean 0, variance 1.

    A little higher with schooling and from 40 to 59, lower in poor households; the weights are assumed.
    """
    a, b, c = assumed.quality_schooling, assumed.quality_age, assumed.quality_poor
    total = float(mix.adults[0] + mix.adults[1] + mix.adults[2])
    settled = add_up(float(mix.adults[k] * mix.bands[k, AgeBand.FROM_40]) for k in KINDS) / total
    poor = add_up(_dot(mix.types[k], tuple(mix.poor[k].tolist())) * float(mix.households[k]) for k in KINDS)
    poor /= float(mix.households[0] + mix.households[1] + mix.households[2])
    rest = sqrt(1.0 - a * a - b * b * settled * (1.0 - settled) - c * c * poor * (1.0 - poor))
    level = np.float32(c * poor - b * settled)
    known = np.float32(a) * schooling + np.float32(b) * (residents.age_band == AgeBand.FROM_40)
    result: NDArray[np.float32] = known - np.float32(c) * residents.poor + level + np.float32(rest) * luck
    return result


def _fill_places(places: Columns, residents: Columns, households: Columns) -> None:
    """Count the people of each place."""
    places.adults = np.bincount(residents.place, minlength=places.n).astype(np.int32)
    places.children = np.bincount(households.place, weights=households.children, minlength=places.n).astype(np.int32)
    places.adults_share = (places.adults / residents.n).astype(np.float32)
