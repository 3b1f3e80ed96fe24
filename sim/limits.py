"""What a run can be asked for: seed, scale and length, each with a sentence for what cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sim.errors import CatfishError

SEEDS = (0, 2**32 - 1)
SCALES = (0.01, 10.0)
MONTHS = (1, 240)


def check_seed(seed: Any, where: str = "seed") -> int:
    """Return a seed if it is a whole number from 0 to 4,294,967,295.

    Raises
    ------
    CatfishError
        If it is not.
    """
    return _whole(seed, SEEDS, where)


def check_seeds(seeds: Iterable[Any], where: str = "seeds") -> list[int]:
    """Return seeds as a list if there is at least one, each possible and none twice.

    Raises
    ------
    CatfishError
        If there is none, one is not possible, or one is there twice.
    """
    found = [check_seed(seed, where) for seed in seeds]
    if not found:
        raise CatfishError(f"{where} is empty, but must name at least one seed")
    seen: set[int] = set()
    for seed in found:
        if seed in seen:
            raise CatfishError(f"{where} names {seed} twice, but the same seed gives the same run")
        seen.add(seed)
    return found


def check_months(months: Any, where: str = "months") -> int:
    """Return a number of months if it is whole and from 1 to 240.

    Raises
    ------
    CatfishError
        If it is not.
    """
    return _whole(months, MONTHS, where)


def check_scale(scale: Any, where: str = "scale") -> float:
    """Return a scale, the share of the county that is simulated, if it is from 0.01 to 10.

    Raises
    ------
    CatfishError
        If it is not.
    """
    low, high = SCALES
    try:
        value = math.nan if isinstance(scale, bool | str | bytes) else float(scale)
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not low <= value <= high:
        raise CatfishError(f"{where} is {_show(scale)}, but must be a number from {low:g} to {high:g}")
    return value


def _whole(value: Any, bounds: tuple[int, int], where: str) -> int:
    low, high = bounds
    try:
        number = None if isinstance(value, bool) else value.__index__()
    except (AttributeError, TypeError):
        number = None
    if number is None or not low <= number <= high:
        raise CatfishError(f"{where} is {_show(value)}, but must be a whole number from {low} to {high:,}")
    return int(number)


def _show(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # a whole number of more than 4,300 digits
        return "far too large"
    return text if len(text) <= 60 else text[:57] + "..."
