"""Red, amber or green, with the rule that decided it. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Color(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "none"


@dataclass(frozen=True)
class Rating:
    """`label`: on track, data overdue, behind, late, target reached, no value, not judged. `rule` is printed beside
    it."""

    colour: Color
    label: str
    rule: str
