"""A table of columns: writing in place, refusing what does not fit, and travelling."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.state.columns import Column, Columns

SPEC = {
    "cash": Column(np.int64, "fen", "money in the pocket"),
    "age": Column(np.int8, "years", "age", fill=40),
    "trust": Column(np.float32, "share", "trust in the wallet", fill=0.25),
    "poor": Column(bool, "yes or no", "registered as poor"),
    "since": Column(np.int16, "month", "first month", fill=-1),
}


@pytest.fixture
def table():
    return Columns(SPEC, 4)


def test_columns_have_their_type_length_and_first_value(table):
    assert table.n == len(table) == 4
    assert table.names == tuple(table) == tuple(SPEC)
    for name, column in SPEC.items():
        array = getattr(table, name)
        assert array.dtype == column.dtype
        assert array is table[name]
        np.testing.assert_array_equal(array, np.full(4, column.fill, column.dtype))
    assert table.spec["age"].unit == "years"
    assert "cash" in table
    assert "mood" not in table


def test_setting_writes_into_the_array(table):
    held = table.cash
    table.cash = np.array([1, 2, 3, 4])
    table.cash += 10
    table.cash[0] = -5
    assert held is table.cash
    assert list(held) == [-5, 12, 13, 14]
    table.trust = 0.5
    assert (table.trust == 0.5).all()
    table.age = 18
    table.since = np.int16(3)
    assert (table.since == 3).all()


@pytest.mark.parametrize(
    ("name", "values", "error"),
    [
        ("cash", np.zeros(4), TypeError),
        ("cash", np.zeros(4, np.int32), TypeError),
        ("cash", 0.5, TypeError),
        ("cash", np.zeros(3, np.int64), ValueError),
        ("cash", np.zeros((4, 1), np.int64), ValueError),
        ("age", 200, ValueError),
        ("age", "old", TypeError),
        ("poor", 2, ValueError),
        ("trust", np.zeros(4), TypeError),
        ("trust", 1e300, ValueError),
        ("mood", 1, AttributeError),
        ("n", 5, AttributeError),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(table, name, values, error):
    before = table.copy()
    with pytest.raises(error):
        setattr(table, name, values)
    for column in table:
        np.testing.assert_array_equal(table[column], before[column])


def test_a_missing_column_is_named(table):
    with pytest.raises(AttributeError, match="mood"):
        _ = table.mood
    with pytest.raises(KeyError, match="mood"):
        _ = table["mood"]
    with pytest.raises(AttributeError, match="deleted"):
        del table.cash


@pytest.mark.parametrize("name", ["n", "names", "spec", "copy", "_x", "two words", "1st"])
def test_names_that_would_hide_something_are_refused(name):
    with pytest.raises(ValueError, match="called"):
        Columns({name: Column(np.int8, "", "")}, 1)


def test_a_fill_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        Columns({"age": Column(np.int8, "years", "age", fill=300)}, 1)
    with pytest.raises(ValueError, match="rows"):
        Columns(SPEC, -1)


@pytest.mark.parametrize("duplicate", [lambda t: pickle.loads(pickle.dumps(t)), copy.deepcopy, Columns.copy])
def test_copies_are_equal_and_apart(table, duplicate):
    table.cash = np.arange(4)
    other = duplicate(table)
    assert other.names == table.names
    assert other.n == 4
    assert other.spec == table.spec
    other.cash[0] = 99
    other.trust = 1.0
    assert list(table.cash) == [0, 1, 2, 3]
    assert (table.trust == 0.25).all()


@pytest.mark.parametrize(
    "duplicate", [lambda t: t, lambda t: pickle.loads(pickle.dumps(t)), copy.deepcopy, Columns.copy]
)
def test_columns_of_a_block_lie_side_by_side(duplicate):
    purse = {name: Column(np.int64, "fen", name, fill, block="purse") for name, fill in (("cash", 0), ("deposit", 7))}
    table = duplicate(Columns({**SPEC, **purse}, 3))
    rows = table.block("purse")
    assert rows.shape == (3, 2)
    assert rows.flags.c_contiguous
    table.cash = np.array([1, 2, 3])
    table.deposit[1] += 10
    np.testing.assert_array_equal(rows, [[1, 7], [2, 17], [3, 7]])
    rows[0] = 0
    assert (table.cash[0], table.deposit[0], table.age[0]) == (0, 0, 40)


@given(st.integers(-(2**70), 2**70))
def test_a_whole_number_is_either_kept_or_refused(value):
    table = Columns(SPEC, 2)
    try:
        table.since = value
    except (ValueError, TypeError):
        assert not -(2**15) <= value < 2**15
    else:
        assert list(table.since) == [value, value]
