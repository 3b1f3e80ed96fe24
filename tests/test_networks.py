"""Ties: laws of the network, closed forms of its kernels, and the likeness to villages that were surveyed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import Draws
from sim.scenario import Scenario
from sim.state.network_kernels import clustering, friends_of_friends, symmetric_ties
from sim.state.networks import build_ties
from sim.state.population import build_population
from sim.state.shop_kernels import gravity, pareto
from sim.vocabulary import Occupation, PlaceKind

SCENARIO = Scenario.load("neixiang")


def build(seed=7, scale=1.0):
    draws = Draws(seed)
    population = build_population(SCENARIO.county, SCENARIO.assumptions, draws, scale)
    return population, *build_ties(population, SCENARIO.assumptions.network, draws)


@pytest.fixture(scope="module")
def county():
    return build()


@pytest.fixture(scope="module")
def tenth():
    return build(scale=0.1)


def ends(ptr, ties):
    return np.repeat(np.arange(len(ptr) - 1), np.diff(ptr)), ties.astype(np.int64)


@pytest.mark.parametrize("scale", [0.01, 0.1])
def test_ties_are_mutual_sorted_and_named_once(scale):
    population, ptr, ties = build(scale=scale)
    n = population.residents.n
    assert ptr.dtype == ties.dtype == np.int32
    assert len(ptr) == n + 1
    assert ptr[0] == 0
    assert ptr[-1] == len(ties)
    who, whom = ends(ptr, ties)
    assert (who != whom).all()
    key = who * n + whom
    assert (np.diff(key) > 0).all(), "sorted, none twice"
    np.testing.assert_array_equal(np.sort(whom * n + who), key)


def test_members_of_a_household_know_each_other(tenth):
    population, ptr, ties = tenth
    who, whom = ends(ptr, ties)
    home = population.residents.household
    inside = np.bincount(who[home[who] == home[whom]], minlength=population.residents.n)
    np.testing.assert_array_equal(inside, population.households["count"][home] - 1)


def test_ties_are_like_those_of_surveyed_villages(county):
    """Karnataka, Banerjee et al. 2013: mean 9.25, median 7, 90th centile 20, most about 90; clustering 0.25."""
    _, ptr, ties = county
    degree = np.diff(ptr)
    assert degree.mean() == pytest.approx(9.25, abs=0.5)
    assert abs(np.median(degree) - 7) <= 1
    assert np.percentile(degree, 90) == pytest.approx(20, abs=2)
    assert 70 <= degree.max() <= 130
    assert np.nanmean(clustering(ptr, ties)) == pytest.approx(0.25, abs=0.03)
    assert (degree == 0).mean() < 0.01


def test_some_ties_leave_the_place(county):
    population, ptr, ties = county
    who, whom = ends(ptr, ties)
    place, kind = population.residents.place, population.residents.place_kind
    away = place[who] != place[whom]
    for k in PlaceKind:
        assert 0.03 < away[kind[who] == k].mean() < 0.15
    afar = away & (kind[who] == PlaceKind.VILLAGE)
    ends_in = np.bincount(kind[whom[afar]], minlength=3) / afar.sum()
    assert (ends_in > 0.1).all()
    same_township = population.residents.township[who[afar]] == population.residents.township[whom[afar]]
    assert same_township.mean() > 0.5


def test_merchants_know_more_people(county):
    population, ptr, _ = county
    merchant = population.residents.occupation == Occupation.MERCHANT
    degree = np.diff(ptr)
    assert degree[merchant].mean() > 1.2 * degree[~merchant].mean()


def test_counts_of_neighbours_agree_with_the_ties(tenth):
    population, ptr, ties = tenth
    residents = population.residents
    who, whom = ends(ptr, ties)
    user = residents.wallet_since >= 0
    other = residents.informed & ~user
    np.testing.assert_array_equal(residents.degree, np.diff(ptr))
    np.testing.assert_array_equal(
        residents.wallet_neighbours, np.bincount(who, weights=user[whom], minlength=residents.n)
    )
    np.testing.assert_array_equal(
        residents.informed_neighbours, np.bincount(who, weights=other[whom], minlength=residents.n)
    )


def test_ties_inside_a_village_are_the_same_at_every_scale(county, tenth):
    def inside_villages(built, numbers):
        population, ptr, ties = built
        residents, households = population.residents, population.households
        slot = np.arange(residents.n) - population.first[residents.household]
        name = households.number[residents.household].astype(np.int64) * 8 + slot
        who, whom = ends(ptr, ties)
        here = (residents.place[who] == residents.place[whom]) & (residents.place_kind[who] == PlaceKind.VILLAGE)
        here &= np.isin(population.places.number[residents.place[who]], numbers)
        return name[who[here]], name[whom[here]]

    numbers = tenth[0].places.number
    small, full = inside_villages(tenth, numbers), inside_villages(county, numbers)
    np.testing.assert_array_equal(small[0], full[0])
    np.testing.assert_array_equal(small[1], full[1])


def test_the_same_seed_gives_the_same_ties(tenth):
    _, ptr, ties = build(scale=0.1)
    assert ptr.tobytes() == tenth[1].tobytes()
    assert ties.tobytes() == tenth[2].tobytes()
    assert build(seed=8, scale=0.1)[2].tobytes() != ties.tobytes()


@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=8),
    begun=st.lists(st.tuples(st.integers(0, 31), st.integers(-1, 31)), max_size=30),
)
def test_any_list_of_ties_becomes_a_mutual_network(sizes, begun):
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    n = int(first[-1])
    pairs = [(i % n, j % n if j >= 0 else -1) for i, j in begun]
    pairs = [(i, j) for i, j in pairs if i != j]
    who, whom = (np.array([p[k] for p in pairs], np.int32).reshape(-1) for k in range(2))
    ptr, ties = symmetric_ties(first, who, whom)
    homes = [range(first[h], first[h + 1]) for h in range(len(sizes))]
    expected = {(i, j) for home in homes for i in home for j in home}
    expected |= {pair for i, j in pairs if j >= 0 for pair in ((i, j), (j, i))}
    expected = sorted((int(i), int(j)) for i, j in expected if i != j)
    assert list(zip(*(side.tolist() for side in ends(ptr, ties)), strict=True)) == expected


def network(n, *pairs):
    who, whom = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    return symmetric_ties(np.arange(n + 1, dtype=np.int32), who, whom)


def test_clustering_of_a_triangle_with_a_tail():
    found = clustering(*network(4, (0, 1), (1, 2), (2, 0), (2, 3)))
    np.testing.assert_allclose(found, [1.0, 1.0, 1.0 / 3.0, np.nan])


def test_clustering_of_a_ring_with_two_neighbours_on_each_side():
    """Closed form for the ring lattice of k = 4: 3 (k - 2) / (4 (k - 1)) = 1/2 (Watts and Strogatz 1998)."""
    n = 20
    found = clustering(*network(n, *((i, (i + step) % n) for i in range(n) for step in (1, 2))))
    np.testing.assert_allclose(found, 0.5)


def test_friends_of_friends_on_a_line():
    ptr, ties = network(3, (0, 1), (1, 2))
    who = np.array([0, 0, 2, 1], np.int32)
    out = np.empty(4, np.int32)
    friends_of_friends(ptr, ties, who, np.zeros(4, np.float32), np.array([0.0, 0.9, 0.1, 0.0], np.float32), out)
    np.testing.assert_array_equal(out, [-1, 2, 0, -1])


@pytest.mark.parametrize("exponent", [1.2, 1.5, 2.5])
def test_pareto_sizes_have_mean_one_and_the_tail_asked_for(exponent):
    luck = ((np.arange(200_000) + 0.5) / 200_000).astype(np.float32)
    size = pareto(luck, exponent, 60.0)
    assert size.mean() == pytest.approx(1.0, abs=0.002)
    assert size.max() / size.min() == pytest.approx(60.0, rel=0.05)
    smallest = float(size.min())
    for factor in (2.0, 5.0, 20.0):
        expected = (factor**-exponent - 60.0**-exponent) / (1.0 - 60.0**-exponent)
        assert (size > factor * smallest).mean() == pytest.approx(expected, abs=1e-4)


def test_gravity_is_a_product_of_powers():
    mass, distance = np.array([[1.0, 100.0]]), np.array([[2.0, 10.0]])
    np.testing.assert_allclose(gravity(mass, distance, 0.5, 2.0), [[0.25, 0.1]], rtol=1e-12)
