"""The effect of the platform's entry in words and in numbers that people read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.labels import label
from sim.studies.effect_parts import PARTS
from sim.studies.effect_worlds import OUTCOMES, WATCHED, Outcome

if TYPE_CHECKING:
    from sim.studies.effect import Effect

#: Interactions are told when they are at least this share of all parts, taken without sign.
TOLD = 0.1


def summary(effect: Effect, counted: str = "entry", bands: bool = True) -> pd.DataFrame:
    """Return the effect as people read it: a row of text for each outcome, and one below it with the 80% bands.

    Parameters
    ----------
    effect : Effect
    counted : {"entry", "whole"}
        How the bank's answer is counted, see ``catfish_effect``.
    bands : bool
        With the rows of bands, if there is more than one seed.
    """
    rows = []
    for name, outcome in OUTCOMES.items():
        without, entered = (shown(effect.part(name, part, "level"), outcome) for part in ("without", "with"))
        parts = [effect.part(name, part, counted) for part in (*PARTS, "effect")]
        rows.append([label(f"effect.{name}"), without, *(shown_change(part, outcome) for part in parts), entered])
        if bands and len(effect.seeds) > 1:
            rows.append([label("effect.band"), "", *(shown_band(part, outcome) for part in parts), ""])
    return pd.DataFrame(
        rows, columns=["", *(label(f"effect.{part}") for part in ("without", *PARTS, "effect", "with"))]
    )


def shown(row: pd.Series, outcome: Outcome) -> str:
    """Return a level as people read it."""
    value = float(row["mean"]) * outcome.shown
    return "–" if math.isnan(value) else f"{value:,.{outcome.decimals}f}"


def shown_change(row: pd.Series, outcome: Outcome) -> str:
    """Return a change as people read it: with its sign, and "?" where the seeds do not settle it."""
    value = float(row["mean"]) * outcome.shown
    if math.isnan(value):
        return "–"
    text = _signed(value, outcome) if value else "0"
    return f"{text} ?" if row["settled"] == "no" else text


def shown_band(row: pd.Series, outcome: Outcome) -> str:
    """Return a band over seeds as people read it; nothing where all is zero."""
    low, high = (float(row[end]) * outcome.shown for end in ("low", "high"))
    if math.isnan(low) or low == high == 0:
        return ""
    return f"{_signed(low, outcome)} to {_signed(high, outcome)}"


def _signed(value: float, outcome: Outcome) -> str:
    """Return a number with its sign, and without where nothing is left of it."""
    text = f"{value:+,.{outcome.decimals}f}"
    return text if any(digit in "123456789" for digit in text) else text[1:]


def dates(found: Sequence[str]) -> str:
    """Return some dates as people read them: one, or the first and last; seeds in which it never comes are counted."""
    known = sorted(date for date in found if date != "never")
    if not known:
        return "no month"
    text = known[0] if known[0] == known[-1] else f"{known[0]} to {known[-1]}"
    return text if len(known) == len(found) else f"{text} ({len(known)} of {len(found)} seeds)"


def notes(effect: Effect) -> list[str]:
    """Return what has to be known to read the numbers, a sentence or two each."""
    n, entry, end = len(effect.seeds), effect.manifest["entry"], effect.end
    seeds = f"a mean over {n} seeds; '?': the middle 80% of the seeds hold both signs" if n > 1 else "of one seed"
    found = [
        f"Each number is {seeds}. The parts add up to the whole change exactly; what is shown is rounded.",
        "Platform itself: what its entry does where the bank may answer with nothing. A channel: by how much entry "
        "does more where the bank may use it, averaged over all orders of opening the four (Shapley).",
        f"Flows are from {entry}, the month of entry, to {end}; stocks are of the end of {end}. {_watched(entry, end)}",
        f"The bank is alarmed in {dates(effect.alarms(True))} with the platform, in {dates(effect.alarms(False))} "
        "without it.",
    ]
    if effect.anyway:
        found.append(
            "So it would have answered without the platform, too. That stands in 'without'; the parts count only what "
            "the entry adds to its answer."
        )
    days = next(each["value"] for each in effect.manifest["parameters"] if each["path"] == "lending.quick_days")
    found.append(
        f"Quick loans pay out in {days:g} days by their terms (lending.quick_days): what products do to the bank's "
        "days to cash is given, not found. The days of ordinary loans leave the quick loans out."
    )
    found.append(
        "What channels do only together (interactions) is shared out evenly among them. The table of it leaves out "
        f"what is under {TOLD:.0%} of an outcome's parts, taken without sign, and what the seeds do not settle."
    )
    return found


def _watched(entry: str, end: str) -> str:
    last = np.datetime64(end, "M") - WATCHED
    if last < np.datetime64(entry, "M"):
        return f"No loan is watched for {WATCHED} months, so default is not known."
    return f"Default is of loans paid out from {entry} to {last}, each watched for {WATCHED} months."


def together(effect: Effect) -> pd.DataFrame:
    """Return the interactions that matter as people read them: not small beside the parts, and of a settled sign."""
    here = effect.interactions[(effect.interactions["counted"] == "entry") & (effect.interactions["settled"] != "no")]
    rows = []
    for name, outcome in OUTCOMES.items():
        size = sum(abs(float(effect.part(name, part)["mean"])) for part in PARTS)
        for _, row in here[here["outcome"] == name].iterrows():
            if size > 0 and abs(row["mean"]) >= TOLD * size:
                who = " + ".join(label(f"effect.{each}") for each in str(row["channels"]).split("+"))
                rows.append([label(f"effect.{name}"), who, shown_change(row, outcome), shown_band(row, outcome)])
    return pd.DataFrame(rows, columns=["", "together", "only together", label("effect.band").strip()])
