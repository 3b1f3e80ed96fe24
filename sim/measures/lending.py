"""Measures of lending: from the loan tape, for each lender and product and for formal lenders together.

Each is a function of sums over loans (see ``sums.LENDING``). ``s.weight`` brings yuan and counts to full size.
"""

from __future__ import annotations

from sim.measures.declare import PPM, Measure, ratio, yuan

_NO_LOANS = "no loans outstanding"
_NO_NEW = "no new loan this month"

LENDING_MEASURES = (
    Measure(
        "gross_loans", "yuan", "stock", "principal outstanding, without what is written off",
        lambda s: yuan(s.gross_fen) * s.weight,
    ),
    Measure("open_loans", "loans", "stock", "loans that still owe principal", lambda s: s.open_loans * s.weight),
    Measure(
        "originations", "yuan a month", "flow", "loans paid out this month, renewals included",
        lambda s: yuan(s.lent_fen) * s.weight,
    ),
    Measure(
        "new_loans", "loans a month", "flow", "loans paid out this month, renewals left out",
        lambda s: s.new_loans * s.weight,
    ),
    Measure(
        "new_borrowers", "adults a month", "flow", "adults whose first loan of a product this is",
        lambda s: s.new_borrowers * s.weight,
    ),
    Measure(
        "customers", "adults", "stock", "adults who have ever had a loan of a product (summed over products)",
        lambda s: s.borrowers * s.weight,
    ),
    Measure(
        "lent_so_far", "yuan", "stock", "all loans ever paid out, those before the start that are on the tape included",
        lambda s: yuan(s.lent_ever_fen) * s.weight,
    ),
    Measure(
        "annual_rate", "1/year", "stock", "yearly rate of loans outstanding, weighted by balance",
        lambda s: ratio(s.rate_fen, PPM * s.gross_fen), _NO_LOANS,
    ),
    Measure(
        "annual_rate_new", "1/year", "flow", "yearly rate of this month's new loans, weighted by principal",
        lambda s: ratio(s.new_rate_fen, PPM * s.new_fen), _NO_NEW,
    ),
    Measure(
        "days_to_cash", "days", "flow",
        "days from application to cash of this month's new loans, weighted by principal, renewals left out",
        lambda s: ratio(s.new_days_fen, s.new_fen), _NO_NEW,
    ),
    Measure(
        "par30", "share", "stock", "balance of loans 30 or more days late, of gross loans",
        lambda s: ratio(s.par30_fen, s.gross_fen), _NO_LOANS,
    ),
    Measure(
        "npl_ratio", "share", "stock", "balance of loans 90 or more days late, of gross loans",
        lambda s: ratio(s.npl_fen, s.gross_fen), _NO_LOANS,
    ),
    Measure(
        "new_defaults", "loans a month", "flow", "loans that reached 90 days late this month",
        lambda s: s.defaulted * s.weight,
    ),
    Measure(
        "default_rate", "share", "stock",
        "loans paid out twelve months ago that have reached 90 days late since, by number",
        lambda s: ratio(s.vintage_defaulted, s.vintage_loans), "no loan is twelve months old",
    ),
    Measure(
        "default_rate_value", "share", "stock",
        "loans paid out twelve months ago that have reached 90 days late since, by principal",
        lambda s: ratio(s.vintage_defaulted_fen, s.vintage_fen), "no loan is twelve months old",
    ),
    Measure(
        "write_offs", "yuan a month", "flow", "principal written off this month",
        lambda s: yuan(s.written_off_fen) * s.weight,
    ),
    Measure(
        "recovered_so_far", "yuan", "stock", "collected after write-off, since the start",
        lambda s: yuan(s.recovered_ever_fen) * s.weight,
    ),
    Measure(
        "applications", "applications a month", "flow", "applications for credit this month",
        lambda s: s.applications * s.weight,
    ),
    Measure(
        "applied_for", "yuan a month", "flow", "credit applied for this month", lambda s: yuan(s.asked_fen) * s.weight
    ),
    Measure(
        "approvals", "applications a month", "flow", "applications approved this month", lambda s: s.approved * s.weight
    ),
    Measure(
        "refusals", "applications a month", "flow", "applications refused this month", lambda s: s.refused * s.weight
    ),
    Measure(
        "queued", "applications", "stock", "applications that wait for an officer at the month's end",
        lambda s: s.queued * s.weight,
    ),
)  # fmt: skip

#: What the monthly table shows of loans between relatives.
FAMILY = ("gross_loans", "originations", "new_loans")
