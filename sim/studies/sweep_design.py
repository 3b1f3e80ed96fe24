"""Which points a sweep looks at: ranges of parameters, and a design that spreads points over them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.dates import NEVER, parse_month, show_month
from sim.errors import CatfishError
from sim.parameters import DECLARED, Declaration
from sim.reading.checks import check, declared
from sim.scenario import Scenario, read_settings

FloatArray = NDArray[np.float64]
Design = Literal["latin", "sobol", "grid"]
DESIGNS: tuple[Design, ...] = ("latin", "sobol", "grid")
MOST_POINTS = 1_000_000
_FORM = "path=low:high, for example bank.alarm_level=0.4:0.6"


@dataclass(frozen=True)
class Axis:
    """A parameter that is varied, and between what.

    Attributes
    ----------
    path : str
    low, high : float or int
        Both included; months for a date, 0 and 1 for yes or no.
    """

    path: str
    low: float
    high: float

    @property
    def each(self) -> Declaration:
        """The parameter's declaration."""
        return DECLARED[self.path]

    def values(self, shares: FloatArray) -> list[Any]:
        """Return values as a scenario writes them, from shares of the way from low to high (0 to 1).

        What is whole (numbers, months, no and yes) has the same part of the way for each value.
        """
        if self.each.kind is float:
            return [float(value) for value in self.low + shares * (self.high - self.low)]
        steps = int(self.high) - int(self.low)
        whole = int(self.low) + np.minimum(np.floor(shares * (steps + 1)).astype(np.int64), steps)
        kind: Any = show_month if self.each.unit == "date" else self.each.kind
        return [kind(int(value)) for value in whole]

    def number(self, value: Any) -> float:
        """Return a value as a number: a date as its month, no and yes as 0 and 1."""
        return float(parse_month(value) if self.each.unit == "date" else value)

    def read(self, text: str) -> Any:
        """Return a value as a scenario writes it, from a table of points."""
        if self.each.unit == "date":
            return text
        return text == "True" if self.each.kind is bool else self.each.kind(text)

    @property
    def bounds(self) -> list[Any]:
        """Low and high as a scenario writes them."""
        return self.values(np.array([0.0, 1.0]))


def read_axes(texts: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """Return ranges by path from texts such as ``bank.alarm_level=0.4:0.6``, as ``--vary`` takes them.

    Raises
    ------
    CatfishError
        If a text has not this form, or two are about one parameter.
    """
    found: dict[str, tuple[Any, Any]] = {}
    for text in texts:
        path, _, ends = text.partition("=")
        parts = [part.strip() for part in ends.split(":")]
        if not path.strip() or len(parts) != 2 or not all(parts):
            raise CatfishError(f"--vary: {text[:100]!r} is not of the form {_FORM}")
        path = path.strip()
        if path in found:
            raise CatfishError(f"--vary: {path} is there twice")
        low, high = (read_settings([f"{path}={part}"])[path] for part in parts)
        found[path] = (low, high)
    return found


def axes_of(vary: Mapping[str, tuple[Any, Any]], where: str = "vary") -> list[Axis]:
    """Return what is varied, checked.

    Raises
    ------
    CatfishError
        If there is nothing, a path is unknown, a bound is not what its parameter accepts, or low is not below high.
    """
    if not vary:
        raise CatfishError(f"{where}: nothing is varied; give at least one {_FORM}")
    return [_axis(str(path), ends, where) for path, ends in vary.items()]


def _axis(path: str, ends: Any, where: str) -> Axis:
    each = declared(path, where)
    if not isinstance(ends, tuple | list) or len(ends) != 2:
        raise CatfishError(f"{where}: {path} is {str(ends)[:60]!r}, but must be a range (low, high)")
    low, high = (check(each, end, where) for end in ends)
    if isinstance(low, Mapping) or isinstance(high, Mapping):
        raise CatfishError(
            f"{where}: {path} has a table from date to value as a bound, but must go from value to value"
        )
    first, last = (float(parse_month(end) if each.unit == "date" else end) for end in (low, high))
    if last == NEVER:
        raise CatfishError(f"{where}: {path} goes to 'never', but must end with a date like \"2018-03\"")
    if not first < last:
        raise CatfishError(f"{where}: {path} goes from {low} to {high}, but low must be below high")
    return Axis(path, first, last)


def spread(axes: Sequence[Axis], points: int, design: Design, seed: int) -> pd.DataFrame:
    """Return the points of a design: a row for each, a column for each parameter.

    Parameters
    ----------
    axes : sequence of Axis
    points : int
        How many; with a grid so many values of each parameter (fewer where there are not so many whole ones).
    design : {"latin", "sobol", "grid"}
        Latin hypercube (McKay, Beckman and Conover 1979), scrambled Sobol points (Owen 1998), or all combinations.
    seed : int
        From which the points are drawn; a grid needs none.

    Raises
    ------
    CatfishError
        If there is less than one point, or there are more than a million.
    """
    if isinstance(points, bool) or not isinstance(points, int) or not 1 <= points <= MOST_POINTS:
        raise CatfishError(f"points is {points!r}, but must be a whole number from 1 to {MOST_POINTS:,}")
    if design not in DESIGNS:
        raise CatfishError(f"design is {design!r}, but must be one of {', '.join(DESIGNS)}")
    if design == "grid":
        return _grid(axes, points)
    return frame_of(axes, _latin(points, len(axes), seed) if design == "latin" else _sobol(points, len(axes), seed))


def frame_of(axes: Sequence[Axis], shares: FloatArray) -> pd.DataFrame:
    """Return points from shares of the way along each axis, float64[points, axes]."""
    return pd.DataFrame({axis.path: axis.values(shares[:, k]) for k, axis in enumerate(axes)})


def _latin(points: int, axes: int, seed: int) -> FloatArray:
    sample: FloatArray = qmc.LatinHypercube(axes, seed=np.random.default_rng(seed)).random(points)
    return sample


def _sobol(points: int, axes: int, seed: int) -> FloatArray:
    sampler = qmc.Sobol(axes, seed=np.random.default_rng(seed))
    sample: FloatArray = sampler.random_base2(math.ceil(math.log2(points)))[:points]
    return sample


def _grid(axes: Sequence[Axis], points: int) -> pd.DataFrame:
    shares = np.linspace(0.0, 1.0, points) if points > 1 else np.array([0.5])
    values = [list(dict.fromkeys(axis.values(shares))) for axis in axes]
    count = math.prod(len(each) for each in values)
    if count > MOST_POINTS:
        raise CatfishError(
            f"a grid of {points} values of each of {len(axes)} parameters has {count:,} points: too many"
        )
    rows = list(product(*values))
    return pd.DataFrame({axis.path: [row[k] for row in rows] for k, axis in enumerate(axes)})


def scenario_at(scenario: Scenario, points: pd.DataFrame, point: int) -> Scenario:
    """Return a scenario with the values of a point.

    Raises
    ------
    CatfishError
        If the values contradict each other: which point, and how.
    """
    values = {str(path): points[path].iloc[point] for path in points.columns}
    told = ", ".join(f"{path}={value!s}" for path, value in list(values.items())[:4])
    return scenario.replace(values, where=f"point {point} ({told}{', …' if len(values) > 4 else ''})")
