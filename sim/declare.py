"""How a parameter is declared: one line with value, unit, plausible range, source and meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Range = tuple[float, float]

#: Values that make sense at all in these units; elsewhere ten times what is plausible.
_ALLOWED: dict[str, Range] = {"share": (0.0, 1.0), "correlation": (-1.0, 1.0), "1/year": (0.0, 1.0)}
_WIDE = 10.0


class Group(BaseModel):
    """A named group of parameters: frozen, and refusing names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True)


def parameter(
    default: Any,
    unit: str,
    plausible: Range | None,
    source: str,
    text: str,
    *,
    allowed: Range | None = None,
    fixed: bool = False,
) -> Any:
    """Declare a parameter, as the default of a field of a :class:`Group`.

    Parameters
    ----------
    default : number, bool, date like "2018-02", or a table from date to value
        The value if no scenario says otherwise.
    unit : str
        "share", "yuan", "1/month", "logit", "date", "yes/no", …
    plausible : (low, high), optional
        What is believable: priors, sensitivity and sliders come from it. None for dates and yes/no.
    source : str
        Who says so, and when; "assumed" is honest, blank is refused.
    text : str
        What it is.
    allowed : (low, high), optional
        What the model accepts. By default 0 to 1 for shares and chances, else ten times what is plausible.
    fixed : bool
        A lever that is read once, so that a table from date to value would mean nothing.

    Raises
    ------
    ValueError
        If the declaration contradicts itself.
    """
    dated = dict(default) if isinstance(default, Mapping) else None
    first = next(iter(dated.values())) if dated else default
    bounds = () if isinstance(first, bool | str) else _bounds(first, unit, plausible, allowed)
    _check(unit, source, text, plausible, bounds)
    return _field(first, unit, plausible, source, text, bounds, fixed=fixed or unit == "date", dated=dated)


def fact(unit: str, text: str, allowed: Range | None = None) -> Any:
    """Declare a fact of a county: its value, source and plausible range stand in the county's file.

    Parameters
    ----------
    unit, text : str
        Unit; what it is.
    allowed : (low, high), optional
        What the model accepts; 0 to 1 for shares.
    """
    if allowed is None and unit != "share":
        raise ValueError(f"{text}: say what is allowed")
    return _field(..., unit, None, "", text, allowed or _ALLOWED["share"], fixed=True, dated=None)


def _bounds(default: float, unit: str, plausible: Range | None, allowed: Range | None) -> Range:
    """Return the values that the model accepts."""
    if allowed is not None:
        return allowed
    if unit in _ALLOWED:
        return _ALLOWED[unit]
    if plausible is None:
        raise ValueError(f"{default} {unit}: say what is plausible, or allowed")
    low, high = min(plausible[0], default), max(plausible[1], default)
    if unit == "1/month" and low >= 0 and high <= 1:  # a chance
        return (0.0, 1.0)
    most = _WIDE * max(abs(low), abs(high))
    return (0.0 if low >= 0 else -most, most)


def _check(unit: str, source: str, text: str, plausible: Range | None, bounds: Range | tuple[()]) -> None:
    if not (unit.strip() and source.strip() and text.strip()):
        raise ValueError(f"{text or source or unit}: unit, source and meaning must not be blank")
    if plausible and bounds and not bounds[0] <= plausible[0] <= plausible[1] <= bounds[1]:
        raise ValueError(f"{text}: {plausible} is not a range within {bounds}")


def _field(
    default: Any, unit: str, plausible: Range | None, source: str, text: str, bounds: Range | tuple[()], *, fixed: bool,
    dated: dict[str, Any] | None,
) -> Any:  # fmt: skip
    extra: dict[str, Any] = {
        "unit": unit, "range": list(plausible or ()), "source": source, "allowed": list(bounds), "fixed": fixed,
        "dated": dated,
    }  # fmt: skip
    low, high = bounds or (None, None)
    return Field(default, description=text, json_schema_extra=extra, ge=low, le=high)
