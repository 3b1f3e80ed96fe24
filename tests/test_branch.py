"""A run that branches: each branch is what its scenario would have made of the county from the start."""

import pytest
from county_runs import fingerprint

from sim.dates import NEVER, show_month
from sim.divergence import check_same_until, first_difference
from sim.errors import CatfishError
from sim.experiment import Task, branch, run_branches, run_task
from sim.model import CountyModel
from sim.parameters import DECLARED, Table
from sim.scenario import Scenario

SMALL = {"seed": 3, "scale": 0.01}
#: A bank that is alarmed early, so that its answer can be switched off in a short run.
ALARMED = {"bank.starting_conviction": 0.3, "bank.alarm_level": 0.2, "bank.development_months": 2}
#: What begins at a date is as large as it can be, and the platform is there.
ALL_ON = {
    "platform.entry": "2017-02", "bank.starting_conviction": 0.3, "bank.alarm_level": 0.2, "bank.joint_share": 0.7,
    "government.guarantee_share": 0.8, "government.subsidy_rate": 1.0, "shocks.drought": 0.7,
    "shocks.hog_price_crash": 0.7, "shocks.hog_link": True, "regulator.rate_cap_licensed_exempt": False,
}  # fmt: skip
DATES = [path for path, each in DECLARED.items() if each.table is Table.POLICY and each.unit == "date"]


def after(months, model):
    for _ in range(months):
        model.step()
    return model


def whole(scenario, months):
    return fingerprint(after(months, CountyModel(scenario, **SMALL)))


def neixiang(**overrides):
    return Scenario.load("neixiang", overrides=overrides)


@pytest.mark.parametrize(
    ("base", "other", "shared", "more"),
    [
        pytest.param(neixiang(), Scenario.load("no-platform"), 8, 4, id="entry"),
        pytest.param(neixiang(), Scenario.load("no-endorsement"), 13, 4, id="endorsement"),
        pytest.param(
            neixiang(**ALARMED), neixiang(**ALARMED, **{"bank.responds": {"2017-07": False}}), 6, 6, id="bank response"
        ),
    ],
)
def test_a_branch_is_what_its_scenario_makes_from_the_start(base, other, shared, more):
    model = after(shared, CountyModel(base, **SMALL))
    before = fingerprint(model)
    same, apart = branch(model, [base, other])
    assert fingerprint(after(more, same)) == whole(base, shared + more)
    assert fingerprint(after(more, apart)) == whole(other, shared + more)
    assert fingerprint(same) != fingerprint(apart), "the scenarios must differ after the branch"
    assert fingerprint(model) == before
    assert model.world.scenario is base


@pytest.mark.slow
@pytest.mark.parametrize("path", DATES)
def test_a_date_that_is_still_to_come_has_done_nothing(path):
    """The rule by which scenarios count as alike before a date, for every lever that is one."""
    never, later = (neixiang(**{**ALL_ON, path: date}) for date in ("never", show_month(4)))
    model = after(4, CountyModel(never, **SMALL))
    assert fingerprint(branch(model, [later])[0]) == whole(later, 4)


def test_a_county_that_was_not_simulated_yet_can_branch():
    model = CountyModel("neixiang", **SMALL)
    (other,) = branch(model, ["no-platform"])
    assert fingerprint(after(2, other)) == whole("no-platform", 2)
    with pytest.raises(CatfishError, match=r"bank\.starting_conviction"):
        branch(model, [neixiang(**{"bank.starting_conviction": 0.2})])


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (neixiang(**{"platform.entry": "2017-02"}), "platform.entry is 2017-02 instead of 2017-09 in 2017-01.*before"),
        (Scenario.load("passive-bank"), 'bank.responds is false instead of true in 2017-01; .*"2017-04" = false'),
        (neixiang(**{"bank.farm_rate": {"2017-03": 0.1}}), "bank.farm_rate is 0.1 instead of 0.095 in 2017-03"),
        (neixiang(**{"adoption.bound": 0.5}), "adoption.bound is 0.5 instead of 0.61"),
        (neixiang(**{"people.villages": 200}), "people.villages is 200 instead of 288"),
    ],
)
def test_a_past_that_differs_is_refused(other, words):
    model = after(3, CountyModel("neixiang", **SMALL))
    with pytest.raises(CatfishError, match=words):
        branch(model, [other])


def test_an_unknown_scenario_is_refused():
    with pytest.raises(CatfishError, match="did you mean 'no-platform'"):
        branch(CountyModel("neixiang", **SMALL), ["no-platfrom"])


@pytest.mark.parametrize(
    ("other", "month"),
    [
        (neixiang(), NEVER),
        (Scenario.load("no-platform"), 8),
        (Scenario.load("no-endorsement"), 13),
        (neixiang(**{"bank.responds": {"2017-04": False}}), 3),
        (neixiang(**{"bank.responds": {"2017-04": False}, "platform.entry": "2017-02"}), 1),
        (Scenario.load("passive-bank"), 0),
        (neixiang(**{"adoption.bound": 0.5}), 0),
        (neixiang(**{"people.villages": 200}), 0),
        (neixiang(**{"regulator.reserve_ratio": {"2019-05": 0.1}}), 28),
    ],
)
def test_the_first_month_that_differs(other, month):
    base = neixiang()
    assert first_difference(base, other) == first_difference(other, base) == month
    if 0 < month < NEVER:
        check_same_until(month - 1, base, other)
        with pytest.raises(CatfishError):
            check_same_until(month, base, other)


def test_worlds_that_share_a_history_are_what_they_are_alone():
    """Also one that never differs, and one that differs from the first month on but not before."""
    worlds = [neixiang(), Scenario.load("no-platform"), neixiang(**{"platform.entry": "2017-02"}), neixiang()]
    tasks = [Task(each, 3, 0.01, 10) for each in worlds]
    told = []
    together = run_branches(tasks, told.append)
    assert told == sorted(told)
    assert told[-1] == 4 * 10
    for task, found in zip(tasks, together, strict=True):
        assert found.files() == run_task(task).files()
