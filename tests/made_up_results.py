"""Made-up results for tests of tables, patterns and figures: smooth curves and a made-up loan tape, no model."""

import numpy as np

from sim.measures import GROUP_MEASURES, GROUPS, MEASURES
from sim.results import Results
from sim.state.columns import Column
from sim.state.loan_book import LOAN_COLUMNS, LoanBook
from sim.storage.tables import group_table, monthly_table, record_table


def rise(months, low, high, middle, width=3.0):
    return low + (high - low) / (1.0 + np.exp(-(np.arange(months) - middle) / width))


def curves(months, luck):
    """Return some measures that follow the article, and drift upwards after it."""
    x = np.arange(months)
    cash, card = rise(months, 0.70, 0.12, 15), rise(months, 0.20, 0.10, 15)
    return {
        "wallet_active": rise(months, 0.2, 0.65, 18, 6), "wallet_active_town": rise(months, 0.36, 0.85, 16, 5),
        "wallet_active_seat": rise(months, 0.2, 0.7, 18, 6), "wallet_active_village": rise(months, 0.13, 0.55, 21, 7),
        "shops_qr_town": rise(months, 0.15, 0.97, 14), "shops_qr_seat": rise(months, 0.07, 0.85, 16),
        "shops_qr_village": rise(months, 0.02, 0.6, 20, 5), "cash_share_town": cash, "card_share_town": card,
        "digital_share_town": 1 - cash - card, "cash_share": cash + 0.05, "card_share": card,
        "digital_share": 0.95 - cash - card, "epayment_any_rural": rise(months, 0.3, 0.7, 20, 6),
        "household_digital_village": rise(months, 0.18, 0.6, 18, 6), "lines": rise(months, 0, 190_000, 24, 6),
        "borrowers_platform": np.clip(x - 8, 0, None) ** 1.6 * 65,
        "lent_so_far_platform": np.clip(x - 8, 0, None) ** 1.7 * 5e5,
        "salaried_customers": np.clip(x - 19, 0, None) * 350.0,
        "quick_loan_customers_new": np.where(x > 19, 500.0, 0.0),
        "gross_loans_bank": 2e9 + 1e7 * x, "gross_loans_platform": np.clip(x - 8, 0, None) * 3e6,
        "gross_loans_family": np.full(months, 3e8), "originations_bank": 1e8 + 2e7 * np.sin(x / 2),
        "originations_platform": np.clip(x - 8, 0, None) * 4e5, "originations_family": np.full(months, 1e7),
        "npl_ratio_bank": rise(months, 0.04, 0.033, 30), "par30_bank": rise(months, 0.06, 0.05, 30),
        "npl_ratio_platform": np.where(x > 10, 0.012, np.nan), "par30_platform": np.where(x > 10, 0.02, np.nan),
        "annual_rate_new_bank": rise(months, 0.093, 0.082, 22),
        "annual_rate_new_platform": np.where(x > 8, 0.135, np.nan),
        "days_to_cash_bank": rise(months, 11, 3, 22), "days_to_cash_platform": np.where(x > 8, 0.0, np.nan),
        "market_share_bank": rise(months, 1, 0.93, 40, 10), "market_share_platform": rise(months, 0, 0.07, 40, 10),
        "bank_conviction": rise(months, 0.05, 0.9, 20), "bank_alarmed": (x >= 19).astype(float),
    } | ({"lines": rise(months, 0, 190_000, 24, 6) * luck})  # fmt: skip


def made_up_tape(rng, months, count=900):
    book = LoanBook(8)
    for month in range(months):
        some = int(count / months)
        platform = (rng.random(some) < 0.6) & (month >= 9)
        rows = book.originate(
            month, borrower=rng.integers(0, 500, some).astype(np.int32), household=0,
            product=np.where(platform, 5, 0).astype(np.int8), lender=platform.astype(np.int8),
            principal=rng.integers(10**5, 10**6, some), annual_rate=140_000, maturity=12,
            repayment=np.where(rng.random(some) < 0.8, 0, 1).astype(np.int8), own_share=300_000,
        )  # fmt: skip
        bad = rows[rng.random(some) < 0.015]
        when = month + rng.integers(4, 16, len(bad))
        book.defaulted_month[bad] = np.where(when < months, when, -1)
        book.worst_days[bad] = np.where(when < months, 90, 30)
    return book


def made_up_results(seeds=(1, 2, 3), months=60, tape=900, county="neixiang"):
    """Return results whose monthly curves meet the patterns."""
    runs = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        monthly = np.full((months, len(MEASURES)), 0.5)
        for name, values in curves(months, 1 + 0.05 * rng.normal()).items():
            monthly[:, list(MEASURES).index(name)] = values
        groups = {
            kind: np.tile(rng.uniform(-5e8, 1e9, (1, len(names), len(GROUP_MEASURES[kind]))), (months, 1, 1))
            for kind, names in GROUPS.items()
        }
        book = made_up_tape(rng, months, tape)
        spec = {"age": Column(np.int8, "years", "age"), "poor": Column(np.bool_, "yes/no", "poor household")}
        tables = {
            "monthly": monthly_table(seed, "2017-01", monthly, MEASURES),
            "groups": group_table(seed, groups, GROUPS, GROUP_MEASURES),
            "loans": record_table(seed, "loan", LOAN_COLUMNS, lambda name, book=book: getattr(book, name)),
            "residents": record_table(
                seed, "resident", spec, lambda name, rng=rng: rng.integers(0, 2, 50).astype(np.int8)
            ),
        }
        about = {"name": "neixiang", "title": "Neixiang as reported", "question": "?", "source": "test",
                 "county": "Neixiang", "county_file": county, "start": "2017-01"}  # fmt: skip
        manifest = {
            "scenario": about,
            "months": months,
            "seeds": [seed],
            "scale": 0.1,
            "weight": 10.0,
            "parameters": [{"path": f"shocks.{name}", "value": "never"} for name in ("lockdown_start", "hog_month")],
        }
        runs.append(Results(tables, manifest))
    return Results.together(runs, seconds=1.0)
