"""Charts of the bank's response and of the county's balance sheets."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.accounts import Instrument
from sim.figures.style import (
    BANK,
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PLATFORM,
    PURPLE,
    SIZE,
    SKY,
    TEXT,
    VERMILION,
    YELLOW,
    End,
    FloatArray,
    Months,
    draw,
    finish,
    frame,
    mark_projection,
    name_ends,
    name_lines,
    panels,
    say_nothing,
    sector_stocks,
    spread,
)
from sim.labels import label
from sim.results import Results

MILLION = 1e-6


def response(results: Results, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw the bank's rate, days to cash, market share and conviction, and when it is alarmed."""
    months, drawn = Months(results), panels(2, 2, axes, size=(11.0, 7.4))
    rate, days, share, conviction = drawn
    for each, measure, heading, unit, percent in (
        (rate, "annual_rate_new", "rate", "per_year", 0),
        (days, "days_to_cash", "days", "days", None),
        (share, "market_share", "share", "share_balance", 0),
    ):
        named = []
        for lender, look in (("bank", BANK), ("platform", PLATFORM)):
            smooth = 3 if measure != "market_share" else 1
            band = months.series(f"{measure}_{lender}", mean_of=smooth)
            draw(each, months, band, look)
            named.append((label(f"lender.{lender}", language), band[1], look))
        finish(each, months, label(f"bank.{heading}", language), label(f"chart.{unit}", language), percent=percent)
        name_lines(each, named, room=0.1)
    band = months.series("bank_conviction")
    draw(conviction, months, band, BANK)
    finish(conviction, months, label("bank.conviction", language), "0 – 1", top=1.0)
    alarm = _alarm(months)
    for each in drawn:
        mark_projection(each, months, language)
        if alarm is not None:
            each.axvline(alarm, color=VERMILION, lw=1.4, ls=":")
            each.annotate(label("bank.alarm", language), (alarm, 0.5), (-4, 0), xycoords=("data", "axes fraction"),
                          textcoords="offset points", color=VERMILION, fontsize=TEXT - 1, ha="right",
                          bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0})  # fmt: skip
    year = slice(0, 12)
    facts = {
        "before": f"{np.nanmean(months.series('days_to_cash_bank')[1, year]):.1f}",
        "after": f"{np.nanmean(months.series('days_to_cash_bank')[1, -12:]):.1f}",
        "rate0": f"{np.nanmean(months.series('annual_rate_new_bank')[1, year]):.1%}",
        "rate1": f"{np.nanmean(months.series('annual_rate_new_bank')[1, -12:]):.1%}",
    }
    if alarm is None:
        frame(drawn, results, label("bank.title_calm", language).format(**facts), language)
    else:
        frame(drawn, results, label("bank.title", language).format(alarm=months.dates[alarm], **facts), language)
    return drawn


def _alarm(months: Months) -> int | None:
    """Return the first month in which at least half of the seeds' banks are alarmed."""
    alarmed = np.flatnonzero(months.series("bank_alarmed")[1] >= 0.5)
    return int(alarmed[0]) if alarmed.size else None


COLOURS = {
    "cash": VERMILION, "deposit_rural": BLUE, "deposit_elsewhere": SKY, "wallet": ORANGE, "money_fund": YELLOW,
    "custody": SKY, "reserves": GREEN, "corporate_loans": GREY, "loans_bank": BLUE, "loans_platform": ORANGE,
    "loans_partner": YELLOW, "family_loans": "#bbbbbb", "cooperative_shares": PURPLE, "equity": BLACK,
    "allowance": VERMILION, "accrued_interest": "#888888",
}  # fmt: skip
HATCHES = {"custody": "..", "deposit_elsewhere": "//", "reserves": "\\\\", "wallet": "..", "loans_platform": "//",
           "loans_bank": "", "money_fund": "xx", "cooperative_shares": "--", "equity": "++",
           "corporate_loans": "||"}  # fmt: skip
SHEETS = {
    "households": ("farmers", "merchants", "employees"),
    "bank": ("bank",),
    "payment": ("payment",),
    "lender": ("lender",),
}
#: Instruments that are named; the smaller ones are summed.
NAMED = 6


def balance_sheets(results: Results, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw what households, the bank, the payment company and the platform lender own (above zero) and owe (below)."""
    months, drawn = Months(results), panels(2, 2, axes, size=(SIZE[0], 7.6))
    stocks = sector_stocks(results)
    for each, (sheet, sectors) in zip(drawn, SHEETS.items(), strict=True):
        held = {
            i.name.lower(): spread(np.sum([stocks[f"stock_{i.name.lower()}"][s] for s in sectors], axis=0) * MILLION)[1]
            for i in Instrument
            if i is not Instrument.EQUITY  # own funds, paid-in capital included, are the net worth
        }
        ends = _stack(each, len(months.dates), _largest(held), language)
        worth = np.sum(list(held.values()), axis=0)
        each.plot(worth, color=BLACK, lw=1.6, ls="--")
        ends.append((len(worth) - 1, float(worth[-1]), label("balance.worth", language), BLACK))
        finish(each, months, label(f"balance.{sheet}", language), label("chart.million_yuan", language))
        each.axhline(0.0, color=BLACK, lw=0.8)
        mark_projection(each, months, language)
        name_ends(each, ends, room=0.075)
        if len(ends) == 1:
            say_nothing(each, language)
    held_as = ("cash", "deposits", "deposits_elsewhere", "wallet_balances", "money_fund")
    money = sum(months.series(name, MILLION)[1] for name in held_as)
    title = label("balance.title", language).format(
        first=f"{money[0]:,.0f}", money=f"{money[-1]:,.0f}", start=months.dates[0], date=months.dates[-1],
        debt=f"{months.last('formal_debt') * MILLION:,.0f}",
    )  # fmt: skip
    frame(drawn, results, title, language)
    return drawn


def _largest(held: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the largest positions, and the rest summed."""
    order = sorted(held, key=lambda name: -float(np.abs(held[name]).max()))
    shown = {name: held[name] for name in order[:NAMED] if np.abs(held[name]).max() > 0}
    rest = np.sum([held[name] for name in order[NAMED:]], axis=0)
    return {**shown, "other": rest} if np.abs(rest).max() > 0 else shown


def _stack(axes: Axes, months: int, stocks: dict[str, FloatArray], language: str) -> list[End]:
    """Stack what is owned above zero and what is owed below; return where each ends, its name and a text colour."""
    ends: list[End] = []
    for sign in (1.0, -1.0):
        base = np.zeros(months)
        for name, values in stocks.items():
            part = np.clip(values * sign, 0.0, None)
            if part.max() <= 0.0:
                continue
            top = base + part
            look: dict[str, Any] = {"facecolor": COLOURS.get(name, GREY), "hatch": HATCHES.get(name, "")}
            axes.fill_between(
                np.arange(len(base)), sign * base, sign * top, alpha=0.55, linewidth=0.5, edgecolor="white", **look
            )
            if part[-1] > 0.0:
                text = label("balance.other", language) if name == "other" else label(f"instrument.{name}", language)
                ends.append((len(base) - 1, float(sign * (base[-1] + top[-1]) / 2), text, GREY))
            base = top
    return ends
