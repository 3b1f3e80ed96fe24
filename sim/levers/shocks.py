"""Events that may strike."""

from __future__ import annotations

from sim.dates import Month
from sim.declare import Group, parameter

_NONE = "assumed: none unless a scenario says so"
_LONG = (0, 240)


class ShockLevers(Group):
    """Events that may strike; none by default."""

    drought: float = parameter(0.0, "share", (0.2, 0.7), _NONE, "share of a harvest lost")
    drought_month: Month = parameter("never", "date", None, _NONE, "harvests of the twelve months from here are hit")
    hog_price_crash: float = parameter(0.0, "share", (0.2, 0.7), _NONE, "fall of the hog price")
    hog_month: Month = parameter("never", "date", None, _NONE, "the fall of the hog price begins")
    hog_months: int = parameter(12, "months", (3, 24), "assumed", "how long it lasts", allowed=_LONG, fixed=True)
    hog_link: bool = parameter(
        False, "yes/no", None, "article: the poor's dividend is fixed", "the poor's dividend follows the hog price"
    )
    lockdown_start: Month = parameter("never", "date", None, _NONE, "a lockdown begins")
    lockdown_months: int = parameter(3, "months", (1, 6), "assumed", "how long it lasts", allowed=_LONG, fixed=True)
    lockdown_depth: float = parameter(0.7, "share", (0.3, 0.9), "assumed", "part of work away from home that stops")
    fraud_start: Month = parameter("never", "date", None, _NONE, "a wave of fraud begins")
    fraud_months: int = parameter(6, "months", (1, 12), "assumed", "how long it lasts", allowed=_LONG, fixed=True)
    fraud_strength: float = parameter(0.5, "share", (0.2, 0.9), "assumed", "trust lost by those who hear of it")
    bank_freeze_start: Month = parameter("never", "date", None, _NONE, "the bank stops lending")
    bank_freeze_months: int = parameter(3, "months", (1, 12), "assumed", "how long it lasts", allowed=_LONG, fixed=True)
