"""What the county's programmes cost in a month, from the work done and its prices."""

from __future__ import annotations

from dataclasses import dataclass

from sim.assumptions.public_costs import PublicCosts


@dataclass(frozen=True)
class Work:
    """What the county government did in a month, at the county's full size.

    Attributes
    ----------
    shops_called_on, adults_addressed : float
        By its campaign.
    codes : float, shops
        That took QR while it backed the giveaway of codes.
    data_platforms : float
        1 in the month in which records begin to be shared.
    records, services, trained, villages_rated : float
        Adults whose records were loaded, services brought live, adults trained, villages rated.
    registries : float
        1 while a shared registry runs.
    """

    shops_called_on: float = 0.0
    adults_addressed: float = 0.0
    codes: float = 0.0
    data_platforms: float = 0.0
    records: float = 0.0
    services: float = 0.0
    trained: float = 0.0
    villages_rated: float = 0.0
    registries: float = 0.0


def public_cost(work: Work, price: PublicCosts) -> dict[str, float]:
    r"""Return what each programme costs this month, yuan.

    .. math:: \text{cost} = \sum \text{price} \times \text{quantity}, \qquad
              \text{days} = \frac{\text{shops}}{\text{shops a day}} + \frac{\text{adults}}{\text{adults a day}}

    Parameters
    ----------
    work : Work
    price : PublicCosts

    Returns
    -------
    dict of str to float
        "campaign", "codes", "data", "services", "training", "rating", "registry"; yuan, none negative.
    """
    days = work.shops_called_on / price.shops_a_day + work.adults_addressed / price.adults_a_day
    return {
        "campaign": price.campaign_day * days,
        "codes": price.code * work.codes,
        "data": price.data_platform * work.data_platforms + price.record * work.records,
        "services": price.service * work.services,
        "training": price.training * work.trained,
        "rating": price.rating * work.villages_rated,
        "registry": price.registry * work.registries,
    }
