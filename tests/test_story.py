"""One resident's life: every loan is told, in order, and who they are."""

import numpy as np
import pytest
from county_runs import county

from sim.dates import show_month
from sim.errors import CatfishError
from sim.labels import label
from sim.model import CountyModel
from sim.studies.diary import Diary
from sim.studies.story import months_with_events, story
from sim.vocabulary import Lender, LoanStatus, Occupation, Product

EARLY = {"platform.entry": "2017-02", "platform.line_months_needed": 1}


@pytest.fixture(scope="module")
def model():
    return county(26, scale=0.02, **EARLY)


def loans_of(model, row):
    return np.flatnonzero((model.world.loans.borrower == row) & (model.world.loans.principal > 0))


def busy(model, count):
    """Return residents with many loans, and some with few."""
    book = model.world.loans
    many = np.argsort(-np.bincount(book.borrower, minlength=model.residents.n), kind="stable")[:count]
    late = book.borrower[book.defaulted_month >= 0][:count]
    written_off = book.borrower[book.status == LoanStatus.WRITTEN_OFF][:count]
    return [int(row) for row in np.unique(np.concatenate([many, late, written_off]))]


def test_every_loan_is_told(model):
    book = model.world.loans
    rows = busy(model, 20)
    assert sum(len(loans_of(model, row)) for row in rows) > 60
    for row in rows:
        told = story(model, row)
        events = told.events
        begun = events[events["what"].str.startswith(("borrowed", "renewed"))]
        assert len(begun) == len(loans_of(model, row))
        for loan in loans_of(model, row):
            yuan = f"{book.principal[loan] / 100:,.0f} yuan"
            date, name = show_month(int(book.originated[loan])), label(Product(book.product[loan]))
            assert any(s.startswith(date) and yuan in s and name in s for s in told.sentences), (loan, str(told))
        assert (events["what"].str.contains("90 days late")).sum() == (
            book.defaulted_month[loans_of(model, row)] >= 0
        ).sum()
        ended = (book.closed[loans_of(model, row)] >= 0).sum() - np.isin(loans_of(model, row), book.renewed_from).sum()
        assert events["what"].str.contains("repaid the loan|wrote off").sum() == ended
        assert events["month"].is_monotonic_increasing


def test_the_story_says_who_they_are_and_how_they_stand(model):
    people = model.residents
    poor = int(np.flatnonzero(people.poor)[0])
    first = story(model, poor).sentences[0]
    assert first.startswith(f"Resident {poor} is a")
    assert label(Occupation(people.occupation[poor])) in first
    assert f" of {people.age[poor]} in " in first
    assert "registered poor household" in first
    debtor = int(np.flatnonzero(people.debt > 0)[0])
    owed = model.world.loans.balance[(model.world.loans.borrower == debtor) & (model.world.loans.lender == Lender.BANK)]
    last = story(model, debtor).sentences[-1]
    assert last.startswith("At the end of 2019-02")
    assert f"{owed.sum() / 100:,.0f} yuan to the rural bank" in last
    never = int(np.flatnonzero((people.wallet_since < 0) & ~people.informed & (people.worst_days == 0))[0])
    assert "was never late" in str(story(model, never))
    assert "has not heard" in str(story(model, never))


def test_dates_of_wallet_app_and_line(model):
    people = model.residents
    row = int(np.flatnonzero((people.wallet_since > 0) & (people.line_since > 0) & (people.line > 0))[0])
    text = str(story(model, row))
    assert f"{show_month(int(people.wallet_since[row]))}: took up the wallet." in text
    assert f"{show_month(int(people.line_since[row]))}: was offered a platform credit line" in text


def test_a_resident_and_its_row_tell_the_same(model):
    assert str(story(model.agents[7])) == str(story(model, 7)) == str(story(model, np.int64(7)))
    page = story(model, 7)._repr_html_()
    assert "Resident 7 is" in page
    assert "<table" in page


@pytest.mark.parametrize("row", [-1, 10**9, "seven", None, 1.5, True])
def test_nobody_has_no_story(model, row):
    with pytest.raises(CatfishError, match="there is no resident"):
        story(model, row)


def test_a_diary_knows_when_they_heard_and_what_they_wanted_in_vain():
    model = CountyModel("neixiang", seed=5, scale=0.02, **EARLY)
    rows = list(range(0, model.residents.n, 7))
    knew = model.residents.informed[rows].copy()
    diary, wanted = Diary(model, rows), np.zeros(len(rows), np.int64)
    for _ in range(20):
        diary.step()
        wanted += model.residents.unmet[rows]
    heard = 0
    for k, row in enumerate(rows):
        events = diary.events(row)
        first = {event.what: event.month for event in reversed(events)}
        heard += "heard how a wallet works" in first
        assert ("heard how a wallet works" in first) == (not knew[k] and bool(model.residents.informed[row]))
        if "took up the wallet" in first and not knew[k]:
            assert first["heard how a wallet works"] <= first["took up the wallet"]
        assert sum(e.yuan for e in events if "did not get it" in e.what) * 100 == pytest.approx(wanted[k])
    assert heard > 10
    assert wanted.sum() > 0
    row = rows[int(np.argmax(wanted))]
    assert "did not get it" in str(story(model, row, diary))
    assert str(story(model, row)) != str(story(model, row, diary))
    table = months_with_events(model, row, diary)
    assert len(table) == 20
    assert table["unmet"].sum() * 100 == pytest.approx(wanted.max())
    with pytest.raises(CatfishError, match="tells nothing of resident 1"):
        story(model, 1, diary)
