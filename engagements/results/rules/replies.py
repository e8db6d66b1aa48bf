"""The right of reply: ten business days, an answer, and the words that travel with the sentence. Pure."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from engagements import limits
from engagements.results.records import Problems

REPLY_BUSINESS_DAYS = 10
ANSWERS = ("agree", "correct", "add")


class LinkEnd(StrEnum):
    """Why a link to reply does not open, in the order in which it is looked at."""

    OFF = "off"
    REVOKED = "revoked"
    USED = "used"
    EXPIRED = "expired"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    CHANGED = "changed"


def validate_answer(answer: str, reply: str, received_how: str, *, is_passed_on: bool) -> Problems:
    """`is_passed_on`: an organization was asked, and somebody of the team writes down what it answered."""
    found: Problems = []
    if answer not in ANSWERS:
        found.append(("answer", "Choose one: agree, ask for a correction, or add."))
    if answer in ("correct", "add") and not reply.strip():
        found.append(("reply", "Write what is to be corrected or added."))
    if len(reply) > limits.REPLY:
        found.append(("reply", f"Shorten it to {limits.REPLY} characters."))
    if is_passed_on and not received_how.strip():
        found.append(("received_how", "Say how the reply came, for example by email on a day."))
    if len(received_how) > limits.PHRASE:
        found.append(("received_how", f"Shorten it to {limits.PHRASE} characters."))
    return found


def reply_due(asked_on: date, is_holiday: Callable[[date], bool]) -> date:
    """The tenth business day after it was asked. `is_holiday`: federal holidays; weekends are known here.

    Worked: asked on Monday, November 30, 2026 without holidays until then -> Monday, December 14.
    """
    day, left = asked_on, REPLY_BUSINESS_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and not is_holiday(day)
    return day


def is_settled(answer: str, due_on: date, today: date) -> bool:
    """Whether the sentence may go out: answered, or its ten days are over."""
    return bool(answer) or due_on < today


def reply_words(
    answer: str, reply: str, asked_on: date, replied_on: date | None, due_on: date, today: date, who: str = "The city"
) -> str:
    """What travels with the sentence: the reply, "asked on DATE, no reply", or until when it may come.

    `who` was asked: the city, or an organization by its name.
    """
    if answer and replied_on:
        said = {"agree": "agrees", "correct": "asks for a correction", "add": "adds"}[answer]
        return f"{who} {said} ({_day(replied_on)}){f': {reply}' if reply else '.'}"
    if due_on < today:
        return f"{who} was asked on {_day(asked_on)}; no reply."
    return f"{who} was asked on {_day(asked_on)} and has until {_day(due_on)}."


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
