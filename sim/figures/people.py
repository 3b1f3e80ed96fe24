"""Charts of people and payments."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from sim.figures.style import (
    ALL,
    CARD,
    CASH,
    QR,
    SEAT,
    TOWN,
    VILLAGE,
    Months,
    draw,
    finish,
    frame,
    mark_projection,
    mark_reported,
    name_lines,
    panels,
)
from sim.labels import label
from sim.patterns.verdicts import REPORTED
from sim.results import Results

PLACES = {"town": TOWN, "seat": SEAT, "village": VILLAGE}


def adoption(results: Results, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw who uses a wallet and which shops take QR, by place."""
    months, drawn = Months(results), panels(1, 2, axes)
    people, shops = drawn
    lines = {"all": ("wallet_active", ALL)} | {p: (f"wallet_active_{p}", look) for p, look in PLACES.items()}
    _shares(people, months, {label(f"placekind.{p}", language): found for p, found in lines.items()},
            label("adoption.people", language), label("chart.share_adults", language))  # fmt: skip
    _shares(shops, months, {label(f"placekind.{p}", language): (f"shops_qr_{p}", look) for p, look in PLACES.items()},
            label("adoption.shops", language), label("chart.share_shops", language))  # fmt: skip
    mark_reported(people, months, "2018-01", 0.20, 0.35, label("reported.wallet", language), (0.03, 0.93))
    mark_reported(shops, months, REPORTED, 0.90, 1.0, label("reported.shops", language), (0.56, 0.17))
    for each in drawn:
        mark_projection(each, months, language)
    title = label("adoption.title", language).format(
        share=f"{months.last('wallet_active'):.0%}", date=months.dates[-1],
        shops=f"{months.last('shops_qr_town', REPORTED):.0%}", reported=months.upto(REPORTED),
    )  # fmt: skip
    frame(drawn, results, title, language)
    return drawn


def payments(results: Results, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw how payments are made, by value, in the county town and in the county."""
    months, drawn = Months(results), panels(1, 2, axes)
    looks = {"cash": ("cash", CASH), "card": ("card", CARD), "qr": ("digital", QR)}
    for each, ending, where in zip(drawn, ("_town", ""), ("town", "county"), strict=True):
        lines = {label(f"method.{m}", language): (f"{name}_share{ending}", look) for m, (name, look) in looks.items()}
        _shares(each, months, lines, label(f"payments.{where}", language), label("chart.share_value", language))
    mark_reported(drawn[0], months, "2018-10", 0.0, 0.20, label("reported.cash", language), (0.46, 0.45))
    for each in drawn:
        mark_projection(each, months, language)
    title = label("payments.title", language).format(
        town=f"{months.last('cash_share_town'):.0%}", county=f"{months.last('cash_share'):.0%}", date=months.dates[-1]
    )
    frame(drawn, results, title, language)
    return drawn


def _shares(axes: Axes, months: Months, lines: dict[str, Any], heading: str, unit: str) -> None:
    named = []
    for name, (measure, look) in lines.items():
        band = months.series(measure)
        draw(axes, months, band, look)
        named.append((name, band[1], look))
    finish(axes, months, heading, unit, percent=0, top=1.0)
    name_lines(axes, named)
