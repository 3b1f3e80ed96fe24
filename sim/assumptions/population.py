"""Assumptions on how residents differ: what the county's facts leave open about people, homes and money."""

from __future__ import annotations

from sim.declare import Group, parameter

_ASSUMED = "assumed"


class Population(Group):
    """How residents, households and shops vary around the county's means."""

    village_size_spread: float = parameter(
        0.45, "log", (0.3, 0.6), "assumed: one village in six is over half as large again as the median",
        "standard deviation of the log of village size",
    )  # fmt: skip
    schooling_under_40: float = parameter(
        10.0, "years", (9.0, 11.0), "assumed: census of 2020, rural Henan about 8.5 to 9 years", "schooling, under 40"
    )
    schooling_40_59: float = parameter(8.0, "years", (7.0, 9.0), _ASSUMED, "schooling, 40 to 59")
    schooling_over_60: float = parameter(5.0, "years", (3.5, 6.5), _ASSUMED, "schooling, 60 and over")
    schooling_seat: float = parameter(0.8, "years", (0.0, 1.5), _ASSUMED, "more schooling in seats than in villages")
    schooling_town: float = parameter(2.0, "years", (1.0, 3.0), _ASSUMED, "more schooling in town than in villages")
    schooling_spread: float = parameter(2.8, "years", (2.0, 3.5), _ASSUMED, "standard deviation of years of schooling")
    quality_schooling: float = parameter(
        0.15, "correlation", (0.0, 0.3), _ASSUMED, "creditworthiness with schooling of the same age and place",
        allowed=(0.0, 0.5),
    )  # fmt: skip
    quality_age: float = parameter(
        0.08, "standard deviations", (0.0, 0.2), "assumed: settled people of 40 to 59 pay best",
        "creditworthiness of those between 40 and 59 above the others", allowed=(0.0, 0.5),
    )  # fmt: skip
    quality_poor: float = parameter(
        0.35, "standard deviations", (0.0, 0.7), _ASSUMED, "creditworthiness of poor households below the others",
        allowed=(0.0, 1.0),
    )  # fmt: skip
    poor_in_villages: float = parameter(
        0.92, "share", (0.8, 1.0), _ASSUMED, "registered poor households that live in villages; the others in seats"
    )
    connected_share: float = parameter(
        0.08, "share", (0.03, 0.15), "assumed: cadres, party members and their families", "adults known to officials"
    )
    connected_public: float = parameter(0.35, "share", (0.2, 0.6), _ASSUMED, "the same among public staff")
    wage_spread: float = parameter(0.40, "log", (0.3, 0.6), _ASSUMED, "standard deviation of the log of wages")
    wage_schooling: float = parameter(
        0.40, "correlation", (0.2, 0.6), _ASSUMED, "log wage with schooling of the same age and place",
        allowed=(0.0, 1.0),
    )  # fmt: skip
    poor_off_farm: float = parameter(
        0.50, "share", (0.3, 0.8), "assumed: illness and lack of labour are the main causes of registered poverty",
        "off-farm work among the poor relative to others",
    )  # fmt: skip
    poor_pay: float = parameter(0.65, "share", (0.5, 0.9), _ASSUMED, "pay of the poor relative to others")
    poor_remitting: float = parameter(
        0.40, "share", (0.2, 0.8), _ASSUMED, "poor households that get remittances, relative to others"
    )
    land_spread: float = parameter(0.50, "log", (0.3, 0.7), _ASSUMED, "standard deviation of the log of a farm's land")
    remittance_spread: float = parameter(
        0.60, "log", (0.3, 0.9), _ASSUMED, "standard deviation of the log of remittances"
    )
    pension_spread: float = parameter(0.30, "log", (0.1, 0.5), _ASSUMED, "the same, pensions of former employees")
    wealth_spread: float = parameter(
        1.15, "log", (0.9, 1.4), "assumed: survey Gini coefficients of financial wealth near 0.6 to 0.7",
        "standard deviation of the log of households' deposits within a group",
    )  # fmt: skip
    wealth_wage: float = parameter(
        0.45, "correlation", (0.2, 0.7), _ASSUMED, "log deposits with the log wage of the head", allowed=(0.0, 1.0)
    )
    wallet_together: float = parameter(
        0.85, "share", (0.3, 0.9), "assumed: spouses and co-resident children take wallets up together",
        "adults whose wallet at the start goes with that of the household",
    )  # fmt: skip
    main_bank_share: float = parameter(
        0.90, "share", (0.75, 1.0), _ASSUMED, "share of a person's deposits at his main bank", allowed=(0.5, 1.0)
    )
    deposits_seat: float = parameter(1.6, "ratio", (1.2, 2.0), _ASSUMED, "deposits per adult, seats over villages")
    deposits_town: float = parameter(
        2.7, "ratio", (2.0, 3.5), "assumed: urban incomes are 2.3 times rural ones, Henan 2018", "the same, county town"
    )
    deposits_merchants: float = parameter(1.8, "ratio", (1.2, 3.0), _ASSUMED, "deposits of merchants over others")
    deposits_poor: float = parameter(0.30, "share", (0.1, 0.6), _ASSUMED, "deposits of the poor relative to others")
    rural_bank_seat: float = parameter(
        0.90, "ratio", (0.7, 1.1), "assumed: postal bank in seats", "customers of the rural bank, seats over villages"
    )
    rural_bank_town: float = parameter(
        0.55, "ratio", (0.3, 0.8), "assumed: the large banks are in town", "the same, county town"
    )
    cash_spread: float = parameter(0.6, "log", (0.3, 0.9), _ASSUMED, "standard deviation of the log of cash at home")
    wallet_balance: float = parameter(160.0, "yuan", (50.0, 400.0), _ASSUMED, "median wallet balance at the start")
    wallet_spread: float = parameter(0.8, "log", (0.5, 1.2), _ASSUMED, "standard deviation of the log of that balance")
    fund_users: float = parameter(0.40, "share", (0.2, 0.6), _ASSUMED, "wallet users with the money fund at the start")
    fund_share: float = parameter(0.20, "share", (0.1, 0.3), _ASSUMED, "part of their savings that they keep in it")
    shop_tail: float = parameter(
        1.5, "exponent", (1.1, 2.0), "assumed: firm sizes follow Pareto laws with exponents of 1 to 2 (Axtell 2001)",
        "Pareto exponent of shop sizes", allowed=(1.01, 5.0),
    )  # fmt: skip
    shop_largest: float = parameter(
        60.0, "ratio", (20.0, 200.0), _ASSUMED, "largest shop over the smallest possible one", allowed=(2.0, 10000.0)
    )
    dealer_villages: float = parameter(0.60, "share", (0.4, 0.9), _ASSUMED, "villages with a dealer in farm inputs")
    dealer_share_seat: float = parameter(0.10, "share", (0.05, 0.2), _ASSUMED, "seat shops that deal in farm inputs")
    dealer_share_town: float = parameter(0.02, "share", (0.005, 0.05), _ASSUMED, "town shops that deal in farm inputs")
    service_share: float = parameter(
        0.30, "share", (0.2, 0.4), "assumed: repair, hair, transport, meals", "shops that sell services",
        allowed=(0.0, 0.9),
    )  # fmt: skip
