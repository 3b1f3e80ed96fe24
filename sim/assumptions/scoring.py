"""Assumptions on what lenders know about people, and on the lines that follow from it."""

from __future__ import annotations

from sim.declare import Group, parameter

_PROTOTYPE = "assumed: prototype of 2026 that met the patterns"
_ASSUMED = "assumed"


class Scoring(Group):
    """How precisely lenders see creditworthiness, and how large a line follows from payments seen."""

    blindness: float = parameter(
        0.50, "share", (0.3, 0.7), _PROTOTYPE, "share of the platform's signal that is noise for a new user"
    )
    learning_months: float = parameter(
        8.0,
        "months",
        (4.0, 16.0),
        _PROTOTYPE,
        "months of use over which that share falls by a factor e",
        allowed=(0.5, 120.0),
    )
    records_factor: float = parameter(
        0.60, "share", (0.4, 0.9), _PROTOTYPE, "noise left where the government's records are shared"
    )
    flow_share: float = parameter(
        0.50, "share", (0.3, 0.7), "facts: alipay_share_of_wallet_value, 50%; the rest is the rival wallet's",
        "share of wallet value that the platform sees",
    )  # fmt: skip
    flow_smoothing: float = parameter(0.20, "share", (0.1, 0.4), _ASSUMED, "weight of a month in the usual flow")
    renewal: float = parameter(
        0.10, "1/year", (0.0, 0.4), _ASSUMED, "share (of variance) of a lender's error that is new each year",
        allowed=(0.0, 1.0),
    )  # fmt: skip
    tier_middle: float = parameter(0.55, "share", (0.4, 0.7), _ASSUMED, "share of scored users below the middle tier")
    tier_best: float = parameter(0.82, "share", (0.7, 0.95), _ASSUMED, "share of scored users below the best tier")
    line_elasticity: float = parameter(
        0.41,
        "elasticity",
        (0.2, 0.6),
        "Ouyang 2022: 0.41",
        "of the line to the flow of payments seen",
        allowed=(0.0, 2.0),
    )
    line_flow: float = parameter(
        300.0,
        "yuan/month",
        (100.0, 1000.0),
        _ASSUMED,
        "flow seen at which a basic line is the smallest",
        allowed=(1.0, 1e6),
    )
    line_tier: float = parameter(0.25, "share", (0.1, 0.5), _ASSUMED, "larger line by tier", allowed=(0.0, 3.0))
    bank_precision: float = parameter(
        0.22, "share", (0.1, 0.4), "assumed: article: manual_centres are subjective and unequal",
        "precision of the bank's officers about a stranger",
    )  # fmt: skip
    bank_known: float = parameter(0.55, "share", (0.3, 0.8), _ASSUMED, "the same about an old customer")
    bank_known_months: float = parameter(
        24.0, "months", (12.0, 60.0), _ASSUMED, "months after which a customer is old", allowed=(1.0, 240.0)
    )
    bank_payroll: float = parameter(
        0.75, "share", (0.5, 0.95), _ASSUMED, "the same about somebody whose wage it pays out"
    )
    bank_favour: float = parameter(
        0.50, "standard deviations", (0.0, 1.0), "article: manual_centres", "favour to those known to officials",
        allowed=(0.0, 3.0),
    )  # fmt: skip
    bank_grade: float = parameter(
        0.50, "standard deviations", (0.25, 1.0), _ASSUMED, "width of the bank's grades", allowed=(0.01, 3.0)
    )
