"""The project's words: codes of the state."""

from enum import IntEnum


class Occupation(IntEnum):
    """What a resident lives on."""

    FARMER = 0
    MERCHANT = 1
    EMPLOYEE = 2


class PlaceKind(IntEnum):
    """Level of place."""

    VILLAGE = 0
    SEAT = 1
    TOWN = 2


class AgeBand(IntEnum):
    """Age in 2017: under 40, 40 to 59, 60 and over."""

    UNDER_40 = 0
    FROM_40 = 1
    FROM_60 = 2


class Employer(IntEnum):
    """Who pays a resident's wage."""

    NONE = 0
    ANCHOR = 1
    PUBLIC = 2
    OTHER = 3


class Lender(IntEnum):
    """Who lends."""

    BANK = 0
    PLATFORM = 1
    FAMILY = 2


class Repayment(IntEnum):
    """How a loan is repaid."""

    INSTALLMENT = 0
    BULLET = 1
    HARVEST = 2


class LoanStatus(IntEnum):
    """How a loan stands."""

    PERFORMING = 0
    DELINQUENT = 1
    DEFAULTED = 2
    MATURED = 3
    WRITTEN_OFF = 4


class Product(IntEnum):
    """What is lent."""

    BANK_FARM = 0
    BANK_BUSINESS = 1
    BANK_SALARIED = 2
    BANK_RESIDENT = 3
    BANK_POLICY = 4
    PLATFORM_LINE = 5
    FAMILY_LOAN = 6
    JOINT = 7


class ShopKind(IntEnum):
    """What a shop sells."""

    VILLAGE_SHOP = 0
    INPUT_DEALER = 1
    STREET_SHOP = 2
    SERVICE = 3


class Method(IntEnum):
    """How a purchase is paid."""

    CASH = 0
    CARD = 1
    QR = 2


class Purpose(IntEnum):
    """What money is needed for."""

    INPUTS = 0
    RESTOCKING = 1
    ILLNESS = 2
    SCHOOLING = 3
    BUILDING = 4


class Sector(IntEnum):
    """Columns of the county's balance sheet."""

    FARMERS = 0
    MERCHANTS = 1
    EMPLOYEES = 2
    BANK = 3
    PAYMENT = 4
    LENDER = 5
    FUND = 6
    GOVERNMENT = 7
    FIRM = 8
    WORLD = 9
