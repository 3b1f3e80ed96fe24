"""Assumptions on income, spending, payments and household accounts."""

from __future__ import annotations

from sim.declare import Group, parameter

_ASSUMED = "assumed"


class Income(Group):
    """How income varies over the year and between households."""

    off_farm_chance: float = parameter(
        0.70, "share", (0.5, 0.9), "assumed: migrant-worker surveys report 8 to 10 working months a year",
        "probability that an off-farm worker finds work in a month",
    )  # fmt: skip
    off_farm_cash: float = parameter(0.45, "share", (0.2, 0.8), _ASSUMED, "share of off-farm pay in cash")
    harvest_cash: float = parameter(0.60, "share", (0.3, 0.9), _ASSUMED, "share of harvest sales paid in cash")
    remittance_wallet: float = parameter(
        0.35, "share", (0.1, 0.6), _ASSUMED, "share of remittances sent by wallet where the household has one"
    )
    harvest_noise: float = parameter(
        0.30, "share", (0.1, 0.5), "assumed: plot-level yields vary by a fifth to a third", "half-width of harvest luck"
    )
    weather_noise: float = parameter(
        0.15, "share", (0.05, 0.3), _ASSUMED, "half-width of a township's weather around the mean"
    )
    inputs_loss: float = parameter(
        0.35, "share", (0.2, 0.5), "assumed: long-run trials without fertiliser lose a third to a half of the yield",
        "share of the harvest lost by a household that buys no inputs",
    )  # fmt: skip
    premium: float = parameter(
        4.0, "yuan/mu", (2.0, 8.0), "assumed: farmers pay a fifth of the wheat and maize premium",
        "farm insurance, a year",
    )  # fmt: skip
    insured_sum: float = parameter(
        350.0, "yuan/mu", (250.0, 500.0), "assumed: policy-based crop insurance covers direct costs",
        "paid for a total loss",
    )  # fmt: skip
    smoothing: float = parameter(
        0.08, "share", (0.04, 0.2), "assumed: about a year's memory", "weight of a month in usual income"
    )


class Spending(Group):
    """How households consume."""

    propensity: float = parameter(
        0.77, "share", (0.7, 0.9), "National Bureau of Statistics 2018: rural consumption 83%, urban 66% of income",
        "share of usual income consumed",
    )  # fmt: skip
    wealth_pull: float = parameter(
        0.010, "1/month", (0.002, 0.03), _ASSUMED, "share of the money above the buffer that is spent in a month"
    )
    prudence: float = parameter(
        0.33, "share", (0.25, 0.7), "assumed: buffer-stock saving (Deaton 1991, Carroll 1997)",
        "of the money above subsistence, spent in a month at most",
    )  # fmt: skip
    buffer_months: float = parameter(6.0, "months", (2.0, 12.0), _ASSUMED, "money kept in hand, months of usual income")
    subsistence: float = parameter(
        250.0, "yuan/month", (150.0, 350.0), "China's poverty line 2017: about 2,950 yuan a head and year",
        "least that one person lives on",
    )  # fmt: skip
    retail_share: float = parameter(
        0.62, "share", (0.45, 0.75), _ASSUMED, "share of consumption bought in the county's shops"
    )
    festival: float = parameter(
        0.35, "share", (0.15, 0.6), _ASSUMED, "more consumption in the month of the Spring Festival (February)"
    )


class Payments(Group):
    """How purchases are paid."""

    payer_share: float = parameter(
        0.76, "share", (0.55, 0.80), "assumed: fitted from 0.68 (prototype of 2026)",
        "share of the shopping of members without a wallet that the payer takes over at full habit",
    )  # fmt: skip
    online_share: float = parameter(
        0.25, "share", (0.1, 0.5), "assumed: online shopping, bills and transfers",
        "share of what is bought outside the county's shops that can be paid online",
    )  # fmt: skip
    card_town: float = parameter(
        0.25, "share", (0.08, 0.25), "assumed: fitted from 0.23 (prototype of 2026)",
        "share of non-QR value paid by card, county town",
    )  # fmt: skip
    card_users_town: float = parameter(
        0.45, "share", (0.3, 0.6), _ASSUMED, "adults of 40 to 59 who pay by card, county town"
    )
    card_users_seat: float = parameter(0.25, "share", (0.1, 0.4), _ASSUMED, "the same, township seats")
    card_users_village: float = parameter(0.12, "share", (0.05, 0.3), _ASSUMED, "the same, villages")
    card_seat: float = parameter(
        0.08, "share", (0.02, 0.15), _ASSUMED, "share of non-QR value paid by card where there is a terminal, elsewhere"
    )
    wallet_balance_share: float = parameter(
        0.25, "share", (0.1, 0.5), "assumed: most QR payments debit a bound bank card", "share paid from the wallet"
    )
    large_tickets_everyday: float = parameter(
        0.06, "share", (0.02, 0.15), _ASSUMED, "share of everyday sales in tickets over 500 yuan"
    )
    large_tickets_inputs: float = parameter(
        0.40, "share", (0.2, 0.7), _ASSUMED, "share of farm inputs sold in tickets over 500 yuan"
    )
    dynamic_code_share: float = parameter(
        0.80, "share", (0.5, 1.0), "assumed: shops with a terminal can show a dynamic code, which has no cap",
        "share of large tickets that a shop with a terminal can still take by code",
    )  # fmt: skip
    ticket_cash: float = parameter(22.0, "yuan", (10.0, 40.0), _ASSUMED, "mean cash ticket, everyday goods")
    ticket_card: float = parameter(160.0, "yuan", (80.0, 300.0), _ASSUMED, "mean card ticket, everyday goods")
    ticket_qr: float = parameter(28.0, "yuan", (15.0, 50.0), _ASSUMED, "mean QR ticket, everyday goods")
    ticket_inputs: float = parameter(420.0, "yuan", (200.0, 800.0), _ASSUMED, "mean ticket, farm inputs")
    margin_village: float = parameter(0.16, "share", (0.1, 0.25), _ASSUMED, "gross margin, village shop")
    margin_dealer: float = parameter(0.12, "share", (0.08, 0.2), _ASSUMED, "gross margin, farm-input dealer")
    margin_street: float = parameter(0.22, "share", (0.15, 0.35), _ASSUMED, "gross margin, street shop")
    margin_service: float = parameter(0.45, "share", (0.3, 0.6), _ASSUMED, "gross margin, service")
    turnover_smoothing: float = parameter(0.15, "share", (0.05, 0.3), _ASSUMED, "weight of a month in usual turnover")
    wallet_float: float = parameter(0.20, "share", (0.05, 0.5), _ASSUMED, "share of QR sales left in a shop's wallet")
    cash_kept: float = parameter(1500.0, "yuan", (500.0, 4000.0), _ASSUMED, "cash a person keeps at home at most")
    wallet_kept: float = parameter(
        500.0, "yuan", (100.0, 2000.0), _ASSUMED, "wallet balance above which the rest moves to the money fund"
    )
    deposit_rate: float = parameter(
        0.0150, "1/year", (0.0035, 0.0275), "assumed: mix of demand (0.35%) and term deposits (1.5 to 2.75%)",
        "interest on deposits",
    )  # fmt: skip
    fund_yield: float = parameter(
        0.035, "1/year", (0.02, 0.045), "facts: money_fund_yield, 4% in 2017-18 and 2.3% in 2019-20", "money fund yield"
    )


class RepaymentBehaviour(Group):
    """How loans are repaid, renewed, given up and collected."""

    early_hazard: float = parameter(0.02, "1/month", (0.01, 0.15), _ASSUMED, "early repayment by those with the money")
    ample: float = parameter(
        6.0, "ratio", (1.5, 10.0), _ASSUMED, "purse over balance above which a borrower rather repays than renews"
    )
    renewal_chance: float = parameter(
        0.96, "share", (0.7, 0.99), "assumed: rural banks roll most bullet loans in good standing",
        "probability that a bullet in good standing is renewed",
    )  # fmt: skip
    cure_chance: float = parameter(0.05, "1/month", (0.03, 0.3), _ASSUMED, "one who refuses pays again")
    write_off_bank: int = parameter(720, "days", (360, 1440), _ASSUMED, "days past due at which the bank writes off")
    write_off_platform: int = parameter(360, "days", (180, 540), _ASSUMED, "the same, platform lender")
    recovery_chance: float = parameter(0.03, "1/month", (0.01, 0.1), _ASSUMED, "a written-off loan is partly collected")
    recovery_share: float = parameter(0.15, "share", (0.05, 0.4), _ASSUMED, "share of the rest collected then")


class Accounts(Group):
    """What institutions earn and spend."""

    reserve_yield: float = parameter(
        0.027, "1/year", (0.015, 0.04), "assumed: mix of required reserves (1.62%), interbank and bonds (3.5%)",
        "earned on reserves, interbank and bonds",
    )  # fmt: skip
    corporate_rate: float = parameter(0.065, "1/year", (0.045, 0.09), _ASSUMED, "rate of corporate loans")
    corporate_loss: float = parameter(0.012, "1/year", (0.004, 0.02), _ASSUMED, "yearly loss on corporate loans")
    bank_costs: float = parameter(
        0.016, "1/year", (0.008, 0.02), "assumed: cost to income of rural banks 30 to 40%", "running costs over assets"
    )
    terminal_cost: float = parameter(80.0, "yuan/month", (30.0, 150.0), _ASSUMED, "running cost of a terminal")
    provision_performing: float = parameter(
        0.015, "share", (0.01, 0.025), "Chinese rules 2012: 1 to 2.5%", "provision on performing loans"
    )
    provision_delinquent: float = parameter(0.10, "share", (0.02, 0.25), _ASSUMED, "provision on delinquent loans")
    provision_defaulted: float = parameter(0.75, "share", (0.5, 1.0), _ASSUMED, "provision on loans 90+ days late")
    tax_rate: float = parameter(0.25, "share", (0.15, 0.25), "Enterprise Income Tax Law 2008", "tax on profit")
    payout: float = parameter(0.30, "share", (0.1, 0.5), _ASSUMED, "share of a year's profit paid to shareholders")
    risk_weight_loans: float = parameter(
        0.80, "share", (0.75, 1.0), "Chinese capital rules 2012", "risk weight of loans"
    )
    risk_weight_reserves: float = parameter(
        0.15, "share", (0.0, 0.25), "Chinese capital rules 2012", "risk weight of reserves and interbank"
    )
    funding_rate: float = parameter(0.045, "1/year", (0.03, 0.06), _ASSUMED, "platform lender's cost of funds")
    partner_fee: float = parameter(
        0.30, "share", (0.2, 0.4), "assumed: technical service fees of 2020 prospectuses",
        "share of the partner's interest paid to the platform lender",
    )  # fmt: skip
    lender_costs: float = parameter(
        0.015, "1/year", (0.005, 0.03), _ASSUMED, "platform lender's running costs over loans"
    )
    payment_costs: float = parameter(
        0.0005, "share", (0.0001, 0.002), _ASSUMED, "payment company's costs over QR value"
    )
    firm_labour_share: float = parameter(0.25, "share", (0.1, 0.4), _ASSUMED, "wages over sales of the anchor firm")
