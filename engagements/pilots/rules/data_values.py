"""Cells of a data file as texts, numbers and days; what cannot be read is a problem with its line. Values are never
repeated in a message: they may be about a person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from atlas.tables.formula_escape import unescape_formula
from engagements.pilots.rules.data import Floats, Texts

MOST_PROBLEMS = 100  # that are listed; the rest is counted
LONGEST_TEXT = 120
LARGEST = 1e12
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_FORMULA = re.compile(r"[=@]|[+-](?![\d.])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class DataProblem:
    """`line`: as a spreadsheet counts it, None for the file as a whole. `column`: as the file has it, or ""."""

    line: int | None
    column: str
    sentence: str

    def __str__(self) -> str:
        where = f"Line {self.line}" if self.line else ""
        where += f"{', ' if where else 'Column '}“{self.column}”" if self.column else ""
        return f"{where}: {self.sentence}" if where else self.sentence


@dataclass
class Problems:
    """Collects what is wrong, at most MOST_PROBLEMS in full. `left_out`: how many more there were."""

    found: list[DataProblem] = field(default_factory=list)
    left_out: int = 0

    def add(self, line: int | None, column: str, sentence: str) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(DataProblem(line, column, sentence))
        else:
            self.left_out += 1


def read_texts(values: Sequence[str], lines: Sequence[int], column: str, problems: Problems) -> Texts:
    """Names of arms, cities, groups: any text, also one that looks like a formula; it is never run. The apostrophe that
    the portal puts before such a text (`writing`) is taken off again."""
    known: dict[str, str] = {}
    for line, value in zip(lines, values, strict=True):
        if value not in known:
            known[value] = unescape_formula(value).strip()
            if len(known[value]) > LONGEST_TEXT:
                problems.add(line, column, f"A name has at most {LONGEST_TEXT} characters.")
            elif not known[value].isprintable():
                problems.add(line, column, "A name has a character that cannot be shown.")
    return np.array([known[value] for value in values], dtype=object)


def read_numbers(
    values: Sequence[str], lines: Sequence[int], column: str, problems: Problems, *, may_be_empty: bool
) -> Floats:
    """NaN where a cell is empty or no number. "1,000" and "12%" are refused: nobody should guess what they mean."""
    known: dict[str, float] = {"": float("nan")}
    found = np.empty(len(values))
    for index, value in enumerate(values):
        text = value.strip()
        if text not in known:
            known[text] = _number(text)
        found[index] = known[text]
        if known[text] != known[text]:
            if text:
                problems.add(lines[index], column, _why_no_number(text))
            elif not may_be_empty:
                problems.add(lines[index], column, "A number is missing here.")
    return found


def read_days(values: Sequence[str], lines: Sequence[int], column: str, problems: Problems) -> list[date | None]:
    """None where a cell is empty or no day."""
    found: list[date | None] = []
    for line, value in zip(lines, values, strict=True):
        text = value.strip()
        day = None
        if text:
            try:
                day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
            except ValueError:
                day = None
            if day is None:
                problems.add(line, column, "This is not a day such as 2027-03-31.")
        found.append(day)
    return found


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        return float("nan")
    number = float(text)
    return number if abs(number) <= LARGEST else float("nan")


def _why_no_number(text: str) -> str:
    if _FORMULA.match(text):
        return "This looks like a formula, and a number is needed. Write the number itself."
    if _NUMBER.fullmatch(text):
        return "This is beyond a trillion. Look for a slip of the key."
    return "This is not a number. Write digits and a point, such as 12.5; leave it empty if it is not known."
