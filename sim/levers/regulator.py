"""Levers of the regulators. What was in force is the default: it holds in any county."""

from __future__ import annotations

from sim.dates import Month
from sim.declare import Group, parameter

_CODES = "People's Bank of China, barcode-payment rules of 2017-12"
_CUSTODY = "People's Bank of China, reserve custody rules of 2017 and 2018"
_COURT = "Supreme People's Court, 2020-08-20"


class RegulatorLevers(Group):
    """What regulators set."""

    static_code_cap: float = parameter(
        500.0, "yuan/day", (200.0, 2000.0), _CODES, "cap on a person's payments by static code", allowed=(1.0, 1e6)
    )
    static_code_cap_start: Month = parameter("2018-04", "date", None, _CODES, "the cap on static codes holds from")
    custody_share: float = parameter(
        {"2017-01": 0.2, "2019-01": 1.0}, "share", (0.2, 1.0), _CUSTODY, "float of wallets in central custody"
    )
    rate_cap: float = parameter(
        0.154, "1/year", (0.154, 0.36), f"{_COURT}: four times the loan prime rate", "cap on lending rates"
    )
    rate_cap_start: Month = parameter("2020-08", "date", None, _COURT, "the cap on lending rates holds from")
    rate_cap_licensed_exempt: bool = parameter(
        True, "yes/no", None, "Supreme People's Court, reply of 2020-12-29", "licensed lenders are exempt"
    )
    joint_lending_floor: float = parameter(
        {"2017-01": 0.0, "2022-01": 0.3}, "share", (0.0, 0.3), "CBIRC, online lending rules of 2021-02",
        "least part of a loan the platform lender must fund",
    )  # fmt: skip
    reserve_ratio: float = parameter(
        {"2017-01": 0.11, "2019-05": 0.08}, "share", (0.08, 0.115), "People's Bank of China, 2019-05-06: from 10-11.5%",
        "required reserves over deposits",
    )  # fmt: skip
    debt_to_income_cap: float = parameter(
        0.0, "ratio", (0.1, 0.6),
        "assumed: none unless a scenario says so; CBRC 2004, housing loans: 0.55; from 0.3 on lenders' own limit binds",
        "cap on yearly debt service over income (0: none)", allowed=(0.0, 100.0),
    )  # fmt: skip
    capital_minimum: float = parameter(
        0.105, "share", (0.105, 0.125), "Chinese capital rules of 2012", "least capital over risk-weighted assets"
    )
