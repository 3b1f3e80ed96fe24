"""What each scenario should do by economics or by the literature, written down before it was run, and what it does.

Both worlds of a row have the same seeds, so people have the same luck in them. The difference is judged by its mean over
seeds and the standard error of that mean.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from sim.dates import parse_month
from sim.experiment import processes, simulate
from sim.scenario import scenarios

SEEDS = range(1, 7)
SCALE = 0.1
#: Standard errors that a mean must be away from nothing.
FAR = 2.0


@dataclass(frozen=True)
class Expected:
    """What a scenario should do.

    Attributes
    ----------
    scenario, base : str
        It, and what it is compared with.
    measure : str
        A column of the monthly table; "kind=group measure" for a group; or the name of a function below.
    months : str
        First and last month, "2018-01 2018-12", over which the mean is taken; loans paid out in these months.
    sign : {"+", "-", "<=", ">="}
        More than in the base, less, or no more and no less.
    why : str
        The reason, in one line.
    """

    scenario: str
    base: str
    measure: str
    months: str
    sign: str
    why: str

    @property
    def label(self) -> str:
        return f"{self.scenario}: {self.measure} {self.sign}"


Results = Any
Read = Callable[[Results, int, int], float]


def _new_loans(results: Results, first: int, last: int, lender: str = "") -> Any:
    """New loans of formal lenders paid out in some months, the policy loans of the poor left out."""
    tape = results.loans
    rows = tape["originated"].between(first, last) & (tape["renewed_from"] < 0) & (tape["lender"] != "family")
    rows &= tape["product"] != "bank_policy"
    return tape[rows & (tape["lender"] == lender)] if lender else tape[rows]


def default_share(lender: str) -> Read:
    """Loans paid out in these months that reached 90 days late by the end of the run."""

    def read(results: Results, first: int, last: int) -> float:
        return float((_new_loans(results, first, last, lender)["defaulted_month"] >= 0).mean())

    return read


def quality_of_line_holders(results: Results, first: int, last: int) -> float:
    """Mean creditworthiness, hidden from lenders, of those who were given a line in these months."""
    people = results.residents
    return float(people.loc[people["line_since"].between(first, last), "quality"].mean())


def quality_of_village_borrowers(results: Results, first: int, last: int) -> float:
    """Mean creditworthiness of villagers to whom the bank's officers gave a new loan in these months."""
    loans, people = _new_loans(results, first, last, "bank"), results.residents
    who = loans.loc[loans["product"].isin(["bank_farm", "bank_business"]), "borrower"].to_numpy()
    villagers = who[(people["place_kind"] == "village").to_numpy()[who]]
    return float(people["quality"].to_numpy()[villagers].mean())


def bank_loans_to_villagers(results: Results, first: int, last: int) -> float:
    """New bank loans to villagers in these months."""
    who = _new_loans(results, first, last, "bank")["borrower"].to_numpy()
    return float((results.residents["place_kind"] == "village").to_numpy()[who].sum())


def loans_to_the_poor(results: Results, first: int, last: int) -> float:
    """New formal loans to members of poor households in these months."""
    who = _new_loans(results, first, last)["borrower"].to_numpy()
    return float(results.residents["poor"].to_numpy()[who].sum())


def bank_loans_to_platform_debtors(results: Results, first: int, last: int) -> float:
    """New bank loans to people who owed the platform a loan paid out in an earlier month."""
    bank, lines = _new_loans(results, first, last, "bank"), _new_loans(results, 0, last, "platform")
    pairs = bank[["borrower", "originated"]].merge(
        lines[["borrower", "originated", "closed"]], on="borrower", suffixes=("", "_line")
    )
    owed = (pairs["originated_line"] < pairs["originated"]) & (
        (pairs["closed"] < 0) | (pairs["closed"] >= pairs["originated"])
    )
    return float(len(pairs[owed].drop_duplicates(["borrower", "originated"])))


def joint_loans(results: Results, first: int, last: int) -> float:
    """Joint loans of platform and bank paid out in these months."""
    return float((_new_loans(results, first, last)["product"] == "joint").sum())


#: Measures of the loan tape and of residents; the rest are columns of the tables.
READ: dict[str, Read] = {
    "platform default share": default_share("platform"),
    "bank default share": default_share("bank"),
    "quality of line holders": quality_of_line_holders,
    "quality of village borrowers": quality_of_village_borrowers,
    "bank loans to villagers": bank_loans_to_villagers,
    "loans to the poor": loans_to_the_poor,
    "bank loans to platform debtors": bank_loans_to_platform_debtors,
    "joint loans": joint_loans,
}

_WEAK_LINK = "who lends others' money, or more of his own, screens less or more (Keys et al. 2010, QJE)"
_RATIONING = "caps on rates shut the riskier out (Madeira 2019, Journal of Banking and Finance: Chile)"
_TWO_SIDES = "a wallet is worth what shops take, a code what customers use (Rochet and Tirole 2003)"
_DEMAND = "demand for credit falls with its price (Karlan and Zinman 2008, AER)"
_RECORDS = "more data tell good from bad payers better (Berg et al. 2020, RFS)"
_TURN = "who is refused in one place turns to the other (Tang 2019, RFS: platforms and banks are substitutes)"

EXPECTED = [
    Expected("no-platform", "neixiang", "wallet_active", "2019-01 2019-01", "-", "no push, services or records"),
    Expected("no-platform", "neixiang", "credit_access", "2019-01 2019-01", "-", "no county lines"),
    Expected("no-platform", "neixiang", "annual_rate_new_bank", "2020-01 2020-12", "+",
             "an incumbent that nobody challenges keeps its price: the catfish"),
    Expected("no-wallet", "no-platform", "digital_share_town", "2019-01 2019-12", "-", "nobody else may take one up"),
    Expected("no-endorsement", "neixiang", "cash_share_town", "2018-07 2018-12", "+",
             "shops wait for customers and customers for shops: " + _TWO_SIDES),
    Expected("no-endorsement", "neixiang", "lines", "2019-01 2019-01", "-", "lines need months of wallet use"),
    Expected("passive-bank", "neixiang", "days_to_cash_bank", "2019-01 2020-12", "+", "it stays slow"),
    Expected("passive-bank", "neixiang", "originations_bank", "2019-01 2020-12", "-", "no new products, no new price"),
    Expected("passive-bank", "neixiang", "borrowers_platform", "2021-12 2021-12", "+", _TURN),

    Expected("no-data-sharing", "neixiang", "quality of line holders", "2018-01 2019-12", "-", _RECORDS),
    Expected("no-data-sharing", "neixiang", "platform default share", "2018-01 2020-12", "+", _RECORDS),
    Expected("no-data-sharing", "neixiang", "lines", "2019-01 2019-01", "-",
             "records let people be scored before they apply: the article's pre_scoring"),
    Expected("fast-records", "neixiang", "quality of line holders", "2018-01 2018-12", "+", _RECORDS),
    Expected("no-services", "neixiang", "wallet_active", "2018-12 2018-12", "-", "services are a use of the wallet"),
    Expected("few-services", "neixiang", "wallet_active", "2018-12 2018-12", "-", "fewer uses of the wallet"),
    Expected("double-push", "neixiang", "wallet_active", "2018-06 2018-12", "+",
             "trust in the sender and more of it (Banerjee et al. 2013, Science: endorsement aside, information spreads)"),
    Expected("double-push", "neixiang", "cash_share_town", "2018-05 2018-08", "-", _TWO_SIDES),
    Expected("short-push", "neixiang", "wallet_active", "2018-12 2019-12", "-", "a campaign that has ended is forgotten"),
    Expected("villages-first", "neixiang", "shops_qr_village", "2018-04 2018-08", "+", "the push is there"),
    Expected("villages-first", "neixiang", "shops_qr_town", "2018-02 2018-04", "-", "and no longer here"),
    Expected("villages-first", "neixiang", "wallet_active_gap_place", "2018-06 2018-12", "-", _TWO_SIDES),
    Expected("literacy", "neixiang", "age=from_60 wallet_active", "2019-12 2019-12", "+",
             "training works with the unschooled (Cole, Sampson and Zia 2011, Journal of Finance)"),
    Expected("literacy", "neixiang", "wallet_active_gap_age", "2019-12 2019-12", "-", "it is for the old"),
    Expected("guarantee-fund", "neixiang", "originations_bank", "2018-08 2020-12", "+",
             "guarantees raise lending (Uesugi, Sakai and Yamashiro 2010, JJIE)"),
    Expected("guarantee-fund", "neixiang", "bank default share", "2018-08 2020-06", "+",
             "and worse borrowers get it: adverse selection in the same study"),
    Expected("guarantee-fund", "neixiang", "unmet_need", "2018-08 2020-12", "-", "refusals turn into loans"),
    Expected("guarantee-fund", "neixiang", "government_cost", "2018-08 2020-12", "+", "somebody pays for the losses"),
    Expected("credit-registry", "neixiang", "bank loans to platform debtors", "2018-06 2021-12", "-",
             "who sees all debts lends less to debtors (Jappelli and Pagano 2002, Journal of Banking and Finance)"),
    Expected("credit-registry", "neixiang", "borrowers_npl", "2019-06 2021-12", "<=", "shared data lower default: there"),
    Expected("credit-village", "neixiang", "quality of village borrowers", "2018-06 2020-12", "+", _RECORDS),
    Expected("credit-village", "neixiang", "bank default share", "2018-06 2020-06", "<=", _RECORDS),
    Expected("credit-village", "neixiang", "bank loans to villagers", "2018-06 2020-12", "+",
             "a rated village gets credit on its name: the aim of the People's Bank of China's programme"),
    Expected("interest-subsidy", "neixiang", "government_cost", "2018-02 2020-12", "+", "the county pays"),
    Expected("interest-subsidy", "neixiang", "loans to the poor", "2018-02 2020-12", "+", _DEMAND),

    Expected("platform-exit", "neixiang", "credit_access", "2020-11 2021-12", "-", "lines end"),
    Expected("platform-exit", "neixiang", "unmet_need", "2020-11 2021-12", "+", "the bank does not take everybody"),
    Expected("platform-exit", "neixiang", "originations_bank", "2020-11 2021-12", "+", _TURN),
    Expected("easy-lines", "neixiang", "borrowers_platform", "2019-01 2019-01", "+", "more people have a line"),
    Expected("easy-lines", "neixiang", "platform default share", "2018-01 2020-12", "+",
             "the next borrower is worse (Dell'Ariccia, Igan and Laeven 2012, JMCB)"),
    Expected("easy-lines", "neixiang", "market_share_platform", "2019-12 2019-12", "+", "it lends more"),
    Expected("cautious-platform", "neixiang", "lines", "2019-01 2019-01", "-", "fewer pass, and later"),
    Expected("cautious-platform", "neixiang", "platform default share", "2018-01 2020-12", "<=", "only the best pass"),
    Expected("cautious-platform", "neixiang", "originations_bank", "2019-01 2021-12", "+", _TURN),
    Expected("cheap-lines", "neixiang", "borrowers_platform", "2021-12 2021-12", "+", _DEMAND),
    Expected("cheap-lines", "neixiang", "annual_rate_new_platform", "2019-01 2021-12", "-", "its tiers are cheaper"),
    Expected("cheap-lines", "neixiang", "annual_rate_new_bank", "2020-01 2021-12", "<=", "a rival's price binds"),
    Expected("paid-codes", "neixiang", "shops_qr_town", "2017-06 2018-01", "-",
             "who pays for the terminal decides (Higgins 2024, AER: shops took it when it was free)"),
    Expected("paid-codes", "neixiang", "shops_qr_village", "2018-06 2018-12", "-", "the same"),
    Expected("paid-codes", "neixiang", "wallet_active", "2018-12 2018-12", "-", _TWO_SIDES),
    Expected("partner-funds", "neixiang", "platform_result", "2019-01 2020-12", "-", "a fee for a margin"),
    Expected("partner-funds", "neixiang", "originations_platform", "2019-01 2020-12", "+", _WEAK_LINK),
    Expected("joint-lending", "partner-funds", "platform_result", "2019-06 2020-12", "+", "a margin for a fee"),
    Expected("joint-lending", "partner-funds", "originations_platform", "2019-01 2020-12", "-", _WEAK_LINK),

    Expected("early-bank", "neixiang", "salaried_customers", "2018-01 2018-01", "+", "its product is there sooner"),
    Expected("early-bank", "neixiang", "days_to_cash_bank", "2018-01 2018-06", "-", "and it is faster"),
    Expected("early-bank", "neixiang", "borrowers_platform", "2019-12 2019-12", "-", _TURN),
    Expected("slow-union", "neixiang", "salaried_customers", "2019-01 2019-01", "-", "its product comes later"),
    Expected("slow-union", "neixiang", "bank_app", "2019-01 2019-01", "-", "its app too"),
    Expected("price-only", "neixiang", "salaried_customers", "2019-12 2019-12", "-", "no such product"),
    Expected("price-only", "passive-bank", "annual_rate_new_bank", "2019-06 2021-12", "-", "it cuts its rate"),
    Expected("price-only", "passive-bank", "originations_bank", "2019-06 2021-12", "+", _DEMAND),
    Expected("products-and-app", "passive-bank", "originations_bank", "2019-01 2021-12", "+", "more kinds of loan"),
    Expected("products-and-app", "passive-bank", "borrowers_platform", "2021-12 2021-12", "-", _TURN),
    Expected("app-only", "neixiang", "shops_pos_town", "2019-12 2019-12", "-", "no terminals are placed"),
    Expected("app-only", "neixiang", "card_share_town", "2019-01 2019-12", "-", "so fewer cards are taken"),
    Expected("app-only", "neixiang", "epayment_any", "2019-12 2019-12", "<=", "fewer ways to pay without cash"),
    Expected("staffed-centres", "no-platform", "queued_bank", "2018-01 2019-12", "-", "more officers, shorter queue"),
    Expected("cheaper-bank", "neixiang", "annual_rate_new_bank", "2020-05 2021-12", "-", "its list is cheaper"),
    Expected("cheaper-bank", "neixiang", "borrowers_platform", "2021-12 2021-12", "<=", _TURN),
    Expected("small-bank-loans", "neixiang", "originations_bank", "2018-01 2020-12", "-", "smaller loans"),
    Expected("small-bank-loans", "neixiang", "borrowers_platform", "2021-12 2021-12", "+", _TURN),
    Expected("cooperation", "neixiang", "joint loans", "2019-02 2021-12", "+", "there is such a loan"),
    Expected("cooperation", "neixiang", "unmet_need", "2019-03 2021-12", "-", "one more option"),
    Expected("cooperation", "neixiang", "annual_rate_new", "2019-03 2021-12", "-",
             "the bank's money is cheaper than the line it replaces"),

    Expected("rate-cap", "neixiang", "annual_rate_new_platform", "2020-09 2021-12", "-", "the dearest tier is capped"),
    Expected("rate-cap", "neixiang", "lines", "2021-12 2021-12", "-", _RATIONING),
    Expected("low-rate-cap", "neixiang", "platform_result", "2019-06 2021-12", "-", "a price below its own"),
    Expected("low-rate-cap", "neixiang", "annual_rate_new_bank", "2019-06 2021-12", "<=", "a cap raises no price"),
    Expected("low-rate-cap", "neixiang", "lines", "2021-12 2021-12", "-", _RATIONING),
    Expected("debt-cap", "neixiang", "formal_debt", "2019-12 2019-12", "-",
             "a cap on service lowers debt (DeFusco, Johnson and Mondragon 2020, REStud)"),
    Expected("debt-cap", "neixiang", "unmet_need", "2018-06 2019-12", "+", "it shuts people out"),
    Expected("debt-cap", "neixiang", "overburdened", "2019-01 2019-12", "-", "what it is for"),
    Expected("code-cap-off", "neixiang", "digital_share_village", "2018-10 2019-12", "+", "inputs are dear tickets"),
    Expected("code-cap-off", "neixiang", "cash_share_village", "2018-10 2019-12", "-", "the same"),
    Expected("strict-payments", "neixiang", "digital_share", "2018-06 2019-12", "-", "a lower cap on codes"),
    Expected("strict-payments", "neixiang", "wallet_active", "2019-12 2019-12", "<=", "and no wider use"),
    Expected("strict-bank-rules", "neixiang", "originations_bank", "2017-02 2020-12", "<=",
             "more capital, less lending (Gropp et al. 2019, RFS)"),

    Expected("hog-price-crash", "neixiang", "poverty=poor income", "2018-09 2019-02", "-", "their dividend falls"),
    Expected("hog-price-crash", "neixiang", "poverty=poor consumption", "2018-10 2019-06", "-",
             "who has little saved cuts consumption (Deaton 1991)"),
    Expected("drought", "neixiang", "occupation=farmer income", "2019-06 2019-10", "-", "the harvest fails"),
    Expected("drought", "neixiang", "occupation=farmer consumption", "2019-07 2020-05", "-",
             "consumption is smoothed in part only (Townsend 1994, Econometrica)"),
    Expected("drought", "neixiang", "applied_for", "2019-07 2020-05", "+",
             "credit stands in for lost harvests (Udry 1994, REStud: Nigeria)"),
    Expected("drought", "neixiang", "occupation=farmer borrowers_par30", "2019-10 2020-12", "+", "some cannot pay"),
    Expected("lockdown", "neixiang", "income", "2020-02 2020-03", "-", "no work away from home"),
    Expected("lockdown", "neixiang", "consumption", "2020-02 2020-03", "-", "closed shops, less income"),
    Expected("lockdown", "neixiang", "borrowers_par30", "2020-04 2020-09", "+",
             "Ant prospectus 2020: 30 days late rose from 1.56% to 3.01% in May 2020"),
    Expected("fraud-wave", "neixiang", "wallet_active", "2018-08 2018-12", "-",
             "betrayed trust moves money (Gurun, Stoffman and Yonker 2018, RFS)"),
    Expected("fraud-wave", "neixiang", "borrowers_platform", "2019-06 2019-06", "-", "later users, later lines"),
    Expected("bank-freeze", "neixiang", "originations_bank", "2020-04 2020-06", "-", "it does not lend"),
    Expected("bank-freeze", "neixiang", "unmet_need", "2020-04 2020-06", "+",
             "borrowers do not find all of it elsewhere (Khwaja and Mian 2008, AER)"),
    Expected("bank-freeze", "neixiang", "borrowers_platform", "2020-07 2020-07", "+", _TURN),
    Expected("bank-freeze", "neixiang", "new_loans_family", "2020-04 2020-06", "+", "and to relatives"),

    Expected("guarantee-fund+credit-registry", "guarantee-fund", "bank loans to platform debtors", "2018-08 2021-12",
             "-", "the registry does in a stack what it does alone"),
]  # fmt: skip


def needed_months(scenario: str) -> int:
    """Return how many months of a scenario the rows look at."""
    rows = [row for row in EXPECTED if scenario in (row.scenario, row.base)]
    return max(parse_month(row.months.split()[1]) for row in rows) + 1


def tell(results: Results, measure: str, months: str) -> float:
    """Return what a row looks at, in one world."""
    first, last = (parse_month(date) for date in months.split())
    if measure in READ:
        return READ[measure](results, first, last)
    if " " not in measure:
        monthly = results.monthly
        return float(monthly.loc[monthly["month"].between(first, last), measure].mean())
    group, name = measure.split()
    kind, member = group.split("=")
    table = results.groups
    rows = (table["kind"] == kind) & (table["group"] == member) & (table["measure"] == name)
    return float(table.loc[rows & table["month"].between(first, last), "value"].mean())


def one_world(scenario: str, seed: int, months: int, asked: list[tuple[str, str]]) -> list[float]:
    """Simulate one seed, and return what is asked of it."""
    results = simulate(scenario, seed, scale=SCALE, months=months)
    return [tell(results, measure, window) for measure, window in asked]


class Worlds:
    """Worlds that have been simulated, each once: what rows ask of them, by seed."""

    def __init__(self, executor: Any) -> None:
        self._executor = executor
        self._waiting: dict[str, Any] = {}

    def start(self, scenario: str) -> None:
        """Begin to simulate a scenario if nobody has."""
        if scenario in self._waiting:
            return
        rows = [row for row in EXPECTED if scenario in (row.scenario, row.base)]
        asked = list(dict.fromkeys((row.measure, row.months) for row in rows))
        months = needed_months(scenario)
        futures = [self._executor.submit(one_world, scenario, seed, months, asked) for seed in SEEDS]
        self._waiting[scenario] = (asked, futures)

    def of(self, scenario: str, row: Expected) -> Any:
        """Return what a row looks at, by seed."""
        self.start(scenario)
        asked, futures = self._waiting[scenario]
        which = asked.index((row.measure, row.months))
        return np.array([future.result()[which] for future in futures])


@pytest.fixture(scope="module")
def worlds(request):
    simulate("neixiang", 1, scale=0.02, months=1)  # kernels are compiled once, here
    with processes(min(len(SEEDS), os.cpu_count() or 1)) as executor:
        found = Worlds(executor)
        wanted = [item.callspec.params.get("row") for item in request.session.items if hasattr(item, "callspec")]
        for row in wanted:
            if isinstance(row, Expected):
                found.start(row.base)
                found.start(row.scenario)
        yield found


def judged(sign: str, change: Any) -> bool:
    """Tell whether differences by seed have a sign."""
    mean, error = change.mean(), change.std(ddof=1) / np.sqrt(len(change))
    direction = {"+": 1, ">=": 1, "-": -1, "<=": -1}[sign]
    if sign in ("+", "-"):
        return bool(direction * mean > FAR * error and direction * mean > 0)
    return bool(direction * mean >= -FAR * error)


@pytest.mark.slow
@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row.label)
def test_a_scenario_does_what_is_expected(worlds, row):
    change = worlds.of(row.scenario, row) - worlds.of(row.base, row)
    assert judged(row.sign, change), f"{row.label} in {row.months}: {change.mean():.4g}, by seed {change}; {row.why}"


def test_every_scenario_has_an_expectation():
    assert {row.scenario for row in EXPECTED} >= set(scenarios()) - {"neixiang"}


@pytest.mark.parametrize("sign", ["+", "-", "<=", ">="])
def test_noise_is_not_judged_to_be_an_effect(sign):
    noise = np.array([1.0, -1.2, 0.9, -0.8, 1.1, -1.0])
    assert judged(sign, noise) == (sign in ("<=", ">="))
    assert judged(sign, noise + 5) == (sign in ("+", ">="))
    assert judged(sign, noise - 5) == (sign in ("-", "<="))
    assert judged(sign, np.zeros(6)) == (sign in ("<=", ">="))
