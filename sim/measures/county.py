"""Measures of the county as a whole: shops, payments, applications, competition, institutions and balance sheets.

Each is a function of a :class:`Tally`: the world, its institutions and the month's sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.accounts import Instrument, Kind
from sim.kernels import add_up
from sim.measures.declare import FloatArray, Measure, ratio, yuan
from sim.measures.risk import RISK_MEASURES
from sim.measures.sums import ACTIVE_MONTHS
from sim.vocabulary import Lender, Method, PlaceKind, Product, Sector

HOUSEHOLD_SECTORS = [int(Sector.FARMERS), int(Sector.MERCHANTS), int(Sector.EMPLOYEES)]
FORMAL = (Lender.BANK, Lender.PLATFORM)
#: The bank's own products for households: what "days to cash of all the bank's new household loans" is taken over.
QUICK_LOANS = (Product.BANK_SALARIED, Product.BANK_RESIDENT)


@dataclass(frozen=True)
class Tally:
    """What a county measure may look at.

    Attributes
    ----------
    world, bank, platform, government : the state and the institutions
    lending : float64[lender, product, sums.LENDING]
    of : SimpleNamespace
        The columns of ``lending`` by name, each float64[lender, product].
    scores : float64[lender, 2, cells]
        Good and bad loans by score (``risk.count_scores``).
    """

    world: Any
    bank: Any
    platform: Any
    government: Any
    of: SimpleNamespace
    scores: FloatArray

    @property
    def weight(self) -> float:
        """Adults at full size, by agent."""
        return float(self.world.weight)

    def held(self, instrument: Instrument, sectors: list[int] | None = None) -> float:
        """Return what households (or other sectors) hold of an instrument, yuan at full size."""
        rows = HOUSEHOLD_SECTORS if sectors is None else sectors
        return float(yuan(self.world.ledger.stock[rows, instrument].sum()) * self.weight)

    def worth(self, sectors: list[int]) -> float:
        """Return the net worth of sectors, yuan at full size."""
        return float(yuan(self.world.ledger.net_worth()[sectors].sum()) * self.weight)

    def flow(self, kind: Kind, sector: int) -> float:
        """Return what a sector received (+) or paid (-) this month for one reason, yuan at full size."""
        return float(yuan(self.world.ledger.flows[kind, sector].sum()) * self.weight)


def _paid(table: str, place: PlaceKind | None, method: Method) -> Callable[[Tally], float]:
    def read(t: Tally) -> float:
        paid = getattr(t.world, table)
        rows = paid if place is None else paid[place][None]
        return float(ratio(rows[:, method].sum(), rows.sum()))

    return read


def _payment_measures() -> list[Measure]:
    names = {Method.QR: "digital_share", Method.CARD: "card_share", Method.CASH: "cash_share"}
    words = {Method.QR: "by code or wallet", Method.CARD: "by bank card", Method.CASH: "in cash"}
    places = {None: "in the county", PlaceKind.TOWN: "at county-town shops", PlaceKind.SEAT: "at seats' shops",
              PlaceKind.VILLAGE: "at village shops"}  # fmt: skip
    found = []
    for place, where in places.items():
        for method, name in names.items():
            ending = "" if place is None else f"_{place.name.lower()}"
            text = f"payments {words[method]}, of all payments {where}, by "
            by_value, by_count = _paid("payment_value", place, method), _paid("payment_count", place, method)
            found.append(Measure(name + ending, "share", "flow", text + "value", by_value, "no payments"))
            found.append(Measure(f"{name}_count{ending}", "share", "flow", text + "number", by_count, "no payments"))
    return found


def _shops_with(column: str, place: PlaceKind | None) -> Callable[[Tally], float]:
    def read(t: Tally) -> float:
        kinds = t.world.shops.place_kind
        here = np.ones(kinds.size, np.bool_) if place is None else kinds == place
        return float(ratio(np.count_nonzero(getattr(t.world.shops, column) & here), np.count_nonzero(here)))

    return read


def _shop_measures() -> list[Measure]:
    places = {PlaceKind.TOWN: "county-town ", PlaceKind.SEAT: "township-seat ", PlaceKind.VILLAGE: "village ", None: ""}
    found = []
    for place, where in places.items():
        for column, what in (("qr", "take QR payments"), ("pos", "have a card terminal")):
            ending = "" if place is None else f"_{place.name.lower()}"
            found.append(Measure(f"shops_{column}{ending}", "share", "stock",
                                 f"{where}shops that {what}, of all {where}shops", _shops_with(column, place),
                                 "no shops there"))  # fmt: skip
    return found


def _income_per_head(kinds: tuple[PlaceKind, ...]) -> Callable[[Tally], float]:
    def read(t: Tally) -> float:
        homes = t.world.households
        here = np.isin(homes.place_kind, [int(kind) for kind in kinds])
        people = homes.count[here].sum(dtype=np.int64) + homes.children[here].sum(dtype=np.int64)
        return float(ratio(12.0 * yuan(homes.income_average[here].sum()), people))

    return read


def _turnover(place: PlaceKind) -> Callable[[Tally], float]:
    def read(t: Tally) -> float:
        shops = np.count_nonzero(t.world.shops.place_kind == place)
        return float(ratio(yuan(t.world.payment_value[place].sum()), shops))

    return read


_LEVELS = [
    *(Measure(f"shop_turnover_{place.name.lower()}", "yuan a month", "flow",
              f"mean sales of a {where} shop this month", _turnover(place), "no shops there")
      for place, where in ((PlaceKind.TOWN, "county-town"), (PlaceKind.SEAT, "township-seat"),
                           (PlaceKind.VILLAGE, "village"))),
    Measure("income_per_head_village", "yuan a year", "stock",
            "usual income of households over all their members, children included; in villages",
            _income_per_head((PlaceKind.VILLAGE,)), "nobody lives there"),
    Measure("income_per_head_urban", "yuan a year", "stock", "the same; in the county town and township seats",
            _income_per_head((PlaceKind.SEAT, PlaceKind.TOWN)), "nobody lives there"),
    Measure("consumption_share", "share", "flow", "households' consumption this month over their usual income",
            lambda t: float(ratio(t.world.households.consumption.sum(), t.world.households.income_average.sum())),
            "nobody has income"),
]  # fmt: skip


def market_shares(gross: FloatArray) -> FloatArray:
    """Return each formal lender's share of gross loans, not a number when nobody lends."""
    shares: FloatArray = ratio(gross, gross.sum())
    return shares


def _formal_gross(t: Tally) -> FloatArray:
    gross: FloatArray = t.of.gross_fen[[int(lender) for lender in FORMAL]].sum(axis=1)
    return gross


def _formal_new(t: Tally) -> FloatArray:
    new: FloatArray = t.of.lent_fen[[int(lender) for lender in FORMAL]].sum(axis=1)
    return new


def _hhi(t: Tally) -> float:
    return float(np.square(market_shares(_formal_gross(t))).sum())


_MARKET = [
    Measure("market_share_bank", "share", "stock", "the rural bank's part of the gross loans of formal lenders",
            lambda t: market_shares(_formal_gross(t))[0], "no formal loans"),
    Measure("market_share_platform", "share", "stock", "the platform's part of the gross loans of formal lenders",
            lambda t: market_shares(_formal_gross(t))[1], "no formal loans"),
    Measure("market_share_new_bank", "share", "flow", "the rural bank's part of this month's formal lending",
            lambda t: market_shares(_formal_new(t))[0], "no formal loans this month"),
    Measure("hhi", "0 to 1", "stock", "sum of squared market shares of formal lenders (Herfindahl and Hirschman)",
            _hhi, "no formal loans"),
    Measure("recoveries", "yuan a month", "flow", "collected this month on loans already written off, all lenders",
            lambda t: 0.0 - add_up(t.flow(Kind.RECOVERIES, s) for s in HOUSEHOLD_SECTORS)),
    Measure("recoveries_bank", "yuan a month", "flow", "collected this month by the rural bank on loans written off",
            lambda t: t.flow(Kind.RECOVERIES, Sector.BANK)),
    Measure("salaried_customers", "adults", "stock", "adults who have had the bank's quick loan for salaried staff",
            lambda t: t.of.borrowers[Lender.BANK, Product.BANK_SALARIED] * t.weight),
    Measure("quick_loan_customers_new", "adults a month", "flow",
            "adults who take the bank's quick loan for salaried staff, or for residents, for the first time",
            lambda t: add_up(t.of.new_borrowers[Lender.BANK, p] for p in QUICK_LOANS) * t.weight),
]  # fmt: skip


def _bank_assets(t: Tally) -> float:
    return float(np.maximum(t.world.ledger.stock[Sector.BANK], 0).sum())


def _bank_income(t: Tally) -> float:
    """Return the rural bank's interest received less interest paid this month, fen."""
    kinds = (Kind.LOAN_INTEREST, Kind.RESERVE_INTEREST, Kind.CORPORATE_INTEREST, Kind.DEPOSIT_INTEREST)
    return float(sum(t.world.ledger.flows[kind, Sector.BANK].sum() for kind in kinds))


def _cost_per(t: Tally, gained: int) -> float:
    return float(yuan(t.government.cost_so_far) / gained) if gained > 0 else float("nan")


_INSTITUTIONS = [
    Measure("bank_conviction", "0 to 1", "stock", "how far the rural bank believes that digital finance works here",
            lambda t: float(t.bank.conviction)),
    Measure("bank_alarmed", "yes/no", "stock", "the rural bank has held its crisis meeting",
            lambda t: float(t.bank.alarm_month >= 0)),
    Measure("bank_profit", "yuan a month", "flow", "the rural bank's profit of the month",
            lambda t: yuan(t.bank.profit) * t.weight),
    Measure("bank_capital_ratio", "share", "stock", "the rural bank's capital, of its risk-weighted assets",
            lambda t: float(t.bank.capital_ratio)),
    Measure("bank_assets", "yuan", "stock", "all assets of the rural bank, before the allowance for losses",
            lambda t: yuan(_bank_assets(t)) * t.weight),
    Measure("bank_return_on_assets", "1/year", "flow", "twelve times the rural bank's profit of the month over assets",
            lambda t: float(ratio(12.0 * t.bank.profit, _bank_assets(t))), "no assets"),
    Measure("bank_interest_margin", "1/year", "flow",
            "twelve times the rural bank's interest received less interest paid this month, over assets",
            lambda t: float(ratio(12.0 * _bank_income(t), _bank_assets(t))), "no assets"),
    Measure("bank_cost_to_income", "share", "flow", "the rural bank's running costs over interest received less paid",
            lambda t: float(ratio(-t.world.ledger.flows[Kind.OPERATING_COSTS, Sector.BANK].sum(), _bank_income(t))),
            "no income"),
    Measure("platform_result", "yuan a month", "flow", "the platform lender's result of the month",
            lambda t: yuan(t.platform.result) * t.weight),
    Measure("public_cost", "yuan a month", "flow",
            "what the county spent this month on programmes, interest subsidies and its guarantee fund's claims",
            lambda t: yuan(t.government.cost) * t.weight),
    Measure("public_cost_so_far", "yuan", "stock", "the same since the start",
            lambda t: yuan(t.government.cost_so_far) * t.weight),
    Measure("public_cost_per_credit", "yuan/adult", "stock",
            "public cost so far over adults with a platform line or formal loan beyond those at the start",
            lambda t: _cost_per(t, np.count_nonzero((t.world.residents.line > 0) | (t.world.residents.debt > 0))
                                - t.government.before.with_credit), "not more adults have credit than at the start"),
    Measure("public_cost_per_wallet", "yuan/adult", "stock",
            "public cost so far over adults who paid by wallet in the last 3 months beyond those at the start",
            lambda t: _cost_per(t, np.count_nonzero(t.world.residents.wallet_last > t.world.month - ACTIVE_MONTHS)
                                - t.government.before.active), "not more adults use wallets than at the start"),
]  # fmt: skip

_BALANCES = [
    Measure("deposits", "yuan", "stock", "what households hold at the rural bank",
            lambda t: t.held(Instrument.DEPOSIT_RURAL)),
    Measure("deposits_per_adult", "yuan/adult", "stock", "what households hold at banks over adults",
            lambda t: (t.held(Instrument.DEPOSIT_RURAL) + t.held(Instrument.DEPOSIT_ELSEWHERE))
            / (t.weight * t.world.residents.n)),
    Measure("deposits_elsewhere", "yuan", "stock", "what households hold at other banks",
            lambda t: t.held(Instrument.DEPOSIT_ELSEWHERE)),
    Measure("cash", "yuan", "stock", "notes and coins that households hold", lambda t: t.held(Instrument.CASH)),
    Measure("wallet_balances", "yuan", "stock", "what households hold in wallets", lambda t: t.held(Instrument.WALLET)),
    Measure("money_fund", "yuan", "stock", "what households hold in the money fund",
            lambda t: t.held(Instrument.MONEY_FUND)),
    Measure("family_debt", "yuan", "stock", "what households owe each other (a claim and a debt of the same amount)",
            lambda t: t.of.gross_fen[Lender.FAMILY].sum() / 100.0 * t.weight),
    Measure("deposit_share", "share", "stock", "the rural bank's part of households' deposits and wallet money",
            lambda t: float(ratio(t.held(Instrument.DEPOSIT_RURAL), add_up(t.held(i) for i in (
                Instrument.DEPOSIT_RURAL, Instrument.DEPOSIT_ELSEWHERE, Instrument.WALLET, Instrument.MONEY_FUND)))),
            "households hold no money"),
    Measure("net_worth_households", "yuan", "stock", "financial net worth of farmer, merchant and employee households",
            lambda t: t.worth(HOUSEHOLD_SECTORS)),
    Measure("bank_loans_corporate", "yuan", "stock", "the rural bank's corporate and policy loans",
            lambda t: t.held(Instrument.CORPORATE_LOANS, [int(Sector.BANK)])),
    Measure("bank_allowance", "yuan", "stock", "what the rural bank has set aside for losses on loans",
            lambda t: -t.held(Instrument.ALLOWANCE, [int(Sector.BANK)])),
]  # fmt: skip

COUNTY_MEASURES = (
    *_shop_measures(),
    *_payment_measures(),
    *_LEVELS,
    *_MARKET,
    *RISK_MEASURES,
    *_INSTITUTIONS,
    *_BALANCES,
)
