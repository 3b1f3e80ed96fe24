"""Share out what a team brings about among its members, exactly, and find what members do only together.

A game says what each team is worth, the empty one included. Everything is computed in whole numbers and fractions; a
grid of numbers that are exact in floating point makes the shares add up to the last bit when they are written down.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

Team = frozenset[str]
Game = Mapping[Team, Fraction]

#: Bits of a 64-bit floating-point number, and those kept free so that sums of numbers on a grid stay exact as well.
_BITS, _FREE = 53, 8


def teams(members: Sequence[str]) -> tuple[Team, ...]:
    """Return every team that some members can make: 2^n, the empty one first, all members last."""
    return tuple(frozenset(team) for size in range(len(members) + 1) for team in combinations(members, size))


def shapley(game: Game, members: Sequence[str]) -> dict[str, Fraction]:
    r"""Return what each member brings to the teams that can be made, averaged over all orders in which they may join.

    .. math:: \phi_i = \sum_{T \not\ni i} \frac{|T|!\,(n - |T| - 1)!}{n!}\,\bigl(v(T \cup i) - v(T)\bigr)

    The values add up to the worth of all together less that of nobody. With four members the weights are twelfths.

    Parameters
    ----------
    game : mapping of frozenset of str to Fraction
        Worth of every team (v).
    members : sequence of str

    References
    ----------
    Shapley, L. S. (1953). A value for n-person games.
    """
    n = len(members)
    found = {}
    for one in members:
        found[one] = Fraction(0)
        for team in teams([each for each in members if each != one]):
            weight = Fraction(math.factorial(len(team)) * math.factorial(n - len(team) - 1), math.factorial(n))
            found[one] += weight * (game[team | {one}] - game[team])
    return found


def dividends(game: Game, members: Sequence[str]) -> dict[Team, Fraction]:
    r"""Return what each team brings about beyond all the smaller teams in it: its interaction.

    .. math:: d(S) = \sum_{T \subseteq S} (-1)^{|S| - |T|}\,v(T)

    They add up to the worth of all together; a member's Shapley value is the sum of d(S) / \|S\| over its teams.

    Parameters
    ----------
    game : mapping of frozenset of str to Fraction
    members : sequence of str

    References
    ----------
    Harsanyi, J. C. (1963). A simplified bargaining model for the n-person cooperative game.
    """
    return {
        team: sum((game[part] * (-1) ** (len(team) - len(part)) for part in teams(sorted(team))), Fraction(0))
        for team in teams(members)
    }


def on_grid(values: Iterable[float], parts: int) -> list[Fraction]:
    """Return numbers rounded to a grid on which ``parts``-ths of them and of their sums are exact as 64-bit floats.

    The grid is ``parts`` times a power of two, chosen by the largest number. 256 times that number still has an exact
    place, so sums of parts are exact in any order. With 48 parts about 12 digits are kept.

    Parameters
    ----------
    values : iterable of float
        All that are to be added to each other.
    parts : int
        The largest number by which sums are divided, at least 1.
    """
    wanted = list(values)
    largest = max((abs(value) for value in wanted), default=0.0)
    step = parts * Fraction(2) ** (math.frexp(largest)[1] + _FREE - _BITS)
    return [round(Fraction(value) / step) * step for value in wanted]
