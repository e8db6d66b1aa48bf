"""What no entry of the ledger may be, whichever way it comes: form, table or API. Sentences for a finance officer."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from atlas.formatting.dates import format_day
from atlas.formatting.money import format_dollars
from engagements.money.rules.amounts import CENT, LARGEST
from engagements.money.rules.stages import BY_VALUE, COVERED, Stage
from engagements.money.rules.tracts import share_problem

OLDEST_PRICES = 2000
Problem = tuple[str, str]  # field, sentence


@dataclass(frozen=True)
class ProposedEntry:
    """An entry as somebody wants to post it. `amount` above 0 also where it takes another back."""

    stage: str
    amount: Decimal
    occurred_on: date
    price_year: int
    tracts: dict[str, Decimal] = field(default_factory=dict)


def check(entry: ProposedEntry, *, today: date, starts_on: date | None) -> tuple[Problem, ...]:
    """What is wrong with the entry itself. `starts_on`: the engagement's first day, None while it has none.

    A day of grace: in Hawaii and at the server it isn't the same day.
    """
    problems: list[Problem] = []
    if entry.stage not in BY_VALUE:
        labels = ", ".join(BY_VALUE)
        problems.append(("stage", f"“{entry.stage[:40]}” is no stage. Stages are {labels}."))
    if words := _amount_problem(entry.amount):
        problems.append(("amount", words))
    if entry.occurred_on > today + timedelta(days=1):
        problems.append(("occurred_on", f"{format_day(entry.occurred_on)} has not come yet. Book what has happened."))
    if starts_on and entry.occurred_on < starts_on:
        words = f"{format_day(entry.occurred_on)} is before the engagement began, {format_day(starts_on)}."
        problems.append(("occurred_on", words))
    if not OLDEST_PRICES <= entry.price_year <= today.year + 1:
        words = f"Prices of {entry.price_year}: the year is from {OLDEST_PRICES} to {today.year + 1}."
        problems.append(("price_year", words))
    if words := share_problem(entry.tracts):
        problems.append(("tracts", words))
    return tuple(problems)


def check_reversal(
    *, amount: Decimal, of_amount: Decimal, on: date, of_on: date, is_reversal: bool, is_reversed: bool
) -> tuple[Problem, ...]:
    """`of_*`: of the entry it reverses, which is reversed once and in full, and is no reversal itself."""
    problems: list[Problem] = []
    if is_reversal:
        problems.append(("reverses", "A reversal is not reversed. Post the entry again instead."))
    if is_reversed:
        problems.append(("reverses", "This entry was reversed before."))
    if amount != of_amount:
        words = (
            f"A reversal takes back the whole {format_dollars(of_amount)}, not {format_dollars(amount)}. Reverse "
            "it, then post "
        )
        problems.append(("amount", words + "what remains as a new entry."))
    if on < of_on:
        problems.append(("occurred_on", f"A reversal is not before the entry it takes back, {format_day(of_on)}."))
    return tuple(problems)


def _amount_problem(amount: Decimal) -> str:
    if not isinstance(amount, Decimal) or not amount.is_finite():
        return "This is no amount."
    if amount <= 0:
        return "An amount is above 0. To take an entry back, reverse it."
    if amount > LARGEST:
        return "This is more than $10 billion. Is a decimal mark missing, or is it in cents?"
    if amount != amount.quantize(CENT):
        return "An amount has at most two decimals."
    return ""


# --- Nothing before a commitment, nothing beyond it -----------------------------------------------------------------


@dataclass(frozen=True)
class CoverChange:
    """Money of one funder in one engagement. `amount` below 0 for a reversal. `key` names a new one; None: it stands in
    the ledger already (then it may be a day's sum)."""

    on: date
    stage: str
    amount: Decimal
    key: Hashable | None = None

    @property
    def order(self) -> tuple[date, bool, bool, bool]:
        """Of one day first what gives room, then what takes it: commitments, reversals of what was spent, spending,
        reversals of commitments; what stands before what is new."""
        is_commitment, is_back = self.stage == Stage.COMMITTED, self.amount < 0
        takes_room = is_commitment == is_back
        return self.on, takes_room, takes_room == is_commitment, self.key is not None


def check_cover(movements: Iterable[CoverChange], funder: str) -> dict[Hashable, Problem]:
    """key of a new movement -> why it can't be: on no day may what is allocated, obligated, disbursed or spent (each by
    itself, they are the same dollars) exceed what the funder has committed until then. Amounts as booked.

    A new entry that only breaks a later day is named for it; what stands in the ledger already is not.
    """
    refused: dict[Hashable, Problem] = {}
    ordered = sorted((m for m in movements if m.stage == Stage.COMMITTED or m.stage in COVERED), key=lambda m: m.order)
    first = next((m.on for m in ordered if m.stage == Stage.COMMITTED and m.amount > 0), None)
    totals: dict[str, Decimal] = defaultdict(Decimal)
    tight: list[CoverChange] = []  # new ones that took room, in order
    for movement in ordered:
        totals[movement.stage] += movement.amount
        if movement.key is not None and _reduces_cover(movement):
            tight.append(movement)
        for stage in COVERED:
            while totals[stage] > totals[Stage.COMMITTED]:
                at = next(
                    (at for at in reversed(range(len(tight))) if tight[at].stage in (stage, Stage.COMMITTED)), None
                )
                if at is None:
                    break  # it was so before
                culprit = tight.pop(at)
                words = _why(culprit, stage, movement.on, totals, first, funder)
                refused[culprit.key] = ("amount", words)
                totals[culprit.stage] -= culprit.amount
    return refused


def _reduces_cover(movement: CoverChange) -> bool:
    return (movement.stage == Stage.COMMITTED) == (movement.amount < 0)


def _why(
    culprit: CoverChange, stage: str, on: date, totals: dict[str, Decimal], first: date | None, funder: str
) -> str:
    done = str(BY_VALUE[stage].value)
    if first is None:
        return f"{funder} has committed nothing yet. Enter the commitment before what is {done}."
    if on < first:
        return (
            f"{funder} committed nothing before {format_day(first)}, so nothing of it can be {done} on "
            f"{format_day(on)}."
        )
    sums = (
        f"{format_dollars(totals[stage])} of {funder} {done} by {format_day(on)}, but "
        f"{format_dollars(totals[Stage.COMMITTED])} committed"
    )
    if culprit.stage == Stage.COMMITTED:
        return f"Without this commitment there would be {sums}. Reverse what is {done} first."
    return f"With this there would be {sums}."
