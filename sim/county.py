"""The facts of a county and its start: a place any policy can run on."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from sim.declare import Group, fact


class People(Group):
    """Who lives here."""

    residents: int = fact("persons", "residents of all ages", (10_000, 3_000_000))
    registered: int = fact("persons", "people registered here, also those who live away", (10_000, 5_000_000))
    adult_share: float = fact("share", "adults among residents")
    urban_share: float = fact("share", "adults in the county town and township seats")
    seat_share: float = fact("share", "adults in township seats")
    villages: int = fact("villages", "villages", (10, 1000))
    townships: int = fact("townships", "townships, the county town's own included", (2, 16))
    under_40_village: float = fact("share", "adults under 40, villages")
    under_40_seat: float = fact("share", "adults under 40, township seats")
    under_40_town: float = fact("share", "adults under 40, county town")
    over_60_village: float = fact("share", "adults of 60 and over, villages")
    over_60_seat: float = fact("share", "adults of 60 and over, township seats")
    over_60_town: float = fact("share", "adults of 60 and over, county town")
    adults_per_household: float = fact("persons", "adults in a household", (1.2, 4.0))
    children_per_household: float = fact("persons", "children in a household", (0.0, 3.0))
    poor_households: int = fact("households", "registered poor households", (0, 500_000))
    returned_share: float = fact("share", "returned migrants among those under 40 outside the county town")
    merchants_village: float = fact("share", "owners of shops among adults, villages", (0.005, 0.3))
    merchants_seat: float = fact("share", "the same, township seats", (0.005, 0.4))
    merchants_town: float = fact("share", "the same, county town", (0.005, 0.4))
    employees_village: float = fact("share", "employees among adults, villages")
    employees_seat: float = fact("share", "employees among adults, township seats")
    employees_town: float = fact("share", "employees among adults, county town")
    employed_share: float = fact("share", "of employees of working age, those with work")
    anchor_staff: int = fact("persons", "local staff of the anchor firm", (0, 200_000))
    public_staff: int = fact("persons", "staff of schools, hospitals and government", (0, 200_000))


class Economy(Group):
    """What people live on, in yuan."""

    land_per_household: float = fact("mu", "land of a farm household", (0.0, 500.0))
    wheat_value: float = fact("yuan/mu", "value of the June harvest", (0.0, 20_000.0))
    maize_value: float = fact("yuan/mu", "value of the October harvest", (0.0, 20_000.0))
    inputs_cost: float = fact("yuan/mu", "seed, fertiliser, pesticide and machine hire, a year", (0.0, 20_000.0))
    off_farm_pay: float = fact("yuan/month", "off-farm pay of a farmer, mean over the year", (0.0, 30_000.0))
    off_farm_under_40: float = fact("share", "farmers under 40 with off-farm work")
    off_farm_40_59: float = fact("share", "farmers of 40 to 59 with off-farm work")
    wage_anchor: float = fact("yuan/month", "wage at the anchor firm", (0.0, 50_000.0))
    wage_public: float = fact("yuan/month", "wage in public service", (0.0, 50_000.0))
    wage_other: float = fact("yuan/month", "wage at other employers", (0.0, 50_000.0))
    pension_residents: float = fact("yuan/month", "basic pension of residents of 60 and over", (0.0, 10_000.0))
    pension_staff: float = fact("yuan/month", "pension of former employees", (0.0, 20_000.0))
    retired_staff_seat: float = fact("share", "with such a pension among employees of 60 and over, township seats")
    retired_staff_town: float = fact("share", "the same, county town")
    remittance: float = fact("yuan/month", "money sent home to a household with migrants", (0.0, 20_000.0))
    remitting_village: float = fact("share", "households that get money from migrants, villages")
    remitting_seat: float = fact("share", "the same, township seats")
    remitting_town: float = fact("share", "the same, county town")
    cooperative_dividend_quarter: float = fact(
        "yuan", "paid by the firm's cooperative to a poor household", (0.0, 10_000.0)
    )
    solar_dividend_quarter: float = fact("yuan", "paid from solar power to a poor household", (0.0, 10_000.0))


class RuralBankFacts(Group):
    """The rural bank at the start."""

    deposits_per_adult: float = fact("yuan", "deposits of residents at all banks, over adults", (100.0, 1e6))
    deposit_share: float = fact("share", "of deposits in the county held by the rural bank")
    cash_per_adult: float = fact("yuan", "cash at home", (0.0, 50_000.0))
    household_loans: float = fact("yuan", "loans to farmers, shops and households", (0.0, 1e11))
    policy_loan: float = fact("yuan", "policy loan of a poor household, pooled in the cooperative", (0.0, 500_000.0))
    policy_loan_households: int = fact("households", "poor households with such a loan", (0, 500_000))
    corporate_loans: float = fact("yuan", "loans to firms", (0.0, 1e12))
    firm_loan_share: float = fact("share", "of corporate loans, those of the anchor firm")
    npl_start: float = fact("share", "household loans 90 days late or more", (0.0, 0.5))
    capital_ratio: float = fact("share", "capital over risk-weighted assets", (0.08, 0.4))
    paid_in_share: float = fact("share", "of capital, paid in by shareholders")
    government_deposits: float = fact("yuan", "the county government's money at other banks", (0.0, 1e12))
    firm_deposits: float = fact("yuan", "the anchor firm's money at the rural bank", (0.0, 1e12))


class Start(Group):
    """Wallets, codes and information in 2017-01."""

    wallet_share: float = fact("share", "adults with a wallet")
    wallet_under_40: float = fact("share", "with a wallet, under 40 (relative weights)")
    wallet_40_59: float = fact("share", "the same, 40 to 59")
    wallet_over_60: float = fact("share", "the same, 60 and over")
    wallet_town: float = fact("ratio", "wallets in the county town relative to seats", (0.1, 10.0))
    wallet_seat: float = fact("ratio", "wallets in seats", (0.1, 10.0))
    wallet_village: float = fact("ratio", "wallets in villages relative to seats", (0.1, 10.0))
    qr_town: float = fact("share", "shops with a QR code, county town")
    qr_seat: float = fact("share", "the same, township seats")
    qr_village: float = fact("share", "the same, villages")
    informed_under_40: float = fact("share", "informed about wallets, under 40")
    informed_40_59: float = fact("share", "the same, 40 to 59")
    informed_over_60: float = fact("share", "the same, 60 and over")
    smartphone_under_40: float = fact("share", "with a smartphone, under 40")
    smartphone_40_59: float = fact("share", "the same, 40 to 59")
    smartphone_over_60: float = fact("share", "the same, 60 and over")
    smartphone_village_40_59: float = fact("share", "fewer of them in villages, 40 to 59")
    smartphone_village_over_60: float = fact("share", "fewer of them in villages, 60 and over")
    terminals_town: float = fact("share", "shops with a card terminal, county town")
    terminals_seat: float = fact("share", "the same, township seats")
    terminals_village: float = fact("share", "the same, villages")


class County(BaseModel):
    """A county: its facts, by group; by path, where each comes from and, where it is uncertain, its plausible range."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    people: People
    economy: Economy
    rural_bank: RuralBankFacts
    start: Start
    sources: dict[str, str]
    ranges: dict[str, tuple[float, ...]] = {}

    @property
    def groups(self) -> dict[str, Group]:
        """The groups of facts by name."""
        found: dict[str, Any] = {name: getattr(self, name) for name in FACT_GROUPS}
        return found


FACT_GROUPS: dict[str, type[Group]] = {
    "people": People,
    "economy": Economy,
    "rural_bank": RuralBankFacts,
    "start": Start,
}
