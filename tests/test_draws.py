"""Luck: the published generator, the right distributions, and independence of who else is drawn for."""

import hashlib
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.draws import Decision, Draws, normal, philox4x32, uniform

N = 200_000


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ([0] * 4, [0] * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_philox_gives_the_published_words_of_random123(counter, key, words):
    assert [f"{word:08x}" for word in philox4x32(counter, key)] == words.split()


def test_a_uniform_is_the_documented_word_of_philox():
    seed, month = 0x1_0000_0007, 5
    drawn = Draws(seed).uniform(Decision.NEED, month, 10)
    for who in range(10):
        word = philox4x32([who // 4, month, 0, 1], [7, Decision.NEED])[who % 4]
        assert drawn[who] == np.float32((int(word) >> 9) * 2.0**-23)


def test_uniforms_are_uniform_and_below_one():
    u = Draws(1).uniform(Decision.NEED, 0, N)
    assert u.dtype == np.float32
    assert u.min() >= 0.0
    assert u.max() < 1.0
    assert stats.kstest(u, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 4 / np.sqrt(N)


def test_the_largest_word_stays_below_one_in_float32():
    assert np.float32(np.int32(0xFFFFFFFF >> 9)) * np.float32(2.0**-23) < np.float32(1.0)


def test_normals_have_the_moments_of_a_standard_normal():
    z = Draws(1).normal(Decision.TASTE, -1, N).astype(float)
    assert abs(z.mean()) < 4 / np.sqrt(N)
    assert abs(z.var() - 1.0) < 4 * np.sqrt(2 / N)
    assert abs(stats.skew(z)) < 4 * np.sqrt(6 / N)
    assert abs(stats.kurtosis(z)) < 4 * np.sqrt(24 / N)
    assert stats.kstest(z, "norm").pvalue > 1e-4
    assert np.isfinite(z).all()


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**64 - 1),
    month=st.integers(-1, 500),
    who=st.lists(st.integers(0, 999), max_size=30),
    n=st.integers(1000, 1009),
)
def test_nobodys_luck_depends_on_who_else_is_drawn_for(seed, month, who, n):
    draws, who = Draws(seed), np.array(who, dtype=np.int64)
    np.testing.assert_array_equal(
        draws.uniform_of(Decision.NEED, month, who), draws.uniform(Decision.NEED, month, n)[who]
    )
    np.testing.assert_array_equal(
        draws.normal_of(Decision.NEED, month, who), draws.normal(Decision.NEED, month, n)[who]
    )


def test_streams_differ_by_seed_decision_and_month():
    base = Draws(3).uniform(Decision.NEED, 4, 1000)
    others = [
        Draws(4).uniform(Decision.NEED, 4, 1000),
        Draws(3 + 2**32).uniform(Decision.NEED, 4, 1000),
        Draws(3).uniform(Decision.CHOICE, 4, 1000),
        Draws(3).uniform(Decision.NEED, 5, 1000),
        Draws(3).uniform(Decision.NEED, -1, 1000),
    ]
    for other in others:
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.15


def test_a_pair_has_its_own_number_in_each_direction():
    who, whom = np.divmod(np.arange(40_000), 200)
    u = Draws(9).uniform_pair(Decision.TIES, -1, who, whom)
    assert stats.kstest(u, "uniform").pvalue > 1e-4
    back = Draws(9).uniform_pair(Decision.TIES, -1, whom, who)
    assert not np.array_equal(u, back)
    np.testing.assert_array_equal(u[who == whom], back[who == whom])
    order = np.argsort(u)
    np.testing.assert_array_equal(Draws(9).uniform_pair(Decision.TIES, -1, who[order], whom[order]), u[order])
    with pytest.raises(ValueError, match="as many"):
        Draws(9).uniform_pair(Decision.TIES, -1, who, whom[1:])


def test_draws_go_where_the_caller_wants_them():
    out = np.empty(10, np.float32)
    draws = Draws(2)
    assert draws.uniform(Decision.NEED, 0, 10, out=out) is out
    np.testing.assert_array_equal(out, uniform(2, Decision.NEED, 0, 10))
    np.testing.assert_array_equal(draws.normal(Decision.NEED, 0, 10, out=out), normal(2, Decision.NEED, 0, 10))
    with pytest.raises(ValueError, match="float32"):
        draws.uniform(Decision.NEED, 0, 10, out=np.empty(10))
    assert draws.uniform(Decision.NEED, 0, 0).size == 0


def test_a_seed_out_of_range_is_refused():
    for seed in (-1, 2**64):
        with pytest.raises(ValueError, match="seed"):
            Draws(seed)


def test_draws_travel_to_other_processes():
    assert pickle.loads(pickle.dumps(Draws(5))).seed == 5


def test_what_is_drawn_once_is_kept_and_not_sent_along():
    draws = Draws(7)
    kept = draws.once(Decision.CARD, 50)
    np.testing.assert_array_equal(kept, draws.uniform(Decision.CARD, -1, 50))
    assert draws.once(Decision.CARD, 50) is kept
    assert len(draws.once(Decision.CARD, 60)) == 60
    assert len(pickle.dumps(draws)) == len(pickle.dumps(Draws(7)))


def test_no_two_decisions_share_a_stream():
    assert len({int(decision) for decision in Decision}) == len(Decision.__members__)


def test_two_threads_give_the_bytes_of_one():
    draws = Draws(11)

    def month_of(month):
        return draws.uniform(Decision.NEED, month, 50_000).tobytes()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(month_of, range(8))) == [month_of(month) for month in range(8)]


def test_one_and_two_numba_threads_give_the_same_bytes():
    code = (
        "import hashlib; from sim.draws import *;"
        "d = Draws(5); b = d.uniform(Decision.NEED, 2, 9999).tobytes() + d.normal(Decision.NEED, 3, 9999).tobytes();"
        "print(hashlib.sha256(b).hexdigest())"
    )
    draws = Draws(5)
    here = draws.uniform(Decision.NEED, 2, 9999).tobytes() + draws.normal(Decision.NEED, 3, 9999).tobytes()
    for threads in ("1", "2"):
        environment = {**os.environ, "NUMBA_NUM_THREADS": threads}
        told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert told.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_the_numbers_never_change():
    """A change here changes every result of the project: the changelog must say so."""
    draws = Draws(2016)
    digest = hashlib.sha256(draws.uniform(Decision.ADOPTION, 12, 1001).tobytes())
    digest.update(draws.normal(Decision.QUALITY, -1, 1001).tobytes())
    digest.update(draws.uniform_pair(Decision.TIES, -1, np.arange(100), np.arange(100)[::-1]).tobytes())
    assert digest.hexdigest() == "99d5f6f7b6f5784cafcddb81a34a37e78a2e86f0756a49dd71035d83fc5ff0e8"


def test_numbers_of_a_large_county_wrap_as_words_of_32_bits():
    """Row numbers times 256 pass 2**31 above six counties; the counter's word is what is left of them."""
    number = 3_500_000_003
    found = Draws(9).uniform_of(Decision.TIES, -1, np.array([number], np.uint32).view(np.int32))
    words = philox4x32([number >> 2, 0xFFFFFFFF, 0, 0], [9, int(Decision.TIES)])
    assert found[0] * 2**23 == words[number % 4] >> 9
