"""Lines of a data file under the names of the portal's columns, with the checks that both kinds of file share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from engagements.pilots.rules.data import Floats, Texts
from engagements.pilots.rules.data_columns import DataKind, data_columns, portal_name
from engagements.pilots.rules.data_values import Problems, read_days, read_numbers, read_texts
from engagements.pilots.rules.estimators.periods import days_of
from engagements.pilots.rules.plain import nearest
from engagements.pilots.rules.registration import OVER_TIME, Registration

PLACES = ("city", "block", "cluster", "period")


@dataclass(frozen=True)
class Placed:
    """Where each known column stands in the file, and what the file calls it."""

    index: dict[str, int]
    title: dict[str, str]
    width: int


def name_columns(
    names: Sequence[str], titles: Sequence[str], registration: Registration, kind: DataKind, problems: Problems
) -> Placed:
    """Unknown columns, columns that are missing and columns that are there twice are problems.

    Without a column “arm” the first line may be somebody's data and no names of columns: then they are numbered.
    """
    columns = data_columns(registration, kind)
    own = {name: column.name for column in columns for name in column.names}
    index: dict[str, int] = {}
    title: dict[str, str] = {}
    for place, name in enumerate(names):
        is_name = "arm" in names and titles[place].isprintable()
        shown = titles[place][:80] if is_name else f"number {place + 1}"
        if name not in own:
            near = nearest(name, own)
            hint = f" Did you mean “{near}”?" if near else f" Known here: {', '.join(one.name for one in columns)}."
            problems.add(None, shown, f"This column is not one of the pilot’s.{hint}")
        elif own[name] in index:
            problems.add(None, shown, "This column is there twice.")
        else:
            index[own[name]], title[own[name]] = place, shown
    for column in columns:
        if column.is_needed and column.name not in index:
            problems.add(None, "", f"The column “{column.name}” is missing: {column.meaning}")
    return Placed(index, title, len(names))


@dataclass
class Lines:
    """The cells of every line by column of the portal. `numbers`: of the lines, as a spreadsheet counts."""

    placed: Placed
    numbers: list[int]
    columns: list[tuple[str, ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, Sequence[str]]], placed: Placed, problems: Problems, most: int) -> "Lines":
        """Ragged lines are problems. Stops after `most` lines and one more."""
        numbers, kept = [], []
        for number, cells in rows:
            if len(cells) < placed.width:
                problems.add(number, "", "This line has fewer cells than there are columns.")
                continue
            if any(cell.strip() for cell in cells[placed.width :]):
                problems.add(number, "", "This line has more cells than there are columns. Look for a stray comma.")
                continue
            numbers.append(number)
            kept.append(tuple(cells[: placed.width]))
            if len(numbers) > most:
                break
        return cls(placed, numbers, list(zip(*kept, strict=True)) if kept else [])

    @property
    def count(self) -> int:
        return len(self.numbers)

    def has(self, name: str) -> bool:
        return name in self.placed.index

    def title(self, name: str) -> str:
        return self.placed.title.get(name, name)

    def texts(self, name: str, problems: Problems) -> Texts:
        """ "" everywhere where the file has no such column."""
        if not self.has(name):
            return np.full(self.count, "", dtype=object)
        return read_texts(self.columns[self.placed.index[name]], self.numbers, self.title(name), problems)

    def values(self, name: str, problems: Problems, *, may_be_empty: bool = True) -> Floats:
        """NaN everywhere where the file has no such column."""
        if not self.has(name):
            return np.full(self.count, np.nan)
        cells = self.columns[self.placed.index[name]]
        return read_numbers(cells, self.numbers, self.title(name), problems, may_be_empty=may_be_empty)

    def days(self, name: str, problems: Problems) -> list[date | None]:
        if not self.has(name):
            return []
        return read_days(self.columns[self.placed.index[name]], self.numbers, self.title(name), problems)


@dataclass(frozen=True)
class Keys:
    """Who a line is about: arm and places as registered."""

    arm: Texts
    places: dict[str, Texts]
    groups: dict[str, Texts]


def read_keys(lines: Lines, registration: Registration, problems: Problems) -> Keys:
    """Arms and cities that are not registered, places that are missing, days and periods outside the window and values
    of subgroups that nobody registered are problems."""
    arm = lines.texts("arm", problems)
    _must_be_among(arm, [one.key for one in registration.arms], "arm", "a registered group", lines, problems)
    places = {name: lines.texts(name, problems) for name in PLACES}
    if len(registration.cities) > 1:
        _must_be_among(places["city"], registration.cities, "city", "a registered city", lines, problems)
    for column in data_columns(registration, DataKind.ROWS):
        if column.is_needed and column.name in PLACES[1:]:
            for line, value in zip(lines.numbers, places[column.name], strict=True):
                if not value:
                    problems.add(line, lines.title(column.name), "This is missing here.")
    _within_window(lines, places["period"], registration, problems)
    groups = {}
    for one in registration.subgroups:
        name = portal_name(registration, one.column)
        if lines.has(name):
            groups[one.column] = lines.texts(name, problems)
            _must_be_among(groups[one.column], ["", *one.values], name, "a registered subgroup", lines, problems)
    return Keys(arm, places, groups)


def _must_be_among(values: Texts, known: Sequence[str], name: str, what: str, lines: Lines, problems: Problems) -> None:
    allowed = set(known)
    for line, value in zip(lines.numbers, values, strict=True):
        if value not in allowed:
            said = f"This is not {what}. Known: {', '.join(one for one in known if one)}."
            problems.add(line, lines.title(name), said)


def _within_window(lines: Lines, periods: Texts, registration: Registration, problems: Problems) -> None:
    first, last = registration.outcome.window_from, registration.outcome.window_to
    before_counts = registration.design in OVER_TIME  # what was measured before the program is the comparison
    for line, day in zip(lines.numbers, lines.days("measured_on", problems), strict=False):
        if day is not None and ((last and day > last) or (first and day < first and not before_counts)):
            problems.add(line, lines.title("measured_on"), "This day is outside the outcome’s window.")
    outside = {period for period in set(periods) if period and _is_outside(period, first, last, before_counts)}
    if outside:
        for line, period in zip(lines.numbers, periods, strict=True):
            if period in outside:
                problems.add(line, lines.title("period"), "This period is outside the outcome’s window.")


def _is_outside(period: str, first: date | None, last: date | None, before_counts: bool) -> bool:
    """Whether no day of a period is in the window. Numbers such as 1, 2, 3 are not held against the calendar."""
    days = days_of(period)
    if days is None:
        return False
    begins, ends = days
    return bool((last and begins > last) or (first and ends < first and not before_counts))
