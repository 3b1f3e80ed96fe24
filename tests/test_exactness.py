"""Money balances to the fen, whatever the scenario, scale and seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import CountyModel
from sim.scenario import scenarios
from sim.vocabulary import LoanStatus

SHIPPED = sorted(scenarios())


def run(model: CountyModel, months: int) -> CountyModel:
    """Step a model and check what no month may break; the books check themselves in every step."""
    closed_before = {}
    for _ in range(months):
        model.step()
        check_records(model, closed_before)
    return model


def check_records(model: CountyModel, closed_before: dict[str, np.ndarray]) -> None:
    world = model.world
    assert (world.money >= 0).all()
    book = world.loans
    assert (book.balance >= 0).all()
    assert (book.balance <= book.principal).all()
    assert (book.accrued >= 0).all()
    assert (book.interest_due <= book.accrued).all()
    assert (book.principal_due <= book.balance).all()
    assert (book.recovered <= book.written_off).all()
    repaid = book.status == LoanStatus.MATURED
    written_off = book.status == LoanStatus.WRITTEN_OFF
    assert (book.balance[repaid | written_off] == 0).all()
    assert (book.balance[~(repaid | written_off)] > 0).all()
    by_status = sum(int(book.balance[book.status == status].sum()) for status in LoanStatus)
    assert by_status == int(book.balance.sum())
    still_open = np.zeros(book.n, np.bool_)
    still_open[book.open_rows] = True
    assert still_open[book.balance > 0].all()
    if "written_off" in closed_before:
        before = closed_before["written_off"]
        assert written_off[: len(before)][before].all()
    closed_before["written_off"] = written_off.copy()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_balances_every_month(name):
    run(CountyModel(name, seed=3, scale=0.1), 60)


months = st.sampled_from(["2017-03", "2017-09", "2018-02", "2018-09", "never"])
worlds = st.fixed_dictionaries(
    {
        "platform.entry": st.sampled_from(["2017-03", "2017-09", "never"]),
        "platform.exit": st.sampled_from(["2018-12", "never"]),
        "platform.own_share": st.floats(0.05, 1),
        "platform.code_giveaway": st.booleans(),
        "platform.loss_tolerance": st.floats(0, 0.1),
        "government.endorsement_start": st.sampled_from(["2017-10", "2018-02", "never"]),
        "government.subsidy_start": months,
        "government.subsidy_rate": st.floats(0, 1),
        "government.guarantee_start": months,
        "government.guarantee_share": st.floats(0, 1),
        "government.shared_registry_start": months,
        "bank.alarm_level": st.floats(0.1, 0.9),
        "bank.responds": st.booleans(),
        "bank.joint_product_start": months,
        "bank.joint_share": st.floats(0.5, 0.9),
        "regulator.static_code_cap": st.integers(100, 5000),
        "regulator.joint_lending_floor": st.floats(0, 1),
        "regulator.debt_to_income_cap": st.floats(0, 1),
        "regulator.rate_cap_start": months,
        "regulator.rate_cap_licensed_exempt": st.booleans(),
        "shocks.drought": st.floats(0, 0.9),
        "shocks.drought_month": months,
        "shocks.hog_price_crash": st.floats(0, 0.9),
        "shocks.hog_month": months,
        "shocks.lockdown_start": months,
        "shocks.bank_freeze_start": months,
        "repayment.write_off_bank": st.integers(90, 720),
        "repayment.recovery_chance": st.floats(0, 0.5),
        "spending.propensity": st.floats(0.7, 0.9),
    }
).filter(lambda world: world["platform.entry"] != "never" or world["platform.exit"] == "never")


@pytest.mark.slow
@settings(max_examples=20)
@given(worlds, st.sampled_from([0.01, 0.03, 0.1]), st.integers(0, 2**32 - 1))
def test_random_worlds_balance(overrides, scale, seed):
    run(CountyModel("neixiang", seed=seed, scale=scale, **overrides), 30)
