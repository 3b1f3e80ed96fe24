"""The columns of the four tables of the county: residents, households, shops and places."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.state.columns import Column

#: Month of what has not happened, where months are compared with today: long ago.
LONG_AGO = -99
#: Month of what has not happened, where it is asked whether it has.
NEVER = -1

RESIDENT_COLUMNS: Mapping[str, Column] = {
    # who they are: fixed for the run
    "household": Column(np.int32, "household", "row of the household"),
    "place": Column(np.int16, "place", "row of the place they live in"),
    "place_kind": Column(np.int8, "PlaceKind", "village, township seat or county town"),
    "township": Column(np.int8, "township", "0 to 14, and 15 for the county town"),
    "age": Column(np.int8, "years", "age in 2017"),
    "age_band": Column(np.int8, "AgeBand", "under 40, 40 to 59, 60 and over"),
    "schooling": Column(np.int8, "years", "years of school"),
    "occupation": Column(np.int8, "Occupation", "farmer, merchant (owns a shop) or employee"),
    "employer": Column(np.int8, "Employer", "who pays the wage; none for farmers, merchants and those without work"),
    "poor": Column(np.bool_, "yes/no", "member of a registered poor household"),
    "returned": Column(np.bool_, "yes/no", "young migrant who has come back"),
    "smartphone": Column(np.bool_, "yes/no", "has a smartphone: without one there is no wallet"),
    "head": Column(np.bool_, "yes/no", "head of the household: its first row"),
    "quality": Column(np.float32, "standard normal", "hidden creditworthiness"),
    "adoption_taste": Column(np.float32, "standard normal", "what is personal in adopting"),
    "wage": Column(np.int64, "fen a month", "wage, or mean off-farm pay of a farmer"),
    "pension": Column(np.int64, "fen a month", "pension"),
    "shop": Column(np.int32, "shop", "row of the shop they own (-1: none)", -1),
    "main_bank": Column(np.int8, "0 or 1", "0 the rural bank, 1 another bank"),
    "connected": Column(np.bool_, "yes/no", "known to officials"),
    # money
    "cash": Column(np.int64, "fen", "notes and coins", block="money"),
    "deposit_rural": Column(np.int64, "fen", "deposit at the rural bank", block="money"),
    "deposit_elsewhere": Column(np.int64, "fen", "deposit at other banks", block="money"),
    "wallet": Column(np.int64, "fen", "wallet balance", block="money"),
    "money_fund": Column(np.int64, "fen", "money fund behind the wallet", block="money"),
    # adoption
    "informed": Column(np.bool_, "yes/no", "knows how a wallet works"),
    "news": Column(np.int16, "month", "latest news of wallets (-99: none, or long ago)", LONG_AGO),
    "trust": Column(np.float32, "share", "trust in the wallet"),
    "usefulness": Column(np.float32, "share", "share of own shopping at shops with QR, and services and remittances"),
    "wallet_since": Column(np.int16, "month", "month the wallet was taken up (-1: none; 0: then or before)", NEVER),
    "wallet_last": Column(np.int16, "month", "last month with a wallet payment (-99: never)", LONG_AGO),
    "card_last": Column(np.int16, "month", "last month with a card or bank e-payment (-99: never)", LONG_AGO),
    "habit": Column(np.float32, "share", "share of own payments made by wallet where it is taken"),
    "bank_app_since": Column(np.int16, "month", "month the bank's app was taken up (-1: never)", NEVER),
    "degree": Column(np.int16, "persons", "ties"),
    "wallet_neighbours": Column(np.int16, "persons", "ties to people with a wallet"),
    "informed_neighbours": Column(np.int16, "persons", "ties to informed people without a wallet"),
    # credit
    "records": Column(np.bool_, "yes/no", "public records are loaded into the data platform"),
    "flow": Column(np.int64, "fen", "paid and received by wallet this month"),
    "flow_average": Column(np.float32, "yuan a month", "moving average of the flow that the platform sees"),
    "flow_months": Column(np.int16, "months", "months of flow that the platform has seen"),
    "platform_error": Column(np.float32, "standard normal", "the platform lender's error about the person"),
    "bank_error": Column(np.float32, "standard normal", "the rural bank's error about the person"),
    "salaried_since": Column(np.int16, "month", "month of the salaried quick loan (-1: none)", NEVER),
    "platform_score": Column(np.float32, "standard normal", "score of the platform lender"),
    "bank_score": Column(np.float32, "standard normal", "score of the rural bank"),
    "line": Column(np.int64, "fen", "limit of the platform credit line (0: none)"),
    "line_tier": Column(np.int8, "tier", "price tier of the line"),
    "line_since": Column(np.int16, "month", "month the line was opened (-1: never)", NEVER),
    "platform_first": Column(np.int16, "month", "first platform loan (-1: never)", NEVER),
    "bank_first": Column(np.int16, "month", "first bank loan (-1: never)", NEVER),
    "debt": Column(np.int64, "fen", "owed to formal lenders"),
    "worst_days": Column(np.int16, "days", "worst days past due so far"),
    "bank_defaults": Column(np.int8, "loans", "loans of the bank that reached 90 days past due"),
    "platform_defaults": Column(np.int8, "loans", "loans of the platform lender that reached 90 days past due"),
    "pending_product": Column(np.int8, "Product", "product waiting in the bank's queue (-1: none)", NEVER),
    "pending_amount": Column(np.int64, "fen", "amount applied for"),
    "pending_since": Column(np.int16, "month", "month of the application (-1: none)", NEVER),
    "pending_purpose": Column(np.int8, "Purpose", "what the waiting loan is for"),
    "unmet": Column(np.int64, "fen", "need for credit not met this month"),
    "credit_use": Column(np.float32, "share", "share of the line in use"),
}

HOUSEHOLD_COLUMNS: Mapping[str, Column] = {
    "number": Column(np.int32, "household", "number in the full county, by which the start is drawn"),
    "first": Column(np.int32, "resident", "row of the first member, who is the head"),
    "count": Column(np.int16, "adults", "members of 18 and over"),
    "children": Column(np.int8, "persons", "members under 18"),
    "place": Column(np.int16, "place", "row of the place"),
    "place_kind": Column(np.int8, "PlaceKind", "village, township seat or county town"),
    "township": Column(np.int8, "township", "0 to 14, and 15 for the county town"),
    "sector": Column(np.int8, "Sector", "occupation of the head"),
    "poor": Column(np.bool_, "yes/no", "registered poor household"),
    "land": Column(np.float32, "mu", "land farmed"),
    "remittance": Column(np.int64, "fen a month", "sent home by members who work away"),
    "income": Column(np.int64, "fen", "income this month"),
    "income_average": Column(np.int64, "fen a month", "usual income, mean of about a year"),
    "consumption": Column(np.int64, "fen", "consumption this month"),
    "inputs_ratio": Column(np.float32, "share", "farm inputs bought of those wanted this season", 1.0),
    "earmarked_inputs": Column(np.int64, "fen", "set aside for more farm inputs than usual"),
    "earmarked_life": Column(np.int64, "fen", "set aside last month for an illness or for school"),
    "earmarked_building": Column(np.int64, "fen", "set aside last month for building or another large purchase"),
    "earmarked_stock": Column(np.int64, "fen", "set aside last month for a shop's stock"),
    "payer": Column(np.int32, "resident", "member whose wallet pays (-1: nobody)", -1),
    "usefulness": Column(np.float32, "share", "share of the shopping at shops that take QR"),
    "farm_loan": Column(np.int32, "loan", "open farm loan of the bank (-1: none)", -1),
    "debt_service": Column(np.int64, "fen", "due to lenders this month"),
    "dealer": Column(np.int32, "shop", "dealer in farm inputs (-1: no land or no dealer)", -1),
}

SHOP_COLUMNS: Mapping[str, Column] = {
    "owner": Column(np.int32, "resident", "row of the owner"),
    "place": Column(np.int16, "place", "row of the place"),
    "place_kind": Column(np.int8, "PlaceKind", "village, township seat or county town"),
    "kind": Column(np.int8, "ShopKind", "village shop, input dealer, street shop or service"),
    "size": Column(np.float32, "ratio", "size over the mean of the kind of place; Pareto"),
    "taste": Column(np.float32, "standard normal", "what is the merchant's own in taking QR"),
    "pos": Column(np.bool_, "yes/no", "has a card terminal"),
    "qr": Column(np.bool_, "yes/no", "takes QR payments"),
    "qr_since": Column(np.int16, "month", "month QR was taken up (-1: not taken)", NEVER),
    "qr_last": Column(np.int16, "month", "last month with a QR sale (-99: never)", LONG_AGO),
    "customers_wallet": Column(np.float32, "share", "spending share of customers with a wallet"),
    "sales_cash": Column(np.int64, "fen", "sales in cash this month"),
    "sales_card": Column(np.int64, "fen", "sales by card this month"),
    "sales_qr": Column(np.int64, "fen", "sales by QR code this month"),
    "stock": Column(np.int64, "fen", "stock bought ahead, at cost: later orders are less by it"),
    "turnover_average": Column(np.int64, "fen a month", "usual turnover"),
}

PLACE_COLUMNS: Mapping[str, Column] = {
    "number": Column(np.int16, "place", "number in the full county"),
    "first_number": Column(np.int32, "household", "number of its first household in the full county"),
    "kind": Column(np.int8, "PlaceKind", "village, township seat or county town"),
    "township": Column(np.int8, "township", "0 to 14, and 15 for the county town"),
    "seat": Column(np.int16, "place", "row of the seat of its township (the town for the town)"),
    "x": Column(np.float32, "km", "position, west to east"),
    "y": Column(np.float32, "km", "position, south to north"),
    "full_households": Column(np.int32, "households", "households at the county's full size"),
    "households": Column(np.int32, "households", "households simulated"),
    "adults": Column(np.int32, "adults", "adults simulated"),
    "children": Column(np.int32, "persons", "children of the households simulated"),
    "adults_share": Column(np.float32, "share", "its part of the county's simulated adults"),
}
