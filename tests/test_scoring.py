import numpy as np
import pytest

from sim.assumptions.scoring import Scoring
from sim.mechanisms import scoring as s

N = 60_000
RNG = np.random.default_rng(1)
QUALITY, ERROR = (RNG.standard_normal(N).astype(np.float32) for _ in range(2))
YES, NO = np.ones(N, np.bool_), np.zeros(N, np.bool_)
ASSUMED = Scoring()


def months(value):
    return np.full(N, value, np.int16)


def platform(value, records=NO):
    return s.platform_score(QUALITY, ERROR, months(value), records, ASSUMED)


def bank(payroll=NO, value=0, connected=NO, rated=NO):
    return s.bank_score(QUALITY, ERROR, payroll, months(value), connected, rated, 0.4, ASSUMED)


def seen(score):
    return np.corrcoef(score, QUALITY)[0, 1]


@pytest.mark.parametrize("value", [0, 3, 24])
def test_platform_precision_is_the_formula(value):
    noise = 0.5 * np.exp(-value / 8.0)
    assert seen(platform(value)) == pytest.approx(np.sqrt(1 - noise), abs=0.01)
    assert seen(platform(value, YES)) == pytest.approx(np.sqrt(1 - 0.6 * noise), abs=0.01)
    assert platform(value).std() == pytest.approx(1.0, abs=0.02)


def test_bank_sees_payroll_and_old_customers_better_and_favours_the_connected():
    assert seen(bank()) < seen(bank(value=12)) < seen(bank(value=24)) < seen(bank(payroll=YES))
    assert seen(bank(rated=YES)) > seen(bank())
    assert (bank(connected=YES) - bank()).mean() == pytest.approx(ASSUMED.bank_favour, abs=0.01)
    assert np.all(bank() % ASSUMED.bank_grade == 0)


def test_errors_stay_standard_normal_and_do_not_jump():
    renewed = s.renewed_error(ERROR, RNG.standard_normal(N).astype(np.float32), ASSUMED.renewal)
    assert renewed.std() == pytest.approx(1.0, abs=0.02)
    assert np.corrcoef(renewed, ERROR)[0, 1] == pytest.approx(np.sqrt(1 - ASSUMED.renewal), abs=0.01)
    np.testing.assert_array_equal(s.renewed_error(ERROR, QUALITY, 0.0), ERROR)


def lines(flow, score, line, rows=None):
    """Return tiers and lines after a review of some users (everybody, if not told)."""
    tier, line = np.zeros(len(flow), np.int8), line.copy()
    rows = np.arange(len(flow)) if rows is None else rows
    s.renew_lines(rows, score, flow, 20_000, 50_000, ASSUMED, tier, line)
    return tier, line


def test_lines_grow_with_flow_and_tier_within_bounds():
    flow, none = np.array([0.0, 300.0, 600.0, 1e7], np.float32), np.zeros(4, np.int64)
    tier, line = lines(flow, np.full(4, -9, np.float32), none)
    assert tier.tolist() == [0] * 4
    assert line.tolist()[:2] == [2_000_000, 2_000_000]
    assert line[3] == 5_000_000
    assert line[2] == pytest.approx(2_000_000 * 2**0.41, abs=s.LINE_STEP)
    tier, better = lines(flow, np.full(4, 9, np.float32), none)
    assert tier.tolist() == [2] * 4
    assert np.all(better >= line)


def test_tiers_divide_users_as_assumed_and_a_line_never_shrinks():
    before = np.where(np.arange(N) % 2, 9_000_000, 0)
    reviewed = np.arange(0, N, 3)
    tier, line = lines(np.abs(ERROR) * 1000, QUALITY, before, reviewed)
    at_least = [np.mean(tier[reviewed] >= k) for k in (1, 2)]
    assert at_least == pytest.approx([1 - ASSUMED.tier_middle, 1 - ASSUMED.tier_best], abs=0.01)
    assert np.all(line >= before)
    others = np.arange(N) % 3 > 0
    np.testing.assert_array_equal(line[others], before[others])
    assert np.all(tier[others] == 0)
    assert np.all(line % s.LINE_STEP == 0)


def test_threshold_and_flow():
    assert s.threshold(0.5) == 0.0
    assert np.mean(platform(12) < s.threshold(0.25)) == pytest.approx(0.25, abs=0.01)
    assert s.threshold(0.0) == -np.inf
    assert s.threshold(1.0) == np.inf
    average, count = np.zeros(2, np.float32), np.zeros(2, np.int16)
    s.observe_flow(np.array([0, 100_000]), average, count, ASSUMED)
    assert count.tolist() == [0, 1]
    assert average.tolist() == pytest.approx([0.0, 100.0])
