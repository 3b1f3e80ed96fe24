"""The bank's queue and channels, the platform's lines: each lever changes what it should, and nothing else."""

import numpy as np
import pytest
from county_runs import county, fingerprint

import sim.model
from sim.agents.residents.borrowing import TERMS, Applications, handle_queue
from sim.vocabulary import Lender, Product, Purpose

MILLION = 1_000_000
EARLY = {"bank.alarm_level": 0.12, "bank.development_months": 1}


# -- the queue ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def start():
    return county(1)


def queue_up(model, people, since):
    """Let people wait for an officer since a month, with small business applications."""
    people, residents = np.asarray(people), model.world.residents
    residents.pending_product[:] = -1
    residents.pending_product[people] = Product.BANK_BUSINESS
    residents.pending_amount[people] = 100_000
    residents.pending_since[people] = since
    residents.pending_purpose[people] = Purpose.RESTOCKING


def work_through(model, officers):
    """Let so many applications be handled; return who was decided on and who still waits."""
    world, bank = model.world, model.bank
    table = Applications(world)
    bank.capacity = lambda: officers
    try:
        handle_queue(world, model.government, bank, table)
    finally:
        del bank.capacity
    return table.columns()["resident"], np.flatnonzero(world.residents.pending_product >= 0)


def test_older_applications_come_first(start):
    people = np.arange(0, 400, 4)
    now = start.world.month
    queue_up(start, people, np.where(np.arange(len(people)) % 2, now, now - 1))
    decided, waiting = work_through(start, 30)
    assert len(decided) == 30
    assert (start.world.residents.pending_since[waiting] <= now).all()
    assert set(decided) <= set(people[::2])  # the odd ones came a month later
    assert len(waiting) == len(people) - 30
    assert start.bank.queue == len(waiting)


def test_the_order_within_a_month_is_the_persons_own(start):
    people = np.arange(0, 400, 4)
    queue_up(start, people, start.world.month)
    all_decided, _ = work_through(start, 40)
    half = people[people < 200]
    queue_up(start, half, start.world.month)
    few_decided, _ = work_through(start, len(half))
    order = [who for who in all_decided if who in set(half)]
    assert order == [who for who in few_decided if who in set(order)]


def test_who_has_waited_too_long_withdraws(start):
    people, residents = np.arange(0, 200, 4), start.world.residents
    patience, now = start.world.assumptions.lending.patience, start.world.month
    queue_up(start, people, now)
    residents.pending_since[people[:10]] = now - patience
    residents.pending_since[people[10:20]] = now - patience + 1
    unmet = residents.unmet.copy()
    decided, waiting = work_through(start, 0)
    assert len(decided) == 0
    assert set(waiting) == set(people[10:])
    np.testing.assert_array_equal((residents.unmet - unmet)[people[:10]], 100_000)
    assert start.bank.queue == len(waiting)


def test_no_officer_no_loan():
    model = county(6, **{"bank.officers": 0.0, "bank.responds": False})
    made = model.world.loans.product[model.world.loans.originated >= 0]
    renewed = model.world.loans.renewed_from[model.world.loans.originated >= 0] >= 0
    assert not np.isin(made[~renewed], [Product.BANK_FARM, Product.BANK_BUSINESS]).any()
    assert (model.world.residents.unmet > 0).any()


def test_what_is_unmet_is_what_was_needed_and_not_lent():
    """Month by month, for everybody who wanted something: needs less new loans and what waits for an officer."""
    model = county(0, **{"platform.entry": "2017-02", "bank.alarm_level": 0.02, "bank.development_months": 0})
    world, refused_wishes = model.world, 0
    needs = []
    kept = sim.model.arising_demand
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sim.model, "arising_demand", lambda *given: needs.append(kept(*given)) or needs[-1])
        waiting = np.zeros(world.residents.n, np.int64)
        for month in range(18):
            model.step()
            wanted = waiting.copy()
            np.add.at(wanted, needs[-1].who, needs[-1].amount)
            book, people = world.loans, world.residents
            new = (book.originated == month) & (book.renewed_from < 0)
            new &= ~np.isin(book.product, [Product.BANK_SALARIED, Product.BANK_POLICY])
            lent = np.zeros(people.n, np.int64)
            np.add.at(lent, book.borrower[new], book.principal[new])
            waiting = np.where(people.pending_product >= 0, people.pending_amount, 0)
            np.testing.assert_array_equal(people.unmet, wanted - lent - waiting)
            table = world.applications
            refused_wishes += ((table["product"] == Product.BANK_SALARIED) & (table["decision"] == 0)).sum()
    assert refused_wishes > 0, "wishes for salaried loans were refused, and are no need"
    assert (people.unmet > 0).any()


def test_nobody_waits_longer_than_his_patience():
    model = county(12, **{"bank.officers": 15.0})
    waiting = model.world.residents.pending_product >= 0
    waited = model.world.month - model.world.residents.pending_since[waiting]
    assert waiting.any()
    assert waited.max() < model.world.assumptions.lending.patience


# -- the bank's channels -----------------------------------------------------------------------------------------------


def products_made(model):
    return {Product(code) for code in model.world.loans.product[model.world.loans.originated >= 0]}


@pytest.fixture(scope="module")
def answered():
    """A county whose bank was alarmed in time to answer in full."""
    model = county(30, **EARLY)
    assert 0 <= model.bank.alarm_month <= 16
    return model


def test_a_bank_that_answers_uses_every_channel(answered):
    bank = answered.bank
    assert {Product.BANK_SALARIED, Product.BANK_RESIDENT} <= products_made(answered)
    assert bank.terminals > 0
    assert bank.app_push > 0
    assert bank.markdown > 0
    assert bank.answer == 1
    assert (answered.world.residents.bank_app_since >= 0).any()


def test_without_price_the_rates_are_as_listed(answered):
    bank, levers = county(30, **EARLY, **{"bank.price": False}).bank, answered.world.now.bank
    listed = {
        Product.BANK_FARM: levers.farm_rate, Product.BANK_BUSINESS: levers.business_rate,
        Product.BANK_SALARIED: levers.salaried_rate, Product.BANK_RESIDENT: levers.resident_rate,
        Product.JOINT: levers.resident_rate, Product.BANK_POLICY: levers.policy_rate,
    }  # fmt: skip
    assert bank.rates == pytest.approx(listed)
    assert bank.terminals == answered.bank.terminals
    assert bank.answer == answered.bank.answer
    floor = answered.world.assumptions.learning.price_floor
    for product in set(listed) - {Product.BANK_POLICY}:
        assert floor <= answered.bank.rates[product] < listed[product]


def test_without_products_there_are_no_quick_loans(answered):
    model = county(30, **EARLY, **{"bank.products": False})
    assert not {Product.BANK_SALARIED, Product.BANK_RESIDENT} & products_made(model)
    assert (model.world.residents.salaried_since < 0).all()
    assert model.bank.alarm_month == answered.bank.alarm_month
    assert model.bank.terminals == answered.bank.terminals


def test_without_speed_officers_work_as_before(answered):
    model = county(30, **EARLY, **{"bank.speed": False})
    for product in (Product.BANK_FARM, Product.BANK_BUSINESS):
        assert model.bank.days_to_cash(product) == model.world.now.bank.days_before
        assert answered.bank.days_to_cash(product) < model.bank.days_to_cash(product)
    assert model.bank.capacity() < answered.bank.capacity()
    levers = model.world.now.bank
    assert model.bank.capacity() == int(levers.officers * levers.applications_per_officer / model.world.weight)
    assert {Product.BANK_SALARIED, Product.BANK_RESIDENT} <= products_made(model)


def test_without_outreach_there_is_neither_terminal_nor_app(answered):
    model, before = county(30, **EARLY, **{"bank.outreach": False}), county(0)
    assert model.bank.terminals == 0
    assert model.bank.app_push == 0
    assert (model.world.residents.bank_app_since < 0).all()
    np.testing.assert_array_equal(model.world.shops.pos, before.world.shops.pos)
    assert Product.BANK_SALARIED in products_made(model)
    assert Product.BANK_RESIDENT not in products_made(model)  # it is sold in the app


@pytest.mark.parametrize("channel", ["price", "products", "speed", "outreach"])
def test_a_channel_changes_nothing_before_the_alarm(answered, channel):
    month = answered.bank.alarm_month
    assert fingerprint(county(month, **EARLY, **{f"bank.{channel}": False})) == fingerprint(county(month, **EARLY))


def test_a_bank_that_does_not_respond_is_the_bank_without_channels():
    off = {f"bank.{channel}": False for channel in ("price", "products", "speed", "outreach")}
    assert fingerprint(county(24, **EARLY, **off)) == fingerprint(county(24, "passive-bank"))


def test_a_frozen_bank_makes_no_loans():
    model = county(14, **{"shocks.bank_freeze_start": "2017-10", "shocks.bank_freeze_months": 3})
    book = model.world.loans
    new = (book.lender == Lender.BANK) & (book.renewed_from < 0)
    assert not np.isin(book.originated[new], [9, 10, 11]).any()
    assert np.isin(book.originated[new], [8, 12]).any()


# -- the platform ------------------------------------------------------------------------------------------------------


def platform_loans(model):
    book = model.world.loans
    return np.flatnonzero((book.product == Product.PLATFORM_LINE) & (book.originated >= 0))


def test_no_line_and_no_loan_before_entry():
    model = county(8)
    assert (model.world.residents.line == 0).all()
    assert len(platform_loans(model)) == 0


def test_after_its_exit_the_platform_lends_no_more():
    model = county(26, **{"platform.exit": "2018-07"})
    made = model.world.loans.originated[platform_loans(model)]
    assert len(made) > 0
    assert made.max() < 18
    assert (model.world.residents.line == 0).all()
    assert model.platform.outstanding(model.world) > 0  # what was lent is still collected


def test_lines_are_within_their_limits_and_debts_within_the_lines():
    model = county(26)
    world, levers = model.world, model.world.now.platform
    held = world.residents.line > 0
    assert held.any()
    assert world.residents.line[held].min() >= levers.line_low * 100
    assert world.residents.line[held].max() <= levers.line_high * 100
    book = world.loans
    owed = np.zeros(world.residents.n, np.int64)
    np.add.at(owed, book.borrower[platform_loans(model)], book.balance[platform_loans(model)])
    assert (owed <= np.maximum(world.residents.line, 0))[held].all()
    assert world.residents.age[held].max() <= world.assumptions.lending.oldest_borrower + 3


def test_the_funding_limit_holds():
    limit = 3e6
    model = county(26, **{"platform.funding_limit": limit})
    free = county(26)
    assert 0 < model.platform.outstanding(model.world) <= limit * 100 / model.world.weight
    assert free.platform.outstanding(free.world) > model.platform.outstanding(model.world)


def test_a_rate_cap_binds_whom_it_is_meant_for():
    cap = {"regulator.rate_cap": 0.08, "regulator.rate_cap_start": "2018-03"}
    exempt = county(20, **cap)
    bound = county(20, **cap, **{"regulator.rate_cap_licensed_exempt": False})
    for model, least in ((exempt, 0.09), (bound, 0.0)):
        book = model.world.loans
        new = (book.originated >= 14) & (book.renewed_from < 0) & (book.lender != Lender.FAMILY)
        assert book.annual_rate[new].max() >= least * MILLION
    assert book.annual_rate[new].max() <= 0.08 * MILLION
    assert fingerprint(exempt) == fingerprint(county(20))


def test_the_lender_keeps_at_least_the_share_that_the_regulator_wants():
    model = county(20, **{"platform.own_share": 0.1, "regulator.joint_lending_floor": {"2017-01": 0.0, "2018-03": 0.3}})
    book, rows = model.world.loans, platform_loans(model)
    later = book.originated[rows] >= 14
    assert later.any()
    assert (~later).any()
    assert set(book.own_share[rows[later]]) == {300_000}
    assert set(book.own_share[rows[~later]]) == {100_000}


def test_the_joint_product_is_funded_by_both():
    model = county(24, **{"bank.joint_product_start": "2018-01", "bank.joint_share": 0.6})
    book = model.world.loans
    joint = (book.product == Product.JOINT) & (book.originated >= 0)
    assert joint.any()
    assert book.originated[joint].min() >= 12
    assert set(book.own_share[joint]) == {400_000}
    assert TERMS[Product.JOINT][0] == Lender.PLATFORM


def test_losses_make_the_platform_choosier():
    model = county(30, **{"platform.loss_tolerance": 0.0})
    assert model.platform.tightening > 0
    usual = county(30, **{"platform.loss_tolerance": 1.0})
    assert usual.platform.tightening == 0
    assert len(platform_loans(model)) < len(platform_loans(usual))


def test_a_guarantee_covers_new_bank_loans_only():
    model = county(20, **{"government.guarantee_start": "2018-01", "government.guarantee_share": 0.5})
    book = model.world.loans
    covered = book.guaranteed > 0
    assert covered.any()
    assert (book.lender[covered] == Lender.BANK).all()
    assert set(book.guaranteed[covered]) == {500_000}
    assert (book.originated[covered & (book.renewed_from < 0)] >= 12).all()


def test_new_loans_stand_on_the_tape_by_kind_in_the_order_of_paying_out_and_by_household(answered):
    """Relatives' loans, quick and joint, lines, officers' and salaried loans, month by month."""
    book = answered.world.loans
    kinds = [
        Product.FAMILY_LOAN, Product.BANK_RESIDENT, Product.JOINT, Product.PLATFORM_LINE, Product.BANK_FARM,
        Product.BANK_BUSINESS, Product.BANK_SALARIED,
    ]  # fmt: skip
    place = np.full(len(Product), -1)
    place[kinds] = np.arange(len(kinds))
    seen = set()
    for month in range(30):
        rows = np.flatnonzero((book.originated == month) & (book.renewed_from < 0))
        group, home = place[book.product[rows]], book.household[rows]
        assert (group >= 0).all()
        np.testing.assert_array_equal(np.lexsort((np.arange(len(rows)), home, group)), np.arange(len(rows)))
        seen |= set(book.product[rows].tolist())
    assert len(seen) > 4
