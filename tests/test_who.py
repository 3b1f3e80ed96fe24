"""Two worlds person by person: nothing changed is nobody, sums are sums, and crowding out is found where it is made."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
from county_runs import county
from small_worlds import MONTHS, SCALE, comparison, early, two_worlds, without

from sim.accounts import Kind
from sim.errors import CatfishError
from sim.experiment import Task
from sim.model import CountyModel
from sim.studies.decided import APPROVED, BANK_FUNDS, OFFICERS, PLATFORM_FUNDS, QUEUE, Moment, passes
from sim.studies.lives import Record, Standing, live
from sim.studies.person_figures import KINDS, figures, gains
from sim.studies.who import months_in_all, who
from sim.vocabulary import Lender, Product, Sector

FEN = 100


def recorded(months, scenario="neixiang", **options):
    """Return a county after some months, what the county's books and state add up to, and the sums by person."""
    model = CountyModel(scenario, seed=3, scale=0.02, **options)
    record = Record(model)
    flows = {"subsidy": 0, "unmet": 0, "income": 0}
    for _ in range(months):
        record.step()
        world = model.world
        flows["subsidy"] -= int(world.ledger.flows[Kind.INTEREST_SUBSIDY, Sector.GOVERNMENT].sum())
        flows["income"] += int(world.households.income.sum())
        flows["unmet"] += int(model.residents.unmet.sum())
    return model, flows, record.lives()


# -- noise -------------------------------------------------------------------------------------------------------------


def test_a_policy_that_changes_nothing_changes_nobody():
    worlds = two_worlds()
    assert worlds.nothing.columns.equals(worlds.a.columns)
    counted = ~worlds.figures["figure"].isin([f"lost in {world}" for world in "ab"])
    assert (worlds.figures.loc[counted, "nothing"] == 0.0).all()
    assert worlds.figures.loc[0, "value"] > 0, "the worlds differ"


def test_fresh_luck_falls_on_the_same_people():
    worlds = two_worlds()
    for lucky in worlds.lucky:
        assert lucky.fixed.equals(worlds.a.fixed)
        assert not lucky.columns.equals(worlds.a.columns)
    one, other = worlds.lucky[:2]
    assert not one.columns.equals(other.columns)
    moved = worlds.figures[worlds.figures["kind"] == "move"]
    assert (moved["luck_low"] <= moved["luck_high"]).all()
    assert moved["luck_high"].sum() > 0


def test_fresh_luck_finds_the_same_start():
    """Before the first month nothing of it is drawn: wallets, opening loans and their age are the same."""
    task = Task(early(), 1, SCALE, 1)
    same, lucky = (live(task, fresh_luck=luck)[1].world.loans for luck in (0, 1))
    opening = same.originated < 0
    assert opening.sum() > 20
    assert np.array_equal(same.principal[opening], lucky.principal[lucky.originated < 0])


# -- sums --------------------------------------------------------------------------------------------------------------


def test_moves_count_every_adult_once():
    worlds = two_worlds()
    moves = worlds.moves()
    adults = len(worlds.people) * worlds.a.weight
    assert moves.to_numpy().sum() == pytest.approx(adults)
    before = worlds.a.columns["standing"].value_counts().reindex(range(4), fill_value=0) * worlds.a.weight
    assert moves.sum(axis=1).to_numpy() == pytest.approx(before.to_numpy())
    apart = worlds.figures.query("kind == 'move'")["value"].sum()
    assert apart == pytest.approx(adults - np.trace(moves.to_numpy()))


@pytest.mark.parametrize("figure", ["gain_total", "gain_income_total", "gain_unmet_total", "gainers", "losers"])
def test_groups_add_up_to_everybody(figure):
    table = two_worlds().by_group(figure).set_index("kind")["value"]
    for kind in KINDS:
        assert table.loc[[kind]].sum() == pytest.approx(table["all"], abs=1e-6)


def test_gains_are_their_parts_and_change_their_sign():
    worlds = two_worlds()
    there, back = gains(worlds.a, worlds.b), gains(worlds.b, worlds.a)
    assert there["gain"].to_numpy() == pytest.approx(there.drop(columns="gain").sum(axis=1).to_numpy())
    assert there.to_numpy() == pytest.approx(-back.to_numpy())
    assert (there["gain"] != 0).sum() > 100


def test_sums_by_person_are_the_countys():
    """Income as the households' books have it, unmet need as the state, interest as the tape, by another way."""
    model, flows, lives = recorded(20)
    book = model.world.loans
    assert lives.columns["income"].sum() * FEN == pytest.approx(flows["income"])
    assert lives.columns["unmet"].sum() * FEN == pytest.approx(flows["unmet"])
    formal = pd.DataFrame({name: getattr(book, name) for name in book.names}).query(f"lender != {int(Lender.FAMILY)}")
    needs = formal[~formal["product"].isin([Product.BANK_POLICY, Product.BANK_SALARIED])]
    assert lives.columns["interest"].sum() * FEN == pytest.approx(needs["interest_paid"].sum())
    assert lives.columns["defaults"].sum() == (formal["defaulted_month"] >= 0).sum()
    new = formal[(formal["originated"] >= 0) & (formal["renewed_from"] < 0)]
    assert lives.columns["borrowed"].sum() * FEN == pytest.approx(new["principal"].sum())
    for borrower in needs["borrower"].value_counts().index[:20]:
        paid = needs[needs["borrower"] == borrower]["interest_paid"].sum()
        assert lives.columns["interest"].iloc[borrower] * FEN == pytest.approx(paid)


def test_subsidies_are_what_the_county_paid_back():
    model, flows, lives = recorded(10, **{"government.subsidy_start": "2017-03", "government.subsidy_rate": 0.5})
    book = model.world.loans
    needs = (book.lender != Lender.FAMILY) & ~np.isin(book.product, [Product.BANK_POLICY, Product.BANK_SALARIED])
    assert flows["subsidy"] > 0
    assert lives.columns["interest"].sum() * FEN == pytest.approx(book.interest_paid[needs].sum() - flows["subsidy"])


def test_standing():
    model, _, lives = recorded(15, **{"platform.entry": "2017-02", "platform.line_months_needed": 1})
    people, book, standing = model.residents, model.world.loans, lives.columns["standing"].to_numpy()
    formal = book.lender != Lender.FAMILY
    assert set(np.flatnonzero(standing == Standing.DEFAULT)) == set(
        book.borrower[formal & (book.defaulted_month != -1)]
    )
    assert set(np.flatnonzero(standing >= Standing.BORROWED)) == set(book.borrower[formal])
    assert (people.line_since[standing == Standing.LINE_ONLY] >= 0).all()
    assert (people.line_since[standing == Standing.NO_CREDIT] < 0).all()
    assert (np.bincount(standing, minlength=4) > 0).all()


# -- crowding out ------------------------------------------------------------------------------------------------------


def test_the_officers_own_rule():
    """Where officers decide freely, their answer is what is asked of applications that they never came to."""
    model, asked = county(0, scale=0.02), 0
    for _ in range(20):
        moment = Moment.of(model)
        model.step()
        table = model.world.applications
        mine = table["product"] == Product.BANK_BUSINESS  # farm loans: one a household comes on top
        who_asks, approved = table["resident"][mine], table["decision"][mine] == APPROVED
        found = passes(model, moment, who_asks, table["product"][mine], table["amount"][mine])
        assert np.array_equal(found, approved)
        asked += mine.sum()
    assert asked > 50
    assert Product.BANK_BUSINESS in OFFICERS


@pytest.mark.parametrize(
    ("cause", "limit"),
    [
        (QUEUE, {"bank.officers": {"2017-04": 1.0}}),
        (BANK_FUNDS, {"regulator.capital_minimum": {"2017-04": 0.9}}),
        (PLATFORM_FUNDS, {"platform.funding_limit": {"2017-04": 10_000_000.0}}),
    ],
)
def test_each_limit_crowds_out(cause, limit):
    free, bound = (live(Task(each, 1, 0.05, 15))[0] for each in (early(), early("bound", **limit)))
    found = figures(free, bound)
    lost = found[(found["kind"] == "crowded out") & (found["group"] == cause)].set_index("figure")["value"]
    assert lost["lost in b alone"] > 0
    assert lost["lost in b alone, yuan"] > 0
    assert lost["lost in a alone"] == 0
    assert lost["lost in b"] >= lost["lost in b alone"]
    events = bound.decided.crowded_out.query(f"cause == '{cause}'")
    both = events.merge(free.decided.granted, on=["resident", "product", "applied"])
    assert both["resident"].nunique() * free.weight == pytest.approx(lost["lost in b alone"])


# -- people ------------------------------------------------------------------------------------------------------------


def test_winners_and_losers_are_the_extremes_and_have_stories():
    worlds = two_worlds()
    gain = worlds.people["gain"]
    winners, losers = worlds.winners(), worlds.losers()
    assert len(winners) == len(losers) == 10
    assert winners["gain"].tolist() == sorted(gain, reverse=True)[:10]
    assert losers["gain"].tolist() == sorted(gain)[:10]
    for resident in [*winners["resident"], *losers["resident"]]:
        a, b = worlds.story(resident)
        assert str(a) != str(b)
        months = worlds.months(resident)
        assert len(months) == MONTHS
        person = worlds.people.iloc[resident]
        count = (worlds.a.fixed["household"] == person["household"]).sum()
        assert months["income_a"].sum() / count == pytest.approx(person["income_a"])
        for world, told in (("a", a), ("b", b)):
            written = [text for text in months[f"what_{world}"] if text]
            assert len("; ".join(written).split("; ")) >= len(written)
            within = told.events[told.events["month"] >= 0]
            assert "; ".join(written) == "; ".join(within["what"])


def test_people_have_both_worlds_and_a_definition_each(tmp_path):
    worlds = two_worlds()
    names = set(worlds.people)
    assert {"income_a", "income_b", "standing_a", "gain_unmet", "occupation", "poor"} <= names
    worlds.save(tmp_path)
    table = pyarrow.parquet.read_table(tmp_path / "people.parquet")
    assert table.num_rows == len(worlds.people)
    assert all(field.metadata[b"definition"] for field in table.schema)
    assert set(table.column("standing_b").unique().to_pylist()) <= {each.name.lower() for each in Standing}


@pytest.mark.slow
def test_equal_questions_give_equal_files():
    again = who(early(), without(), scale=SCALE, months=MONTHS)
    assert again.files() == two_worlds().files()


def test_a_comparison_asks_who():
    told = []
    found = comparison().who("without", done=told.append)
    assert found.figures.equals(two_worlds().figures)
    assert told[-1] == months_in_all(MONTHS) == len(told)
    with pytest.raises(CatfishError, match="no scenario 'x'"):
        comparison().who("x")


def test_nobody_wins_where_nothing_differs():
    worlds = who(early(), early("twin"), scale=SCALE, months=2)
    assert worlds.figures["value"].iloc[0] == 0
    assert worlds.winners().empty
    assert worlds.losers().empty
    assert worlds.files()["stories.txt"] == b"\n"
    with pytest.raises(CatfishError, match="those of nobody"):
        worlds.story(1)


def test_notebooks_show_who():
    page = two_worlds()._repr_html_()
    assert "line, never borrowed" in page
    assert "without" in repr(two_worlds())


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (early(), "two scenarios are called early"),
        (early("fewer", **{"people.adults_per_household": 2.2}), "do not have the same people"),
        (replace(early("anji"), county=early().county.model_copy(update={"name": "anji"})), "anji has county anji"),
    ],
)
def test_worlds_in_which_nobody_can_be_followed(other, words):
    with pytest.raises(CatfishError, match=words):
        who(early(), other, scale=SCALE, months=1)
