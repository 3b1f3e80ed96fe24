"""Assumptions on what the bank comes to believe and does about it, and on the borrower's will to pay."""

from __future__ import annotations

from sim.declare import Group, parameter

_PROTOTYPE = "assumed: prototype of 2026 that met the patterns"
_ASSUMED = "assumed"


class Learning(Group):
    """How the bank's conviction moves, and how strong its answers are."""

    speed: float = parameter(
        0.25,
        "1/month",
        (0.15, 0.4),
        _PROTOTYPE,
        "share of the gap between belief and what it sees that closes in a month",
        allowed=(0.0, 1.0),
    )
    deposits_weight: float = parameter(
        1.0,
        "ratio",
        (0.0, 3.0),
        _ASSUMED,
        "weight of the share of deposits that has moved to wallets and their fund",
        allowed=(0.0, 20.0),
    )
    loans_weight: float = parameter(
        0.5, "ratio", (0.0, 2.0), _ASSUMED, "weight of the platform's share of new formal loans", allowed=(0.0, 20.0)
    )
    second_product: int = parameter(
        3,
        "months",
        (1, 6),
        "article: then Neixiang quick loan",
        "from the salaried to the residents' quick loan",
        allowed=(0, 60),
    )
    salaried_take_up: float = parameter(
        0.06,
        "1/month",
        (0.04, 0.08),
        _PROTOTYPE,
        "staff of the anchor firm who want the salaried quick loan",
        allowed=(0.0, 1.0),
    )
    salaried_amount: float = parameter(
        60_000.0, "yuan", (30_000.0, 150_000.0), _ASSUMED, "median amount that they want"
    )
    price_reaction: float = parameter(
        1.0,
        "ratio",
        (0.3, 2.0),
        _ASSUMED,
        "margin over costs given up, over the share of the market lost",
        allowed=(0.0, 20.0),
    )
    price_speed: float = parameter(
        0.25, "1/month", (0.1, 0.5), _ASSUMED, "share of the way to the new rate in a month", allowed=(0.0, 1.0)
    )
    days_saved: float = parameter(
        0.50, "share", (0.2, 0.8), "Fuster et al. 2019: lenders 20% faster; article: minutes, not weeks",
        "share of the days of an ordinary loan that it saves in the end",
    )  # fmt: skip
    throughput: float = parameter(
        0.30,
        "share",
        (0.1, 0.6),
        _ASSUMED,
        "more applications handled by the same officers in the end",
        allowed=(0.0, 5.0),
    )
    ramp_months: int = parameter(
        6, "months", (3, 12), _ASSUMED, "until faster handling works everywhere", allowed=(1, 60)
    )
    price_floor: float = parameter(
        0.062, "1/year", (0.05, 0.075), "assumed: funding 1.5%, losses 1.2%, running costs 2.5%, capital 1%",
        "rate that just covers its costs", allowed=(0.0, 0.36),
    )  # fmt: skip
    app_push: float = parameter(
        0.6, "ratio", (0.2, 1.0), _ASSUMED, "push of its app at full outreach", allowed=(0.0, 3.0)
    )
    contactless_gain: float = parameter(
        0.30, "share", (0.0, 1.0), _ASSUMED, "more card users in the end by contactless cards", allowed=(0.0, 5.0)
    )
    sight_lag: int = parameter(
        2, "months", (1, 4), _ASSUMED, "age of the loss figures that a lender decides on", allowed=(0, 24)
    )
    tighten_step: float = parameter(
        0.10, "share", (0.05, 0.2), _ASSUMED, "change of the platform's cut-off when losses are too high"
    )
    leave_multiple: float = parameter(
        2.5,
        "ratio",
        (1.5, 5.0),
        _ASSUMED,
        "losses over tolerance at which the platform lender leaves",
        allowed=(1.0, 100.0),
    )


class Lending(Group):
    """How lenders decide on applications, and what they know of each other."""

    refused_farm: float = parameter(
        0.30,
        "share",
        (0.15, 0.5),
        "assumed: a quarter to a half of farm applications fail",
        "population whose bank score is too low for a farm loan",
    )
    refused_business: float = parameter(0.35, "share", (0.2, 0.5), _ASSUMED, "the same, business loan")
    refused_salaried: float = parameter(0.08, "share", (0.02, 0.2), _ASSUMED, "the same, salaried quick loan")
    refused_resident: float = parameter(0.30, "share", (0.15, 0.5), _ASSUMED, "the same, quick loan for residents")
    guarantee_ease: float = parameter(
        0.5,
        "ratio",
        (0.2, 1.0),
        _ASSUMED,
        "share of refusals that a full guarantee would turn into approvals",
        allowed=(0.0, 1.0),
    )
    farm_income: float = parameter(
        0.9,
        "years of income",
        (0.5, 1.5),
        _ASSUMED,
        "farm loan over the household's yearly income at most",
        allowed=(0.0, 20.0),
    )
    business_sales: float = parameter(
        6.0,
        "months of sales",
        (3.0, 12.0),
        _ASSUMED,
        "business loan over the shop's monthly sales at most",
        allowed=(0.0, 120.0),
    )
    resident_income: float = parameter(
        0.7,
        "years of income",
        (0.3, 1.5),
        _ASSUMED,
        "residents' quick loan over the household's yearly income at most",
        allowed=(0.0, 20.0),
    )
    debt_to_income: float = parameter(
        0.9, "years of income", (0.6, 2.0), _ASSUMED, "known debt with the new loan over yearly income at most",
        allowed=(0.0, 20.0),
    )  # fmt: skip
    debt_years: float = parameter(
        3.0, "years", (1.0, 5.0), _ASSUMED, "over which debt is spread where a cap on debt service counts it",
        allowed=(0.5, 30.0),
    )  # fmt: skip
    relative_share: float = parameter(
        0.30, "share", (0.1, 0.6), _ASSUMED, "of a relative's spare money that he lends at most"
    )
    relatives_asked: int = parameter(
        4, "persons", (1, 8), _ASSUMED, "relatives and friends asked at most", allowed=(0, 50)
    )
    oldest_borrower: int = parameter(
        65, "years", (60, 70), "assumed: banks and platform stop at 60 to 65", "oldest who is lent to",
        allowed=(18, 120),
    )  # fmt: skip
    harvest_dated_up_to: float = parameter(
        10_000.0, "yuan", (5000.0, 20_000.0), "assumed: small farm loans are due with the harvest, larger are renewed",
        "farm loans up to this amount are harvest-dated", allowed=(0.0, 1e6),
    )  # fmt: skip
    largest_draw: float = parameter(
        12_000.0, "yuan", (6000.0, 20_000.0), _ASSUMED, "most that is drawn on a platform line at once",
        allowed=(100.0, 1e6),
    )  # fmt: skip
    patience: int = parameter(
        2, "months", (1, 6), _ASSUMED, "after so long in the queue an application is withdrawn", allowed=(0, 60)
    )
    quick_days: float = parameter(
        2.0, "days", (1.0, 3.0), "article: cash within two days", "days to cash of a quick loan", allowed=(0.0, 60.0)
    )
    platform_in_registry: float = parameter(
        0.10,
        "share",
        (0.0, 0.5),
        "assumed: few platform lines were reported in 2017 to 2019",
        "platform debts that the bank sees",
    )
    bank_in_registry: float = parameter(
        0.95, "share", (0.8, 1.0), "assumed: banks report to the credit registry", "bank debts that the platform sees"
    )
    business_share: float = parameter(
        0.45, "share", (0.3, 0.6), _ASSUMED, "of household loans at the start, business loans"
    )
    family_start: float = parameter(
        0.06, "share", (0.03, 0.15), _ASSUMED, "households that owe relatives money at the start"
    )
    family_amount: float = parameter(8000.0, "yuan", (4000.0, 20000.0), _ASSUMED, "median of what they owe")


class Willingness(Group):
    """Who does not pay although he could: a logit for each payment that falls due."""

    intercept: float = parameter(
        -6.0, "logit", (-7.0, -5.0), "assumed: seasoned platform vintages default at 0.7 to 1.9%",
        "a usual borrower, nothing due, no access to lose", allowed=(-50.0, 50.0),
    )  # fmt: skip
    burden: float = parameter(0.9, "logit", (0.3, 2.0), _ASSUMED, "a month's income falls due", allowed=(0.0, 50.0))
    burden_most: float = parameter(
        3.0, "months of income", (1.0, 6.0), _ASSUMED, "beyond which it weighs no heavier", allowed=(0.0, 100.0)
    )
    access: float = parameter(
        1.0, "logit", (0.3, 2.0), "assumed: Gertler, Green and Wolfram 2024: access that can be cut off is collateral",
        "taken off where the whole of daily life runs on what would be lost", allowed=(0.0, 50.0),
    )  # fmt: skip
    norm: float = parameter(
        4.0, "logit", (0.0, 10.0), "assumed: Guiso, Sapienza and Zingales 2013: those who know defaulters default more",
        "all loans in the place are in default", allowed=(0.0, 100.0),
    )  # fmt: skip
    record: float = parameter(1.0, "logit", (0.3, 2.0), _ASSUMED, "has been 90 days late before", allowed=(0.0, 50.0))
    quality: float = parameter(
        0.75,
        "logit",
        (0.4, 1.2),
        "assumed: gives scores an AUC of 0.60 to 0.75",
        "taken off per standard deviation of creditworthiness",
        allowed=(0.0, 20.0),
    )
