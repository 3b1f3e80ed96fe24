"""Months: counted from January 2017, shown as dates."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

FIRST_YEAR = 2017
#: A month that never comes.
NEVER = 32_000
LAST_MONTH = 20 * 12 - 1
_DATE = re.compile(r"(\d{4})-(\d{2})")


def parse_month(text: Any) -> int:
    """Return the month of a date such as "2018-03", counted from 2017-01; "never" is a month that never comes.

    Raises
    ------
    ValueError
        If it is not such a date, or not between 2017-01 and 2036-12.
    """
    if text == "never":
        return NEVER
    match = _DATE.fullmatch(text) if isinstance(text, str) else None
    if match is None or not 1 <= int(match[2]) <= 12:
        raise ValueError('a date like "2018-03", or "never"')
    month = (int(match[1]) - FIRST_YEAR) * 12 + int(match[2]) - 1
    if not 0 <= month <= LAST_MONTH:
        raise ValueError("a date from 2017-01 to 2036-12")
    return month


def show_month(month: int) -> str:
    """Return a month as a date such as "2018-03"."""
    if month >= NEVER:
        return "never"
    return f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02d}"


#: A lever whose value is a date.
Month = Annotated[int, BeforeValidator(parse_month)]
