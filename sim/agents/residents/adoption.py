"""Adoption: information, trust, wallets, lapses, shops' QR, the bank's app, habit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import Decision
from sim.mechanisms.adoption import bank_app, begin_and_end, latest_news
from sim.mechanisms.shop_adoption import shop_gain
from sim.mechanisms.ties import (
    acceptance,
    customers_with_wallet,
    payers,
    push_changes,
    to_members,
    with_relative,
)
from sim.threads import at_once

if TYPE_CHECKING:
    from sim.agents.government import CountyGovernment
    from sim.state.world import World

NEVER = -1


def adopt(world: World, government: CountyGovernment, bank: Any) -> None:
    """Let information pass, trust form, and people, shops and habits change.

    Everybody decides on what was so at the start of the month: neighbours are told of changes at the end.

    Parameters
    ----------
    world : World
        Its residents, households and shops are changed.
    government : CountyGovernment
        Whose push, services and training of this month count.
    bank : object with ``app_push``
        The rural bank; 0 or less while it offers no app.
    """
    if world.now.platform.wallets_spread:
        _spread_wallets(world, government)
    _take_up_bank_app(world, float(bank.app_push))


def _spread_wallets(world: World, government: CountyGovernment) -> None:
    """Let information pass, trust form, wallets be taken up and given up, and shops decide on QR."""
    residents = world.residents
    informed_before, accepted_before = residents.informed.copy(), world.households.usefulness.copy()
    user_before = residents.wallet_since >= 0
    word, trained = government.campaign(world), government.trained(world)
    draw = world.draws.uniform(Decision.INFORMATION, world.month, residents.n)

    _inform(world, draw, word, trained)
    at_once(
        lambda: _see_acceptance(world, government.services_share),
        lambda: _trust(world, word, trained, government.incidents(world)),
    )
    _hear_news(world, draw, informed_before, accepted_before, word, government.just_trained(world))
    _take_up_wallets(world, user_before, trained)
    at_once(
        lambda: push_changes(
            informed_before, user_before, residents.informed, residents.wallet_since >= 0,
            world.ties_ptr, world.ties, residents.wallet_neighbours, residents.informed_neighbours,
        ),
        lambda: _take_up_codes(world, government.push_shops),
    )  # fmt: skip


def _inform(
    world: World, draw: NDArray[np.float32], word: NDArray[np.float32], trained: NDArray[np.bool_]
) -> None:  # fmt: skip
    """Set who is informed: told by neighbours, by the campaign or in training."""
    residents = world.residents
    informed = world.mechanisms["information"](
        draw, residents.informed, residents.wallet_neighbours, residents.informed_neighbours, word,
        world.assumptions.adoption,
    )  # fmt: skip
    residents.informed = informed | trained


def _trust(world: World, word: NDArray[np.float32], trained: NDArray[np.bool_], incidents: NDArray[np.float32]) -> None:
    """Set everybody's trust in the wallet; the relative who counts is the household's payer, if another member."""
    residents = world.residents
    relatives = with_relative(residents.household, world.households.payer)
    residents.trust = world.mechanisms["trust"](
        word, relatives, residents.wallet_neighbours, residents.degree, residents.habit, trained, incidents,
        world.assumptions.adoption,
    )  # fmt: skip


def _see_acceptance(world: World, services: float) -> None:
    """Set what a wallet is worth to households and residents: own shops that take QR, remittances, services."""
    households, assumed = world.households, world.assumptions.adoption
    if world.month < assumed.acceptance_frozen_from:
        population = world.population
        households.usefulness = acceptance(population.household_shops, population.household_weights, world.shops.qr)
    worth = households.usefulness + np.float32(assumed.services * services)
    worth += np.float32(assumed.remittances) * (households.remittance > 0)
    world.residents.usefulness = to_members(world.residents.household, worth)


def _hear_news(
    world: World, draw: NDArray[np.float32], informed_before: NDArray[np.bool_], accepted_before: NDArray[np.float32],
    word: NDArray[np.float32], just_trained: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Set the month in which residents had the latest news of wallets."""
    residents = world.residents
    residents.news = latest_news(
        draw, world.month, residents.news, informed_before, residents.informed, word, just_trained,
        to_members(residents.household, world.households.usefulness > accepted_before), world.assumptions.adoption,
    )  # fmt: skip


def _take_up_wallets(world: World, user_before: NDArray[np.bool_], trained: NDArray[np.bool_]) -> None:
    """Set since when residents have a wallet, and their habit of using it: users, those who lapse, new users."""
    residents, month, assumed = world.residents, world.month, world.assumptions.adoption
    new = world.mechanisms["adoption"](
        world.draws.uniform(Decision.ADOPTION, month, residents.n),
        residents.informed & residents.smartphone & ~user_before,
        residents.usefulness, residents.trust, residents.wallet_neighbours, residents.degree,
        residents.age, trained, residents.adoption_taste, np.subtract(month, residents.news, dtype=np.int16), assumed,
    )  # fmt: skip
    accepted = to_members(residents.household, world.households.usefulness)
    lapsed = world.mechanisms["lapse"](
        world.draws.uniform(Decision.LAPSE, month, residents.n), user_before, accepted, assumed
    )
    residents.habit = world.mechanisms["habit"](
        residents.habit, user_before & ~lapsed, accepted, world.assumptions.habit
    )
    begin_and_end(new, lapsed, month, NEVER, world.assumptions.habit.start, residents.wallet_since, residents.habit)


def _take_up_codes(world: World, push: NDArray[np.float32]) -> None:
    """Name each household's payer; set which shops take QR from customers, peers, push and their owners' trust."""
    shops, month, lever = world.shops, world.month, world.now.platform
    population, households = world.population, world.households
    households.payer, users = payers(world.first, world.residents.wallet_since, world.residents.habit)
    shops.customers_wallet = customers_with_wallet(
        population.household_shops, population.household_weights, households.consumption, users, shops.n
    )
    fee = 0.0 if lever.code_giveaway else float(lever.merchant_fee)
    gain = shop_gain(
        shops.customers_wallet, _peers(world), push[shops.place_kind], shops.size,
        world.residents.trust[shops.owner], shops.taste,
        float(lever.entry <= month < lever.exit), float(lever.code_giveaway), fee,
        world.assumptions.shops,
    )  # fmt: skip
    idle = np.subtract(month, np.maximum(shops.qr_last, shops.qr_since), dtype=np.int16)
    had = shops.qr.copy()
    shops.qr = world.mechanisms["shop_adoption"](
        world.draws.uniform(Decision.SHOP_ADOPTION, month, shops.n), had, gain, idle, world.assumptions.shops
    )
    shops.qr_since[shops.qr & ~had] = month
    shops.qr_since[had & ~shops.qr] = NEVER


def _peers(world: World) -> NDArray[np.float32]:
    """Return the size-weighted share of shops that take QR in each shop's place, float32[m]."""
    shops = world.shops
    everybody = np.bincount(shops.place, weights=shops.size, minlength=world.places.n)
    with_code = np.bincount(shops.place, weights=shops.size * shops.qr, minlength=world.places.n)
    share: NDArray[np.float32] = (with_code / np.maximum(everybody, 1e-9)).astype(np.float32)
    return share[shops.place]


def _take_up_bank_app(world: World, push: float) -> None:
    """Let informed residents with a smartphone take up the app that the bank offers."""
    if push <= 0.0:
        return
    residents = world.residents
    new = bank_app(
        world.draws.uniform(Decision.BANK_APP, world.month, residents.n),
        residents.informed & residents.smartphone & (residents.bank_app_since < 0),
        residents.main_bank == 0, push, world.assumptions.adoption,
    )  # fmt: skip
    residents.bank_app_since[new] = world.month
