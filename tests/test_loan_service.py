"""Loan service against closed forms: schedules, arrears, default, write-off, who is paid first."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms.accrual import Tape, call_in
from sim.mechanisms.loan_service import (
    Item,
    ServiceTerms,
    Slot,
    level_installment,
    monthly_share,
    serve_loans,
)
from sim.mechanisms.tape import collection_order, late_share
from sim.state.loan_book import LoanBook
from sim.vocabulary import Lender, LoanStatus, Product, Repayment

NEVER, ALWAYS = 1.0, 0.0


class Family:
    """One household of one adult with a purse and loans."""

    def __init__(self, cash: int = 10**9, **terms):
        self.book = LoanBook(4)
        self.money = np.array([[0, cash, 0, 0, 0]], np.int64)
        self.month = 0
        self.terms = {
            "subsistence": 0, "early_hazard": 0.0, "ample": 1e9, "renewal_chance": 0.0,
            "write_off_bank": 720, "write_off_platform": 360, "recovery_chance": 0.0, "recovery_share": 0.0,
        } | terms  # fmt: skip
        self.items = np.zeros((len(Item), len(Slot), 3), np.int64)
        self.paid = np.zeros((4, 3, 5), np.int64)

    def borrow(self, principal, rate=90_000, maturity=12, repayment=Repayment.INSTALLMENT, **values):
        values = {"product": Product.BANK_BUSINESS, "lender": Lender.BANK, "own_share": 1_000_000} | values
        level = level_installment(np.array([principal]), np.array([rate]), np.array([maturity]))
        return self.book.originate(
            self.month, borrower=[0], household=[0], principal=[principal], annual_rate=rate, maturity=maturity,
            repayment=repayment, installment=level, **values,
        )[0]  # fmt: skip

    def next_month(self):
        self.month += 1
        b, n = self.book, len(self.book.open_rows)
        renewed = np.zeros(n, np.bool_)
        luck = np.full(n, 0.5, np.float32)
        items, paid = np.zeros((1, *self.items.shape), np.int64), np.zeros((1, *self.paid.shape), np.int64)
        serve_loans(
            ServiceTerms(month=self.month, **self.terms), b.open_rows, b.borrower, b.household, b.product, b.lender,
            b.balance, b.annual_rate, b.maturity, b.repayment, b.installment, b.own_share, b.guaranteed, b.originated,
            b.closed, b.status, b.accrued, b.interest_due, b.principal_due, b.due_since, b.days_past_due, b.worst_days,
            b.defaulted_month, b.refusing, b.written_off, b.recovered, b.interest_paid, luck, luck,
            luck, np.array([0, 1], np.int32), np.zeros(1, np.int8), np.zeros(1, np.int8), self.money,
            np.zeros(1, np.int64), renewed, items, paid, np.zeros(n, np.int64), np.zeros(n, np.int64),
        )  # fmt: skip
        self.items += items[0]
        self.paid += paid[0]
        return renewed


@given(st.integers(100, 10**9), st.integers(0, 360_000), st.integers(1, 60))
def test_last_installment_leaves_nothing(principal, rate, maturity):
    family = Family(cash=10**12)
    loan = family.borrow(principal, rate, maturity)
    for month in range(1, maturity + 1):
        assert family.book.status[loan] != LoanStatus.MATURED or family.book.balance[loan] == 0
        family.next_month()
        assert family.book.balance[loan] >= 0, month
    assert family.book.balance[loan] == 0
    assert family.book.status[loan] == LoanStatus.MATURED
    paid = 10**12 - family.money[0, 1]
    assert paid == principal + family.book.interest_paid[loan]


def test_zero_rate_pays_principal_over_maturity():
    family = Family()
    loan = family.borrow(120_000, rate=0, maturity=12)
    for month in range(1, 13):
        family.next_month()
        assert family.book.balance[loan] == 120_000 - 10_000 * month


def test_level_installment_is_the_annuity():
    r, n = 0.12 / 12, 12
    expected = 1_000_000 * r / (1 - (1 + r) ** -n)
    assert level_installment(np.array([1_000_000]), np.array([120_000]), np.array([n]))[0] == round(expected)


def test_interest_rounds_half_to_even():
    assert monthly_share(1_200_000, 100_000) == 10_000
    assert [monthly_share(fen, 6_000_000) for fen in (1, 3, 5, 7)] == [0, 2, 2, 4]  # half a fen, 1.5, 2.5, 3.5


def test_ninety_days_are_first_seen_four_months_after_disbursement():
    family = Family(cash=0)
    loan = family.borrow(120_000)
    seen = []
    for _ in range(4):
        family.next_month()
        seen.append((int(family.book.days_past_due[loan]), LoanStatus(family.book.status[loan])))
    assert seen == [
        (0, LoanStatus.PERFORMING), (30, LoanStatus.DELINQUENT), (60, LoanStatus.DELINQUENT),
        (90, LoanStatus.DEFAULTED),
    ]  # fmt: skip
    assert family.book.defaulted_month[loan] == 4
    assert family.book.accrued[loan] == 0
    assert family.items[Item.REVERSED, Slot.BANK, 0] == family.items[Item.ACCRUED, Slot.BANK, 0] > 0


def test_written_off_stays_so():
    family = Family(cash=0, write_off_bank=120, recovery_chance=0.9, recovery_share=0.5)
    loan = family.borrow(120_000)
    for _ in range(5):
        family.next_month()
    assert family.book.status[loan] == LoanStatus.WRITTEN_OFF
    assert family.book.written_off[loan] == 120_000
    assert family.book.balance[loan] == 0
    family.money[0, 1] = 10**9
    for _ in range(6):
        family.next_month()
        assert family.book.status[loan] == LoanStatus.WRITTEN_OFF
    assert 0 < family.book.recovered[loan] <= 120_000
    assert family.items[Item.RECOVERED, Slot.BANK, 0] == family.book.recovered[loan]


def test_arrears_that_are_made_up_are_forgotten_but_for_the_record():
    family = Family(cash=0)
    loan = family.borrow(120_000)
    family.next_month()
    family.next_month()
    family.money[0, 1] = 10**9
    family.next_month()
    assert family.book.days_past_due[loan] == 0
    assert family.book.worst_days[loan] == 30
    assert family.book.status[loan] == LoanStatus.PERFORMING


def test_who_always_pays_one_of_two_installments_grows_late_slowly():
    family = Family(cash=0)
    loan = family.borrow(1_200_000, rate=0)
    for _ in range(4):
        family.money[0, 1] += 50_000
        family.next_month()
    assert family.book.days_past_due[loan] == 30  # two of four installments are unpaid: the older since last month


def test_bullet_pays_interest_quarterly_and_principal_at_the_end():
    family = Family()
    loan = family.borrow(1_200_000, rate=100_000, maturity=12, repayment=Repayment.BULLET)
    for month in range(1, 12):
        family.next_month()
        assert family.book.interest_paid[loan] == 30_000 * (month // 3)
        assert family.book.balance[loan] == 1_200_000
    family.next_month()
    assert family.book.balance[loan] == 0
    assert family.book.interest_paid[loan] == 120_000


def test_bullet_in_good_standing_can_be_renewed():
    family = Family(renewal_chance=1.0)
    loan = family.borrow(1_200_000, maturity=6, repayment=Repayment.BULLET)
    for _ in range(5):
        assert not family.next_month().any()
    assert family.next_month().all()
    assert family.book.status[loan] == LoanStatus.MATURED
    assert family.items[Item.RENEWED, Slot.BANK, 0] == 1_200_000
    assert family.items[Item.PRINCIPAL_PAID].sum() == 0


def test_shares_of_lender_and_partner_add_up():
    family = Family()
    family.borrow(100_003, lender=Lender.PLATFORM, product=Product.PLATFORM_LINE, own_share=333_333)
    for _ in range(12):
        family.next_month()
    repaid = family.items[Item.PRINCIPAL_PAID, :, 0]
    assert repaid[Slot.PLATFORM] == 100_003 * 333_333 // 1_000_000
    assert repaid.sum() == 100_003


def test_the_platform_collects_where_the_bank_leaves_subsistence():
    for lender, product, expected in (
        (Lender.BANK, Product.BANK_BUSINESS, 0),
        (Lender.PLATFORM, Product.PLATFORM_LINE, 20_000),
    ):
        family = Family(cash=20_000, subsistence=30_000)
        family.borrow(1_000_000, lender=lender, product=product)
        family.next_month()
        assert family.paid.sum() == expected


def test_early_repayment_is_charged_by_the_day():
    family = Family(early_hazard=1.0, ample=2.0)
    loan = family.borrow(3_650_000, rate=100_000)
    family.next_month()
    assert family.book.balance[loan] == 0
    assert family.book.interest_paid[loan] == 3_650_000 * 0.1 * 16 / 365  # the draw is one half of the hazard: day 16


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_default_makes_the_guarantor_owe_his_share(share):
    family = Family(cash=0)
    family.borrow(100_000, guaranteed=round(share * 1_000_000))
    for _ in range(4):
        family.next_month()
    assert family.items[Item.GUARANTEED, Slot.BANK, 0] == round(share * 100_000)


def test_a_copied_book_is_its_own_and_knows_its_months():
    book, one = LoanBook(1), {"household": 0, "product": Product.FAMILY_LOAN, "lender": Lender.FAMILY, "annual_rate": 0,
                              "maturity": 12, "repayment": Repayment.BULLET, "principal": 100}  # fmt: skip
    for month, count in ((-1, 2), (0, 1), (3, 4), (3, 1)):
        book.originate(month, borrower=np.zeros(count, np.int32), **one)
    assert [book.since(month).start for month in (-1, 0, 1, 3, 4)] == [0, 2, 3, 3, 8]
    for other in (copy.deepcopy(book), pickle.loads(pickle.dumps(book))):
        other.balance[:] = 7
        rows = other.originate(5, borrower=np.zeros(1, np.int32), **one)
        assert other.balance.tolist() == [7] * 8 + [100]
        assert other.since(5).start == rows[0] == 8
    assert book.n == 8
    assert book.balance.tolist() == [100] * 8


def many_loans(seed, n=400, homes=120):
    """A tape of loans in all states, each household of one adult."""
    rng = np.random.default_rng(seed)
    lender = rng.choice([Lender.BANK, Lender.PLATFORM, Lender.FAMILY], n)
    product = np.where(
        lender == Lender.PLATFORM, rng.choice([Product.PLATFORM_LINE, Product.JOINT], n), Product.BANK_FARM
    )
    product = np.where(lender == Lender.FAMILY, Product.FAMILY_LOAN, product)
    product[(lender == Lender.BANK) & (rng.random(n) < 0.3)] = Product.BANK_POLICY
    book = LoanBook(n)
    home = rng.integers(0, homes, n)
    book.originate(
        0, borrower=home, household=home, product=product, lender=lender, principal=rng.integers(1, 10**8, n),
        annual_rate=rng.integers(0, 240_000, n), maturity=rng.integers(2, 13, n),
        repayment=rng.choice(list(Repayment), n), own_share=rng.choice([100_000, 777_777, 1_000_000], n),
    )  # fmt: skip
    book.originated[:] = -rng.integers(0, 12, n)
    book.accrued[:] = rng.integers(0, 10**5, n)
    late = rng.random(n) < 0.2
    book.interest_due[late] = book.accrued[late]
    book.due_since[late] = -1
    book.status[late] = rng.choice(
        [LoanStatus.PERFORMING, LoanStatus.DELINQUENT, LoanStatus.DEFAULTED], int(late.sum())
    )
    book.refusing[:] = rng.random(n) < 0.1
    return book, rng


@pytest.mark.parametrize("seed", range(8))
def test_loans_without_business_earn_what_they_would_if_served(seed):
    """Service is the same whether all loans are served, or those with nothing to do are only let earn interest."""
    results = []
    for apart in (False, True):
        book, rng = many_loans(seed)
        homes = 120
        luck = rng.random(homes, np.float32)
        terms = ServiceTerms(
            month=1, subsistence=100, early_hazard=0.1, ample=0.5, renewal_chance=0.5, write_off_bank=720,
            write_off_platform=360, recovery_chance=0.5, recovery_share=0.5,
        )  # fmt: skip
        b, rows, earned = book, book.open_rows, 0
        sector = (np.arange(homes) % 3).astype(np.int8)
        money = rng.integers(0, 10**7, (homes, 5))
        before = money.sum()
        if apart:
            tape = Tape(*(getattr(b, name) for name in Tape._fields))
            place = (np.arange(homes) % 4).astype(np.int16)
            found = call_in(terms, rows, luck, tape, sector, place, 4)
            np.testing.assert_array_equal(found.late, late_share(rows, b.household, place, b.status, 4))
            np.testing.assert_array_equal(found.refusing, rows[b.refusing[rows]])
            assert np.isin(found.asked, found.rows[~b.refusing[found.rows]]).all()
            assert (found.due > 0).all()
            rows, earned = found.rows, found.earned
            assert 0 < len(rows) < b.n
        rows = collection_order(rows, b.household, b.lender, homes)
        renewed = np.zeros(len(rows), np.bool_)
        items, paid = np.zeros((1, len(Item), len(Slot), 3), np.int64), np.zeros((1, 4, 3, 5), np.int64)
        debt_service = np.zeros(homes, np.int64)
        serve_loans(
            terms, rows, b.borrower, b.household, b.product, b.lender, b.balance, b.annual_rate, b.maturity,
            b.repayment, b.installment, b.own_share, b.guaranteed, b.originated, b.closed, b.status, b.accrued,
            b.interest_due, b.principal_due, b.due_since, b.days_past_due, b.worst_days, b.defaulted_month, b.refusing,
            b.written_off, b.recovered, b.interest_paid, luck[b.borrower[rows]], luck[b.borrower[rows]],
            luck[b.borrower[rows]], np.arange(homes + 1, dtype=np.int32), sector, np.zeros(homes, np.int8), money,
            debt_service, renewed, items, paid, np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64),
        )  # fmt: skip
        items[0, Item.ACCRUED] += earned
        assert paid.sum() == before - money.sum() > 0
        results.append((items, paid, debt_service, money, set(rows[renewed]), *(getattr(b, name) for name in b.names)))
    for served, earned in zip(*results, strict=True):
        np.testing.assert_equal(earned, served)
