"""Measures of the county as a whole: shops, payments, applications, competition, institutions and balance sheets.

Each is a function of a :class:`Tally`: the world, its institutions and the month's sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.accounts import Instrument, Kind
from sim.kernels import add_up
from sim.measures.declare import FloatArray, Measure, ratio, yuan
from sim.measures.risk import FORMAL, RISK_MEASURES, Sample, draw_sample, new_loans
from sim.vocabulary import Lender, Method, PlaceKind, Product, Sector

HOUSEHOLD_SECTORS = [int(Sector.FARMERS), int(Sector.MERCHANTS), int(Sector.EMPLOYEES)]
#: The bank's own products for households: what "days to cash of all the bank's new household loans" is taken over.
QUICK_LOANS = (Product.BANK_SALARIED, Product.BANK_RESIDENT)


@dataclass(frozen=True)
class Tally:
    """What a county measure may look at; what several of them need is counted once.

    Attributes
    ----------
    world, bank, platform, government : the state and the institutions
    people : SimpleNamespace
        Sums over residents and households by name (``sums.PEOPLE``, ``sums.HOUSEHOLDS``), each float64[place kind].
    of : SimpleNamespace
        Sums over loans by name (``sums.LENDING``), each float64[lender, product].
    scores : float64[lender, 2, cells]
        Good and bad loans by score (``risk.count_scores``).
    """

    world: Any
    bank: Any
    platform: Any
    government: Any
    people: SimpleNamespace
    of: SimpleNamespace
    scores: FloatArray

    @cached_property
    def weight(self) -> float:
        """Adults at full size, by agent."""
        return float(self.world.weight)

    @cached_property
    def stock(self) -> list[list[int]]:
        """What each sector holds of each instrument, fen."""
        stock: list[list[int]] = self.world.ledger.stock.tolist()
        return stock

    @cached_property
    def flows(self) -> list[list[int]]:
        """What each sector received (+) or paid (-) this month, by kind, fen."""
        flows: list[list[int]] = self.world.ledger.flows.sum(axis=2).tolist()
        return flows

    @cached_property
    def shops(self) -> dict[str, list[int]]:
        """Shops by kind of place, and in the end all together: how many there are, and how many have what."""
        shops, kinds = self.world.shops, len(PlaceKind)
        which = (shops.pos * np.int8(2) + shops.qr) * np.int8(kinds) + shops.place_kind
        counts = np.bincount(which, minlength=4 * kinds).reshape(2, 2, kinds)
        found = {"all": counts.sum(axis=(0, 1)), "qr": counts[:, 1].sum(axis=0), "pos": counts[1].sum(axis=0)}
        return {name: [*count.tolist(), int(count.sum())] for name, count in found.items()}

    @cached_property
    def paid(self) -> dict[str, list[list[float]]]:
        """Shares of the payment methods by kind of place, and in the end of all: by value and by count."""
        return {name: _shares_paid(getattr(self.world, name)).tolist() for name in ("payment_value", "payment_count")}

    @cached_property
    def market(self) -> tuple[FloatArray, FloatArray]:
        """Market shares of formal lenders: of gross loans, and of this month's lending."""
        gross, new = (fen[list(FORMAL)].sum(axis=1) for fen in (self.of.gross_fen, self.of.lent_fen))
        return market_shares(gross), market_shares(new)

    @cached_property
    def bank_assets(self) -> int:
        """Assets of the rural bank, fen."""
        return sum(held for held in self.stock[Sector.BANK] if held > 0)

    @cached_property
    def bank_income(self) -> int:
        """The rural bank's interest received less interest paid this month, fen."""
        kinds = (Kind.LOAN_INTEREST, Kind.RESERVE_INTEREST, Kind.CORPORATE_INTEREST, Kind.DEPOSIT_INTEREST)
        return sum(self.flows[kind][Sector.BANK] for kind in kinds)

    @cached_property
    def sample(self) -> Sample:
        """People who stand for all, and how likely each truly refuses to pay."""
        return draw_sample(self.world)

    @cached_property
    def new_loans(self) -> dict[Lender, NDArray[np.int64]]:
        """Rows of this month's new loans by formal lender, renewals left out."""
        return new_loans(self.world)

    def held(self, instrument: Instrument, sectors: Sequence[int] = HOUSEHOLD_SECTORS) -> float:
        """Return what households (or other sectors) hold of an instrument, yuan at full size."""
        return float(yuan(sum(self.stock[sector][instrument] for sector in sectors)) * self.weight)

    def worth(self, sectors: list[int]) -> float:
        """Return the net worth of sectors, yuan at full size."""
        return float(yuan(self.world.ledger.net_worth()[sectors].sum()) * self.weight)

    def flow(self, kind: Kind, sector: int) -> float:
        """Return what a sector received (+) or paid (-) this month for one reason, yuan at full size."""
        return float(yuan(self.flows[kind][sector]) * self.weight)


def _shares_paid(paid: NDArray[Any]) -> FloatArray:
    """Return the share of each payment method by kind of place and, last, in all, from [place kind, method]."""
    whole = np.append(paid.sum(axis=1), paid.sum())
    shares: FloatArray = ratio(np.vstack([paid, paid.sum(axis=0)]), whole[:, None])
    return shares


def _paid(table: str, place: PlaceKind | None, method: Method) -> Callable[[Tally], float]:
    return lambda t: t.paid[table][_row(place)][method]


def _row(place: PlaceKind | None) -> int:
    """Return where a kind of place stands in a table by kind of place that ends with all of them."""
    return -1 if place is None else int(place)


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
    return lambda t: float(ratio(t.shops[column][_row(place)], t.shops["all"][_row(place)]))


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


def _income_per_head(*kinds: PlaceKind) -> Callable[[Tally], float]:
    def read(t: Tally) -> float:
        here, p = list(kinds), t.people
        members = p.adults[here].sum() + p.children[here].sum()
        return float(ratio(12.0 * yuan(p.usual_income_fen[here].sum()), members))

    return read


def _turnover(place: PlaceKind) -> Callable[[Tally], float]:
    return lambda t: float(ratio(yuan(t.world.payment_value[place].sum()), t.shops["all"][place]))


_LEVELS = [
    *(Measure(f"shop_turnover_{place.name.lower()}", "yuan a month", "flow",
              f"mean sales of a {where} shop this month", _turnover(place), "no shops there")
      for place, where in ((PlaceKind.TOWN, "county-town"), (PlaceKind.SEAT, "township-seat"),
                           (PlaceKind.VILLAGE, "village"))),
    Measure("income_per_head_village", "yuan a year", "stock",
            "usual income of households over all their members, children included; in villages",
            _income_per_head(PlaceKind.VILLAGE), "nobody lives there"),
    Measure("income_per_head_urban", "yuan a year", "stock", "the same; in the county town and township seats",
            _income_per_head(PlaceKind.SEAT, PlaceKind.TOWN), "nobody lives there"),
    Measure("consumption_share", "share", "flow", "households' consumption this month over their usual income",
            lambda t: float(ratio(t.people.consumption_fen.sum(), t.people.usual_income_fen.sum())),
            "nobody has income"),
]  # fmt: skip


def market_shares(gross: FloatArray) -> FloatArray:
    """Return each formal lender's share of gross loans, not a number when nobody lends."""
    shares: FloatArray = ratio(gross, gross.sum())
    return shares


_MARKET = [
    Measure("market_share_bank", "share", "stock", "the rural bank's part of the gross loans of formal lenders",
            lambda t: t.market[0][0], "no formal loans"),
    Measure("market_share_platform", "share", "stock", "the platform's part of the gross loans of formal lenders",
            lambda t: t.market[0][1], "no formal loans"),
    Measure("market_share_new_bank", "share", "flow", "the rural bank's part of this month's formal lending",
            lambda t: t.market[1][0], "no formal loans this month"),
    Measure("hhi", "0 to 1", "stock", "sum of squared market shares of formal lenders (Herfindahl and Hirschman)",
            lambda t: float(np.square(t.market[0]).sum()), "no formal loans"),
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


def _cost_per(t: Tally, gained: float) -> float:
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
            lambda t: yuan(t.bank_assets) * t.weight),
    Measure("bank_return_on_assets", "1/year", "flow", "twelve times the rural bank's profit of the month over assets",
            lambda t: float(ratio(12.0 * t.bank.profit, t.bank_assets)), "no assets"),
    Measure("bank_interest_margin", "1/year", "flow",
            "twelve times the rural bank's interest received less interest paid this month, over assets",
            lambda t: float(ratio(12.0 * t.bank_income, t.bank_assets)), "no assets"),
    Measure("bank_cost_to_income", "share", "flow", "the rural bank's running costs over interest received less paid",
            lambda t: float(ratio(-t.flows[Kind.OPERATING_COSTS][Sector.BANK], t.bank_income)),
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
            lambda t: _cost_per(t, t.people.with_access.sum() - t.government.before.with_credit),
            "not more adults have credit than at the start"),
    Measure("public_cost_per_wallet", "yuan/adult", "stock",
            "public cost so far over adults who paid by wallet in the last 3 months beyond those at the start",
            lambda t: _cost_per(t, t.people.wallet_active.sum() - t.government.before.active),
            "not more adults use wallets than at the start"),
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
            lambda t: t.held(Instrument.CORPORATE_LOANS, [Sector.BANK])),
    Measure("bank_allowance", "yuan", "stock", "what the rural bank has set aside for losses on loans",
            lambda t: -t.held(Instrument.ALLOWANCE, [Sector.BANK])),
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
