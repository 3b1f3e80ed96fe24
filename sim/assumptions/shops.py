"""Assumptions on why shops take QR."""

from __future__ import annotations

from sim.declare import Group, parameter

_PROTOTYPE = "assumed: prototype of 2026 that met the patterns"


class Shops(Group):
    """How shops weigh gain and effort of taking QR."""

    speed: float = parameter(0.74, "1/month", (0.60, 0.83), _PROTOTYPE, "highest hazard of taking QR")
    intercept: float = parameter(
        -6.1, "logit", (-6.5, -5.5), _PROTOTYPE, "effort, distrust and fear of taxes at a shop of mean size"
    )
    customers: float = parameter(5.2, "logit", (3.2, 5.9), f"{_PROTOTYPE} at 4.6", "all customers have a wallet")
    peers: float = parameter(3.6, "logit", (2.8, 4.0), _PROTOTYPE, "all shops of the place take QR, by size")
    push: float = parameter(5.0, "logit", (4.0, 6.1), _PROTOTYPE, "the government's push in the county town")
    push_strength: float = parameter(
        0.63, "share", (0.48, 0.78), _PROTOTYPE, "strength of the endorsement at which the push counts as one"
    )
    convenience: float = parameter(
        0.40, "logit", (0.2, 0.8), "assumed: queues and small change", "per unit of the log of relative size"
    )
    tax_fear: float = parameter(
        0.15, "logit", (0.0, 0.5), "assumed", "fear of a record of sales, per unit of log size above the mean"
    )
    distrust: float = parameter(0.80, "logit", (0.0, 2.0), "assumed", "an owner with full trust against one with none")
    usual_trust: float = parameter(0.25, "share", (0.15, 0.4), "assumed", "owners' trust at which the intercept holds")
    sales_record: float = parameter(
        0.30, "logit", (0.0, 0.8), "facts: working_capital; size assumed", "a record of sales counts for a credit line"
    )
    code_cost: float = parameter(0.50, "logit", (0.0, 1.5), "assumed", "a shop must see to its code itself")
    fee: float = parameter(
        60.0, "logit", (0.0, 200.0), "assumed: a typical fee of 0.55% counts a third of a logit",
        "per unit of merchant fee as a share of sales",
    )  # fmt: skip
    taste: float = parameter(1.0, "logit", (0.5, 1.5), _PROTOTYPE, "standard deviation of what is the merchant's own")
    drop: float = parameter(0.05, "1/month", (0.01, 0.2), "assumed", "chance to give QR up where it lies idle")
    patience: int = parameter(6, "months", (3, 12), "assumed", "months without a QR sale before it may be given up")
