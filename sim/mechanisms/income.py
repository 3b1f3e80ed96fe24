"""Income of a month: wages, harvests, off-farm pay, remittances, pensions and the poor's dividends."""

from __future__ import annotations

from typing import NamedTuple

from sim.accounts import Kind
from sim.kernels import device, kernel, row, span
from sim.mechanisms.purse import BY_HAND, CASH, ELSEWHERE, RURAL, WALLET, Array, Money, take
from sim.threads import HOUSEHOLD, over_parts

WAGES = int(Kind.WAGES)
HARVEST_SALES = int(Kind.HARVEST_SALES)
OFF_FARM_PAY = int(Kind.OFF_FARM_PAY)
REMITTANCES = int(Kind.REMITTANCES)
PENSIONS = int(Kind.PENSIONS)
COOPERATIVE_DIVIDENDS = int(Kind.COOPERATIVE_DIVIDENDS)
SOLAR_DIVIDENDS = int(Kind.SOLAR_DIVIDENDS)
INSURANCE = int(Kind.INSURANCE)


class IncomeTerms(NamedTuple):
    """What everybody's income depends on in one month.

    Attributes
    ----------
    wage_factor : float
        Share of wages paid (lockdown lowers it).
    off_farm_factor : float
        Share of off-farm work that is there this month (season, lockdown).
    off_farm_chance : float
        Probability that an off-farm worker finds work in a month.
    off_farm_cash, harvest_cash, remittance_wallet : float
        Shares paid in cash, and of remittances by wallet where the household has one.
    harvest_value : float
        Value of this month's harvest, fen per mu; 0 outside the harvest months.
    harvest_noise : float
        Half-width of a household's own luck with the harvest, share.
    inputs_loss : float
        Share of the harvest that a household without any bought inputs loses.
    cooperative_dividend, solar_dividend : int
        Paid to each poor household this month, fen.
    premium, claim : float
        Farm insurance, fen per mu this month; a claim is paid where the weather took more than a third.
    """

    wage_factor: float
    off_farm_factor: float
    off_farm_chance: float
    off_farm_cash: float
    harvest_cash: float
    remittance_wallet: float
    harvest_value: float
    harvest_noise: float
    inputs_loss: float
    cooperative_dividend: int
    solar_dividend: int
    premium: float
    claim: float


@device
def _split(
    money: Money, i: int, first_account: int, second_account: int, amount: int, share: float, received_by_sector: Array,
) -> None:  # fmt: skip
    """Pay an amount to row i, a share into the first account and the rest into the second."""
    part = int(amount * share)
    money[i, first_account] += part
    money[i, second_account] += amount - part
    received_by_sector[first_account] += part
    received_by_sector[second_account] += amount - part


@device
def harvest_share(inputs_ratio: float, loss: float) -> float:
    """Return the harvest over that with the usual inputs: 1 - loss x (1 - ratio); more inputs bring half as much.

    The ratio counts up to 1.5.
    """
    if inputs_ratio <= 1.0:
        return 1.0 - loss * (1.0 - inputs_ratio)
    return 1.0 + 0.5 * loss * (min(inputs_ratio, 1.5) - 1.0)


@kernel
def _income_of_part(
    part: int, start: int, stop: int,
    terms: IncomeTerms, first: Array, sector: Array, poor: Array, land: Array, remittance: Array, inputs_ratio: Array,
    payer: Array, weather: Array, harvest_luck: Array, occupation: Array, employer: Array, main_bank: Array,
    wage: Array, pension: Array, work_luck: Array, flow: Array, money: Money, income: Array, all_received: Array,
    all_wages_paid: Array, all_paid: Array,
) -> None:  # fmt: skip
    """Pay the households in rows start to stop - 1; arguments as in `household_income`, sums of one part."""
    farmer = 0
    anchor = 1
    received, wages_paid, paid = all_received[part], all_wages_paid[part], all_paid[part]
    last = row(first[start])
    chance_of_work = terms.off_farm_chance * terms.off_farm_factor
    for h in span(start, stop):
        head, last = last, row(first[h + row(1)])
        s = row(sector[h])
        total = pensions = 0
        for i in range(head, last):
            flow[i] = 0
            bank = row(RURAL if (main_bank[i] == 0 or employer[i] == anchor) else ELSEWHERE)
            # without a jump: who finds work this month is a matter of luck, which a processor cannot guess
            farms = occupation[i] == farmer
            works = (not farms) | (work_luck[i] < chance_of_work)
            amount = int(wage[i] / terms.off_farm_chance) if farms else int(wage[i] * terms.wage_factor)
            amount = amount if works else 0
            cash = int(amount * terms.off_farm_cash) if farms else 0
            money[i, CASH] += cash
            money[i, bank] += amount - cash
            kind = row(OFF_FARM_PAY if farms else WAGES)
            received[kind, s, CASH] += cash
            received[kind, s, bank] += amount - cash
            wages_paid[row(employer[i])] += 0 if farms else amount
            money[i, RURAL] += pension[i]
            pensions += pension[i]
            total += amount
        received[PENSIONS, s, RURAL] += pensions
        total += pensions
        bank = row(RURAL if main_bank[head] == 0 else ELSEWHERE)
        amount = remittance[h]
        who = row(payer[h]) if payer[h] >= 0 else head
        to_wallet = int(amount * terms.remittance_wallet) if payer[h] >= 0 else 0
        money[who, WALLET] += to_wallet
        money[who, bank] += amount - to_wallet
        received[REMITTANCES, s, WALLET] += to_wallet
        received[REMITTANCES, s, bank] += amount - to_wallet
        flow[who] += to_wallet
        total += amount
        if land[h] > 0:
            if terms.harvest_value > 0:
                luck = 1.0 + terms.harvest_noise * (2.0 * harvest_luck[h] - 1.0)
                kept = harvest_share(inputs_ratio[h], terms.inputs_loss)
                amount = int(land[h] * terms.harvest_value * weather[h] * luck * kept)
                _split(money, head, row(CASH), bank, amount, terms.harvest_cash, received[HARVEST_SALES, s])
                total += amount
                if weather[h] < 0.667:
                    claim = int(land[h] * terms.claim * (1.0 - weather[h]))
                    money[head, RURAL] += claim
                    received[INSURANCE, s, RURAL] += claim
                    total += claim
            if terms.premium > 0:
                take(money, head, last, head, int(land[h] * terms.premium), BY_HAND, paid, 0, s)
        if poor[h]:
            if terms.cooperative_dividend > 0:
                money[head, RURAL] += terms.cooperative_dividend
                received[COOPERATIVE_DIVIDENDS, s, RURAL] += terms.cooperative_dividend
                total += terms.cooperative_dividend
            if terms.solar_dividend > 0:
                money[head, RURAL] += terms.solar_dividend
                received[SOLAR_DIVIDENDS, s, RURAL] += terms.solar_dividend
                total += terms.solar_dividend
        income[h] = total


def household_income(
    terms: IncomeTerms, first: Array, sector: Array, poor: Array, land: Array, remittance: Array, inputs_ratio: Array,
    payer: Array, weather: Array, harvest_luck: Array, occupation: Array, employer: Array, main_bank: Array,
    wage: Array, pension: Array, work_luck: Array, flow: Array, money: Money, income: Array, received: Array,
    wages_paid: Array, paid: Array,
) -> None:  # fmt: skip
    """Pay every household its income of the month.

    A harvest is worth land x value x weather x luck x share kept by inputs; luck is uniform around 1.

    Parameters
    ----------
    terms : IncomeTerms
        Prices and chances of the month.
    first : int32[households + 1]
        Row of each household's first member.
    sector, poor, land, remittance, inputs_ratio, payer : [households]
        Sector; poor or not; land in mu; remittance in fen a month; share of wanted inputs bought; wallet payer or -1.
    weather : float32[households]
        Share of a normal harvest left by the weather of the township; as the next, looked at only where there is a
        harvest.
    harvest_luck : float32[households]
        Uniform draw.
    occupation, employer, main_bank, wage, pension, work_luck : [residents]
        Codes; fen a month; uniform draw.
    flow : int64[residents], fen
        Set to the remittances that arrive by wallet.
    money : int64[residents, 5], fen
        The purse; changed.
    income : int64[households], fen
        Set to the income of the month.
    received : int64[parts, kinds, 3, 5], fen
        Increased by what household sectors receive, by kind and instrument.
    wages_paid : int64[parts, employers], fen
        Increased by the wages of each employer.
    paid : int64[parts, 1, 3, 5], fen
        Increased by insurance premiums paid, by sector and instrument.
    """
    over_parts(
        _income_of_part, len(received), len(first) - 1, terms, first, sector, poor, land, remittance, inputs_ratio,
        payer, weather, harvest_luck, occupation, employer, main_bank, wage, pension, work_luck, flow, money, income,
        received, wages_paid, paid, weight=HOUSEHOLD,
    )  # fmt: skip
