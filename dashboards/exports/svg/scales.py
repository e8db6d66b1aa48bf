"""An axis: what a value on it means in pixels. Numbers, logarithms, dates and categories."""

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dashboards.exports.svg.plotly_values import Plain, UnknownFigurePart
from dashboards.exports.svg.ticks import date_ticks, format_date, format_number, plain_number, round_step, ticks_between

_DATE = re.compile(r"\d{4}-\d{2}(-\d{2}([T ].*)?)?")
KINDS = ("linear", "log", "date", "category")


@dataclass
class Axis:
    """One axis of one subplot. `low` and `high` are the ends in its own numbers (exponents on a log axis);
    `start` and `end` are the pixels of those ends: y runs upwards, a reversed range runs the other way."""

    name: str  # "x", "y2"
    options: Plain
    kind: str
    categories: list[str] = field(default_factory=list)
    low: float = 0.0
    high: float = 1.0
    start: float = 0.0
    end: float = 1.0

    @property
    def letter(self) -> str:
        return self.name[0]

    def to_number(self, value: Any) -> float | None:
        """A value of the data as a number on this axis; None where there is none."""
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return None
        if self.kind == "category":
            if isinstance(value, str) and value in self.categories:
                return float(self.categories.index(value))
            return float(value) if not isinstance(value, str) else None
        if self.kind == "date":
            return read_date(value) if isinstance(value, str) else float(value)
        if self.kind == "log":
            return math.log10(float(value)) if float(value) > 0 else None
        return float(value)

    def from_option(self, value: Any) -> float:
        """An end of a range: exponents on a log axis, otherwise as the data.

        Raises UnknownFigurePart for what is no place on the axis.
        """
        number = float(value) if self.kind == "log" else self.to_number(value)
        if number is None:
            raise UnknownFigurePart(f"Axis {self.name}: {value!r} is not a place on it.")
        return number

    def pixel(self, number: float) -> float:
        return self.start + (number - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)

    def place(self, value: Any) -> float | None:
        """Pixels of a value of the data."""
        found = self.to_number(value)
        return None if found is None else self.pixel(found)

    def ticks(self) -> list[tuple[float, str]]:
        """(pixel, words) of every tick inside the range."""
        low, high = sorted((self.low, self.high))
        slack = (high - low) * 1e-6
        inside = [(at, words) for at, words in self._all_ticks() if low - slack <= at <= high + slack]
        return [(self.pixel(at), words) for at, words in inside]

    def _all_ticks(self) -> list[tuple[float, str]]:
        options = self.options
        if options.get("tickvals") is not None:
            numbers = [self.to_number(value) for value in options["tickvals"]]
            words = options.get("ticktext")
            if words is None:
                known = [number for number in numbers if number is not None]
                step = min((abs(b - a) for a, b in zip(known, known[1:], strict=False)), default=0.0) or 1.0
                return [(number, self._words(number, step)) for number in known]
            return [(at, str(said)) for at, said in zip(numbers, words, strict=False) if at is not None]
        if self.kind == "category":
            return [(float(index), said) for index, said in enumerate(self.categories)]
        if self.kind == "date" and options.get("dtick") is None:
            found, pattern = date_ticks(self.low, self.high, self._count())
            return [(at, format_date(at, options.get("tickformat") or pattern)) for at in found]
        step = self._step()
        first = 0.0 if options.get("tick0") is None else self.from_option(options["tick0"])
        return [(at, self._words(at, step)) for at in ticks_between(self.low, self.high, step, first)]

    def _count(self) -> float:
        """About how many ticks there is room for, as plotly counts."""
        wanted = self.options.get("nticks")
        room = abs(self.end - self.start) / (40 if self.letter == "y" else 80)
        return float(wanted) if wanted else min(max(room, 4), 9) + 1

    def _step(self) -> float:
        wanted = self.options.get("dtick")
        if isinstance(wanted, str):
            raise UnknownFigurePart(f"Axis {self.name}: the step {wanted!r} is not a number.")
        if wanted:
            return float(wanted)
        step = round_step((self.high - self.low) or 1.0, self._count())
        return max(1.0, step) if self.kind == "log" else step

    def _words(self, at: float, step: float) -> str:
        options = self.options
        pattern = options.get("tickformat")
        if self.kind == "date":
            return format_date(at, pattern or "%b %-d, %Y")
        value = 10.0**at if self.kind == "log" else at
        said = format_number(value, pattern) if pattern else plain_number(value, 0 if self.kind == "log" else step)
        return f"{options.get('tickprefix', '')}{said}{options.get('ticksuffix', '')}"


def read_date(text: str) -> float:
    """Milliseconds since 1970 of an ISO date; one without a zone is UTC."""
    moment = datetime.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


def kind_of(options: Plain, values: list) -> str:
    """What the axis says it is, otherwise what its values look like."""
    said = options.get("type")
    if said and said != "-":
        if said not in KINDS:
            raise UnknownFigurePart(f"An axis of type {said!r} is not one this writer knows.")
        return said
    words = [value for value in values if isinstance(value, str)]
    if not words or all(_is_number(word) for word in words):
        return "linear"
    return "date" if all(_DATE.fullmatch(word) for word in words) else "category"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
