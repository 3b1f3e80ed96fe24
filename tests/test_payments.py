"""Money kernels on random small counties: what is paid is what is received and booked, and nothing is negative."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from county_runs import county
from hypothesis import given
from hypothesis import strategies as st

from sim.accounts import Kind
from sim.agents.disbursement import pay_out
from sim.agents.residents.income import income_terms
from sim.agents.residents.shopping import code_shares, season, shop_terms, spending_terms
from sim.mechanisms.income import household_income
from sim.mechanisms.month_end import MonthEndTerms, close_household_accounts, count_money
from sim.mechanisms.purse import BY_HAND, BY_TRANSFER, BY_WALLET
from sim.mechanisms.shopping import accepted, count_payments, pay_by_card, settle_shops, shop_and_pay
from sim.state.ledger import KINDS
from sim.vocabulary import Employer, Lender, LoanStatus, Method, Product, ShopKind

SHOPS = 5
BLOCKS = 2
CASH, RURAL, ELSEWHERE, WALLET, FUND = range(5)

seeds = st.integers(0, 2**32 - 1)
shares = st.floats(0, 1)


def village(seed: int, homes: int = 12) -> SimpleNamespace:
    """Return a few households with shops, money and habits, some of them with nothing."""
    rng = np.random.default_rng(seed)
    size = rng.integers(1, 6, homes)
    first = np.concatenate([[0], np.cumsum(size)]).astype(np.int32)
    n = int(first[-1])
    household = np.repeat(np.arange(homes, dtype=np.int32), size)
    wallet_since = np.where(rng.random(n) < 0.5, 0, -1).astype(np.int16)
    payer = np.full(homes, -1, np.int32)
    for i in np.flatnonzero(wallet_since >= 0)[::-1]:
        payer[household[i]] = i
    weights = rng.random((homes, 3)).astype(np.float32)
    return SimpleNamespace(
        rng=rng, n=n, homes=homes, first=first, household=household, payer=payer, wallet_since=wallet_since,
        sector=rng.integers(0, 3, homes).astype(np.int8), children=rng.integers(0, 3, homes).astype(np.int8),
        land=np.where(rng.random(homes) < 0.6, rng.random(homes) * 10, 0).astype(np.float32),
        money=np.where(rng.random((n, 5)) < 0.7, rng.integers(0, 2_000_000, (n, 5)), 0),
        habit=np.where(wallet_since >= 0, rng.random(n), 0).astype(np.float32),
        income_average=rng.integers(0, 900_000, homes).astype(np.int64), consumption=np.zeros(homes, np.int64),
        inputs_ratio=rng.random(homes).astype(np.float32),
        earmarked_inputs=np.where(rng.random(homes) < 0.3, rng.integers(0, 500_000, homes), 0).astype(np.int64),
        earmarked_life=np.where(rng.random(homes) < 0.3, rng.integers(0, 5_000_000, homes), 0).astype(np.int64),
        earmarked_building=np.where(rng.random(homes) < 0.1, rng.integers(0, 9_000_000, homes), 0).astype(np.int64),
        earmarked_stock=np.where(rng.random(homes) < 0.2, rng.integers(0, 900_000, homes), 0).astype(np.int64),
        stock=np.zeros(SHOPS, np.int64),
        shops=rng.integers(0, SHOPS, (homes, 3)).astype(np.int32), weights=weights / weights.sum(1, keepdims=True),
        dealer=np.where(rng.random(homes) < 0.8, rng.integers(0, SHOPS, homes), -1).astype(np.int32),
        wallet_last=np.full(n, -99, np.int16),
        flow=np.zeros(n, np.int64), main_bank=rng.integers(0, 2, n).astype(np.int8),
        income=np.zeros(homes, np.int64),
    )  # fmt: skip


def held(v: SimpleNamespace) -> np.ndarray:
    """Return what sectors hold by instrument, counted in NumPy."""
    table = np.zeros((3, 5), np.int64)
    for account in range(5):
        np.add.at(table[:, account], v.sector[v.household], v.money[:, account])
    return table


def shop(v, terms, qr_share, card_share):
    """Let households shop; return sales[2, shops, methods] and paid[kinds, 3, 5]."""
    sales = np.zeros((BLOCKS, 2, SHOPS, len(Method)), np.int64)
    paid = np.zeros((BLOCKS, KINDS, 3, 5), np.int64)
    shop_and_pay(
        terms, v.first, v.sector, v.children, v.land, v.payer, v.income_average, v.consumption, v.inputs_ratio,
        v.earmarked_inputs, v.earmarked_life, v.earmarked_building, v.shops, v.weights, v.dealer,
        v.habit, v.wallet_since, v.wallet_last,
        v.main_bank, v.flow, v.money, np.asarray(qr_share, np.float32), np.asarray(card_share, np.float32),
        sales, paid,
    )  # fmt: skip
    return sales.sum(axis=0), paid.sum(axis=0)


#: The model's own terms of a month, with what the tests vary.
WORLD = county(1).world
TERMS = spending_terms(WORLD)._replace(inputs_wanted=9_000.0, month=3)
SHOP_TERMS = shop_terms(WORLD)
INCOME = income_terms(WORLD)._replace(
    wage_factor=0.9, off_farm_chance=0.5, off_farm_factor=0.8, harvest_value=120_000.0, cooperative_dividend=100_000,
    solar_dividend=50_000, premium=400.0, claim=60_000.0,
)  # fmt: skip


def assert_nothing_negative(v):
    assert (v.money >= 0).all()


@given(seeds, shares, shares, st.floats(0, 2), st.floats(0, 1))
def test_what_is_paid_is_what_leaves_the_purses_and_what_shops_sell(seed, qr, card, seasonal, online):
    v = village(seed)
    before = held(v)
    terms = TERMS._replace(season=seasonal, online_share=online)
    sales, paid = shop(v, terms, np.full(SHOPS, qr), np.full(SHOPS, card))
    assert_nothing_negative(v)
    np.testing.assert_array_equal(before - held(v), paid.sum(axis=0))
    assert (sales >= 0).all()
    assert (paid >= 0).all()
    assert sales[0].sum() == paid[Kind.RETAIL_SALES].sum()
    assert sales[1].sum() == paid[Kind.FARM_INPUTS].sum()
    assert v.consumption.sum() == paid[Kind.RETAIL_SALES].sum() + paid[Kind.OTHER_CONSUMPTION].sum()
    assert set(np.flatnonzero(paid.sum(axis=(1, 2)))) <= {
        Kind.RETAIL_SALES, Kind.FARM_INPUTS, Kind.OTHER_CONSUMPTION, Kind.HEALTH_AND_SCHOOLING, Kind.BUILDING,
    }  # fmt: skip
    assert (v.earmarked_life == 0).all()
    assert ((v.inputs_ratio >= 0) & (v.inputs_ratio <= 1.5)).all()


@given(seeds, shares)
def test_only_wallets_pay_by_code_and_their_flow_is_the_value(seed, qr):
    v = village(seed)
    sales, _ = shop(v, TERMS._replace(online_share=0.0), np.full(SHOPS, qr), np.zeros(SHOPS))
    assert sales[:, :, Method.QR].sum() == v.flow.sum()
    assert (v.flow[v.wallet_since < 0] == 0).all()
    np.testing.assert_array_equal(v.wallet_last == TERMS.month, v.flow > 0)
    if qr == 0:
        assert v.flow.sum() == 0


def test_cards_are_used_where_there_is_a_terminal():
    v = village(1)
    terminal = np.array([1, 0, 1, 0, 0])
    sales, _ = shop(v, TERMS, np.zeros(SHOPS), 0.5 * terminal)
    by_card = sales[:, :, Method.CARD].sum(axis=0)
    assert (by_card[terminal == 0] == 0).all()
    assert (by_card[terminal == 1] > 0).all()


@given(seeds, shares, shares)
def test_a_lower_share_that_codes_carry_lowers_code_and_raises_the_rest(seed, one, other):
    low, high = sorted((one, other))
    codes = []
    for share in (low, high):
        v = village(seed)
        sales, _ = shop(v, TERMS, np.full(SHOPS, share), np.full(SHOPS, 0.2))
        codes.append((sales[:, :, Method.QR].sum(), sales.sum()))
    assert codes[0][0] <= codes[1][0]
    assert codes[0][1] == codes[1][1]


def test_the_cap_on_static_codes_lowers_what_codes_carry():
    world = county(1).world
    world.month = 13
    world.open_month()
    before = code_shares(world)
    world.open_month()  # 2018-04
    after = code_shares(world)
    assert (after <= before).all()
    assert (after[:, 0] < before[:, 0]).all()
    assert (after[:, 1] > after[:, 0]).all()  # a terminal shows a dynamic code
    assert after[ShopKind.INPUT_DEALER, 0] < after[ShopKind.STREET_SHOP, 0]
    tighter = county(1, **{"regulator.static_code_cap": 250.0}).world
    tighter.month = 14
    tighter.open_month()
    assert (code_shares(tighter) <= after).all()
    assert (code_shares(tighter)[:, 0] < after[:, 0]).all()


def test_the_year_has_a_festival_and_an_even_rest():
    world = county(1).world
    year = [season(world, month) for month in range(12)]
    assert np.argmax(year) == 1  # February: the Spring Festival
    assert year[0] > year[2] == year[11]
    assert np.mean(year) == pytest.approx(1.0, abs=0.01)


@given(seeds, shares, st.floats(0, 0.05), st.floats(0, 0.05), st.integers(0, 2**31))
def test_shops_receive_what_is_sold_and_pay_fees_and_suppliers(seed, qr, fee, withdrawal, turnover):
    v = village(seed)
    sales, _ = shop(v, TERMS, np.full(SHOPS, qr), np.full(SHOPS, 0.2))
    before, owner = held(v), v.rng.integers(0, v.n, SHOPS).astype(np.int32)
    received, supplies = np.zeros((2, 3, 5), np.int64), np.zeros((1, 3, 5), np.int64)
    withdrawn, deposited, fees = np.zeros((3, 5), np.int64), np.zeros((3, 5), np.int64), np.zeros((2, 3), np.int64)
    settle_shops(
        SHOP_TERMS._replace(fee=fee, withdrawal_fee=withdrawal), np.full(len(ShopKind), 0.2), owner,
        v.rng.integers(0, len(ShopKind), SHOPS).astype(np.int8), sales, np.full(SHOPS, turnover, np.int64), v.stock,
        v.earmarked_stock,
        v.household, v.first, v.sector, v.main_bank, v.flow, v.money, v.income, received, supplies, withdrawn,
        deposited, fees,
    )  # fmt: skip
    assert_nothing_negative(v)
    change = received.sum(axis=0) - supplies[0] - withdrawn + deposited
    change[:, WALLET] -= fees.sum(axis=0)
    np.testing.assert_array_equal(held(v) - before, change)
    assert received[0].sum() == sales[0].sum()
    assert received[1].sum() == sales[1].sum()
    assert withdrawn.sum() == deposited.sum()
    for booked in (received, supplies, withdrawn, deposited, fees):
        assert (booked >= 0).all()


@given(seeds)
def test_income_received_is_income_booked(seed):
    v = village(seed)
    before = held(v)
    received, paid = np.zeros((BLOCKS, KINDS, 3, 5), np.int64), np.zeros((BLOCKS, 1, 3, 5), np.int64)
    wages = np.zeros((BLOCKS, len(Employer)), np.int64)
    wage = np.where(v.rng.random(v.n) < 0.5, v.rng.integers(0, 500_000, v.n), 0).astype(np.int64)
    pension = np.where(v.rng.random(v.n) < 0.2, 9_500, 0).astype(np.int64)
    employer = np.where(wage > 0, v.rng.integers(1, 4, v.n), 0).astype(np.int8)
    household_income(
        INCOME, v.first, v.sector, v.rng.random(v.homes) < 0.3, v.land,
        np.where(v.rng.random(v.homes) < 0.4, 110_000, 0).astype(np.int64), v.inputs_ratio, v.payer,
        v.rng.random(v.homes).astype(np.float32), v.rng.random(v.homes).astype(np.float32),
        v.rng.integers(0, 3, v.n).astype(np.int8), employer, v.main_bank, wage, pension,
        v.rng.random(v.n).astype(np.float32), v.flow, v.money, v.income, received, wages, paid,
    )  # fmt: skip
    received, paid, wages = received.sum(axis=0), paid.sum(axis=0), wages.sum(axis=0)
    assert_nothing_negative(v)
    assert (v.income >= 0).all()
    assert (received >= 0).all()
    np.testing.assert_array_equal(held(v) - before, received.sum(axis=0) - paid[0])
    assert v.income.sum() == received.sum()
    assert wages.sum() == received[Kind.WAGES].sum()
    assert received[Kind.PENSIONS].sum() == pension.sum()
    assert received[:, :, FUND].sum() == 0


def test_nobody_harvests_outside_the_harvest_months_and_poor_inputs_cost_a_share():
    def harvest(ratio, value):
        v = village(4)
        received = np.zeros((BLOCKS, KINDS, 3, 5), np.int64)
        zeros = np.zeros(v.n, np.int64)
        household_income(
            INCOME._replace(harvest_value=value, premium=0.0), v.first, v.sector, np.zeros(v.homes, np.bool_), v.land,
            np.zeros(v.homes, np.int64), np.full(v.homes, ratio, np.float32), v.payer, np.ones(v.homes, np.float32),
            np.full(v.homes, 0.5, np.float32), zeros.astype(np.int8), zeros.astype(np.int8), v.main_bank, zeros, zeros,
            np.zeros(v.n, np.float32), v.flow, v.money, v.income, received,
            np.zeros((BLOCKS, len(Employer)), np.int64), np.zeros((BLOCKS, 1, 3, 5), np.int64),
        )  # fmt: skip
        return int(received[:, Kind.HARVEST_SALES].sum()), float(v.land.sum())

    assert harvest(1.0, 0.0)[0] == 0
    full, land = harvest(1.0, 120_000.0)
    assert full == pytest.approx(land * 120_000, abs=50)
    assert harvest(0.0, 120_000.0)[0] == pytest.approx(full * (1 - INCOME.inputs_loss), rel=1e-4)


@given(seeds, st.integers(0, 1_000_000), st.integers(0, 1_000_000), st.integers(0, 20_000), st.integers(0, 20_000))
def test_the_months_end_moves_money_and_adds_interest(seed, cash_kept, wallet_kept, interest, fund_yield):
    v = village(seed)
    before = held(v)
    sums = np.zeros((3, BLOCKS, 3, 5), np.int64)
    close_household_accounts(
        MonthEndTerms(cash_kept, wallet_kept, interest, fund_yield, 0.1), v.first, v.sector, v.main_bank,
        v.wallet_since, v.money, v.income, v.income_average, *sums,
    )  # fmt: skip
    out, into, earned = sums.sum(axis=1)
    assert_nothing_negative(v)
    np.testing.assert_array_equal(held(v) - before, into - out + earned)
    assert out.sum() == into.sum()
    assert v.money[:, CASH].max() <= cash_kept
    assert (v.money[v.wallet_since >= 0, WALLET] <= wallet_kept).all()
    assert earned[:, [CASH, WALLET]].sum() == 0
    counted = np.zeros((3, 5), np.int64)
    count_money(v.first, v.sector, v.money, counted)
    np.testing.assert_array_equal(counted, held(v))


@given(seeds)
def test_loans_reach_borrowers_and_relatives_lend_what_they_have(seed):
    v = village(seed)
    before, k = held(v), 20
    rng = v.rng
    lender = rng.integers(0, 3, k).astype(np.int8)
    product = np.array([Product.BANK_FARM, Product.PLATFORM_LINE, Product.FAMILY_LOAN], np.int8)[lender]
    product[(lender == Lender.BANK) & (rng.random(k) < 0.3)] = Product.BANK_POLICY
    wanted = rng.integers(1, 5_000_000, k)
    principal, status = wanted.copy(), np.zeros(k, np.int8)
    balance = wanted.copy()
    borrower, friend = rng.integers(0, v.n, (2, k)).astype(np.int32)
    received, given_, family = np.zeros((3, 3, 5), np.int64), np.zeros((3, 5), np.int64), np.zeros((3, 3), np.int64)
    pay_out(
        np.arange(k, dtype=np.int32), borrower, friend, lender, product, principal, balance, status, v.household,
        v.sector, v.main_bank, v.first, v.money, received, given_, family,
    )  # fmt: skip
    assert_nothing_negative(v)
    np.testing.assert_array_equal(held(v) - before, received.sum(axis=0) - given_)
    paid = product != Product.BANK_POLICY
    np.testing.assert_array_equal(balance, principal)
    assert principal[paid].sum() == received.sum()
    assert given_.sum() == family.sum() == received[Lender.FAMILY].sum()
    from_family = lender == Lender.FAMILY
    np.testing.assert_array_equal(principal[~from_family], wanted[~from_family])
    assert (principal[from_family] <= wanted[from_family]).all()
    np.testing.assert_array_equal(status == LoanStatus.MATURED, from_family & (principal == 0))


def test_each_way_to_pay_uses_every_account_once():
    for order in (BY_HAND, BY_TRANSFER, BY_WALLET):
        assert sorted(order) == [CASH, RURAL, ELSEWHERE, WALLET, FUND]


@given(seeds, st.integers(0, 300), st.integers(0, 60))
def test_card_users_are_those_below_their_groups_chance_and_those_with_the_app(seed, n, month):
    rng = np.random.default_rng(seed)
    chance, luck = rng.random((3, 3)).astype(np.float32), rng.random(n).astype(np.float32)
    place, age = rng.integers(0, 3, (2, n)).astype(np.int8)
    app, before = rng.integers(-3, 2, n).astype(np.int16), rng.integers(-99, month + 1, n).astype(np.int16)
    last = before.copy()
    pay_by_card(chance, luck, place, age, app, month, last)
    np.testing.assert_array_equal(last, np.where((luck < chance[place, age]) | (app >= 0), month, before))


@given(seeds, st.integers(0, 300))
def test_what_goes_by_code_and_by_card_depends_on_the_shop(seed, n):
    rng = np.random.default_rng(seed)
    qr, terminal = rng.random((2, n)) < 0.5
    kind, place = rng.integers(0, 4, n).astype(np.int8), rng.integers(0, 3, n).astype(np.int8)
    code_share, card_share = rng.random((4, 2)).astype(np.float32), rng.random(3).astype(np.float32)
    by_code, by_card = accepted(qr, terminal, kind, place, code_share, card_share)
    np.testing.assert_array_equal(by_code, code_share[kind, terminal.astype(int)] * qr)
    np.testing.assert_array_equal(by_card, card_share[place] * terminal)


@given(seeds, st.integers(0, 3000))
def test_payments_are_counted_as_numpy_adds_them_up(seed, n):
    rng = np.random.default_rng(seed)
    sales = np.where(rng.random((2, n, 3)) < 0.7, rng.integers(0, 10**9, (2, n, 3)), 0)
    kind, place = rng.integers(0, 4, n).astype(np.int8), rng.integers(0, 3, n).astype(np.int8)
    ticket, last = rng.random((4, 3)) * 10**4 + 1.0, np.full(n, -99, np.int16)
    by_method = tuple(np.full((3, n), -1))
    value, number = np.full((3, 3), -1), np.full((3, 3), np.nan)
    count_payments(sales, kind, place, ticket, 7, by_method, last, value, number)
    by_shop = sales.sum(axis=0)
    np.testing.assert_array_equal(np.stack(by_method, axis=1), by_shop)
    np.testing.assert_array_equal(last, np.where(by_shop[:, Method.QR] > 0, 7, -99))
    for here in range(3):
        np.testing.assert_array_equal(value[here], by_shop[place == here].sum(axis=0))
        np.testing.assert_array_equal(number[here], (by_shop / ticket[kind])[place == here].sum(axis=0))


@given(st.lists(st.integers(0, 10**11), min_size=1, max_size=50), st.integers(0, 20_000), st.booleans())
def test_interest_is_rounded_half_to_even(amounts, interest, to_halves):
    if to_halves and interest:
        amounts = [(2 * amount + 1) * 500_000 // interest for amount in range(len(amounts))]
    n = len(amounts)
    nothing, first = np.zeros(n, np.int64), np.arange(n + 1, dtype=np.int32)
    money = np.zeros((n, 5), np.int64)
    money[:, RURAL] = amounts
    close_household_accounts(
        MonthEndTerms(0, 0, interest, 0, 0.1), first, np.zeros(n, np.int8), np.zeros(n, np.int8),
        np.full(n, -1, np.int16), money, nothing, nothing.copy(), *np.zeros((3, 1, 3, 5), np.int64),
    )  # fmt: skip
    earned = [round(Fraction(amount * interest, 10**6)) for amount in amounts]
    np.testing.assert_array_equal(money[:, RURAL], np.array(amounts) + earned)
