"""Shopping and payments: what households spend, in which shops, and by cash, card or QR code."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.accounts import Kind
from sim.kernels import device, kernel, row, span
from sim.mechanisms.purse import (
    ELSEWHERE,
    RURAL,
    WALLET,
    Array,
    Money,
    Taken,
    own_by_hand,
    own_by_transfer,
    purse_of,
    settle,
    with_the_others,
)
from sim.threads import HOUSEHOLD, over_parts, over_rows, parts_of

RETAIL_SALES = int(Kind.RETAIL_SALES)
FARM_INPUTS = int(Kind.FARM_INPUTS)
OTHER_CONSUMPTION = int(Kind.OTHER_CONSUMPTION)
SUPPLIES = int(Kind.SUPPLIES)
HEALTH = int(Kind.HEALTH_AND_SCHOOLING)
BUILDING = int(Kind.BUILDING)
METHOD_CASH, METHOD_CARD, METHOD_QR = 0, 1, 2
#: More inputs than this, relative to the usual, bring nothing.
MOST_INPUTS = 1.5


class SpendingTerms(NamedTuple):
    """What everybody's spending depends on in one month.

    Attributes
    ----------
    propensity : float
        Share of usual income that is consumed.
    wealth_pull : float
        Share of the money above (below) the buffer that is spent (saved) in a month.
    prudence : float
        Share of the money above subsistence that is spent in a month at most.
    buffer_months : float
        Money kept in hand, months of usual income.
    subsistence : int
        Least that one person lives on, fen a month.
    season : float
        Consumption of the calendar month relative to the year's mean (Spring Festival, lockdown).
    retail_share : float
        Share of consumption bought in the county's shops.
    payer_share : float
        Share of the shopping of members without a wallet that the payer takes over at full habit.
    online_share : float
        Share of what is bought outside the county's shops that can be paid online.
    inputs_wanted : float
        Farm inputs wanted this month, fen per mu; 0 outside the input months.
    inputs_carry : float
        Weight of earlier purchases of the same season in the inputs ratio.
    wallet_balance_share : float
        Share of a QR payment that comes from the wallet's balance where there is one; the rest debits a bank card.
    month : int
        The month.
    """

    propensity: float
    wealth_pull: float
    prudence: float
    buffer_months: float
    subsistence: int
    season: float
    retail_share: float
    payer_share: float
    online_share: float
    inputs_wanted: float
    inputs_carry: float
    wallet_balance_share: float
    month: int


@device
def _purchase(use: float, shop: int, amount: int, qr_share: Array, card_share: Array, sales: Array) -> tuple[int, int]:
    """Split a household's month of shopping at one shop by method and enter it in the shop's sales.

    Returns
    -------
    int, int
        What goes by code and by card, fen.
    """
    qr = int(amount * use * qr_share[shop])
    card = int((amount - qr) * card_share[shop])
    sales[shop, METHOD_CASH] += amount - qr - card
    sales[shop, METHOD_CARD] += card
    sales[shop, METHOD_QR] += qr
    return qr, card


@device
def _use(head: int, last: int, payer: int, habit: Array, wallet_since: Array, share: float) -> tuple[float, bool]:
    """Return the share of a household's purchases paid by wallet: members' mean of max(habit, share x payer's).

    And whether others than the payer have a wallet that they use.
    """
    if payer < 0:
        return 0.0, False
    total = owned = 0.0
    least = share * habit[payer]
    for i in range(head, last):
        own = habit[i] if wallet_since[i] >= 0 else 0.0
        total += max(own, least)
        owned += own
    mine = habit[payer] if wallet_since[payer] >= 0 else 0.0
    return total / int(last - head), owned > mine


@device
def _by_wallet(
    terms: SpendingTerms, money: Money, head: int, last: int, payer: int, use: float, several: bool, amount: int,
    habit: Array, wallet_since: Array, wallet_last: Array, main_bank: Array, flow: Array,
) -> Taken:  # fmt: skip
    """Let members with a wallet pay an amount: each for himself by his habit, the payer last and for the others."""
    left = amount
    per_habit = amount / (use * int(last - head))
    cash = rural = elsewhere = wallet = fund = 0
    for turn in range(head if several else last, last + row(1)):
        i = payer if turn == last else turn
        own = 0.0 if (i == payer) | (wallet_since[i] < 0) else habit[i]
        mine = left if turn == last else min(int(per_habit * own), left)
        if mine <= 0:
            continue
        balance = min(money[i, WALLET], int(mine * terms.wallet_balance_share))
        money[i, WALLET] -= balance
        rest = mine - balance
        c, r, e, w, f = own_by_transfer(money, i, main_bank[i], rest)
        short = rest - c - r - e - w - f
        if short > 0:
            c, r, e, w, f = with_the_others(money, head, last, short, False, c, r, e, w, f)
        cash += c
        rural += r
        elsewhere += e
        wallet += w + balance
        fund += f
        wallet_last[i] = terms.month
        flow[i] += mine
        left -= mine
    return cash, rural, elsewhere, wallet, fund


@kernel
def _shop_part(
    part: int, start: int, stop: int, terms: SpendingTerms, first: Array, sector: Array, children: Array, land: Array,
    payer: Array, income_average: Array, consumption: Array, inputs_ratio: Array, earmarked_inputs: Array,
    earmarked_life: Array, earmarked_building: Array, shops: Array, weights: Array, dealer: Array, habit: Array,
    wallet_since: Array, wallet_last: Array, main_bank: Array, flow: Array, money: Money, qr_share: Array,
    card_share: Array, all_sales: Array, all_paid: Array,
) -> None:  # fmt: skip
    """Let the households in rows start to stop - 1 shop and pay; arguments as in `shop_and_pay`, sums of one part."""
    everyday, farm_inputs, paid = all_sales[part, 0], all_sales[part, 1], all_paid[part]
    last = row(first[start])
    for h in span(start, stop):
        head, last = last, row(first[h + row(1)])
        s = row(sector[h])
        use, several = _use(head, last, payer[h], habit, wallet_since, terms.payer_share)
        liquid = purse_of(money, head, last)
        least = terms.subsistence * (int(last - head) + children[h])

        # an expense that came up last month goes before everything else
        life = min(earmarked_life[h], liquid)
        liquid -= life
        building = min(earmarked_building[h], liquid)
        liquid -= building
        earmarked_life[h] = 0
        earmarked_building[h] = 0

        inputs_qr = inputs_card = inputs_cash = 0
        if terms.inputs_wanted > 0:
            if land[h] > 0 and dealer[h] >= 0:
                wanted = int(land[h] * terms.inputs_wanted)
                more = min(earmarked_inputs[h], liquid)
                spend = more + min(wanted, max(liquid - more - least, 0))
                bought = min(spend / wanted, MOST_INPUTS) if wanted > 0 else 1.0
                inputs_ratio[h] = terms.inputs_carry * inputs_ratio[h] + (1.0 - terms.inputs_carry) * bought
                liquid -= spend
                inputs_qr, inputs_card = _purchase(use, row(dealer[h]), spend, qr_share, card_share, farm_inputs)
                inputs_cash = spend - inputs_qr - inputs_card
            earmarked_inputs[h] = 0

        usual = income_average[h]
        plan = terms.propensity * usual * terms.season + terms.wealth_pull * (liquid - terms.buffer_months * usual)
        most = least + int(terms.prudence * (liquid - least))
        spend = min(max(min(int(plan), most), least), liquid)
        consumption[h] = spend
        retail = int(spend * terms.retail_share)
        online = int((spend - retail) * terms.online_share * use)
        other = spend - retail - online
        left = retail
        by_qr = by_card = 0
        for k in span(0, shops.shape[1]):
            bought_here = left if k == row(shops.shape[1] - 1) else min(left, int(retail * weights[h, k]))
            left -= bought_here
            qr, card = _purchase(use, row(shops[h, k]), bought_here, qr_share, card_share, everyday)
            by_qr += qr
            by_card += card
        in_cash = retail - by_qr - by_card

        amount = inputs_qr + online + by_qr
        if amount > 0:
            c, r, e, w, f = _by_wallet(
                terms, money, head, last, row(payer[h]), use, several, amount, habit, wallet_since, wallet_last,
                main_bank, flow,
            )  # fmt: skip
            if inputs_qr > 0:
                c, r, e, w, f = settle(inputs_qr, c, r, e, w, f, paid[FARM_INPUTS, s])
            c, r, e, w, f = settle(online, c, r, e, w, f, paid[OTHER_CONSUMPTION, s])
            settle(by_qr, c, r, e, w, f, paid[RETAIL_SALES, s])
        large = life + building + inputs_card
        amount = large + other + by_card
        c, r, e, w, f = own_by_transfer(money, head, main_bank[head], amount)
        short = amount - c - r - e - w - f
        if short > 0:
            c, r, e, w, f = with_the_others(money, head, last, short, False, c, r, e, w, f)
        if large > 0:
            c, r, e, w, f = settle(life, c, r, e, w, f, paid[HEALTH, s])
            c, r, e, w, f = settle(building, c, r, e, w, f, paid[BUILDING, s])
            c, r, e, w, f = settle(inputs_card, c, r, e, w, f, paid[FARM_INPUTS, s])
        c, r, e, w, f = settle(other, c, r, e, w, f, paid[OTHER_CONSUMPTION, s])
        settle(by_card, c, r, e, w, f, paid[RETAIL_SALES, s])
        amount = inputs_cash + in_cash
        c, r, e, w, f = own_by_hand(money, head, amount)
        short = amount - c - r - e - w - f
        if short > 0:
            c, r, e, w, f = with_the_others(money, head, last, short, True, c, r, e, w, f)
        if inputs_cash > 0:
            c, r, e, w, f = settle(inputs_cash, c, r, e, w, f, paid[FARM_INPUTS, s])
        settle(in_cash, c, r, e, w, f, paid[RETAIL_SALES, s])


def shop_and_pay(
    terms: SpendingTerms, first: Array, sector: Array, children: Array, land: Array, payer: Array,
    income_average: Array, consumption: Array, inputs_ratio: Array, earmarked_inputs: Array, earmarked_life: Array,
    earmarked_building: Array, shops: Array, weights: Array, dealer: Array, habit: Array, wallet_since: Array,
    wallet_last: Array,
    main_bank: Array, flow: Array, money: Money, qr_share: Array, card_share: Array, sales: Array,
    paid: Array,
) -> None:  # fmt: skip
    """Let every household spend, shop by shop, and pay by QR, card or cash.

    Consumption = propensity x usual income x season + pull x (money - buffer), at most a share of the money above
    subsistence, at least subsistence, never more than the money.
    QR part of a purchase = mean over members of max(habit, payer share x habit of the payer) x share of the value that
    a code may carry, in a shop that takes QR; of the rest a share goes by card where there is a terminal, and what
    remains is cash. Of what is bought outside the county's shops a part is paid online in the same proportion.

    Parameters
    ----------
    terms : SpendingTerms
        Of the month.
    first ... earmarked_building : [households]
        ``consumption``, ``inputs_ratio`` and the three earmarked amounts are changed: what was borrowed last month for
        more farm inputs than usual, and what last month's illness or school, and building cost, fen.
    shops, weights : int32, float32[households, 6]
        Regular shops and their share of the household's shopping.
    dealer : int32[households]
        Dealer in farm inputs, -1 for none.
    habit ... money : [residents]
        ``wallet_last`` (month), ``flow``
        (fen through the wallet this month) and money are changed.
    qr_share, card_share : float32[shops]
        Share of value that a code can carry in the shop (0 where it takes none), and of the rest that goes by card.
    sales : int64[parts, 2, shops, methods], fen
        Increased by each shop's sales (everyday goods, farm inputs) by method.
    paid : int64[parts, kinds, 3, 5], fen
        Increased by what household sectors pay, by kind, sector and instrument. Whole numbers, so
        the sum over parts is the same on any number of threads.
    """
    over_parts(
        _shop_part, len(sales), len(first) - 1, terms, first, sector, children, land, payer, income_average,
        consumption, inputs_ratio, earmarked_inputs, earmarked_life, earmarked_building, shops, weights, dealer, habit,
        wallet_since, wallet_last, main_bank, flow, money, qr_share, card_share, sales, paid,
        weight=HOUSEHOLD,
    )  # fmt: skip


class ShopTerms(NamedTuple):
    """What a shop's accounts depend on in one month.

    Attributes
    ----------
    fee, withdrawal_fee : float
        Share of QR sales, and of money moved from the wallet to a bank, that the payment company takes.
    next_season : float
        Next month's sales relative to the year's mean: shops restock a month ahead.
    smoothing : float
        Weight of the month in the usual turnover.
    wallet_float : float
        Share of a month's QR sales left in the wallet.
    subsistence : int
        Left untouched in the owner's purse, fen.
    """

    fee: float
    withdrawal_fee: float
    next_season: float
    smoothing: float
    wallet_float: float
    subsistence: int


@device
def _one_of_three(numbers: tuple[Any, Any, Any], which: int) -> Any:
    """Return ``numbers[which]``, chosen and not looked up: LLVM then works on eight rows at once."""
    return numbers[0] if which == 0 else numbers[1] if which == 1 else numbers[2]


@kernel
def _pay_by_card(
    start: int, stop: int, chance: tuple[Any, Any, Any], luck: Array, place_kind: Array, age_band: Array,
    app_since: Array, month: np.int16, card_last: Array,
) -> None:  # fmt: skip
    """Note the month in rows start to stop - 1; arguments as in `pay_by_card`, ``chance`` as a tuple of tuples.

    The later of two months is written in every row, by card or not: a write in some rows only would keep LLVM from
    working on eight at once.
    """
    village, seat, town = chance
    earliest = np.int16(-(2**15))
    for i in span(start, stop):
        by_place = (
            _one_of_three(village, age_band[i]), _one_of_three(seat, age_band[i]), _one_of_three(town, age_band[i]),
        )  # fmt: skip
        pays = (luck[i] < _one_of_three(by_place, place_kind[i])) | (app_since[i] >= 0)
        card_last[i] = max(card_last[i], month if pays else earliest)


def pay_by_card(
    chance: Array, luck: Array, place_kind: Array, age_band: Array, app_since: Array, month: int, card_last: Array
) -> None:
    """Note the month for those who pay by card or the bank's app.

    Parameters
    ----------
    chance : float32[place kinds, age bands]
        Share of card users.
    luck : float32[residents]
        Uniform draw, the same every month: a fixed order of persons.
    place_kind, age_band, app_since : [residents]
    month : int
    card_last : int16[residents]
        Changed; not later than this month.
    """
    over_rows(
        _pay_by_card, len(luck), tuple(map(tuple, chance)), luck, place_kind, age_band, app_since, np.int16(month),
        card_last,
    )  # fmt: skip


@kernel
def _accepted(
    qr: Array, terminal: Array, kind: Array, place_kind: Array, code_share: Array, card_share: Array, by_code: Array,
    by_card: Array,
) -> None:  # fmt: skip
    """Fill ``by_code`` and ``by_card``; arguments as in `accepted`."""
    nothing = np.float32(0.0)
    for j in span(0, len(qr)):
        by_code[j] = code_share[row(kind[j]), row(terminal[j])] if qr[j] else nothing
        by_card[j] = card_share[row(place_kind[j])] if terminal[j] else nothing


def accepted(
    qr: Array, terminal: Array, kind: Array, place_kind: Array, code_share: Array, card_share: Array
) -> tuple[Array, Array]:
    """Return the share of value that goes by code in each shop, and of the rest by card.

    Parameters
    ----------
    qr, terminal : bool[shops]
        Takes QR; has a card terminal.
    kind, place_kind : int8[shops]
    code_share : float32[shop kinds, 2]
        Share of value that a code may carry, without and with a terminal.
    card_share : float32[place kinds]
        Share of the rest that goes by card where there is a terminal.

    Returns
    -------
    float32[shops], float32[shops]
    """
    by_code, by_card = np.empty((2, len(qr)), np.float32)
    _accepted(qr, terminal, kind, place_kind, code_share, card_share, by_code, by_card)
    return by_code, by_card


@kernel
def _count_payments(
    sales: Array, kind: Array, place_kind: Array, ticket: Array, month: int, by_method: tuple[Array, Array, Array],
    qr_last: Array, value: Array, number: Array,
) -> None:  # fmt: skip
    """Count the payments; arguments as in `count_payments`."""
    for j in span(0, len(kind)):
        place, sells = row(place_kind[j]), row(kind[j])
        cash = sales[0, j, METHOD_CASH] + sales[1, j, METHOD_CASH]
        card = sales[0, j, METHOD_CARD] + sales[1, j, METHOD_CARD]
        qr = sales[0, j, METHOD_QR] + sales[1, j, METHOD_QR]
        by_method[METHOD_CASH][j] = cash
        by_method[METHOD_CARD][j] = card
        by_method[METHOD_QR][j] = qr
        if qr > 0:
            qr_last[j] = month
        value[place, METHOD_CASH] += cash
        value[place, METHOD_CARD] += card
        value[place, METHOD_QR] += qr
        number[place, METHOD_CASH] += cash / ticket[sells, METHOD_CASH]
        number[place, METHOD_CARD] += card / ticket[sells, METHOD_CARD]
        number[place, METHOD_QR] += qr / ticket[sells, METHOD_QR]


def count_payments(
    sales: Array, kind: Array, place_kind: Array, ticket: Array, month: int, by_method: tuple[Array, Array, Array],
    qr_last: Array, value: Array, number: Array,
) -> None:  # fmt: skip
    """Count the month's payments by shop and method, and by level of place and method, in value and number.

    Parameters
    ----------
    sales : int64[2, shops, methods], fen
        Everyday goods and farm inputs, by method.
    kind, place_kind : int8[shops]
    ticket : float64[shop kinds, methods], fen
        Mean ticket.
    month : int
    by_method : int64[shops] for each method, fen
        Set to what a shop sold for cash, by card and by QR code.
    qr_last : int16[shops], month
        Set to this month where something was paid by QR.
    value, number : int64[place kinds, methods] in fen, float64[place kinds, methods]
        Set to what was paid, and in how many payments.
    """
    value[:] = 0
    number[:] = 0.0
    _count_payments(sales, kind, place_kind, ticket, month, by_method, qr_last, value, number)


@device
def _next_owner(shop: int, owner: Array, household: Array) -> int:
    """Return the first shop from this one on at which another household's shops begin."""
    while 0 < shop < len(owner) and household[owner[shop]] == household[owner[shop - 1]]:
        shop += 1
    return shop


@kernel
def _settle_part(
    part: int, start: int, stop: int, terms: ShopTerms, margins: Array, owner: Array, kind: Array, sales: Array,
    turnover_average: Array, stock: Array, earmarked_stock: Array, household: Array, first: Array, sector: Array,
    main_bank: Array, flow: Array, money: Money, income: Array, all_received: Array, all_supplies: Array,
    all_withdrawn: Array, all_deposited: Array, all_fees: Array,
) -> None:  # fmt: skip
    """Settle the shops in rows start to stop - 1; arguments as in `settle_shops`, sums of one part.

    Both ends are moved to where the next household's shops begin, so that no two parts share a purse.
    """
    received, supplies, fees = all_received[part], all_supplies[part], all_fees[part]
    withdrawn, deposited = all_withdrawn[part], all_deposited[part]
    for shop in span(_next_owner(start, owner, household), _next_owner(stop, owner, household)):
        i = row(owner[shop])
        h = row(household[i])
        head, last = row(first[h]), row(first[h + row(1)])
        s = row(sector[h])
        bank = row(RURAL if main_bank[i] == 0 else ELSEWHERE)
        total = 0
        qr_total = 0
        for goods in range(2):
            cash = sales[goods, shop, METHOD_CASH]
            card = sales[goods, shop, METHOD_CARD]
            qr = sales[goods, shop, METHOD_QR]
            money[i, 0] += cash
            money[i, bank] += card
            money[i, WALLET] += qr
            received[goods, s, 0] += cash
            received[goods, s, bank] += card
            received[goods, s, WALLET] += qr
            qr_total += qr
            total += cash + card + qr
        flow[i] += qr_total
        fee = min(int(qr_total * terms.fee), money[i, WALLET])
        money[i, WALLET] -= fee
        fees[0, s] += fee
        idle = money[i, WALLET] - int(qr_total * terms.wallet_float)
        if qr_total > 0 and idle > 0:
            charge = int(idle * terms.withdrawal_fee)
            money[i, WALLET] -= idle
            money[i, bank] += idle - charge
            withdrawn[s, WALLET] += idle - charge
            deposited[s, bank] += idle - charge
            fees[1, s] += charge
            fee += charge
        if turnover_average[shop] == 0:
            turnover_average[shop] = total
        cost = 1.0 - margins[kind[shop]]
        needed = int(cost * turnover_average[shop] * terms.next_season)
        order = max(needed - stock[shop], 0)
        stock[shop] = max(stock[shop] - needed, 0)
        ahead = earmarked_stock[h]
        earmarked_stock[h] = 0
        free = purse_of(money, head, last) - terms.subsistence
        order = min(order + ahead, max(free, 0))
        stock[shop] += min(ahead, order)
        c, r, e, w, f = own_by_transfer(money, i, main_bank[i], order)
        short = order - c - r - e - w - f
        if short > 0:
            c, r, e, w, f = with_the_others(money, head, last, short, False, c, r, e, w, f)
        settle(order, c, r, e, w, f, supplies[0, s])
        turnover_average[shop] += int(terms.smoothing * (total - turnover_average[shop]))
        income[h] += total - int(total * cost) - fee


def settle_shops(
    terms: ShopTerms, margins: Array, owner: Array, kind: Array, sales: Array, turnover_average: Array, stock: Array,
    earmarked_stock: Array,
    household: Array, first: Array, sector: Array, main_bank: Array, flow: Array, money: Money, income: Array,
    received: Array, supplies: Array, withdrawn: Array, deposited: Array, fees: Array,
) -> None:  # fmt: skip
    """Credit each shop's sales to its owner, charge the fees, restock and move the wallet's money to a bank.

    Supplies = (1 - margin) x usual turnover x next month's season, less stock bought ahead, as far as the owner's purse
    reaches. What was borrowed for stock is spent on it and makes later orders smaller.

    Parameters
    ----------
    margins : float64[shop kinds]
        Gross margin on sales.
    owner, kind : [shops]
        A household's shops stand side by side.
    sales : int64[2, shops, methods], fen
        Everyday goods and farm inputs, by method.
    turnover_average, stock : int64[shops], fen a month, fen
        Changed: usual turnover; stock bought ahead, at cost.
    earmarked_stock : int64[households], fen
        Borrowed last month for stock; set to 0.
    household, main_bank, flow, money : [residents]
        ``flow`` and money are changed.
    first, sector, income : [households]
        ``income`` is increased by the margin less fees.
    received : int64[2, 3, 5], fen
        Increased by sales received, by goods, sector and instrument.
    supplies, withdrawn, deposited, fees : int64[1, 3, 5], int64[3, 5] twice, int64[2, 3], fen
        Increased by what is paid to suppliers, taken from wallets, put on deposit, and paid in fees ([0] merchant
        fees and [1] withdrawal fees in ``fees[row, sector]``).
    """
    parts = parts_of(len(owner), HOUSEHOLD)
    sums = [np.zeros((parts, *total.shape), np.int64) for total in (received, supplies, withdrawn, deposited, fees)]
    over_parts(
        _settle_part, parts, len(owner), terms, margins, owner, kind, sales, turnover_average, stock, earmarked_stock,
        household, first, sector, main_bank, flow, money, income, *sums, weight=HOUSEHOLD,
    )  # fmt: skip
    for total, by_part in zip((received, supplies, withdrawn, deposited, fees), sums, strict=True):
        total += by_part.sum(axis=0)
