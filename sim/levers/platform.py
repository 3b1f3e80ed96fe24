"""Levers of the payment platform: the payment company and the platform lender."""

from __future__ import annotations

from sim.dates import Month
from sim.declare import Group, parameter

_PROTOTYPE = "assumed: prototype of 2026 that met the patterns"
_LINES = "article: lines of 20,000 to 50,000 yuan"
_RATES = (0.0, 0.36)


class PlatformLevers(Group):
    """What the payment platform can do."""

    entry: Month = parameter(
        "2017-09", "date", None, "article: app launched in September 2017", "the county cooperation begins"
    )
    exit: Month = parameter("never", "date", None, "assumed", "the platform leaves")
    wallets_spread: bool = parameter(
        True, "yes/no", None, "PBOC inclusive-finance reports 2017 to 2019: e-payment spread everywhere",
        "wallets may spread; no: frozen as at the start",
    )  # fmt: skip
    line_low: float = parameter(
        20_000.0, "yuan", (10_000.0, 20_000.0), _LINES, "smallest credit line", allowed=(100.0, 1e6)
    )
    line_high: float = parameter(
        50_000.0, "yuan", (30_000.0, 100_000.0), _LINES, "largest credit line", allowed=(100.0, 1e6)
    )
    cutoff: float = parameter(
        0.48, "share", (0.2, 0.7), "assumed", "share of scored users whose score is too low for a line"
    )
    rate_best: float = parameter(
        0.120, "1/year", (0.09, 0.14), "article: the better the rating, the cheaper; the level is assumed",
        "annual rate, best tier", allowed=_RATES,
    )  # fmt: skip
    rate_middle: float = parameter(
        0.146, "1/year", (0.13, 0.16), "Ant prospectus 2020: 0.04% a day", "annual rate, middle tier", allowed=_RATES
    )
    rate_basic: float = parameter(
        0.170, "1/year", (0.15, 0.18), "assumed: above the 0.04% a day of the Ant prospectus 2020",
        "annual rate, basic tier", allowed=_RATES,
    )  # fmt: skip
    merchant_fee: float = parameter(
        0.0038, "share", (0.0, 0.006), "assumed: 0.38% for small shops; 0.55% was typical in 2022",
        "fee on QR sales once codes are no longer given away", allowed=(0.0, 0.05),
    )  # fmt: skip
    withdrawal_fee: float = parameter(
        0.001, "share", (0.0, 0.002), "Shenzhen Daily 2016-09: 0.1% above a quota",
        "fee on moving money from a shop's wallet to a bank", allowed=(0.0, 0.05),
    )  # fmt: skip
    code_giveaway: bool = parameter(
        True, "yes/no", None, "China Tech Biz 2017: 40 million shops got codes in 2017",
        "codes are given away and free of fees",
    )  # fmt: skip
    own_share: float = parameter(
        0.30, "share", (0.02, 1.0), "assumed; Ant prospectus 2020: 2% stood on its own books",
        "part of each loan the platform lender funds",
    )  # fmt: skip
    funding_limit: float = parameter(
        2e9, "yuan", (1e8, 5e9), "assumed", "most that may be outstanding in the county", allowed=(0.0, 1e12)
    )
    loss_tolerance: float = parameter(0.05, "share", (0.02, 0.1), "assumed", "default rate above which it tightens")
    line_months_needed: int = parameter(
        3, "months", (1, 12), _PROTOTYPE, "months of use seen before a line is offered", allowed=(0, 60)
    )
    offer_share: float = parameter(
        0.25, "1/month", (0.1, 0.5), _PROTOTYPE, "of those above the cut-off, offered a line in a month"
    )
