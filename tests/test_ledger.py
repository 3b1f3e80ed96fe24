"""The laws of the books, and that breaking one is noticed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.accounts import FIRST_FINANCIAL, MONEY, Instrument, Kind, Reason
from sim.state.ledger import INSTRUMENTS, SECTORS, Ledger, LedgerError
from sim.vocabulary import Sector

NOTHING = np.zeros((SECTORS, INSTRUMENTS), np.int64)
NO_RECORDS = np.zeros((SECTORS, INSTRUMENTS), np.bool_)


def opened() -> Ledger:
    ledger = Ledger()
    ledger.open_month()
    return ledger


payments = st.lists(
    st.tuples(
        st.sampled_from([k for k in Kind if k < FIRST_FINANCIAL]),
        st.sampled_from(list(Sector)),
        st.sampled_from(list(Sector)),
        st.integers(0, 10**12),
        st.sampled_from(MONEY[1:3]),
        st.sampled_from(MONEY[1:3]),
    ),
    max_size=30,
)


@given(payments)
def test_any_payments_leave_rows_and_instruments_at_zero(moves):
    ledger = opened()
    for kind, payer, receiver, amount, paid_in, received_in in moves:
        ledger.pay(kind, payer, receiver, amount, paid_in, received_in)
    assert not ledger.transactions().sum(axis=1).any()
    assert not ledger.stock.sum(axis=0).any()
    assert (ledger.net_worth() == ledger.transactions().sum(axis=0)).all()


amounts = st.lists(st.integers(-(10**12), 10**12), min_size=3, max_size=3).map(lambda three: np.array(three, np.int64))


@given(amounts, st.sampled_from([Sector.BANK, Sector.FARMERS, Sector.EMPLOYEES]))
def test_claims_on_households_are_as_each_by_itself(fen, creditor):
    together, apart, loans = opened(), opened(), Instrument.FAMILY_LOANS
    together.claims(Kind.FAMILY_LENDING, creditor, loans, fen)
    together.give_up(Reason.WRITE_OFF, creditor, loans, fen)
    for debtor, amount in zip((Sector.FARMERS, Sector.MERCHANTS, Sector.EMPLOYEES), fen.tolist(), strict=True):
        apart.claim(Kind.FAMILY_LENDING, creditor, debtor, loans, amount)
        apart.revalue(Reason.WRITE_OFF, creditor, loans, -amount)
        apart.revalue(Reason.WRITE_OFF, debtor, loans, amount)
    for table in ("stock", "flows", "revaluation"):
        np.testing.assert_array_equal(getattr(together, table), getattr(apart, table))


def test_a_transfer_between_banks_moves_reserves():
    ledger = opened()
    ledger.pay(Kind.WAGES, Sector.FIRM, Sector.EMPLOYEES, 500, Instrument.DEPOSIT_RURAL, Instrument.DEPOSIT_ELSEWHERE)
    assert ledger.stock[Sector.BANK, Instrument.DEPOSIT_RURAL] == 500
    assert ledger.stock[Sector.BANK, Instrument.RESERVES] == -500
    assert ledger.transactions()[Kind.WAGES, Sector.BANK] == 0


def test_the_float_stays_covered_by_custody():
    ledger = opened()
    ledger.pay(Kind.RETAIL_SALES, Sector.FARMERS, Sector.MERCHANTS, 700, Instrument.DEPOSIT_RURAL, Instrument.WALLET)
    assert ledger.stock[Sector.PAYMENT, Instrument.WALLET] == -700
    assert ledger.stock[Sector.PAYMENT, Instrument.CUSTODY] == 700


def test_unequal_sides_are_refused():
    ledger = opened()
    paid, received = NOTHING.copy(), NOTHING.copy()
    paid[Sector.FIRM, Instrument.CASH] = 3
    with pytest.raises(LedgerError, match="WAGES: received -3 fen beyond what was paid"):
        ledger.book(Kind.WAGES, paid, received)


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda g: g.stock.__setitem__((Sector.FIRM, Instrument.CASH), 1), "does not sum to zero"),
        (lambda g: g.flows.__setitem__((Kind.WAGES, 0, 0), 1), "WAGES do not sum to zero"),
        (
            lambda g: g.claim(Kind.LOAN_REPAYMENT, Sector.BANK, Sector.FARMERS, Instrument.LOANS_BANK, 5),
            "changed a sector's net worth",
        ),
        (lambda g: g.revalue(Reason.WRITE_OFF, Sector.BANK, Instrument.LOANS_BANK, -4), "does not sum to zero"),
    ],
)
def test_a_broken_law_is_named(break_it, message):
    ledger = opened()
    break_it(ledger)
    with pytest.raises(LedgerError, match=message):
        ledger.check(NOTHING, NO_RECORDS)


def test_books_that_differ_from_the_records_are_named():
    ledger = opened()
    known = NO_RECORDS.copy()
    known[Sector.FARMERS, Instrument.CASH] = True
    records = NOTHING.copy()
    records[Sector.FARMERS, Instrument.CASH] = 9
    with pytest.raises(LedgerError, match="FARMERS CASH: books 0 fen, records 9 fen"):
        ledger.check(records, known)
