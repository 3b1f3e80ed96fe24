"""The books: opening balance sheets, the month's end of households and institutions, and the check of every law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.accounts import MONEY, Instrument, Kind, Reason
from sim.agents.disbursement import HOLDERS
from sim.agents.residents.income import YUAN, hog_price_fall
from sim.mechanisms.month_end import MonthEndTerms, close_household_accounts, count_money
from sim.mechanisms.tape import LoanCounts, count_loans
from sim.state.ledger import INSTRUMENTS, SECTORS, Position
from sim.state.world import World, position
from sim.threads import parts_of
from sim.vocabulary import LoanStatus, Sector

if TYPE_CHECKING:
    from sim.agents.government import CountyGovernment
    from sim.agents.payment_platform import PaymentPlatform
    from sim.agents.rural_bank import RuralBank

MILLION = 1_000_000
DECEMBER = 11
HOUSEHOLDS = (Sector.FARMERS, Sector.MERCHANTS, Sector.EMPLOYEES)


def local_fen(world: World, yuan: float) -> int:
    """Return an institution's fixed amount at the scale of the simulated county, fen."""
    return round(yuan * YUAN / world.weight)


def open_books(world: World) -> None:
    """Draw up the opening balance sheets from the residents' accounts, the loan tape and the county's facts.

    The bank's reserves are what is left of deposits and capital after loans; its capital is the capital ratio of the
    county's facts times risk-weighted assets.
    """
    bank, counts = world.facts.rural_bank, counted_loans(world)
    stock = position(counted_money(world)) + loan_records(counts)
    stock[Sector.GOVERNMENT, Instrument.DEPOSIT_ELSEWHERE] = local_fen(world, bank.government_deposits)
    stock[Sector.FIRM, Instrument.DEPOSIT_RURAL] = local_fen(world, bank.firm_deposits)
    pooled = stock[:3, Instrument.COOPERATIVE_SHARES].sum()
    stock[Sector.FIRM, Instrument.COOPERATIVE_SHARES] = -pooled
    corporate = local_fen(world, bank.corporate_loans)
    to_firm = round(corporate * bank.firm_loan_share)
    stock[Sector.BANK, Instrument.CORPORATE_LOANS] = corporate
    stock[Sector.FIRM, Instrument.CORPORATE_LOANS] = -to_firm
    stock[Sector.WORLD, Instrument.CORPORATE_LOANS] = -(corporate - to_firm)
    stock[Sector.BANK, Instrument.ALLOWANCE] = -needed_allowance(world, Sector.BANK, corporate, counts.balances)
    float_ = stock[:3, Instrument.WALLET].sum()
    stock[Sector.PAYMENT, Instrument.WALLET] = -float_
    stock[Sector.PAYMENT, Instrument.CUSTODY] = float_
    stock[Sector.BANK, Instrument.DEPOSIT_RURAL] = -stock[:, Instrument.DEPOSIT_RURAL].sum()
    loans = int(stock[Sector.BANK, Instrument.LOANS_BANK]) + corporate
    deposits = -int(stock[Sector.BANK, Instrument.DEPOSIT_RURAL])
    allowance = -int(stock[Sector.BANK, Instrument.ALLOWANCE])
    weights = world.assumptions.accounts
    base = deposits - loans + allowance
    # reserves R and capital K: R = base + K and K = ratio x (w_loans x loans + w_reserves x R)
    ratio = bank.capital_ratio
    weighted = weights.risk_weight_loans * (loans - allowance) + weights.risk_weight_reserves * base
    capital = round(ratio * weighted / (1.0 - ratio * weights.risk_weight_reserves))
    stock[Sector.BANK, Instrument.RESERVES] = base + capital - int(stock[Sector.BANK, Instrument.ACCRUED_INTEREST])
    paid_in = round(capital * bank.paid_in_share)
    stock[Sector.BANK, Instrument.EQUITY] = -paid_in
    for instrument in Instrument:
        if instrument is not Instrument.ALLOWANCE:
            stock[Sector.WORLD, instrument] -= stock[:, instrument].sum()
    world.ledger.open(stock)


def counted_money(world: World) -> NDArray[np.int64]:
    """Count what household sectors hold, int64[3, 5] in fen."""
    counted = np.zeros((3, len(MONEY)), np.int64)
    count_money(world.first, world.households.sector, world.money, counted)
    return counted


def counted_loans(world: World) -> LoanCounts:
    """Count the open loans."""
    book = world.loans
    return count_loans(
        book.open_rows, book.lender, book.product, book.own_share, book.creditor, book.household,
        world.households.sector, world.residents.household, book.status, book.balance, book.accrued,
    )  # fmt: skip


def loan_records(counts: LoanCounts) -> Position:
    """Return what stocks there are by the loan tape: loans, accrued interest, family loans, pooled shares."""
    stock, (held, family, pooled) = position(), counts
    balances, accrued = held.sum(axis=1)
    for slot, (holder, instrument) in enumerate(HOLDERS):
        for kind, amounts in ((instrument, balances[slot]), (Instrument.ACCRUED_INTEREST, accrued[slot])):
            stock[holder, kind] += amounts.sum()
            stock[:3, kind] -= amounts
    stock[:3, Instrument.FAMILY_LOANS] += family.sum(axis=1) - family.sum(axis=0)
    stock[:3, Instrument.COOPERATIVE_SHARES] += pooled
    return stock


def close_household_books(world: World) -> None:
    """Bank idle cash, sweep idle wallets into the money fund, credit interest and renew usual income."""
    people, homes, p = world.residents, world.households, world.assumptions.payments
    by_part = np.zeros((3, parts_of(homes.n), 3, 5), np.int64)
    terms = MonthEndTerms(
        cash_kept=int(p.cash_kept * YUAN),
        wallet_kept=int(p.wallet_kept * YUAN),
        deposit_interest=round(p.deposit_rate * MILLION / 12),
        fund_yield=round(p.fund_yield * MILLION / 12),
        income_smoothing=world.assumptions.income.smoothing,
    )
    close_household_accounts(
        terms, world.first, homes.sector, people.main_bank, people.wallet_since, world.money, homes.income,
        homes.income_average, *by_part,
    )  # fmt: skip
    moved_out, moved_in, interest = by_part.sum(axis=1)
    ledger = world.ledger
    swept_out, swept_in = np.zeros_like(moved_out), np.zeros_like(moved_in)
    swept_out[:, Instrument.WALLET], swept_in[:, Instrument.MONEY_FUND] = (
        moved_out[:, Instrument.WALLET],
        moved_in[:, Instrument.MONEY_FUND],
    )
    ledger.book(Kind.MONEY_FUND_SWEEP, position(swept_out), position(swept_in))
    ledger.book(Kind.CASH_HANDLING, position(moved_out - swept_out), position(moved_in - swept_in))
    rural, abroad = np.zeros_like(interest), interest.copy()
    rural[:, Instrument.DEPOSIT_RURAL] = interest[:, Instrument.DEPOSIT_RURAL]
    abroad[:, (Instrument.DEPOSIT_RURAL, Instrument.MONEY_FUND)] = 0
    fund = interest - rural - abroad
    _credit(world, Kind.DEPOSIT_INTEREST, Sector.BANK, Instrument.RESERVES, rural)
    _credit(world, Kind.DEPOSIT_INTEREST, Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE, abroad)
    _credit(world, Kind.MONEY_FUND_YIELD, Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE, fund)


def _credit(world: World, kind: Kind, payer: Sector, account: Instrument, received: NDArray[np.int64]) -> None:
    paid = position()
    paid[payer, account] = received.sum()
    world.ledger.book(kind, paid, position(received))


def needed_allowance(world: World, holder: Sector, corporate: int, lent: NDArray[np.int64]) -> int:
    """Return the provisions that an institution's loans need by their standing, fen.

    Parameters
    ----------
    world : World
    holder : Sector
    corporate : int, fen
        Its loans to firms.
    lent : int64[statuses, slots, 3], fen
        Balances of open loans to households, of all holders.
    """
    amounts = lent[:, [sector for sector, _ in HOLDERS].index(holder)].sum(axis=1)
    a = world.assumptions.accounts
    needed: int = round(
        a.provision_performing * (amounts[LoanStatus.PERFORMING] + corporate)
        + a.provision_delinquent * amounts[LoanStatus.DELINQUENT]
        + a.provision_defaulted * amounts[LoanStatus.DEFAULTED]
    )
    return needed


@dataclass(frozen=True)
class Result:
    """An institution's month.

    Attributes
    ----------
    profit : int
        Income less costs, tax and the charge for provisions and reversed interest, before dividends, fen.
    capital : int
        Own funds, fen.
    capital_ratio : float
        Own funds over risk-weighted assets.
    """

    profit: int
    capital: int
    capital_ratio: float


def close_institutions(
    world: World, loans: LoanCounts, government: CountyGovernment, bank: RuralBank, platform: PaymentPlatform
) -> None:
    """Settle the month of firm, payment company, guarantee fund, platform lender, bank and government."""
    settle_firm(world)
    settle_payment_company(world)
    settle_guarantee_fund(world)
    platform.record(settle_platform_lender(world, loans.balances))
    bank.record(settle_bank(world, bank.terminals, loans.balances))
    government.record(settle_government(world, government.settle(world)))


def settle_firm(world: World) -> None:
    """Sell the firm's pigs and pay its costs; what is missing is borrowed outside the county.

    Sales = wages / labour share x (1 - fall of the hog price); other costs keep a normal margin of 5%.
    """
    ledger = world.ledger
    flows = ledger.transactions()[:, Sector.FIRM]
    wages = -int(flows[Kind.WAGES])
    normal_sales = round(wages / world.assumptions.accounts.firm_labour_share)
    sales = round(normal_sales * (1.0 - hog_price_fall(world)))
    owed = -int(ledger.stock[Sector.FIRM, Instrument.CORPORATE_LOANS])
    interest = round(owed * world.assumptions.accounts.corporate_rate / 12)
    other = -int(flows[Kind.COOPERATIVE_DIVIDENDS] + flows[Kind.COOPERATIVE_SERVICE])
    costs = max(round(0.95 * normal_sales) - wages - interest - other, 0)
    pay = ledger.pay
    outside = Instrument.DEPOSIT_ELSEWHERE
    pay(Kind.FIRM_SALES, Sector.WORLD, Sector.FIRM, sales, outside, Instrument.DEPOSIT_RURAL)
    pay(Kind.FIRM_COSTS, Sector.FIRM, Sector.WORLD, costs, Instrument.DEPOSIT_RURAL, outside)
    tax = max(round(0.02 * (sales - costs - wages - interest - other)), 0)
    pay(Kind.TAXES, Sector.FIRM, Sector.GOVERNMENT, tax, Instrument.DEPOSIT_RURAL, outside)
    # what the firm owes the bank bears interest in settle_bank, what it owes outside here
    to_bank = round(int(ledger.stock[Sector.BANK, Instrument.CORPORATE_LOANS]) * world.facts.rural_bank.firm_loan_share)
    outside_interest = round(max(owed - to_bank, 0) * world.assumptions.accounts.corporate_rate / 12)
    pay(Kind.CORPORATE_INTEREST, Sector.FIRM, Sector.WORLD, outside_interest, Instrument.DEPOSIT_RURAL, outside)
    target = local_fen(world, world.facts.rural_bank.firm_deposits)
    spare = int(ledger.stock[Sector.FIRM, Instrument.DEPOSIT_RURAL]) - (interest - outside_interest) - target
    if spare > 0:
        pay(Kind.DIVIDENDS, Sector.FIRM, Sector.WORLD, spare, Instrument.DEPOSIT_RURAL, outside)
    elif spare < 0:
        ledger.claim(Kind.CORPORATE_LENDING, Sector.WORLD, Sector.FIRM, Instrument.CORPORATE_LOANS, -spare)
        pay(Kind.CORPORATE_LENDING, Sector.WORLD, Sector.FIRM, -spare, outside, Instrument.DEPOSIT_RURAL)


def settle_payment_company(world: World) -> None:
    """Split the float between central custody and other banks, earn on the latter, pay the running costs."""
    ledger = world.ledger
    float_ = -int(ledger.stock[Sector.PAYMENT, Instrument.WALLET])
    p, a = world.assumptions.payments, world.assumptions.accounts
    free = round(float_ * (1.0 - world.now.regulator.custody_share))
    _receive(world, Kind.RESERVE_INTEREST, Sector.PAYMENT, round(free * p.deposit_rate / 12))
    qr_value = int(world.payment_value[:, 2].sum())
    _spend(world, Kind.OPERATING_COSTS, Sector.PAYMENT, round(a.payment_costs * qr_value))
    excess = _excess_custody(world, free)
    ledger.book(Kind.INTERBANK, *_swap(Sector.PAYMENT, Instrument.CUSTODY, Instrument.DEPOSIT_ELSEWHERE, excess))
    _sweep(world, Sector.PAYMENT, free)


def _excess_custody(world: World, free: int) -> int:
    """Return by how much custody lies above the part of the float that must be there, fen."""
    stock = world.ledger.stock[Sector.PAYMENT]
    return int(stock[Instrument.CUSTODY] + stock[Instrument.WALLET]) + free


def settle_guarantee_fund(world: World) -> None:
    """Let the county endow the fund, and the fund pay the claims on it as far as it reaches."""
    ledger, government, purse = world.ledger, world.now.government, Instrument.GUARANTEE_DEPOSITS
    if government.guarantee_share > 0 and world.month == government.guarantee_start:
        endowment = local_fen(world, government.guarantee_cap)
        ledger.pay(
            Kind.GOVERNMENT_TRANSFERS, Sector.GOVERNMENT, Sector.FUND, endowment, Instrument.DEPOSIT_ELSEWHERE, purse
        )  # fmt: skip
    claims = -int(ledger.stock[Sector.FUND, Instrument.GUARANTEE_CLAIMS])
    amount = min(claims, int(ledger.stock[Sector.FUND, purse]))
    if amount > 0:
        ledger.pay(Kind.GUARANTEE_SETTLEMENT, Sector.FUND, Sector.BANK, amount, purse, Instrument.RESERVES)
        ledger.claim(Kind.GUARANTEE_SETTLEMENT, Sector.BANK, Sector.FUND, Instrument.GUARANTEE_CLAIMS, -amount)


def settle_platform_lender(world: World, lent: NDArray[np.int64]) -> Result:
    """Charge the partner for service, pay for funds and running costs, provide for losses, tax the profit."""
    ledger, a = world.ledger, world.assumptions.accounts
    partner_interest = int(ledger.flows[Kind.LOAN_INTEREST, Sector.WORLD, Instrument.ACCRUED_INTEREST])
    _receive(world, Kind.SERVICE_FEES, Sector.LENDER, round(a.partner_fee * partner_interest))
    stock = ledger.stock[Sector.LENDER]
    borrowed = -min(int(stock[Instrument.RESERVES]), 0)
    _spend(world, Kind.FUNDING_COST, Sector.LENDER, round(borrowed * a.funding_rate / 12))
    loans = int(stock[Instrument.LOANS_PLATFORM] + ledger.stock[Sector.WORLD, Instrument.LOANS_PARTNER])
    _spend(world, Kind.OPERATING_COSTS, Sector.LENDER, round(loans * a.lender_costs / 12))
    provide(world, Sector.LENDER, 0, lent)
    result = tax_and_result(world, Sector.LENDER, Instrument.DEPOSIT_ELSEWHERE)
    _sweep(world, Sector.LENDER, 0)
    return result


def settle_bank(world: World, terminals: int, lent: NDArray[np.int64]) -> Result:
    """Earn on reserves and corporate loans, pay running costs, provide for losses, tax the profit, pay dividends."""
    ledger, a, facts = world.ledger, world.assumptions.accounts, world.facts.rural_bank
    reserves = Instrument.RESERVES
    earned = round(int(ledger.stock[Sector.BANK, reserves]) * a.reserve_yield / 12)
    _receive(world, Kind.RESERVE_INTEREST, Sector.BANK, earned, reserves)
    corporate = int(ledger.stock[Sector.BANK, Instrument.CORPORATE_LOANS])
    to_firm = min(round(corporate * facts.firm_loan_share), corporate)
    for debtor, account, owed in (
        (Sector.FIRM, Instrument.DEPOSIT_RURAL, to_firm),
        (Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE, corporate - to_firm),
    ):
        ledger.pay(Kind.CORPORATE_INTEREST, debtor, Sector.BANK, round(owed * a.corporate_rate / 12), account, reserves)
    assets = int(np.maximum(ledger.stock[Sector.BANK], 0).sum())
    costs = round(assets * a.bank_costs / 12) + round(terminals * a.terminal_cost * YUAN)
    _spend(world, Kind.OPERATING_COSTS, Sector.BANK, costs, reserves)
    lost = round(corporate * a.corporate_loss / 12)
    for holder, sign in ((Sector.BANK, -1), (Sector.WORLD, 1)):
        ledger.revalue(Reason.WRITE_OFF, holder, Instrument.CORPORATE_LOANS, sign * lost)
    ledger.claim(Kind.CORPORATE_LENDING, Sector.BANK, Sector.WORLD, Instrument.CORPORATE_LOANS, lost)
    ledger.pay(Kind.CORPORATE_LENDING, Sector.BANK, Sector.WORLD, lost, reserves, Instrument.DEPOSIT_ELSEWHERE)
    provide(world, Sector.BANK, corporate, lent)
    return tax_and_result(world, Sector.BANK, reserves)


def provide(world: World, holder: Sector, corporate: int, lent: NDArray[np.int64]) -> None:
    """Bring an institution's allowance to what its loans need; write-offs have used it."""
    needed = needed_allowance(world, holder, corporate, lent)
    allowance = -int(world.ledger.stock[holder, Instrument.ALLOWANCE])
    world.ledger.revalue(Reason.PROVISION, holder, Instrument.ALLOWANCE, allowance - needed)


def tax_and_result(world: World, holder: Sector, account: Instrument) -> Result:
    """Tax the month's profit; in December pay dividends; return the month's result.

    The bank pays out the usual share of the year's profit, or all that its capital ratio at the start does not need if
    that is more: a county without growth has no use for more capital.
    """
    ledger, a = world.ledger, world.assumptions.accounts
    current = int(ledger.transactions()[:, holder].sum())
    profit = current + int(ledger.revaluation[:, holder].sum())
    tax = max(round(a.tax_rate * profit), 0)
    ledger.pay(Kind.TAXES, holder, Sector.GOVERNMENT, tax, account, Instrument.DEPOSIT_ELSEWHERE)
    profit -= tax
    if world.calendar == 0:
        world.year_profit[holder] = 0
    world.year_profit[holder] += profit
    if holder is Sector.BANK and world.calendar == DECEMBER:
        own, weighted = own_funds(world, holder)
        spare = own - world.facts.rural_bank.capital_ratio * weighted
        dividend = max(round(max(a.payout * int(world.year_profit[holder]), spare)), 0)
        ledger.pay(Kind.DIVIDENDS, holder, Sector.WORLD, dividend, account, Instrument.DEPOSIT_ELSEWHERE)
    own, weighted = own_funds(world, holder)
    return Result(profit, own, own / weighted if weighted > 0 else 0.0)


def own_funds(world: World, holder: Sector) -> tuple[int, float]:
    """Return an institution's own funds, and its assets weighted by risk, both fen."""
    stock, a = world.ledger.stock[holder], world.assumptions.accounts
    own = int(stock.sum() - stock[Instrument.EQUITY])
    loans = sum(int(stock[i]) for i in (Instrument.CORPORATE_LOANS, Instrument.LOANS_BANK, Instrument.LOANS_PLATFORM))
    net_loans, reserves = loans + int(stock[Instrument.ALLOWANCE]), max(int(stock[Instrument.RESERVES]), 0)
    return own, a.risk_weight_loans * net_loans + a.risk_weight_reserves * reserves


def settle_government(world: World, programmes: float) -> int:
    """Pay for the county's programmes; let the upper government send what it spent, so that its account stays level.

    Parameters
    ----------
    world : World
    programmes : float
        What the month's programmes cost, yuan at full size.

    Returns
    -------
    int
        Programmes, interest subsidies and claims paid by the guarantee fund, fen.
    """
    ledger = world.ledger
    _spend(world, Kind.PUBLIC_PROGRAMMES, Sector.GOVERNMENT, local_fen(world, programmes))
    target = local_fen(world, world.facts.rural_bank.government_deposits)
    gap = target - int(ledger.stock[Sector.GOVERNMENT, Instrument.DEPOSIT_ELSEWHERE])
    outside = Instrument.DEPOSIT_ELSEWHERE
    payer, receiver = (Sector.WORLD, Sector.GOVERNMENT) if gap >= 0 else (Sector.GOVERNMENT, Sector.WORLD)
    ledger.pay(Kind.GOVERNMENT_TRANSFERS, payer, receiver, abs(gap), outside, outside)
    spent = ledger.transactions()[[Kind.PUBLIC_PROGRAMMES, Kind.INTEREST_SUBSIDY], Sector.GOVERNMENT].sum()
    claims = ledger.flows[Kind.GUARANTEE_SETTLEMENT, Sector.FUND, Instrument.GUARANTEE_DEPOSITS]
    return -int(spent + claims)


def _receive(
    world: World, kind: Kind, who: Sector, amount: int, account: Instrument = Instrument.DEPOSIT_ELSEWHERE
) -> None:
    world.ledger.pay(kind, Sector.WORLD, who, amount, Instrument.DEPOSIT_ELSEWHERE, account)


def _spend(
    world: World, kind: Kind, who: Sector, amount: int, account: Instrument = Instrument.DEPOSIT_ELSEWHERE
) -> None:
    world.ledger.pay(kind, who, Sector.WORLD, amount, account, Instrument.DEPOSIT_ELSEWHERE)


def _swap(who: Sector, given: Instrument, gotten: Instrument, amount: int) -> tuple[Position, Position]:
    paid, received = position(), position()
    paid[who, given] = amount
    received[who, gotten] = amount
    return paid, received


def _sweep(world: World, who: Sector, kept: int) -> None:
    """Leave a sum on an institution's account; borrow or lend the rest between banks."""
    spare = int(world.ledger.stock[who, Instrument.DEPOSIT_ELSEWHERE]) - kept
    world.ledger.book(Kind.INTERBANK, *_swap(who, Instrument.DEPOSIT_ELSEWHERE, Instrument.RESERVES, spare))


def check_books(world: World, loans: LoanCounts) -> None:
    """Check every law of the books against residents' accounts and the loan tape, counted afresh this month."""
    records = position(counted_money(world)) + loan_records(loans)
    known = np.zeros((SECTORS, INSTRUMENTS), np.bool_)
    known[:3, : len(MONEY)] = True
    lent = [Instrument.LOANS_BANK, Instrument.LOANS_PLATFORM, Instrument.LOANS_PARTNER, Instrument.FAMILY_LOANS]
    for instrument in (*lent, Instrument.ACCRUED_INTEREST, Instrument.COOPERATIVE_SHARES):
        known[:3, instrument] = True
    known[Sector.BANK, [Instrument.LOANS_BANK, Instrument.ACCRUED_INTEREST]] = True
    known[Sector.LENDER, [Instrument.LOANS_PLATFORM, Instrument.ACCRUED_INTEREST]] = True
    known[Sector.WORLD, Instrument.LOANS_PARTNER] = True
    records[Sector.PAYMENT, Instrument.WALLET] = -records[:3, Instrument.WALLET].sum()
    known[Sector.PAYMENT, Instrument.WALLET] = True
    world.ledger.check(records, known)
