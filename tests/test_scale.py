"""A tenth of the county tells what the whole county tells, within the luck of the draw."""

from itertools import pairwise

import numpy as np
import pytest

from sim.experiment import simulate

MONTHS = 25  # the last is 2019-01

#: What is compared, and the standard deviation of one seed at a scale of 0.1 (from 8 seeds, rounded up by a fifth).
ERRORS = {
    "wallet_active": 0.006,
    "digital_share_town": 0.006,
    "cash_share_town": 0.006,
    "lines": 0.006,
    "borrowers_platform": 0.0009,  # 6% of them
    "borrowers_bank": 0.001,
    "npl_ratio_bank": 0.0035,
    "npl_ratio_platform": 0.005,
}
PER_ADULT = ("lines", "borrowers_platform", "borrowers_bank")
#: Scale and seeds; smaller counties need more of them.
RUNS = ((0.1, (1, 2, 3, 4)), (0.3, (1, 2)), (1.0, (1,)))


def error(name: str, scale: float, seeds: int) -> float:
    """Return the standard error of a mean over seeds.

    It falls with the square root of the scale, but not under half: the county government's rounds, the weather and
    the town's shops are one draw for everybody, whatever the scale.
    """
    return ERRORS[name] * max((0.1 / scale) ** 0.5, 0.5) / seeds**0.5


@pytest.fixture(scope="module")
def outcomes():
    found = {}
    for scale, seeds in RUNS:
        last = [simulate(seed=seed, scale=scale, months=MONTHS).monthly.iloc[-1] for seed in seeds]
        found[scale] = {
            name: np.mean([row[name] / (row["adults"] if name in PER_ADULT else 1.0) for row in last])
            for name in ERRORS
        } | {"adults": np.mean([row["adults"] for row in last])}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ERRORS)
def test_small_counties_agree_with_the_whole_one(outcomes, name):
    for (small, few), (large, more) in pairwise(RUNS):
        apart = abs(outcomes[small][name] - outcomes[large][name])
        allowed = 4 * np.hypot(error(name, small, len(few)), error(name, large, len(more)))
        assert apart < allowed, f"{name} at scales {small} and {large}: {apart:.4f} apart"


@pytest.mark.slow
def test_counts_are_reported_at_full_size(outcomes):
    whole = outcomes[1.0]["adults"]
    for scale, _ in RUNS:
        assert outcomes[scale]["adults"] == pytest.approx(whole, rel=0.01)
