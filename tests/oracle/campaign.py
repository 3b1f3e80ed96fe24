"""The county government's side of adoption, and frauds: section 7.1 of the model description."""

from __future__ import annotations

import mesa

from sim.vocabulary import PlaceKind


def intensity(month: int, begin: int, months: int, build_up: float, memory: float) -> float:
    """I(m) of a campaign: it builds up, lasts, and is forgotten."""
    if month < begin or months <= 0:
        return 0.0
    built = min(min(month - begin + 1, months) / build_up, 1.0)
    return built * max(0.0, 1.0 - max(month - begin - months + 1, 0) / (memory + 1))


class Government(mesa.Agent):
    """Push on shops, word to people and in firms, services, training."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.platform_present = False
        self.push = dict.fromkeys(PlaceKind, 0.0)
        self.word_in_firms = self.word_to_people = 0.0
        self.services_live = self.services_share = 0.0
        self.share_trained = 0.0
        self.frauds = 0.0

    def act(self) -> None:
        month, levers = self.model.month, self.model.levers
        self.platform_present = levers.platform.entry <= month < levers.platform.exit
        self.speak(month, levers.government)
        self.bring_services(month, levers.government)
        self.train(month, levers.government)
        wave = intensity(
            month,
            levers.shocks.fraud_start,
            levers.shocks.fraud_months,
            1,
            self.model.assumptions.adoption.fraud_memory,
        )
        self.frauds = min(wave * levers.shocks.fraud_strength, 1.0)

    def speak(self, month: int, lever) -> None:
        start, months = lever.endorsement_start, lever.endorsement_months
        build_up, memory = (
            self.model.assumptions.adoption.campaign_build_up,
            self.model.assumptions.adoption.campaign_memory,
        )
        strength = lever.endorsement_strength if self.platform_present else 0.0
        later = start + lever.push_people_lag
        self.word_in_firms = strength * intensity(month, start, months, build_up, build_up)
        self.word_to_people = strength * intensity(month, later, months, build_up, memory)
        relative = {
            PlaceKind.VILLAGE: lever.push_village, PlaceKind.SEAT: lever.push_seat, PlaceKind.TOWN: lever.push_town
        }  # fmt: skip
        for kind, share in relative.items():
            self.push[kind] = share * lever.push_shops * self.word_in_firms / self.model.assumptions.shops.push_strength

    def bring_services(self, month: int, lever) -> None:
        if not self.platform_present:
            self.services_live = 0.0
        elif month >= lever.services_start:
            self.services_live = min(self.services_live + lever.services_live_a_month, lever.services_planned)
        self.services_share = min(self.services_live / self.model.assumptions.adoption.services_known, 1.0)

    def train(self, month: int, lever) -> None:
        if lever.literacy_start <= month < lever.literacy_start + lever.literacy_months:
            more = lever.literacy_reach / lever.literacy_months
            self.share_trained = min(self.share_trained + more, lever.literacy_reach)
