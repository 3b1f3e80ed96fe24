"""The choice of a lender: a multinomial logit, by its closed form and by what must follow from it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.assumptions.choice import Choice
from sim.mechanisms.choice import BANK, JOINT, NONE, OPTIONS, PLATFORM, QUICK, RELATIVES, choice

P = Choice()
PAPERS = np.array([False, False, True, False, False, False])


def tables(people, **changed):
    """Return the tables of so many equal people with every option open; ``changed`` gives columns of an argument."""
    table = {
        "available": np.ones((people, OPTIONS), np.bool_),
        "met": np.tile([0.0, 0.6, 0.9, 0.8, 1.0, 0.8], (people, 1)),
        "annual_rate": np.tile([0.0, 0.0, 0.095, 0.085, 0.146, 0.085], (people, 1)),
        "days": np.tile([0.0, 3.0, 20.0, 2.0, 0.0, 2.0], (people, 1)),
        "liking": np.tile([0.0, P.family, P.bank, P.quick, P.platform, P.quick], (people, 1)),
    }
    for name, columns in changed.items():
        for column, value in columns.items():
            table[name][:, column] = value
    return table


def chosen(draw, table, papers=PAPERS):
    return choice(
        draw.astype(np.float32), table["available"], table["met"], table["annual_rate"], table["days"], papers,
        table["liking"], P,
    )  # fmt: skip


def probabilities(table, papers=PAPERS):
    """Return the logit's probabilities in NumPy, of the first person."""
    value = (
        table["liking"]
        + P.amount * table["met"]
        - P.cost * table["annual_rate"]
        - P.days * table["days"]
        - (P.papers + P.guarantor) * papers
    )[0]
    value[NONE] = 0.0
    weight = np.where(table["available"][0], np.exp(value), 0.0)
    return weight / weight.sum()


def evenly(people):
    """Return draws that are spread evenly over [0, 1): shares are then probabilities, within 1 / people."""
    return (np.arange(people) + 0.5) / people


def shares(**changed):
    people = 20_000
    return np.bincount(chosen(evenly(people), tables(people, **changed)), minlength=OPTIONS) / people


def test_shares_are_the_logits_probabilities():
    np.testing.assert_allclose(shares(), probabilities(tables(1)), atol=1e-4)


def test_shares_of_random_draws_are_within_their_monte_carlo_error():
    people = 40_000
    found = np.bincount(chosen(np.random.default_rng(7).random(people), tables(people)), minlength=OPTIONS) / people
    expected = probabilities(tables(1))
    assert (np.abs(found - expected) < 4 * np.sqrt(expected * (1 - expected) / people)).all()


@pytest.mark.parametrize("option", [RELATIVES, BANK, QUICK, PLATFORM, JOINT])
@pytest.mark.parametrize(
    ("what", "better", "worse"), [("annual_rate", 0.05, 0.2), ("days", 1.0, 40.0), ("met", 1.0, 0.3), ("liking", 1, 0)]
)
def test_cheaper_faster_larger_and_better_liked_options_are_chosen_more(option, what, better, worse):
    good, bad = (shares(**{what: {option: value}}) for value in (better, worse))
    assert good[option] > bad[option]
    others = np.arange(OPTIONS) != option
    assert (good[others] <= bad[others]).all()


def test_papers_and_a_guarantor_put_people_off():
    people = 20_000
    with_papers, without = (
        np.bincount(chosen(evenly(people), tables(people), papers), minlength=OPTIONS)[BANK]
        for papers in (PAPERS, np.zeros(OPTIONS, np.bool_))
    )
    assert with_papers < without


@given(
    st.lists(st.booleans(), min_size=OPTIONS - 1, max_size=OPTIONS - 1),
    st.floats(0, 1, exclude_max=True, width=32),
    st.lists(st.floats(-30, 30), min_size=OPTIONS, max_size=OPTIONS),
)
def test_a_closed_option_is_never_chosen(open_, draw, liking):
    table = tables(3, available=dict(enumerate(open_, 1)), liking=dict(enumerate(liking)))
    for option in chosen(np.array([draw, 0.0, np.float32(1 - 2**-24)]), table):
        assert table["available"][0, option]


def test_without_lenders_people_go_without():
    table = tables(50, available=dict.fromkeys(range(1, OPTIONS), False))
    assert (chosen(evenly(50), table) == NONE).all()


@given(st.floats(0, 1, exclude_max=True, width=32))
def test_a_better_option_never_loses_the_one_who_chose_it_last(draw):
    """With the same draw, a better last option keeps its choosers: it only moves the edges before it to the left."""
    before = chosen(np.array([draw]), tables(1))[0]
    after = chosen(np.array([draw]), tables(1, liking={JOINT: 5.0}))[0]
    assert after >= before


def test_nobody_in_need_nobody_chooses():
    assert chosen(np.zeros(0), tables(0)).shape == (0,)
