"""A made-up world for tests of measures: random columns of the right types, no model behind them."""

from types import SimpleNamespace

import numpy as np

from sim.accounts import Instrument, Kind
from sim.assumptions import Assumptions
from sim.mechanisms import MECHANISMS
from sim.policy import Policy
from sim.state.loan_book import LoanBook
from sim.vocabulary import Lender, Product, Sector

LENDER_OF = {Product.PLATFORM_LINE: Lender.PLATFORM, Product.JOINT: Lender.PLATFORM, Product.FAMILY_LOAN: Lender.FAMILY}


def made_up_residents(rng, n, household):
    homes = int(household.max()) + 1
    place_kind = rng.choice(3, homes, p=[0.57, 0.15, 0.28])[household].astype(np.int8)
    township = np.where(place_kind == 2, 15, rng.integers(0, 15, homes)[household]).astype(np.int8)

    def month(share):
        return np.where(rng.random(n) < share, rng.integers(0, 20, n), -1).astype(np.int16)

    return SimpleNamespace(
        n=n, household=household, occupation=rng.integers(0, 3, n).astype(np.int8),
        age_band=rng.integers(0, 3, n).astype(np.int8), poor=(rng.random(homes) < 0.1)[household],
        place_kind=place_kind, township=township, informed=rng.random(n) < 0.6, wallet_since=month(0.4),
        wallet_last=np.where(rng.random(n) < 0.4, rng.integers(10, 21, n), -99).astype(np.int16),
        card_last=np.where(rng.random(n) < 0.3, rng.integers(10, 21, n), -99).astype(np.int16),
        bank_app_since=month(0.1), records=rng.random(n) < 0.2,
        line=np.where(rng.random(n) < 0.2, rng.integers(20_000, 50_000, n) * 100, 0).astype(np.int64),
        platform_first=month(0.05), bank_first=month(0.1),
        debt=np.where(rng.random(n) < 0.15, rng.integers(1, 10**7, n), 0).astype(np.int64),
        unmet=np.where(rng.random(n) < 0.05, rng.integers(1, 10**6, n), 0).astype(np.int64),
        head=np.r_[True, household[1:] != household[:-1]], quality=rng.normal(size=n).astype(np.float32),
        worst_days=np.zeros(n, np.int16), platform_score=rng.normal(size=n).astype(np.float32),
        bank_error=rng.normal(size=n).astype(np.float32), employer=rng.integers(0, 4, n), age=rng.integers(18, 90, n),
        connected=rng.random(n) < 0.1, pending_product=rng.integers(-1, 3, n).astype(np.int8),
    )  # fmt: skip


def made_up_loans(rng, count, residents, month):
    book = LoanBook(8)
    product = rng.integers(0, len(Product), count).astype(np.int8)
    originated = np.sort(rng.integers(-6, month + 1, count)).astype(np.int16)
    principal = rng.integers(100_000, 5_000_000, count)
    for begun in np.unique(originated):
        rows = originated == begun
        book.originate(
            int(begun), borrower=rng.integers(0, residents, int(rows.sum())).astype(np.int32),
            household=0, product=product[rows],
            lender=np.array([LENDER_OF.get(Product(p), Lender.BANK) for p in product[rows]], np.int8),
            principal=principal[rows], annual_rate=rng.integers(50_000, 180_000, int(rows.sum())), maturity=12,
            repayment=rng.integers(0, 2, int(rows.sum())), days=rng.integers(0, 20, int(rows.sum())),
            own_share=300_000,
        )  # fmt: skip
    age = month - book.originated
    bad = (rng.random(count) < 0.05) & (age >= 4)
    book.days_past_due[:] = np.where(bad, 120, rng.choice([0, 0, 0, 30, 60], count))
    book.worst_days[:] = book.days_past_due
    book.defaulted_month[:] = np.where(bad, book.originated + 4, -1)
    paid = ~bad & (rng.random(count) < 0.5)
    book.balance[paid] = 0
    book.closed[paid] = month
    gone = bad & (rng.random(count) < 0.3)
    book.written_off[gone] = book.balance[gone]
    book.closed[gone] = month
    book.balance[gone] = 0
    return book


def made_up_world(n=3_000, loans=800, month=20, seed=0):
    """Return world, bank, platform and government, with nothing behind them but random columns."""
    rng = np.random.default_rng(seed)
    household = np.sort(rng.integers(0, n // 2, n)).astype(np.int32)
    household = np.unique(household, return_inverse=True)[1].astype(np.int32)
    homes = int(household.max()) + 1
    residents = made_up_residents(rng, n, household)
    first = np.searchsorted(household, np.arange(homes + 1)).astype(np.int32)
    heads = first[:-1]
    income = rng.integers(100_000, 900_000, homes)
    households = SimpleNamespace(
        n=homes, sector=residents.occupation[heads], poor=residents.poor[heads], place_kind=residents.place_kind[heads],
        township=residents.township[heads], income=income, income_average=income + 1_000, consumption=income // 2,
        debt_service=np.where(rng.random(homes) < 0.2, income // 2, 0).astype(np.int64),
        count=np.bincount(household, minlength=homes).astype(np.int16), children=np.zeros(homes, np.int8),
    )  # fmt: skip
    shops = SimpleNamespace(place_kind=rng.integers(0, 3, 200), qr=rng.random(200) < 0.5, pos=rng.random(200) < 0.3)
    stock = rng.integers(1, 10**9, (len(Sector), len(Instrument)))
    ledger = SimpleNamespace(
        stock=stock, net_worth=lambda: stock.sum(axis=1),
        flows=np.zeros((len(Kind), len(Sector), len(Instrument)), np.int64),
    )  # fmt: skip
    applied = rng.integers(0, 7, 40).astype(np.int8)
    world = SimpleNamespace(
        month=month, residents=residents, households=households, shops=shops, first=first, weight=10.0, ledger=ledger,
        loans=made_up_loans(rng, loans, n, month), payment_value=rng.integers(1, 10**8, (3, 3)),
        payment_count=rng.integers(1, 10**4, (3, 3)).astype(float),
        assumptions=Assumptions(), mechanisms=MECHANISMS, now=Policy().at(month),
        applications={"product": applied, "decision": rng.integers(0, 3, 40), "amount": rng.integers(1, 10**6, 40)},
    )  # fmt: skip
    bank = SimpleNamespace(conviction=0.4, alarm_month=-1, profit=10**7, capital_ratio=0.12)
    platform = SimpleNamespace(result=-(10**6), lends=lambda world: True)
    government = SimpleNamespace(
        cost=10**6, cost_so_far=10**8, before=SimpleNamespace(with_credit=100, active=100),
        rated=lambda world, who: np.zeros(len(who), np.bool_),
    )  # fmt: skip
    return world, bank, platform, government
