"""One resident's life in the county: in sentences, and as a table of what happened when."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import numpy as np
import pandas as pd

from sim.agents.residents.views import Resident
from sim.dates import show_month
from sim.labels import label
from sim.measures.declare import FEN_PER_YUAN, PPM
from sim.model import CountyModel
from sim.studies.diary import Diary, Event, resident_row
from sim.vocabulary import Lender, LoanStatus, Occupation, PlaceKind, Product, Purpose

_DAYS_OF_DEFAULT = 90


@dataclass(frozen=True)
class Story:
    """A resident's life.

    Attributes
    ----------
    sentences : tuple of str
        Who they are, what happened to them in order of time, how they stand.
    events : DataFrame
        A row for each event: month, date, what, yuan.
    """

    sentences: tuple[str, ...]
    events: pd.DataFrame = field(repr=False)

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def _repr_html_(self) -> str:
        text = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences)
        return text + self.events.to_html(index=False, float_format=lambda x: f"{x:,.0f}", na_rep="")


def story(resident: Resident | CountyModel, row: int | None = None, diary: Diary | None = None) -> Story:
    """Return one resident's life so far.

    Parameters
    ----------
    resident : Resident or CountyModel
        A resident as a Mesa agent, or with ``row`` the county.
    row : int, optional
        Row of the resident.
    diary : Diary, optional
        Kept since the start; without it the story does not know when they heard, nor what they wanted in vain.

    Returns
    -------
    Story

    Raises
    ------
    CatfishError
        If there is no such resident.
    """
    model = resident.model if isinstance(resident, Resident) else resident
    row = resident_row(model, resident.row if isinstance(resident, Resident) else row)
    events = sorted(_events(model, row, diary), key=lambda event: event.month)
    sentences = [_who(model, row)]
    sentences += [f"{show_month(event.month)}: {event.what}." for event in events]
    sentences.append(_stands(model, row, diary is not None))
    table = pd.DataFrame(
        [(event.month, show_month(event.month), event.what, event.yuan) for event in events],
        columns=["month", "date", "what", "yuan"],
    )
    return Story(tuple(sentences), table)


def months_with_events(model: CountyModel, row: int, diary: Diary) -> pd.DataFrame:
    """Return a resident's months as a diary has them, with what happened in each."""
    table = diary.months(row)
    happened: dict[str, list[str]] = {}
    for event in _events(model, row, diary):
        happened.setdefault(show_month(event.month), []).append(event.what)
    return table.assign(what=["; ".join(happened.get(date, [])) for date in table["date"]])


def _who(model: CountyModel, row: int) -> str:
    """Say who they are and where and with whom they live."""
    people, world = model.residents, model.world
    home = people.household[row]
    others, children = int(world.households.count[home]) - 1, int(world.households.children[home])
    kind = PlaceKind(people.place_kind[row])
    place = {
        PlaceKind.VILLAGE: f"village {people.place[row]} of township {people.township[row]}",
        PlaceKind.SEAT: f"the seat of township {people.township[row]}",
        PlaceKind.TOWN: "the county town",
    }[kind]
    work = label(Occupation(people.occupation[row]))
    with_whom = "alone" if others + children == 0 else f"with {_count(others, 'other adult')}"
    if children:
        with_whom += f" and {_count(children, 'child', 'children')}" if others else f", {_count(children, 'child')}"
    poor = ", in a registered poor household" if people.poor[row] else ""
    article = "an" if work[0] in "aeiou" else "a"
    return f"Resident {row} is {article} {work} of {people.age[row]} in {place}, {_living(with_whom)}{poor}."


def _living(with_whom: str) -> str:
    return "living alone" if with_whom == "alone" else with_whom.replace("with 0 other adults, ", "with ")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _events(model: CountyModel, row: int, diary: Diary | None) -> list[Event]:
    """Return what happened, in no order."""
    people, found = model.residents, []
    if people.wallet_since[row] == 0 and (diary is None or diary.had_wallet(row)):
        found.append(Event(0, "had a wallet from the start"))
    elif people.wallet_since[row] >= 0 and diary is None:
        found.append(Event(int(people.wallet_since[row]), "took up the wallet"))
    if people.bank_app_since[row] >= 0:
        found.append(Event(int(people.bank_app_since[row]), "took up the rural bank's app"))
    if people.line_since[row] >= 0:
        limit = float(people.line[row]) / FEN_PER_YUAN
        text = f"was offered a platform credit line{f', now of {limit:,.0f} yuan' if limit else ''}"
        found.append(Event(int(people.line_since[row]), text, limit or float("nan")))
    for loan in np.flatnonzero(model.world.loans.borrower == row):
        found += _of_loan(model, int(loan))
    for loan in np.flatnonzero(model.world.loans.creditor == row):
        book = model.world.loans
        lent = float(book.principal[loan]) / FEN_PER_YUAN
        if lent and book.renewed_from[loan] < 0:
            found.append(Event(int(book.originated[loan]), f"lent {lent:,.0f} yuan to a relative or friend", lent))
    return found + (diary.events(row) if diary else [])


def _of_loan(model: CountyModel, loan: int) -> list[Event]:
    """Return what happened to a loan: paid out or renewed, in default, repaid or written off."""
    book = model.world.loans
    begun, amount = int(book.originated[loan]), float(book.principal[loan]) / FEN_PER_YUAN
    if not amount:  # a relative whose purse was empty by then
        return []
    product, rate = label(Product(book.product[loan])), book.annual_rate[loan] / PPM
    price = f" at {rate:.2%} a year" if rate else ""
    length = f"for {_count(int(book.maturity[loan]), 'month')}"
    if book.renewed_from[loan] >= 0:
        what = f"renewed {amount:,.0f} yuan ({product}) {length}{price}"
    elif begun < 0:
        what = f"borrowed {amount:,.0f} yuan ({product}) {length}{price}, before the first month"
    else:
        days, why = int(book.days[loan]), label(Purpose(book.purpose[loan]))
        what = f"borrowed {amount:,.0f} yuan ({product}) for {why}, {length}{price}, {_count(days, 'day')} after asking"
    found = [Event(begun, what, amount)]
    if book.defaulted_month[loan] >= 0:
        text = f"was {_DAYS_OF_DEFAULT} days late on the loan of {show_month(begun)}"
        found.append(Event(int(book.defaulted_month[loan]), text, amount))
    closed = int(book.closed[loan])
    renewed = bool((book.renewed_from == loan).any())
    if closed >= 0 and not renewed:
        lost = float(book.written_off[loan]) / FEN_PER_YUAN
        given_up = book.status[loan] == LoanStatus.WRITTEN_OFF
        text = f"the lender wrote off {lost:,.0f} yuan of" if given_up else "repaid"
        found.append(Event(closed, f"{text} the loan of {show_month(begun)}", lost if given_up else amount))
    return found


def _stands(model: CountyModel, row: int, watched: bool) -> str:
    """Say how they stand at the end."""
    people, book = model.residents, model.world.loans
    owed = dict.fromkeys(Lender, 0.0)
    for loan in np.flatnonzero((book.borrower == row) & (book.balance > 0)):
        owed[Lender(book.lender[loan])] += float(book.balance[loan]) / FEN_PER_YUAN
    debts = [f"{amount:,.0f} yuan to {_NAMES[lender]}" for lender, amount in owed.items() if amount]
    parts = [f"owes {' and '.join(debts)}" if debts else "owes nobody anything"]
    worst = int(people.worst_days[row])
    parts.append(f"was {worst} days late at worst" if worst else "was never late")
    if people.wallet_since[row] < 0:
        parts.append("has no wallet" if people.informed[row] else "has no wallet and has not heard how one works")
    if people.pending_product[row] >= 0:
        waits = float(people.pending_amount[row]) / FEN_PER_YUAN
        parts.append(f"waits since {show_month(int(people.pending_since[row]))} for an answer on {waits:,.0f} yuan")
    if not watched and people.unmet[row] > 0:
        parts.append(f"wanted {float(people.unmet[row]) / FEN_PER_YUAN:,.0f} yuan this month and did not get it")
    return f"At the end of {show_month(model.world.month)} this resident {', '.join(parts)}."


_NAMES = {Lender.BANK: "the rural bank", Lender.PLATFORM: "the platform", Lender.FAMILY: "relatives or friends"}
