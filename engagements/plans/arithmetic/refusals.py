"""Errors of the arithmetic, as sentences for the person who typed the input; checks of single numbers."""

import math
from decimal import Decimal
from numbers import Real

from atlas.formatting.money import format_dollars
from engagements.limits import MOST_PEOPLE_OFFERED, find_number_problem, find_share_problem


class PlanningRefused(ValueError):
    """`field` is the name of the input to correct; the text says what is wrong and what to do."""

    def __init__(self, field: str, sentence: str):
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def as_floats(inputs: object, *fields: str) -> None:
    """Decimals of forms and tables, numpy's numbers and integers become floats, in a frozen dataclass being built."""
    for name in fields:
        value = getattr(inputs, name)
        if isinstance(value, (Real, Decimal)) and not isinstance(value, bool):
            object.__setattr__(inputs, name, float(value))


def check_number(field: str, value: object, name: str) -> float:
    """A finite number within the limits, no text and no truth value. Raises PlanningRefused."""
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)) or not math.isfinite(value):
        raise PlanningRefused(field, f"{name} needs a number, such as 250 or 0.7, without words or signs.")
    if sentence := find_number_problem(float(value)):
        raise PlanningRefused(field, f"{name}: {sentence}")
    return float(value)


def check_people(field: str, value: object, name: str) -> float:
    count = check_number(field, value, name)
    if count < 0:
        raise PlanningRefused(field, f"{name} is below 0. Nobody can be offered less than nothing: give 0 or more.")
    if count > MOST_PEOPLE_OFFERED:
        raise PlanningRefused(field, f"{name} is above {MOST_PEOPLE_OFFERED:,}. Check for extra zeros.")
    return count


def check_takeup(field: str, value: object, name: str) -> float:
    """Above 0 (nobody) up to 1 (everybody). Raises PlanningRefused; above 1 is usually a percentage."""
    share = check_number(field, value, name)
    if share < 0:
        raise PlanningRefused(field, f"{name} is below 0. Give a share above 0 (nobody), up to 1 (everyone).")
    if share == 0:
        raise PlanningRefused(field, f"{name} is 0: nobody takes part. Give a share above 0, up to 1 (everyone).")
    if share > 1:
        hint = f" If you mean {share:g} in 100, write {share / 100:g}." if share <= 100 else ""
        raise PlanningRefused(field, f"{name} is above 1. More people cannot take part than are offered it.{hint}")
    if sentence := find_share_problem(share):
        raise PlanningRefused(field, f"{name}: {sentence}")
    return share


def check_money(field: str, value: object, name: str, *, most: float) -> float:
    amount = check_number(field, value, name)
    if amount < 0:
        raise PlanningRefused(field, f"{name} is below 0. A cost is 0 or more; income belongs in the ledger.")
    if amount > most:
        raise PlanningRefused(
            field, f"{name} is above {format_dollars(most)}. Check for extra zeros, and for whom it is."
        )
    return amount


def check_text(field: str, value: str, sentence: str) -> str:
    if not value.strip():
        raise PlanningRefused(field, sentence)
    return value
