r"""Luck: every random number is a function of (seed, decision, month, who), or (seed, decision, month, who, whom).

The generator is Philox 4x32-10: a function of a counter of four 32-bit words and a key of two, which gives four words.

.. math:: \mathrm{key} = (\text{seed}_{low},\ \text{decision}), \qquad
          \mathrm{counter} = (\text{who} \div 4,\ \text{month},\ 0,\ \text{seed}_{high})

and resident *who* takes word *who mod 4*, so one call serves four residents. A draw between two takes word 0 of
:math:`(\text{who}, \text{month}, \text{whom} + 1, \text{seed}_{high})`. Nothing depends on order, threads or on who
else is drawn for.

References
----------
Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC'11.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.kernels import device, kernel, normal_quantile, span
from sim.threads import HOUSEHOLD, over_rows

__all__ = ["Decision", "Draws", "normal", "philox4x32", "uniform"]

Word = np.uint64
Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.integer[Any]]


class Decision(IntEnum):
    """One stream of luck for each decision. Add a line with a new number; a number once given never changes."""

    HOUSEHOLDS = 1
    AGE = 2
    SCHOOLING = 3
    OCCUPATION = 4
    SMARTPHONE = 5
    QUALITY = 6
    TASTE = 7
    LAND = 8
    WAGE = 9
    WEALTH = 10
    START_WALLET = 11
    START_INFORMED = 12
    START_QR = 13
    SHOP_SIZE = 14
    SHOP_TASTE = 15
    SHOP_CHOICE = 16
    TIES = 17
    INFORMATION = 18
    ADOPTION = 19
    LAPSE = 20
    SHOP_ADOPTION = 21
    RECORDS = 23
    CARD = 24
    SCORE_NOISE = 25
    BANK_SCORE_NOISE = 26
    LINE_OFFER = 27
    NEED = 28
    NEED_AMOUNT = 29
    CHOICE = 30
    QUEUE = 31
    WILLINGNESS = 32
    EARLY_REPAYMENT = 33
    RENEWAL = 34
    HARVEST = 35
    OFF_FARM = 38
    BANK_APP = 39
    TERMINALS = 40
    WEATHER = 41
    FAMILY_CREDITOR = 42
    RECOVERY = 43
    LITERACY = 44
    FRAUD = 45
    VILLAGE_SAMPLE = 46
    BLOCK_SAMPLE = 47
    CURE = 60
    SALARIED = 61
    SALARIED_AMOUNT = 63
    OPENING_LOANS = 62
    PLACES = 100
    CHILDREN = 101
    POOR = 102
    RETURNED = 103
    CONNECTED = 104
    EMPLOYER = 105
    PENSION = 106
    REMITTANCE = 107
    MAIN_BANK = 108
    START_TERMINALS = 109
    SHOP_KIND = 110
    SOCIABILITY = 111
    TIES_AFAR = 112
    START_USE = 113
    START_FUND = 114
    TIES_GROUP = 115
    TIES_PLACE = 116
    TIES_FRIENDS = 117
    START_TOGETHER = 118
    START_HOUSEHOLD = 119


_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLY_0 = np.uint64(0xD2511F53)
_MULTIPLY_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_NINE = np.uint64(9)
_TO_UNIT_23 = np.float32(2.0**-23)
_TO_UNIT_32 = 2.0**-32


@device
def _philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Ten rounds of Philox 4x32 on words held in uint64, which is how processors multiply 32 bits by 32."""
    for _ in range(10):
        p0 = _MULTIPLY_0 * c0
        p1 = _MULTIPLY_1 * c2
        c0 = (p1 >> _HALF) ^ c1 ^ k0
        c1 = p1 & _LOW
        c2 = (p0 >> _HALF) ^ c3 ^ k1
        c3 = p0 & _LOW
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@device
def _unit(word: Word) -> np.float32:
    """Float32 in [0, 1) from the upper 23 bits of a word; with 24 the largest would round up to 1."""
    return np.float32(np.int32(word >> _NINE)) * _TO_UNIT_23


@device
def _standard_normal(word: Word) -> np.float32:
    """Float32, standard normal, by inversion of the middle of the word's cell in (0, 1)."""
    return np.float32(normal_quantile((np.float64(np.int64(word)) + 0.5) * _TO_UNIT_32))


@device
def _word_of(who: int, month: Word, high: Word, k0: Word, k1: Word) -> Word:
    """The word that belongs to one resident."""
    block = np.uint64(np.uint32(who))
    w0, w1, w2, w3 = _philox(block >> np.uint64(2), month, np.uint64(0), high, k0, k1)
    # Chosen by masks: LLVM works on eight residents at once where nothing branches.
    odd = np.uint64(0) - (block & np.uint64(1))
    upper = np.uint64(0) - ((block >> np.uint64(1)) & np.uint64(1))
    low_pair = w0 ^ ((w0 ^ w1) & odd)
    high_pair = w2 ^ ((w2 ^ w3) & odd)
    return low_pair ^ ((low_pair ^ high_pair) & upper)


@kernel
def _fill_uniform(start: int, stop: int, out: Floats, month: Word, high: Word, k0: Word, k1: Word) -> None:
    """Fill the blocks start to stop - 1, of four residents each."""
    full = min(stop, out.size // 4)
    part = out[4 * start : 4 * full]
    for k in range(part.size // 4):
        w0, w1, w2, w3 = _philox(np.uint64(start + k), month, np.uint64(0), high, k0, k1)
        part[4 * k] = _unit(w0)
        part[4 * k + 1] = _unit(w1)
        part[4 * k + 2] = _unit(w2)
        part[4 * k + 3] = _unit(w3)
    for who in range(4 * full, min(4 * stop, out.size)):
        out[who] = _unit(_word_of(who, month, high, k0, k1))


@kernel
def _fill_normal(start: int, stop: int, out: Floats, month: Word, high: Word, k0: Word, k1: Word) -> None:
    """Fill the blocks start to stop - 1, of four residents each."""
    full = min(stop, out.size // 4)
    part = out[4 * start : 4 * full]
    words = np.empty(part.size, np.uint32)
    for k in range(part.size // 4):
        w0, w1, w2, w3 = _philox(np.uint64(start + k), month, np.uint64(0), high, k0, k1)
        words[4 * k] = w0
        words[4 * k + 1] = w1
        words[4 * k + 2] = w2
        words[4 * k + 3] = w3
    for k in range(part.size):
        part[k] = _standard_normal(words[k])
    for who in range(4 * full, min(4 * stop, out.size)):
        out[who] = _standard_normal(_word_of(who, month, high, k0, k1))


@kernel
def _fill_uniform_of(
    start: int, stop: int, out: Floats, who: Rows, month: Word, high: Word, k0: Word, k1: Word
) -> None:
    for row in span(start, stop):
        out[row] = _unit(_word_of(who[row], month, high, k0, k1))


@kernel
def _fill_normal_of(start: int, stop: int, out: Floats, who: Rows, month: Word, high: Word, k0: Word, k1: Word) -> None:
    for row in span(start, stop):
        out[row] = _standard_normal(_word_of(who[row], month, high, k0, k1))


@kernel
def _fill_uniform_pair(out: Floats, who: Rows, whom: Rows, month: Word, high: Word, k0: Word, k1: Word) -> None:
    for row in range(out.size):
        other = np.uint64(whom[row]) + np.uint64(1)
        w0, _, _, _ = _philox(np.uint64(who[row]), month, other, high, k0, k1)
        out[row] = _unit(w0)


@kernel
def _philox_block(counter: Rows, key: Rows, out: Rows) -> None:
    w0, w1, w2, w3 = _philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1])
    out[0] = w0
    out[1] = w1
    out[2] = w2
    out[3] = w3


def philox4x32(counter: npt.ArrayLike, key: npt.ArrayLike) -> npt.NDArray[np.uint32]:
    """Four words of Philox 4x32-10.

    Parameters
    ----------
    counter : array_like of 4 integers
        Words below 2**32.
    key : array_like of 2 integers
        Words below 2**32.

    Returns
    -------
    ndarray of uint32, shape (4,)
    """
    out = np.empty(4, np.uint64)
    _philox_block(np.asarray(counter, np.uint64), np.asarray(key, np.uint64), out)
    return out.astype(np.uint32)


class Draws:
    """All the luck of one run.

    Parameters
    ----------
    seed : int
        From 0 to 2**64 - 1.

    Raises
    ------
    ValueError
        If the seed is negative or too large.
    """

    __slots__ = ("_once", "seed")

    def __init__(self, seed: int) -> None:
        if not 0 <= seed < 2**64:
            raise ValueError(f"a seed is a whole number from 0 to 2**64 - 1, not {seed}")
        self.seed = int(seed)
        self._once: dict[tuple[Decision, int], Floats] = {}

    def __reduce__(self) -> tuple[type[Draws], tuple[int]]:
        return Draws, (self.seed,)

    def __repr__(self) -> str:
        return f"Draws(seed={self.seed})"

    def uniform(self, decision: Decision, month: int, n: int, out: Floats | None = None) -> Floats:
        """One uniform number in [0, 1) for each of residents 0 .. n-1.

        Parameters
        ----------
        decision : Decision
            What is being decided: the stream.
        month : int
            Month of the run, or -1 for what is drawn once, at the start.
        n : int
            How many residents.
        out : ndarray of float32, shape (n,), optional
            Where to write, if not into a new array.

        Returns
        -------
        ndarray of float32, shape (n,)
            Multiples of 2**-23.
        """
        out = _place(out, n)
        over_rows(_fill_uniform, -(-n // 4), out, *self._words(decision, month), weight=2)
        return out

    def once(self, decision: Decision, n: int) -> Floats:
        """Return ``uniform(decision, -1, n)``: what is drawn once; kept, because it is asked for month after month.

        Not to be changed by who gets it.
        """
        kept = self._once.get((decision, n))
        if kept is None:
            kept = self._once[decision, n] = self.uniform(decision, -1, n)
        return kept

    def uniform_of(self, decision: Decision, month: int, who: Rows, out: Floats | None = None) -> Floats:
        """Uniform numbers of some residents: the same as ``uniform(decision, month, n)[who]``."""
        rows = _rows(who)
        out = _place(out, rows.size)
        over_rows(_fill_uniform_of, out.size, out, rows, *self._words(decision, month))
        return out

    def uniform_pair(self, decision: Decision, month: int, who: Rows, whom: Rows, out: Floats | None = None) -> Floats:
        """One uniform number in [0, 1) for each ordered pair (who, whom): two arrays of equal length."""
        rows, others = _rows(who), _rows(whom)
        if rows.size != others.size:
            raise ValueError(f"pairs need as many 'whom' as 'who': {others.size} and {rows.size} were given")
        out = _place(out, rows.size)
        _fill_uniform_pair(out, rows, others, *self._words(decision, month))
        return out

    def normal(self, decision: Decision, month: int, n: int, out: Floats | None = None) -> Floats:
        """One standard normal number for each of residents 0 .. n-1.

        It comes from the same word as `uniform` of the same decision and month: take one or the other.
        """
        out = _place(out, n)
        over_rows(_fill_normal, -(-n // 4), out, *self._words(decision, month), weight=HOUSEHOLD)
        return out

    def normal_of(self, decision: Decision, month: int, who: Rows, out: Floats | None = None) -> Floats:
        """Standard normal numbers of some residents: the same as ``normal(decision, month, n)[who]``."""
        rows = _rows(who)
        out = _place(out, rows.size)
        over_rows(_fill_normal_of, out.size, out, rows, *self._words(decision, month))
        return out

    def _words(self, decision: Decision, month: int) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
        """Month, upper half of the seed, lower half of the seed, decision: what counter and key are made of."""
        return (
            np.uint64(month & 0xFFFFFFFF),
            np.uint64(self.seed >> 32),
            np.uint64(self.seed & 0xFFFFFFFF),
            np.uint64(int(decision)),
        )


def uniform(seed: int, decision: Decision, month: int, n: int) -> Floats:
    """Uniform numbers of residents 0 .. n-1: ``Draws(seed).uniform(decision, month, n)``."""
    return Draws(seed).uniform(decision, month, n)


def normal(seed: int, decision: Decision, month: int, n: int) -> Floats:
    """Normal numbers of residents 0 .. n-1: ``Draws(seed).normal(decision, month, n)``."""
    return Draws(seed).normal(decision, month, n)


def _rows(who: Rows) -> npt.NDArray[np.int32]:
    """Row numbers as the one dtype that kernels are compiled for."""
    return np.ascontiguousarray(who, dtype=np.int32)


def _place(out: Floats | None, n: int) -> Floats:
    """Where the numbers go: a new array, or the caller's if it fits."""
    if out is None:
        return np.empty(n, np.float32)
    if out.dtype != np.float32 or out.shape != (n,) or not out.flags.c_contiguous:
        raise ValueError(f"out must be a contiguous float32 array of {n} numbers, not {out.dtype} {out.shape}")
    return out
