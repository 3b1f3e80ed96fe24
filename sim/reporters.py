"""What a county tells Mesa's `DataCollector` after every month: a few of the measures, under the same names.

They serve Mesa's own tools (`batch_run`, `SolaraViz`). Everything else is in `Results`, which reads all measures.
Each is a named function, so that a model with its collector can be pickled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.vocabulary import Method, PlaceKind

WALLET_MONTHS = 3


def month(model: Any) -> int:
    """Return the month, 0 for the scenario's first."""
    return int(model.world.month)


def wallet_active(model: Any) -> float:
    """Return the share of adults who paid by wallet in the last three months."""
    return float(np.count_nonzero(model.residents.wallet_last > model.world.month - WALLET_MONTHS) / model.residents.n)


def lines(model: Any) -> float:
    """Return how many adults at full size hold a credit line of the platform lender."""
    return float(np.count_nonzero(model.residents.line > 0) * model.world.weight)


def borrowers_platform(model: Any) -> float:
    """Return how many adults at full size have ever borrowed from the platform lender."""
    return float(np.count_nonzero(model.residents.platform_first >= 0) * model.world.weight)


def digital_share_town(model: Any) -> float:
    """Return the share of value at county-town shops that is paid by code or wallet."""
    return _share_in_town(model, Method.QR)


def cash_share_town(model: Any) -> float:
    """Return the share of value at county-town shops that is paid in cash."""
    return _share_in_town(model, Method.CASH)


def _share_in_town(model: Any, method: Method) -> float:
    paid = model.world.payment_value[PlaceKind.TOWN]
    return float(paid[method] / max(int(paid.sum()), 1))


def bank_conviction(model: Any) -> float:
    """Return how far the rural bank believes that digital finance works here, 0 to 1."""
    return float(model.bank.conviction)


_ALL = (month, wallet_active, lines, borrowers_platform, digital_share_town, cash_share_town, bank_conviction)
#: By name.
REPORTERS: Mapping[str, Callable[[Any], float]] = {read.__name__: read for read in _ALL}
