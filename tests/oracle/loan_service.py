"""Loan service, loan by loan: section 7.6 of the model description.

The textbook version: ordinary Mesa agents and loops over them, to be read beside `sim/ODD.md`. It is slow, and shares
nothing with the engine but the draws and the scenario's parameters. One step is one month's service. What comes from
outside the block is set before the step: members' accounts, lines, habit and usefulness, usual income, the bank's
rates, and new loans (`LoanService.lend`).
"""

from __future__ import annotations

import math
from collections import Counter

import mesa
import numpy as np

from sim.draws import Decision, Draws
from sim.scenario import Scenario
from sim.vocabulary import Lender, LoanStatus, Product, Repayment

CASH, RURAL, ELSEWHERE, WALLET, FUND = ACCOUNTS = ("cash", "deposit_rural", "deposit_elsewhere", "wallet", "money_fund")
#: In which order accounts are drawn on, by who is paid.
DRAWN_ON = {
    Lender.PLATFORM: (WALLET, ELSEWHERE, RURAL, FUND, CASH),
    Lender.BANK: (RURAL, ELSEWHERE, WALLET, FUND, CASH),
    Lender.FAMILY: (CASH, RURAL, ELSEWHERE, WALLET, FUND),
}
F = np.float32
NOT_DUE = 32_000
MILLION = 1_000_000
MONTHS_OF_COLLECTION = 24
#: Who collects first.
TURN = {Lender.PLATFORM: 0, Lender.BANK: 1, Lender.FAMILY: 2}


def half_even(numerator: int, denominator: int) -> int:
    """Return a fraction rounded to a whole number, halves to the even one."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def level_installment(principal: int, annual_rate: int, months: int) -> int:
    """Return the level payment that repays a loan over its months."""
    monthly_rate = annual_rate / (12 * MILLION)
    return round(principal * monthly_rate / (1 - (1 + monthly_rate) ** -months))


def logistic(x: float) -> float:
    """Return Λ(x)."""
    return 1 / (1 + math.exp(-x))


class Person(mesa.Agent):
    """A resident with five accounts and a record as a borrower."""

    def __init__(self, model: LoanService, row: int, household: Household) -> None:
        super().__init__(model)
        self.row = row
        self.household = household
        self.main_bank = (RURAL, ELSEWHERE)[model.start.residents.main_bank[row]]
        self.quality = model.start.residents.quality[row]
        self.accounts = dict.fromkeys(ACCOUNTS, 0)
        self.habit = self.usefulness = F(0)
        self.line = 0
        self.worst_days = int(model.start.residents.worst_days[row])
        self.bank_defaults = int(model.start.residents.bank_defaults[row])
        self.platform_defaults = int(model.start.residents.platform_defaults[row])

    def draw(self, decision: Decision) -> float:
        """This month's number of a stream: one for all loans of the borrower."""
        return float(self.model.luck[decision][self.row])


class Household(mesa.Agent):
    """The common purse."""

    def __init__(self, model: LoanService, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.members: list[Person] = []
        self.loans: list[Loan] = []
        self.place = int(model.start.households.place[row])
        self.poor = bool(model.start.households.poor[row])
        self.children = int(model.start.households.children[row])
        self.usual_income = 0
        self.debt_service = self.falling_due = 0
        self.interest_paid: list[int] = []

    @property
    def purse(self) -> int:
        """M: all money of the household."""
        return sum(sum(member.accounts.values()) for member in self.members)

    @property
    def reserve(self) -> int:
        """R: what it needs to live on."""
        return self.model.subsistence * (len(self.members) + self.children)

    def put_away_closed_loans(self) -> None:
        self.loans = [loan for loan in self.loans if not loan.is_done]

    def decide_to_pay(self) -> None:
        self.falling_due = sum(loan.falls_due() for loan in self.loans if loan.is_asked)
        for loan in self.loans:
            loan.decide_to_pay()

    def serve(self) -> None:
        """Serve its loans: the platform's first, then the bank's, then relatives'; then in the order of the tape."""
        self.debt_service, self.interest_paid = 0, []
        for loan in sorted(self.loans, key=lambda loan: (TURN[loan.lender], loan.row)):
            loan.serve()

    def receive_subsidy(self) -> None:
        """A share of a poor household's interest comes back, loan by loan, to the head's account at the rural bank."""
        lever = self.model.policy.at(self.model.month).government
        if self.model.month >= lever.subsidy_start:
            back = sum(math.trunc(interest * lever.subsidy_rate) for interest in self.interest_paid)
            self.members[0].accounts[RURAL] += back
            self.model.seen["subsidised"] += back > 0

    def pay(self, amount: int, lender: Lender, payer: Person) -> None:
        """Take money from the payer's accounts, then from the others', account by account."""
        others = [member for member in self.members if member is not payer]
        order = [(payer, account) for account in DRAWN_ON[lender]]
        order += [(member, account) for account in DRAWN_ON[lender] for member in others]
        for member, account in order:
            taken = min(member.accounts[account], amount)
            member.accounts[account] -= taken
            amount -= taken
            self.model.seen["paid with another member's money"] += taken > 0 and member is not payer
        assert amount == 0, "a household cannot pay more than it has"


class Loan(mesa.Agent):
    """A loan, from disbursement or the county's start until it is repaid, or collection after a write-off ends."""

    def __init__(self, model: LoanService, row: int, borrower: Person, terms: dict[str, int]) -> None:
        super().__init__(model)
        self.row = row
        self.borrower = borrower
        self.household = borrower.household
        self.product = Product(terms["product"])
        self.lender = Lender(terms["lender"])
        self.creditor = terms["creditor"]
        self.repayment = Repayment(terms["repayment"])
        self.principal = terms["principal"]
        self.annual_rate = terms["annual_rate"]
        self.maturity = terms["maturity"]
        self.own_share, self.guaranteed = terms["own_share"], terms["guaranteed"]
        self.originated = terms["originated"]
        self.renewed_from = terms["renewed_from"]
        self.installment = 0
        if self.repayment is Repayment.INSTALLMENT:
            self.installment = level_installment(self.principal, self.annual_rate, self.maturity)
        self.balance = self.principal
        self.accrued = self.interest_due = self.principal_due = 0
        self.due_since = NOT_DUE
        self.days_past_due = self.worst_days = 0
        self.status, self.refusing = LoanStatus.PERFORMING, False
        self.closed = self.defaulted_month = -1
        self.written_off = self.recovered = self.interest_paid = 0

    @property
    def age(self) -> int:
        """A: months since disbursement."""
        return self.model.month - self.originated

    @property
    def is_policy(self) -> bool:
        return self.product is Product.BANK_POLICY

    @property
    def is_done(self) -> bool:
        """Whether it is repaid, or written off so long ago that nobody collects any more."""
        given_up = self.status is LoanStatus.WRITTEN_OFF and self.model.month > self.closed + MONTHS_OF_COLLECTION
        return given_up or self.status is LoanStatus.MATURED

    @property
    def in_good_standing(self) -> bool:
        return self.status in (LoanStatus.PERFORMING, LoanStatus.DELINQUENT)

    @property
    def overdue(self) -> int:
        return self.interest_due + self.principal_due

    def month_interest(self) -> int:
        return half_even(self.balance * self.annual_rate, 12 * MILLION)

    # refusal, before anything is paid

    def decide_to_pay(self) -> None:
        """Cure first; whoever is not refusing may be asked, where something falls due."""
        if self.refusing:
            if self.borrower.draw(Decision.CURE) < self.model.repaying.cure_chance:
                self.refusing = False
                self.model.seen["cured"] += 1
        elif self.is_asked:
            self.refusing = self.borrower.draw(Decision.WILLINGNESS) < self.refusal_chance()
            self.model.seen["refused"] += self.refusing

    @property
    def is_asked(self) -> bool:
        return not self.refusing and self.in_good_standing and not self.is_policy and self.falls_due() > 0

    def falls_due(self) -> int:
        interest, overdue = self.month_interest(), self.overdue
        if self.repayment is Repayment.INSTALLMENT and self.age < self.maturity:
            return min(self.installment, self.balance + interest) + overdue
        if self.repayment is not Repayment.BULLET and self.age >= self.maturity:
            return self.balance + self.accrued + interest
        if self.repayment is Repayment.BULLET and (self.age % 3 == 0 or self.age >= self.maturity):
            return self.accrued + interest + self.principal_due
        return overdue

    def refusal_chance(self) -> float:
        w, person = self.model.willingness, self.borrower
        burden = F(self.household.falling_due / max(self.household.usual_income, 100_00))
        stake = person.habit * person.usefulness if self.lender is Lender.PLATFORM else F(0.5)
        record = F(min(person.worst_days, 90) / 90)
        logit = (
            w.intercept
            + w.burden * min(float(burden), w.burden_most)
            - w.access * float(stake)
            + w.norm * float(self.model.norm[self.household.place])
            + w.record * float(record)
            - w.quality * float(person.quality)
        )
        return float(F(logistic(logit)))

    # service

    def serve(self) -> None:
        """Collect, or let interest accrue, fall due and be paid, and see how the loan then stands."""
        if self.status is LoanStatus.WRITTEN_OFF:
            self.collect()
            return
        early_day, renews = self.early_day(), self.renews()
        interest = self.interest(early_day)
        self.accrued += interest
        self.fall_due(interest, early_day, renews)
        self.household.debt_service += 0 if self.is_policy else self.overdue
        self.receive(self.overdue if self.is_policy else self.find_money())
        self.model.seen["repaid early"] += early_day > 0
        if renews and self.overdue == 0:
            self.renew()
            return
        if renews:
            self.principal_due = self.balance
            self.model.seen["not renewed for want of the interest"] += 1
        self.stand()

    def collect(self) -> None:
        """7.6, 1: part of what was written off may still be collected."""
        terms, household = self.model.repaying, self.household
        if self.lender is Lender.FAMILY or self.borrower.draw(Decision.RECOVERY) >= terms.recovery_chance:
            return
        wanted = math.trunc((self.written_off - self.recovered) * terms.recovery_share)
        amount = min(wanted, household.purse - household.reserve)
        if amount > 0:
            household.pay(amount, self.lender, self.borrower)
            self.recovered += amount
            self.model.seen["recovered"] += 1

    def early_day(self) -> int:
        """7.6, 3: the day of the month on which the loan is repaid early; 0 if it is not."""
        terms, household = self.model.repaying, self.household
        luck = self.borrower.draw(Decision.EARLY_REPAYMENT)
        if (
            self.status is LoanStatus.PERFORMING
            and not self.refusing
            and not self.is_policy
            and self.age < self.maturity
            and luck < terms.early_hazard
            and household.purse - household.reserve > math.trunc(terms.ample * self.balance)
        ):
            return 1 + min(math.floor(30 * luck / terms.early_hazard), 29)
        return 0

    def renews(self) -> bool:
        """7.6, 6: whether a bullet in good standing is renewed at its end."""
        if self.repayment is not Repayment.BULLET or self.age != self.maturity or self.overdue > 0 or self.refusing:
            return False
        if self.is_policy:
            return True
        terms, household = self.model.repaying, self.household
        if self.lender is Lender.FAMILY:
            return household.purse - household.reserve < self.balance
        lucky = self.borrower.draw(Decision.RENEWAL) < terms.renewal_chance
        return lucky and household.purse < math.trunc(terms.ample * self.balance)

    def interest(self, early_day: int) -> int:
        """7.6, 4: of a month, or of the days until it is repaid early."""
        if self.status is LoanStatus.DEFAULTED:
            return 0
        if early_day:
            return half_even(self.balance * self.annual_rate * early_day, 365 * MILLION)
        return self.month_interest()

    def fall_due(self, interest: int, early_day: int, renews: bool) -> None:
        """7.6, 5."""
        at_end = self.age >= self.maturity
        if self.status is LoanStatus.DEFAULTED:
            self.principal_due = self.balance
        elif early_day:
            self.interest_due, self.principal_due = self.accrued, self.balance
        elif self.repayment is Repayment.INSTALLMENT:
            undue = self.balance - self.principal_due
            self.interest_due = self.accrued
            self.principal_due += undue if at_end else min(undue, max(self.installment - interest, 0))
        elif at_end:
            self.interest_due = self.accrued
            self.principal_due = 0 if renews else self.balance
            self.model.seen["harvest-dated due"] += self.repayment is Repayment.HARVEST
        elif self.repayment is Repayment.BULLET and self.age % 3 == 0:
            self.interest_due = self.accrued

    def find_money(self) -> int:
        """7.6, 7: what the household pays, as far as its purse goes; a relative has it once all have been served."""
        household = self.household
        free = household.purse if self.lender is Lender.PLATFORM else max(household.purse - household.reserve, 0)
        self.model.seen["cannot pay all"] += free < self.overdue and not self.refusing
        amount = 0 if self.refusing else min(self.overdue, free)
        household.pay(amount, self.lender, self.borrower)
        if self.lender is Lender.FAMILY and amount > 0:
            self.model.repaid_to_relatives.append((self.model.people[self.creditor], amount))
            self.model.seen["relative repaid"] += 1
        return amount

    def receive(self, amount: int) -> None:
        """Interest first, then principal."""
        interest = min(amount, self.interest_due)
        self.interest_due -= interest
        self.accrued -= interest
        self.interest_paid += interest
        self.principal_due -= amount - interest
        self.balance -= amount - interest
        if self.household.poor and not self.is_policy:
            self.household.interest_paid.append(interest)

    def renew(self) -> None:
        """7.6, 8: the new loan is entered once all have been served."""
        self.status, self.closed = LoanStatus.MATURED, self.model.month
        self.model.renewed.append(self)

    def stand(self) -> None:
        """7.6, 9 to 11: days past due, default, write-off."""
        if self.overdue == 0:
            self.days_past_due, self.due_since = 0, NOT_DUE
            if self.balance + self.accrued == 0:
                self.status, self.closed = LoanStatus.MATURED, self.model.month
                self.model.seen["repaid"] += 1
            else:
                self.status = LoanStatus.PERFORMING
            return
        self.age_arrears()
        if self.status is not LoanStatus.DEFAULTED:
            if self.days_past_due >= 90:
                self.default()
            else:
                self.status = LoanStatus.DELINQUENT if self.days_past_due > 0 else LoanStatus.PERFORMING
                self.model.seen["delinquent"] += self.days_past_due > 0
        terms = self.model.repaying
        limit = terms.write_off_platform if self.lender is Lender.PLATFORM else terms.write_off_bank
        if self.days_past_due >= limit:
            self.write_off()

    def age_arrears(self) -> None:
        """7.6, 9: 30 days for each month since the oldest unpaid amount fell due."""
        month = self.model.month
        if self.due_since == NOT_DUE:
            self.due_since = month
        if self.repayment is Repayment.INSTALLMENT and self.status is not LoanStatus.DEFAULTED:
            unpaid = -(-self.overdue // self.installment)
            self.due_since = max(self.due_since, min(month, self.originated + self.maturity) - unpaid + 1)
        self.days_past_due = 30 * (month - self.due_since)
        self.worst_days = max(self.worst_days, self.days_past_due)
        self.borrower.worst_days = max(self.borrower.worst_days, self.worst_days)

    def default(self) -> None:
        """7.6, 10: interest is reversed, the balance is due, a line ends."""
        self.status, self.defaulted_month = LoanStatus.DEFAULTED, self.model.month
        self.accrued = self.interest_due = 0
        self.principal_due = self.balance
        if self.lender is Lender.BANK:
            self.borrower.bank_defaults += 1
        elif self.lender is Lender.PLATFORM:
            self.borrower.platform_defaults += 1
            self.model.seen["line lost"] += self.borrower.line > 0
            self.borrower.line = 0
        self.model.seen["defaulted"] += 1

    def write_off(self) -> None:
        """7.6, 11."""
        self.status, self.closed = LoanStatus.WRITTEN_OFF, self.model.month
        self.written_off, self.balance, self.principal_due = self.balance, 0, 0
        self.model.seen["written off"] += 1


class LoanService(mesa.Model):
    """A county whose households serve their loans.

    Attributes
    ----------
    month : int
        The month served last; -1 at the start.
    tape : list of Loan
        Every loan ever made.
    norm : dict of int to float32
        Share of the place's loans that are in default or written off, as everybody sees it this month.
    rates : dict of Product to int, parts per million a year
        What the bank asks today for each product.
    seen : Counter
        How often each thing has happened.
    """

    def __init__(self, given: Scenario, draws: Draws, start) -> None:
        super().__init__(rng=0)
        self.policy, self.draws, self.start = given.policy, draws, start
        self.repaying = given.assumptions.repayment
        self.willingness = given.assumptions.willingness
        self.subsistence = round(given.assumptions.spending.subsistence * 100)
        self.month = -1
        self.households = [Household(self, row) for row in range(start.households.n)]
        at_home = start.residents.household
        self.people = [Person(self, row, self.households[at_home[row]]) for row in range(len(at_home))]
        for person in self.people:
            person.household.members.append(person)
        self.tape: list[Loan] = []
        self.norm: dict[int, np.float32] = {}
        self.renewed: list[Loan] = []
        self.repaid_to_relatives: list[tuple[Person, int]] = []
        self.rates: dict[Product, int] = {}
        self.seen: Counter[str] = Counter()

    def lend(self, borrower: Person, terms: dict[str, int]) -> Loan:
        """Enter a loan on the tape."""
        loan = Loan(self, len(self.tape), borrower, terms)
        self.tape.append(loan)
        borrower.household.loans.append(loan)
        return loan

    def step(self) -> None:
        """Serve a month's loans: who refuses is decided first, then households pay one after the other."""
        self.month += 1
        streams = (
            Decision.WILLINGNESS, Decision.CURE, Decision.EARLY_REPAYMENT, Decision.RENEWAL, Decision.RECOVERY
        )  # fmt: skip
        self.luck = {stream: self.draws.uniform(stream, self.month, len(self.people)) for stream in streams}
        self.renewed, self.repaid_to_relatives = [], []
        households = self.agents_by_type[Household]
        households.do("put_away_closed_loans")
        self.see_norm()
        households.do("decide_to_pay")
        households.do("serve")
        for relative, amount in self.repaid_to_relatives:
            relative.accounts[relative.main_bank] += amount
        households.do("receive_subsidy")
        for loan in self.renewed:
            self.renew(loan)

    def see_norm(self) -> None:
        """N: of the place's loans not closed or still collected, the share in default or written off."""
        loans: dict[int, list[Loan]] = {}
        for household in self.households:
            loans.setdefault(household.place, []).extend(household.loans)
        bad = (LoanStatus.DEFAULTED, LoanStatus.WRITTEN_OFF)
        self.norm = {
            place: F(sum(loan.status in bad for loan in of_place) / max(len(of_place), 1))
            for place, of_place in loans.items()
        }

    def renew(self, old: Loan) -> None:
        """Enter the loan that follows one which ends: same balance and terms, today's rate."""
        same = ("product", "lender", "creditor", "repayment", "maturity", "own_share", "guaranteed")
        terms = {name: getattr(old, name) for name in same}
        terms |= {"principal": old.balance, "originated": self.month, "renewed_from": old.row}
        terms["annual_rate"] = 0 if old.lender is Lender.FAMILY else self.rates[old.product]
        old.balance = 0
        self.lend(old.borrower, terms)
        self.seen["renewed"] += 1
