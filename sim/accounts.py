"""The chart of accounts: who holds what, and why money moves.

Sectors are columns, instruments are what they hold, kinds are the rows of the transactions-flow matrix.
"""

from __future__ import annotations

from enum import IntEnum


class Instrument(IntEnum):
    """What a sector can hold (+) or owe (-)."""

    CASH = 0
    DEPOSIT_RURAL = 1
    DEPOSIT_ELSEWHERE = 2
    WALLET = 3
    MONEY_FUND = 4
    CUSTODY = 5
    RESERVES = 6
    CORPORATE_LOANS = 7
    LOANS_BANK = 8
    LOANS_PLATFORM = 9
    LOANS_PARTNER = 10
    ACCRUED_INTEREST = 11
    FAMILY_LOANS = 12
    COOPERATIVE_SHARES = 13
    GUARANTEE_DEPOSITS = 14
    GUARANTEE_CLAIMS = 15
    EQUITY = 16
    ALLOWANCE = 17


#: Money a household can spend, in the order of the money columns of a resident.
MONEY = (
    Instrument.CASH,
    Instrument.DEPOSIT_RURAL,
    Instrument.DEPOSIT_ELSEWHERE,
    Instrument.WALLET,
    Instrument.MONEY_FUND,
)
MONEY_COLUMNS = ("cash", "deposit_rural", "deposit_elsewhere", "wallet", "money_fund")


class Kind(IntEnum):
    """Why money moves: the rows of the transactions-flow matrix.

    ``BUILDING`` is the capital account; the kinds from ``FIRST_FINANCIAL`` on are the financial account; the others are
    the current account.
    """

    WAGES = 0
    HARVEST_SALES = 1
    OFF_FARM_PAY = 2
    REMITTANCES = 3
    PENSIONS = 4
    COOPERATIVE_DIVIDENDS = 5
    SOLAR_DIVIDENDS = 6
    RETAIL_SALES = 7
    FARM_INPUTS = 8
    OTHER_CONSUMPTION = 9
    SUPPLIES = 10
    HEALTH_AND_SCHOOLING = 11
    BUILDING = 12
    INSURANCE = 13
    TAXES = 14
    MERCHANT_FEES = 15
    WITHDRAWAL_FEES = 16
    LOAN_INTEREST = 17
    DEPOSIT_INTEREST = 18
    MONEY_FUND_YIELD = 19
    RESERVE_INTEREST = 20
    CORPORATE_INTEREST = 21
    FUNDING_COST = 22
    SERVICE_FEES = 23
    OPERATING_COSTS = 24
    INTEREST_SUBSIDY = 25
    GOVERNMENT_TRANSFERS = 26
    PUBLIC_PROGRAMMES = 27
    FIRM_SALES = 28
    FIRM_COSTS = 29
    DIVIDENDS = 30
    RECOVERIES = 31
    COOPERATIVE_SERVICE = 32
    GUARANTEE_CALLS = 33
    # financial account: no sector's net worth changes
    CASH_HANDLING = 34
    MONEY_FUND_SWEEP = 35
    LOAN_DISBURSEMENT = 36
    LOAN_REPAYMENT = 37
    INTEREST_PAYMENT = 38
    FAMILY_LENDING = 39
    GUARANTEE_FUNDING = 40
    GUARANTEE_SETTLEMENT = 41
    INTERBANK = 42
    CAPITAL = 43
    CORPORATE_LENDING = 44


FIRST_FINANCIAL = Kind.CASH_HANDLING


class Reason(IntEnum):
    """Why a stock is worth less or more without a transaction: the rows of the revaluation matrix."""

    PROVISION = 0
    WRITE_OFF = 1
    INTEREST_REVERSAL = 2
