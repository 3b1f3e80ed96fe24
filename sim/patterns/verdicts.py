"""What the article and surveys report (P1 to P5), as data, and the verdict of a run on each.

"At 2019-01" is the state at the end of that month. A pattern with a band is judged by the median over seeds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from sim.patterns.no_bad_loans import THRESHOLD, Sight, hidden_share_needed, seasoned_default, split_claim

Verdict = Literal["met", "missed", "not reached", "reported", "reproducible", "not reproducible"]

#: The county that the reports are about.
COUNTY = "neixiang"
PUSH = "2018-02"
REPORTED = "2019-01"
#: 80% of the seeds lie between these.
BAND = (0.1, 0.9)


@dataclass(frozen=True)
class Pattern:
    """One reported pattern.

    Attributes
    ----------
    key : str
        "P1a", …
    what : str
        What is measured, in words.
    reported : str
        What the source says, in words.
    facts : str
        Keys of the source facts.
    months : tuple of str
        First and last month looked at.
    read : callable
        Of one measure's values over these months, the number that is judged.
    measure : str
        Column of the monthly table.
    low, high : float
        The band. ``strict``: the ends do not belong to it.
    unit : str
        "share", "adults", "million yuan", …
    role : {"fit", "goal"}
        A goal is reported without a verdict.
    """

    key: str
    what: str
    reported: str
    facts: str
    measure: str
    months: tuple[str, str]
    low: float
    high: float
    unit: str
    read: Callable[[Any], Any] = np.mean
    role: Literal["fit", "goal"] = "fit"
    scale: float = 1.0
    strict: bool = False

    def values(self, monthly: pd.DataFrame) -> pd.Series[float] | None:
        """Return the number for each seed, or nothing when the months end before it."""
        if (monthly["date"] == self.months[1]).sum() == 0 or (monthly["date"] == self.months[0]).sum() == 0:
            return None
        rows = monthly[(monthly["date"] >= self.months[0]) & (monthly["date"] <= self.months[1])]
        return rows.groupby("seed")[self.measure].agg(self.read) * self.scale

    def holds(self, value: float) -> bool:
        """Tell whether a number lies in the band."""
        return self.low < value < self.high if self.strict else self.low <= value <= self.high


def _at(month: str) -> tuple[str, str]:
    return month, month


PATTERNS = (
    Pattern("P1a", "adults who paid by wallet in the last 3 months, 2018-01", "20% to 35% (“about 30% used it”)",
            "usage_start slow_start", "wallet_active", _at("2018-01"), 0.20, 0.35, "share"),
    Pattern("P1b", "county-town shops that take QR, 2019-01", "at least 90% (“every shop”)", "shops_all",
            "shops_qr_town", _at(REPORTED), 0.90, 1.0, "share"),
    Pattern("P1c", "cash at county-town shops by value, lowest within 8 months of the push (2018-02)",
            "below 20% (“cash could hardly be spent”)", "cash_gone", "cash_share_town", (PUSH, "2018-10"), -1.0, 0.20,
            "share", np.min, strict=True),
    Pattern("P1d", "village and township adults with any e-payment in the last 3 months, 2018-12",
            "under 72% (PBOC 2018: 72.15% of rural adults)", "rural_adults_epayment_2018", "epayment_any_rural",
            _at("2018-12"), -1.0, 0.72, "share", strict=True),
    Pattern("P1e", "village households that use digital finance, mean of 2017", "near 23% (18% to 28%; CHFS 2017)",
            "rural_households_digital_finance_2017", "household_digital_village", ("2017-01", "2017-12"), 0.18, 0.28,
            "share"),
    Pattern("P2", "residents with a platform credit line, 2019-01", "100,000 to 130,000", "lines_100k", "lines",
            _at(REPORTED), 100_000, 130_000, "adults"),
    Pattern("P3a", "people who have borrowed from the platform, 2019-01", "5,500 ± 15%", "borrowers_5500",
            "borrowers_platform", _at(REPORTED), 4_675, 6_325, "adults"),
    Pattern("P3b", "lent by the platform since launch, 2019-01", "54 ± 8 million yuan", "borrowers_5500",
            "lent_so_far_platform", _at(REPORTED), 46, 62, "million yuan", scale=1e-6),
    Pattern("P5", "customers of the bank's quick loan for salaried staff, 2019-01", "over 1,000", "muyuan_take_up",
            "salaried_customers", _at(REPORTED), 1_000, math.inf, "adults", strict=True),
    Pattern("P5 goal", "new quick-loan customers of the bank in its best month up to 2019-01", "goal: 3,000 a month",
            "bank_target", "quick_loan_customers_new", ("2017-01", REPORTED), 3_000, math.inf, "adults a month", np.max,
            role="goal"),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A pattern beside what the run shows: median and 80% band over seeds, and the verdict."""

    key: str
    what: str
    reported: str
    unit: str
    median: float
    low: float
    high: float
    verdict: Verdict
    note: str = ""


def number_over_seeds(values: Any) -> tuple[float, float, float]:
    """Return the median over seeds, and the ends of the 80% band."""
    low, median, high = np.quantile(np.asarray(values, np.float64), (BAND[0], 0.5, BAND[1]))
    return float(median), float(low), float(high)


def judge(pattern: Pattern, monthly: pd.DataFrame) -> Row:
    """Return a run's row for one pattern with a band."""
    values = pattern.values(monthly)
    if values is None:
        none = math.nan
        return Row(pattern.key, pattern.what, pattern.reported, pattern.unit, none, none, none, "not reached")
    median, low, high = number_over_seeds(values)
    verdict: Verdict = "reported"
    note = f"{median / pattern.low:.0%} of the goal" if pattern.role == "goal" else ""
    if pattern.role == "fit":
        verdict = "met" if pattern.holds(median) else "missed"
    return Row(pattern.key, pattern.what, pattern.reported, pattern.unit, median, low, high, verdict, note)


def no_bad_loans(monthly: pd.DataFrame, loans: pd.DataFrame, weight: float) -> tuple[list[Row], list[Sight]]:
    """Return the rows of P4 and its split (empty when the months end before the claim, or nobody borrowed)."""
    claim = monthly.loc[monthly["date"] == REPORTED, "month"]
    what = "probability that no loan 90 or more days late would be seen, 2019-01"
    reported = "“not one bad loan”"
    if claim.empty:
        return [Row("P4", what, reported, "probability", math.nan, math.nan, math.nan, "not reached")], []
    at, last = int(claim.iloc[0]), int(monthly["month"].max())
    sights = split_claim(loans, at, last, weight)
    if not sights:
        return [
            Row("P4", what, reported, "probability", math.nan, math.nan, math.nan, "reported", "nobody borrowed")
        ], []
    found = next(s for s in sights if s.name == "as simulated")
    verdict: Verdict = "not reproducible" if found.probability < THRESHOLD else "reproducible"
    note = f"{found.expected:.0f} bad loans expected to be seen"
    if verdict == "not reproducible":
        note += f"; {hidden_share_needed(found.expected):.0%} of them would have had to go unreported"
    rows = [Row("P4", what, reported, "probability", found.probability, math.nan, math.nan, verdict, note)]
    for months in (12, 24):
        values = seasoned_default(loans, at, last, months)
        text = f"the same loans {months} months after they were paid out: in default"
        known = values[~np.isnan(values)]
        spread = number_over_seeds(known) if known.size else (math.nan,) * 3
        rows.append(Row(f"P4 {months}m", text, "seasoned range 0.7% to 1.9%", "share", *spread,
                        "reported" if known.size else "not reached"))  # fmt: skip
    return rows, sights


def judge_all(monthly: pd.DataFrame, loans: pd.DataFrame, weight: float) -> tuple[list[Row], list[Sight]]:
    """Return a row for every pattern, in order, and the split of P4.

    Parameters
    ----------
    monthly : DataFrame
        ``seed, month, date`` and a column for each measure.
    loans : DataFrame
        Loan tape, all seeds.
    weight : float
        Adults at full size for each simulated adult.
    """
    rows = [judge(p, monthly) for p in PATTERNS]
    claim, sights = no_bad_loans(monthly, loans, weight)
    order = [row for row in rows if not row.key.startswith("P5")] + claim
    return order + [row for row in rows if row.key.startswith("P5")], sights


def any_missed(rows: list[Row]) -> bool:
    """Tell whether a pattern that may be calibrated on is missed."""
    return any(row.verdict == "missed" for row in rows)
