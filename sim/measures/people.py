"""Measures of people and households: for everybody and for every group of them.

Each is a function of sums over a group (see ``sums.PEOPLE`` and ``sums.HOUSEHOLDS``); ``s.weight`` turns agents into
people at the county's full size.
"""

from __future__ import annotations

from sim.measures.declare import Measure, ratio, yuan

_NOBODY = "a group without members"

PEOPLE_MEASURES = (
    Measure(
        "adults", "adults", "stock", "resident adults at full size", lambda s: s.adults * s.weight
    ),
    Measure(
        "informed", "share", "stock", "adults who know how a wallet works, of all adults",
        lambda s: ratio(s.informed, s.adults), _NOBODY,
    ),
    Measure(
        "wallet_active", "share", "stock", "adults who paid by wallet in the last 3 months, of all adults",
        lambda s: ratio(s.wallet_active, s.adults), _NOBODY,
    ),
    Measure(
        "wallet_holders", "share", "stock", "adults who have a wallet, used or not, of all adults",
        lambda s: ratio(s.wallet_holders, s.adults), _NOBODY,
    ),
    Measure(
        "epayment_any", "share", "stock",
        "adults who paid by wallet, card or bank app in the last 3 months, of all adults",
        lambda s: ratio(s.epayment, s.adults), _NOBODY,
    ),
    Measure(
        "bank_app", "share", "stock", "adults with the rural bank's app, of all adults",
        lambda s: ratio(s.bank_app, s.adults), _NOBODY,
    ),
    Measure(
        "records", "share", "stock", "adults whose public records are in the data platform, of all adults",
        lambda s: ratio(s.records, s.adults), _NOBODY,
    ),
    Measure(
        "lines", "adults", "stock", "adults who hold a credit line of the platform lender",
        lambda s: s.lines * s.weight,
    ),
    Measure(
        "limits", "yuan", "stock", "sum of the credit lines of the platform lender, drawn or not",
        lambda s: yuan(s.line_fen) * s.weight,
    ),
    Measure(
        "borrowers_platform", "adults", "stock", "adults who have ever borrowed from the platform lender",
        lambda s: s.platform_borrowers * s.weight,
    ),
    Measure(
        "borrowers_bank", "adults", "stock", "adults who have ever borrowed from the rural bank",
        lambda s: s.bank_borrowers * s.weight,
    ),
    Measure(
        "credit_access", "share", "stock", "adults with a platform line or a formal loan, of all adults",
        lambda s: ratio(s.with_access, s.adults), _NOBODY,
    ),
    Measure(
        "indebted", "share", "stock", "adults who owe a formal lender, of all adults",
        lambda s: ratio(s.indebted, s.adults), _NOBODY,
    ),
    Measure(
        "formal_debt", "yuan", "stock", "what adults owe to formal lenders", lambda s: yuan(s.debt_fen) * s.weight
    ),
    Measure(
        "borrowers_par30", "share", "stock",
        "formal loans 30 or more days late, of formal loans to the group, by balance",
        lambda s: ratio(s.formal_par30_fen, s.formal_loans_fen), "a group without formal loans",
    ),
    Measure(
        "borrowers_npl", "share", "stock",
        "formal loans 90 or more days late, of formal loans to the group, by balance",
        lambda s: ratio(s.formal_npl_fen, s.formal_loans_fen), "a group without formal loans",
    ),
    Measure(
        "unmet_need", "yuan a month", "flow", "credit wanted this month and not got from anybody",
        lambda s: yuan(s.unmet_fen) * s.weight,
    ),
    Measure(
        "unmet_people", "adults", "flow", "adults whose wish for credit this month was not met",
        lambda s: s.unmet_people * s.weight,
    ),
    Measure(
        "household_digital", "share", "stock",
        "households in which somebody paid by wallet in the last 3 months or has the bank's app, of all households",
        lambda s: ratio(s.digital, s.households), _NOBODY,
    ),
    Measure(
        "income", "yuan a month", "flow", "mean income of a household this month",
        lambda s: ratio(yuan(s.income_fen), s.households), _NOBODY,
    ),
    Measure(
        "usual_income", "yuan a month", "stock", "mean of households' average income over about twelve months",
        lambda s: ratio(yuan(s.usual_income_fen), s.households), _NOBODY,
    ),
    Measure(
        "consumption", "yuan a month", "flow", "mean consumption of a household this month",
        lambda s: ratio(yuan(s.consumption_fen), s.households), _NOBODY,
    ),
    Measure(
        "indebtedness", "share", "stock", "formal debt of households, of twelve months of their usual income",
        lambda s: ratio(s.household_debt_fen, 12.0 * s.usual_income_fen), "a group without income",
    ),
    Measure(
        "debt_service", "share", "flow", "what households must pay on loans this month, of their usual income",
        lambda s: ratio(s.service_fen, s.usual_income_fen), "a group without income",
    ),
    Measure(
        "overburdened", "share", "flow", "households whose loan service exceeds 40% of usual income, of all households",
        lambda s: ratio(s.burdened, s.households), _NOBODY,
    ),
)  # fmt: skip

#: Measures that stand in the monthly table for each kind of place too.
BY_PLACE = ("wallet_active", "epayment_any", "household_digital", "credit_access", "lines")
#: Measures of who is reached; the monthly table holds their gaps between groups.
GAP_MEASURES = ("wallet_active", "credit_access")
GAPS = {
    "age": ("under_40", "from_60", "adults under 40 less adults of 60 and over"),
    "poverty": ("not_poor", "poor", "adults of other households less adults of poor households"),
    "place": ("town", "village", "adults of the county town less adults of villages"),
}
