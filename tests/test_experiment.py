"""Simulate: plain values in, plain tables out; the same however it is run."""

import pytest

from sim.errors import CatfishError
from sim.experiment import run_seeds, simulate

SMALL = {"scale": 0.02, "months": 3}


@pytest.fixture(scope="module")
def two_seeds():
    return run_seeds("neixiang", [4, 2], jobs=1, **SMALL)


def test_seeds_stand_in_the_given_order(two_seeds):
    assert two_seeds.seeds == [4, 2]
    assert two_seeds.monthly["seed"].tolist() == [4, 4, 4, 2, 2, 2]
    assert set(two_seeds.residents["seed"]) == {4}


def test_a_seed_is_the_same_alone_and_in_company(two_seeds):
    alone = simulate("neixiang", 2, **SMALL)
    together = two_seeds.monthly[two_seeds.monthly["seed"] == 2].reset_index(drop=True)
    assert alone.monthly.equals(together)


@pytest.mark.slow
def test_processes_give_the_same_bytes(two_seeds):
    assert run_seeds("neixiang", [4, 2], jobs=2, **SMALL).files() == two_seeds.files()


def test_progress_counts_months():
    told = []
    run_seeds("neixiang", [1, 2], jobs=1, done=told.append, **SMALL)
    assert told == [1, 2, 3, 4, 5, 6]


def test_books_and_tape_agree(two_seeds):
    """What the tape says is owed to the bank is what its balance sheet says."""
    stocks = two_seeds.groups
    in_books = stocks[(stocks["group"] == "bank") & (stocks["measure"] == "stock_loans_bank")]["value"].to_numpy()
    assert two_seeds.monthly["gross_loans_bank"].to_numpy() == pytest.approx(in_books)


def test_overrides_and_mechanisms_reach_the_model():
    calm = simulate("neixiang", 1, overrides={"bank.starting_conviction": 0.9}, **SMALL)
    assert calm.monthly["bank_conviction"].iloc[0] > 0.5
    frozen = simulate("neixiang", 1, mechanisms={"conviction": lambda now, *rest: 0.25}, **SMALL)
    assert frozen.monthly["bank_conviction"].tolist() == [0.25] * 3


@pytest.mark.parametrize(
    "wrong",
    [{"seeds": []}, {"seeds": [1, 1]}, {"seeds": [-1]}, {"seeds": [1], "months": 0}, {"seeds": [1], "scale": 20.0}],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(CatfishError):
        run_seeds("neixiang", **{**SMALL, **wrong})
