"""Charts of credit: lines and borrowers, lending, default by vintage, late loans."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.figures.style import (
    BANK,
    BLACK,
    FAMILY,
    GREEN,
    GREY,
    ORANGE,
    PLATFORM,
    PURPLE,
    SKY,
    VERMILION,
    End,
    FloatArray,
    Look,
    Months,
    draw,
    finish,
    frame,
    mark_projection,
    mark_reported,
    name_ends,
    name_lines,
    panels,
    say_nothing,
    spread,
)
from sim.labels import label
from sim.patterns.no_bad_loans import seasoned_default
from sim.patterns.verdicts import PATTERNS, REPORTED
from sim.results import Results

MILLION = 1e-6
#: Months on book that the chart of vintages shows.
WATCHED = 36
LENDERS = {"bank": BANK, "platform": PLATFORM}
VINTAGES = (Look(BLACK, "-"), Look(VERMILION, "--"), Look(PURPLE, "-."), Look(GREEN, ":"), Look(SKY, "-"),
            Look(ORANGE, "--"), Look(GREY, "-."))  # fmt: skip


def reach(results: Results, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw lines, borrowers and yuan lent by the platform, against the reported points."""
    months, drawn = Months(results), panels(1, 3, axes, size=(13.0, 5.8))
    shown = {"lines": ("lines", 1.0, "people", "P2"), "borrowers": ("borrowers_platform", 1.0, "people", "P3a"),
             "lent": ("lent_so_far_platform", MILLION, "million_yuan", "P3b")}  # fmt: skip
    bounds = {p.key: (p.low, p.high, p.reported.split(" (")[0]) for p in PATTERNS}
    for each, (name, (measure, scale, unit, key)) in zip(drawn, shown.items(), strict=True):
        draw(each, months, months.series(measure, scale), PLATFORM)
        finish(each, months, label(f"credit.{name}", language), label(f"chart.{unit}", language))
        low, high, words = bounds[key]
        mark_projection(each, months, language)
        text = label("chart.reported", language).format(what=words)
        mark_reported(each, months, REPORTED, low, high, text, (0.03, 0.9))
    title = label("credit.title", language).format(
        lines=f"{months.last('lines', REPORTED):,.0f}", borrowers=f"{months.last('borrowers_platform', REPORTED):,.0f}",
        lent=f"{months.last('lent_so_far_platform', REPORTED) * MILLION:,.0f}", date=months.upto(REPORTED),
    )  # fmt: skip
    frame(drawn, results, title, language, right=0.98, wspace=0.28)
    return drawn


def lending(results: Results, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw loans paid out and outstanding, by lender."""
    months, drawn = Months(results), panels(1, 2, axes)
    looks = {"bank": BANK, "platform": PLATFORM, "family": FAMILY}
    for each, measure, unit, smooth in ((drawn[0], "originations", "million_yuan_month", 12),
                                        (drawn[1], "gross_loans", "million_yuan", 1)):  # fmt: skip
        named = []
        for lender, look in looks.items():
            band = months.series(f"{measure}_{lender}", MILLION, mean_of=smooth)
            draw(each, months, band, look)
            named.append((label(f"lender.{lender}", language), band[1], look))
        heading = "originations" if measure == "originations" else "gross"
        finish(each, months, label(f"lending.{heading}", language), label(f"chart.{unit}", language))
        mark_projection(each, months, language)
        name_lines(each, named)
    title = label("lending.title", language).format(
        bank=f"{months.last('gross_loans_bank') * MILLION:,.0f}", date=months.dates[-1],
        platform=f"{months.last('gross_loans_platform') * MILLION:,.0f}",
    )  # fmt: skip
    frame(drawn, results, title, language)
    return drawn


def vintages(results: Results, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw default by vintage and months on book, for the platform and the bank; all seeds together."""
    months, drawn = Months(results), panels(1, 2, axes)
    ends: list[list[End]] = []
    for each, lender in zip(drawn, ("platform", "bank"), strict=True):
        ends.append(_curves(each, results, lender, months, language))
    top = max(each.get_ylim()[1] for each in drawn)
    for each, names in zip(drawn, ends, strict=True):
        each.set_ylim(0.0, top)
        name_ends(each, names, bold=True)
    claim = months.position(REPORTED) if results.reported_on else None
    title = label("vintage.title_early", language)
    if claim is not None:
        year = seasoned_default(results.loans, claim, results.months - 1, 12)
        if year.size and not np.isnan(year).all():
            share = f"{np.nanmedian(year):.1%}"
            title = label("vintage.title", language).format(reported=REPORTED, year=share)
    frame(drawn, results, title, language, footer="chart.footer_vintages")
    return drawn


def _curves(axes: Axes, results: Results, lender: str, months: Months, language: str) -> list[End]:
    """Draw a curve for each year's loans, all seeds together, and the band of the seeds; return where they end."""
    curves = results.vintages(lender)
    by_seed = [results.vintages(lender, seed=seed) for seed in results.seeds] if months.seeds > 1 else []
    ends: list[End] = []
    for k, first in enumerate(curves.columns.to_numpy(np.int64)):
        values: FloatArray = curves[first].to_numpy()
        known = np.flatnonzero(~np.isnan(values))
        if known.size < 4:
            continue
        look = VINTAGES[k % len(VINTAGES)]
        axes.plot(values, look.line, color=look.colour, lw=1.8)
        there = [table[first].to_numpy() for table in by_seed if first in table]
        if there:
            low, _, high = spread(np.array(there))
            axes.fill_between(np.arange(len(values)), low, high, color=look.colour, alpha=0.10, linewidth=0)
        end = min(int(known[-1]), WATCHED)
        date = months.dates[first]
        name = (
            date[:4]
            if date < REPORTED or not results.reported_on
            else label("vintage.projection", language).format(year=date[:4])
        )
        ends.append((end, float(values[end]), name, look.colour))
    heading = label(f"vintage.{lender}", language)
    finish(axes, months, heading, label("chart.share_loans", language), percent=1)
    axes.set_xlim(0, WATCHED)
    axes.set_xticks(range(0, WATCHED + 1, 6), [str(k) for k in range(0, WATCHED + 1, 6)])
    axes.set_xlabel(label("chart.months_on_book", language), fontsize=9)
    if not ends:
        say_nothing(axes, language)
    return ends


def late(results: Results, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw the share of loans that is late, by lender."""
    months, drawn = Months(results), panels(1, 2, axes)
    for each, measure, heading in zip(drawn, ("npl_ratio", "par30"), ("npl", "par"), strict=True):
        named = []
        for lender, look in LENDERS.items():
            band = months.series(f"{measure}_{lender}")
            draw(each, months, band, look)
            named.append((label(f"lender.{lender}", language), band[1], look))
        finish(each, months, label(f"npl.{heading}", language), label("chart.share_balance", language), percent=1)
        mark_projection(each, months, language)
        name_lines(each, named)
    bank, platform = (months.recent_share(f"npl_ratio_{lender}", f"gross_loans_{lender}") for lender in LENDERS)
    key = "npl.title_alone" if np.isnan(platform) else "npl.title"
    title = label(key, language).format(bank=f"{bank:.1%}", platform=f"{platform:.1%}", date=months.dates[-1])
    frame(drawn, results, title, language)
    return drawn
