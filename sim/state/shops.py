"""Shops, and who shops where: six regular shops a household by gravity, and the nearest dealer in farm inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.network import Network
from sim.assumptions.population import Population as Assumed
from sim.draws import Decision, Draws
from sim.errors import CatfishError
from sim.state.columns import Columns
from sim.state.people import People
from sim.state.places import START, Layout
from sim.state.shop_kernels import choose_shops, gravity, pareto
from sim.state.tables import SHOP_COLUMNS
from sim.threads import over_rows
from sim.vocabulary import Occupation, PlaceKind, ShopKind

REGULAR = 6
"""Regular shops of a household."""
_OWN_DISTANCE = 1.0
"""Kilometres to a shop of one's own village, seat or town, on average."""
_DETOUR = 1.3
"""Kilometres of road for each kilometre as the crow flies. Assumed."""
_DRAWS = 16
"""Numbers set aside for one household's choice of shops."""


def make_shops(crowd: People, layout: Layout, facts: Any, assumed: Assumed, draws: Draws) -> Columns:
    """Return the table of shops, one for each merchant, and give each merchant the row of his shop.

    The first merchant of a village keeps a village shop; the second is its dealer in farm inputs, where it has one.
    """
    residents = crowd.residents
    owner = np.flatnonzero(residents.occupation == Occupation.MERCHANT).astype(np.int32)
    shops = Columns(SHOP_COLUMNS, len(owner))
    residents.shop[owner] = np.arange(len(owner), dtype=np.int32)
    shops.owner, shops.place, shops.place_kind = owner, residents.place[owner], residents.place_kind[owner]
    who = crowd.who[owner]
    shops.kind = _kinds(shops, layout, assumed, draws.uniform_of(Decision.SHOP_KIND, START, who), draws)
    shops.size = pareto(draws.uniform_of(Decision.SHOP_SIZE, START, who), assumed.shop_tail, assumed.shop_largest)
    shops.taste = draws.normal_of(Decision.SHOP_TASTE, START, who)
    start = facts.start
    for column, name, decision in (("qr", "qr", Decision.START_QR), ("pos", "terminals", Decision.START_TERMINALS)):
        share = np.array([getattr(start, f"{name}_{kind.name.lower()}") for kind in PlaceKind], np.float32)
        setattr(shops, column, draws.uniform_of(decision, START, who) < share[shops.place_kind])
    shops.qr_since[shops.qr] = 0
    shops.qr_last[shops.qr] = START
    return shops


def _kinds(
    shops: Columns, layout: Layout, assumed: Assumed, luck: NDArray[np.float32], draws: Draws
) -> NDArray[np.int8]:
    """Return what each shop sells."""
    dealers = np.array([0.0, assumed.dealer_share_seat, assumed.dealer_share_town])[shops.place_kind]
    goods = np.where(shops.place_kind == PlaceKind.VILLAGE, ShopKind.VILLAGE_SHOP, ShopKind.STREET_SHOP)
    kind = np.where(luck < assumed.service_share, ShopKind.SERVICE, goods)
    kind = np.where(luck >= 1.0 - dealers, ShopKind.INPUT_DEALER, kind)
    number: NDArray[np.int32] = layout.places.number[shops.place].astype(np.int32) + np.int32(10_000)
    rank = np.arange(shops.n) - np.searchsorted(shops.place, shops.place)
    village = shops.place_kind == PlaceKind.VILLAGE
    supplied = draws.uniform_of(Decision.PLACES, START, number) < assumed.dealer_villages
    kind = np.where(village & (rank == 0), ShopKind.VILLAGE_SHOP, kind)
    kind = np.where(village & (rank == 1) & supplied, ShopKind.INPUT_DEALER, kind)
    result: NDArray[np.int8] = kind.astype(np.int8)
    return result


def shopping_shares(places: Columns, facts: Any, assumed: Network) -> NDArray[np.float64]:
    r"""Return where the people of each place shop: own place, township seat, county town, float64[places, 3].

    .. math:: s_{pq} \propto M_q^{\alpha} / d_{pq}^{\beta}

    for the number of shops at full size :math:`M` and the distance by road :math:`d` (Huff's gravity). In a seat the
    first two are one place, in the town all three.

    References
    ----------
    Huff (1963), "A probabilistic analysis of shopping center trade areas", Land Economics 39: 81-90.
    """
    people = facts.people
    merchants = np.array([people.merchants_village, people.merchants_seat, people.merchants_town])
    mass = places.full_households * people.adults_per_household * merchants[places.kind]
    rows = np.arange(places.n)
    targets = np.stack([rows, places.seat.astype(np.int64), np.full(places.n, places.n - 1)], axis=1)
    x, y = places.x.astype(np.float64), places.y.astype(np.float64)
    squared = (x[targets] - x[:, None]) ** 2 + (y[targets] - y[:, None]) ** 2
    distance = np.maximum(_DETOUR * np.sqrt(squared), _OWN_DISTANCE)
    pull = gravity(mass[targets], distance, assumed.gravity_size, assumed.gravity_distance)
    pull[places.kind != PlaceKind.VILLAGE, 1] = 0.0
    pull[places.kind == PlaceKind.TOWN, 2] = 0.0
    total = pull[:, 0] + pull[:, 1] + pull[:, 2]
    shares: NDArray[np.float64] = pull / total[:, None]
    return shares


def regular_shops(
    crowd: People, shops: Columns, layout: Layout, facts: Any, assumed: Network, draws: Draws
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]:
    """Return each household's regular shops, their share of its shopping, and its dealer in farm inputs.

    Of the six, as many lie in a place as its gravity says (a systematic sample); within a place larger shops are
    chosen in proportion to size, each once. The dealer is of the nearest place that has one.

    Returns
    -------
    household_shops : int32[h, 6]
    household_weights : float32[h, 6]
        Sum 1.
    dealer : int32[h]
        -1 without land, or where there is no dealer at all.

    Raises
    ------
    CatfishError
        If there are fewer than six shops.
    """
    places, households = layout.places, crowd.households
    size = np.maximum(np.floor(shops.size.astype(np.float64) * 1000.0), 1.0).astype(np.int64)
    everyday, everyday_ptr, everyday_sum = _by_place(shops, size, shops.kind != ShopKind.INPUT_DEALER, places.n)
    if len(everyday) < REGULAR:
        raise CatfishError(
            f"the simulated county has {len(everyday)} shops for everyday goods and needs {REGULAR}: "
            "raise the scale or the shares of merchants"
        )
    dealers, dealer_ptr, dealer_sum = _by_place(shops, size, shops.kind == ShopKind.INPUT_DEALER, places.n)
    numbers = crowd.home[:, None] * np.int32(_DRAWS) + np.arange(REGULAR + 3, dtype=np.int32)
    luck = draws.uniform_of(Decision.SHOP_CHOICE, START, numbers.ravel().astype(np.int32)).reshape(numbers.shape)
    chosen = np.empty((households.n, REGULAR), np.int32)
    weights = np.empty((households.n, REGULAR), np.float32)
    dealer = np.full(households.n, -1, np.int32)
    over_rows(
        choose_shops, households.n, households.place, places.seat, shopping_shares(places, facts, assumed),
        households.land, luck, everyday, everyday_ptr, everyday_sum, dealers, dealer_ptr, dealer_sum,
        _weights(assumed.first_shop), chosen, weights, dealer,
    )  # fmt: skip
    return chosen, weights, dealer


def _by_place(
    shops: Columns, size: NDArray[np.int64], of_kind: NDArray[np.bool_], places: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Return shops of a kind, where each place's begin among them, and running sums of their sizes."""
    rows = np.flatnonzero(of_kind).astype(np.int32)
    ptr = np.searchsorted(shops.place[rows], np.arange(places + 1)).astype(np.int32)
    sums = np.concatenate([[0], np.cumsum(size[rows])]).astype(np.int64)
    return rows, ptr, sums


def _weights(first: float) -> NDArray[np.float32]:
    """Return shares of shopping by rank: falling by one factor, the first as given, sum 1."""
    low, high = 0.0, 1.0
    for _ in range(60):
        factor = 0.5 * (low + high)
        total, term = 0.0, 1.0
        for _ in range(REGULAR):
            total, term = total + term, term * factor
        low, high = (low, factor) if total * first > 1.0 else (factor, high)
    shares = np.array([factor**k for k in range(REGULAR)])
    weights: NDArray[np.float32] = (shares / shares.sum()).astype(np.float32)
    return weights
