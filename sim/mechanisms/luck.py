"""Distributions of amounts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import exp_, kernel


@kernel
def lognormal(median: float, spread: float, z: NDArray[Any]) -> NDArray[np.float64]:
    """Return median x exp(spread x z) for standard normal draws z: float64, as many as z, in the unit of the median."""
    result = np.empty(len(z), np.float64)
    for i in range(len(z)):
        result[i] = median * exp_(spread * z[i])
    return result
