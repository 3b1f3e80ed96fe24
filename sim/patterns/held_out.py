"""Patterns P6 to P9: held out. Nothing is calibrated on them, and their rules were written before any was computed.

A pattern compares worlds that share seed and luck. Its number is taken for every seed; the rule says in which range the
median over seeds, or the whole 80% band, must lie.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.patterns.verdicts import Row, Verdict, number_over_seeds

_CATFISH = "Cui, Wang & Ma 2021; Buchak et al. 2018; Qi et al. 2024"
_CHFS = "China Household Finance Survey 2017, national, when the average is near 60%"
_INDIA = "India 2016: response 45% lower without complementarity"
_MEXICO = "Mexico: shops +18%, other customers +21%, and it lasts"
_BANERJEE = "Banerjee et al. 2013: what neighbours pass on is information"

#: P7 is judged in the month in which the average is nearest to this, if it comes this near.
AVERAGE_DIGITAL, NEAR = 0.60, 0.05


@dataclass(frozen=True)
class HeldOut:
    """One held-out pattern and its rule.

    Attributes
    ----------
    key, what, reported, unit : str
        As for a pattern that may be fitted.
    low, high : float
        The range. What exactly equals an end does not lie in it.
    of : {"median", "band", ""}
        What must lie in the range: the median over seeds, or the whole 80% band; empty: reported without a verdict.
    """

    key: str
    what: str
    reported: str
    unit: str
    low: float = -math.inf
    high: float = math.inf
    of: Literal["median", "band", ""] = ""

    @property
    def rule(self) -> str:
        """The rule in words."""
        if not self.of:
            return "reported"
        ends = [f"above {self.low:.3g}"] if math.isfinite(self.low) else []
        ends += [f"below {self.high:.3g}"] if math.isfinite(self.high) else []
        return f"{'median' if self.of == 'median' else '80% band'} {' and '.join(ends)}"


HELD_OUT = (
    HeldOut("P6a", "days to cash of all the bank's new household loans of 2019, by value: with entry less without",
            f"fall ({_CATFISH})", "days", high=0.0, of="band"),
    HeldOut("P6b", "the same, of ordinary loans only: what no product's terms give", "–", "days"),
    HeldOut("P6c", "the bank's new household loans of 2019, renewals left out: change by entry", f"rise ({_CATFISH})",
            "share", low=0.0, of="band"),
    HeldOut("P6d", "the same, to farmers", f"rise ({_CATFISH})", "share", low=0.0, of="band"),
    HeldOut("P6e", "yearly rate of the bank's new household loans of 2019, by value: with entry less without",
            f"fall or stay ({_CATFISH})", "rate", high=0.0005, of="median"),
    HeldOut("P6f", "the bank's profit of 2019: change by entry", f"no collapse ({_CATFISH})", "share", low=-0.20,
            of="median"),
    HeldOut("P6g", "added when P6c was known: the bank's new household loans of 2018 and 2019, change by entry", "–",
            "share"),
    HeldOut("P7a", "households with a head under 40 that use digital finance", f"above 80% ({_CHFS})", "share",
            low=0.80, of="median"),
    HeldOut("P7b", "households with a head of 60 and over that do", f"below 30% ({_CHFS})", "share", high=0.30,
            of="median"),
    HeldOut("P8a", "wallet use of 2019-01, lost if people go on seeing the acceptance before the push",
            f"30% to 60% ({_INDIA})", "share", low=0.30, high=0.60, of="median"),
    HeldOut("P8b", "growth of wallet use from 2018-01 to 2019-01, lost in the same way", "–", "share"),
    HeldOut("P8c", "wallet use a year after a push of six months on shops alone: gain over no push",
            f"positive ({_MEXICO})", "share", low=0.0, of="band"),
    HeldOut("P8d", "shops that take QR, a year after that push: gain over no push", f"positive ({_MEXICO})", "share",
            low=0.0, of="band"),
    HeldOut("P8e", "of the largest gain in wallet use, what is left a year after the push", f"half ({_MEXICO})",
            "share", low=0.5, of="median"),
    HeldOut("P9a", "effect of neighbours on wallet use, 2018-02 to 2019-01: at 1.5 times the push less at half of it",
            "falls: push and neighbours are substitutes", "share", high=0.0, of="band"),
    HeldOut("P9b", "months by which half the first loans come after half the wallets, up to 2019-12",
            f"later ({_BANERJEE})", "months", low=1.0, of="median"),
    HeldOut("P9c", "neighbours' pull on wallets over their pull on first loans (ratio of hazard ratios)",
            f"above 1 ({_BANERJEE})", "ratio", low=1.0, of="band"),
)  # fmt: skip


def judge_held_out(values: Mapping[str, list[float]], rules: Sequence[HeldOut] = HELD_OUT) -> list[Row]:
    """Return a row for every held-out pattern.

    Parameters
    ----------
    values : mapping of key to a number for each seed
        An empty list, or nothing but "not a number": the pattern was not reached.
    rules : sequence of HeldOut
        What is judged.
    """
    return [_judge(each, values.get(each.key, [])) for each in rules]


def _judge(each: HeldOut, values: list[float]) -> Row:
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return Row(each.key, each.what, each.reported, each.unit, math.nan, math.nan, math.nan, "not reached")
    median, low, high = number_over_seeds(known)
    verdict: Verdict = "reported"
    if each.of:
        inside = all(each.low < x < each.high for x in ((median,) if each.of == "median" else (low, high)))
        verdict = "met" if inside else "missed"
    return Row(each.key, each.what, each.reported, each.unit, median, low, high, verdict, each.rule)
