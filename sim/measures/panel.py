"""Collect every measure at a month's end, and keep the months in tables allocated with "not a number"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.accounts import Instrument
from sim.measures.county import COUNTY_MEASURES, Tally
from sim.measures.declare import FEN_PER_YUAN, FloatArray, Measure
from sim.measures.lending import FAMILY, LENDING_MEASURES
from sim.measures.people import BY_PLACE, GAP_MEASURES, GAPS, PEOPLE_MEASURES
from sim.measures.risk import FORMAL, count_scores
from sim.measures.sums import (
    AXES,
    BORROWED,
    HOUSEHOLDS,
    LENDING,
    PEOPLE,
    describe_people,
    marginals,
    sum_loans,
    sum_people,
)
from sim.threads import at_once
from sim.vocabulary import AgeBand, Lender, Occupation, PlaceKind, Product, Sector

_PEOPLE_COLUMNS = (*PEOPLE, *HOUSEHOLDS, *BORROWED)
_BY_NAME = {m.name: m for m in PEOPLE_MEASURES}
_WHERE = {m.name: k for k, m in enumerate(PEOPLE_MEASURES)}

#: Groups by kind; townships are numbered as in the county's file, the county town last.
GROUPS: dict[str, tuple[str, ...]] = {
    "occupation": tuple(o.name.lower() for o in Occupation),
    "age": tuple(a.name.lower() for a in AgeBand),
    "poverty": ("not_poor", "poor"),
    "place": tuple(p.name.lower() for p in PlaceKind),
    "township": tuple(f"township_{i:02d}" for i in range(16)),
    "lender": tuple(x.name.lower() for x in Lender),
    "product": tuple(p.name.lower() for p in Product),
    "sector": tuple(s.name.lower() for s in Sector),
}
_STOCKS = tuple(
    Measure(f"stock_{i.name.lower()}", "yuan", "stock", f"net position in {i.name.lower().replace('_', ' ')}",
            lambda s, i=i: s[:, i])  # type: ignore[misc]
    for i in Instrument
)  # fmt: skip
#: The measures that each kind of group has.
GROUP_MEASURES: dict[str, tuple[Measure, ...]] = {
    **dict.fromkeys(AXES, PEOPLE_MEASURES),
    "lender": LENDING_MEASURES,
    "product": LENDING_MEASURES,
    "sector": _STOCKS,
}


def _columns() -> dict[str, Measure]:
    """Return the columns of the monthly table, in order, by name."""
    found = list(PEOPLE_MEASURES)
    for name in BY_PLACE:
        for place in PlaceKind:
            where = place.name.lower()
            found.append(_BY_NAME[name].named(f"{name}_{where}", f"{_BY_NAME[name].definition}; in {where} places"))
        found.append(
            _BY_NAME[name].named(f"{name}_rural", f"{_BY_NAME[name].definition}; in villages and township seats")
        )
    for kind, (_, _, words) in GAPS.items():
        for name in GAP_MEASURES:
            found.append(_BY_NAME[name].named(f"{name}_gap_{kind}", f"{_BY_NAME[name].definition}: {words}"))
    for m in LENDING_MEASURES:
        found.append(m.named(m.name, f"{m.definition}; formal lenders together"))
        found += [m.named(f"{m.name}_{x.name.lower()}", f"{m.definition}; {x.name.lower()}") for x in FORMAL]
        if m.name in FAMILY:
            found.append(m.named(f"{m.name}_family", f"{m.definition}; between relatives and friends"))
    found += COUNTY_MEASURES
    names = [m.name for m in found]
    if len(set(names)) != len(names):
        raise AssertionError(f"a measure is declared twice: {sorted({n for n in names if names.count(n) > 1})}")
    return {m.name: m for m in found}


#: Every column of the monthly table: its name, unit, definition.
MEASURES: dict[str, Measure] = _columns()


@dataclass(frozen=True)
class Snapshot:
    """All measures of one month.

    Attributes
    ----------
    month : int
    values : dict[str, float]
        By column of the monthly table.
    groups : dict[str, float64[group, measure]]
        By kind of group (``GROUPS``, ``GROUP_MEASURES``).
    """

    month: int
    values: dict[str, float]
    groups: dict[str, FloatArray]


def _read(measures: Sequence[Measure], columns: tuple[str, ...], rows: FloatArray, weight: float) -> FloatArray:
    """Return measures of groups, float64[group, measure], from their sums, float64[group, column]."""
    sums = _named(columns, rows)
    sums.weight = weight
    return np.stack([m.read(sums) for m in measures], axis=-1)


def _named(columns: tuple[str, ...], table: FloatArray) -> SimpleNamespace:
    """Return the columns of a table, its last axis, by name."""
    return SimpleNamespace(**{name: table[..., i] for i, name in enumerate(columns)})


def collect(world: Any, bank: Any, platform: Any, government: Any) -> Snapshot:
    """Return every measure of the world as it stands at the end of a month.

    Parameters
    ----------
    world : World
    bank, platform, government : RuralBank, PaymentPlatform, CountyGovernment

    Returns
    -------
    Snapshot
    """
    cell, flags = describe_people(world)
    sums, (lending, borrowed) = at_once(lambda: sum_people(world, cell, flags), lambda: sum_loans(world, cell))
    weight = float(world.weight)
    people = marginals(np.concatenate([sums, borrowed], axis=1))
    groups, values = _of_people(people, weight)
    by_lender, found = _of_lending(lending, weight)
    groups |= by_lender
    groups["sector"] = world.ledger.stock / FEN_PER_YUAN * weight
    by_place = _named(_PEOPLE_COLUMNS, people["place"].astype(np.float64))
    tally = Tally(world, bank, platform, government, by_place, _named(LENDING, lending), count_scores(world))
    values |= found | {m.name: float(m.read(tally)) for m in COUNTY_MEASURES}
    return Snapshot(int(world.month), values, groups)


def _of_people(people: dict[str, NDArray[np.int64]], weight: float) -> tuple[dict[str, FloatArray], dict[str, float]]:
    """Return the measures of people by group, and those of the monthly table, from the sums by kind of group."""
    places = people["place"]
    rural, everybody = places[[PlaceKind.VILLAGE, PlaceKind.SEAT]].sum(axis=0), places.sum(axis=0)
    tables = {**people, "rural": rural[None], "all": everybody[None]}
    rows = _read(PEOPLE_MEASURES, _PEOPLE_COLUMNS, np.concatenate(list(tables.values())).astype(np.float64), weight)
    ends = np.cumsum([len(table) for table in tables.values()])
    groups = dict(zip(tables, np.split(rows, ends[:-1]), strict=True))
    values = dict(zip(_WHERE, groups.pop("all")[0].tolist(), strict=True))
    by_place, in_villages_and_seats = groups["place"].tolist(), groups.pop("rural")[0].tolist()
    for name in BY_PLACE:
        k = _WHERE[name]
        values |= {f"{name}_{place.name.lower()}": by_place[place][k] for place in PlaceKind}
        values[f"{name}_rural"] = in_villages_and_seats[k]
    for kind, (more, less, _) in GAPS.items():
        gap = groups[kind][GROUPS[kind].index(more)] - groups[kind][GROUPS[kind].index(less)]
        values |= {f"{name}_gap_{kind}": float(gap[_WHERE[name]]) for name in GAP_MEASURES}
    return groups, values


def _of_lending(lending: FloatArray, weight: float) -> tuple[dict[str, FloatArray], dict[str, float]]:
    """Return the measures of lending by lender and product, and those of the monthly table."""
    tables = [lending.sum(axis=1), lending.sum(axis=0), lending[list(FORMAL)].sum(axis=(0, 1))[None]]
    rows = _read(LENDING_MEASURES, LENDING, np.concatenate(tables), weight)
    by_lender, by_product, formal = np.split(rows, [len(Lender), len(Lender) + len(Product)])
    names = [m.name for m in LENDING_MEASURES]
    values = dict(zip(names, formal[0].tolist(), strict=True))
    for x in FORMAL:
        values |= zip([f"{name}_{x.name.lower()}" for name in names], by_lender[x].tolist(), strict=True)
    values |= {f"{name}_family": float(by_lender[Lender.FAMILY, names.index(name)]) for name in FAMILY}
    return {"lender": by_lender, "product": by_product}, values


class Panel:
    """The months of one run: tables allocated with "not a number" and filled month by month.

    Parameters
    ----------
    months : int
        How many months the run has.
    """

    def __init__(self, months: int) -> None:
        self.months = months
        self.monthly = np.full((months, len(MEASURES)), np.nan)
        self.groups = {
            kind: np.full((months, len(names), len(GROUP_MEASURES[kind])), np.nan) for kind, names in GROUPS.items()
        }
        self.recorded = np.zeros(months, np.bool_)

    def record(self, snapshot: Snapshot) -> None:
        """Enter one month."""
        self.monthly[snapshot.month] = [snapshot.values[name] for name in MEASURES]
        for kind, table in snapshot.groups.items():
            self.groups[kind][snapshot.month] = table
        self.recorded[snapshot.month] = True

    def check(self) -> None:
        """Fail if a month is missing or a measure is not a number without being allowed to.

        Raises
        ------
        AssertionError
            Naming the measure and its first such month: a fault of the program.
        """
        if not self.recorded.all():
            raise AssertionError(f"month {int(np.argmin(self.recorded))} was never measured")
        for column, m in enumerate(MEASURES.values()):
            holes = np.flatnonzero(np.isnan(self.monthly[:, column]))
            if holes.size and not m.undefined:
                raise AssertionError(f"{m.name} is not a number in month {int(holes[0])}")
