"""Whether a file of data may come in, and what is said about it. Everything is looked at before anything is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engagements.pilots.rules.data import Cells, PilotData, Rows, Texts
from engagements.pilots.rules.data_columns import GROUPED, DataKind, data_columns, kind_of
from engagements.pilots.rules.data_values import DataProblem, Problems
from engagements.pilots.rules.estimators.counted_units import plural
from engagements.pilots.rules.holding import Held, hold, normal_name
from engagements.pilots.rules.privacy.identifying import identifying_columns
from engagements.pilots.rules.privacy.kanonymity import Anonymity, k_anonymity, telling_columns
from engagements.pilots.rules.reading import DataRefused, PilotTable, read_table
from engagements.pilots.rules.registration import OVER_TIME, DesignKind, Registration
from engagements.pilots.rules.tallies import as_cells, by_arm, spread_of

FEWEST_CLUSTERS = 3  # of each kind: with fewer there is no verdict
Line = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class DrawnUnits:
    """What was drawn. `arm_of`: by salted id. `arm_of_cluster`: by (city, cluster); the city is "" in a single city."""

    arm_of: Mapping[str, str] = field(default_factory=dict)
    arm_of_cluster: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def count(self, arm: str) -> int:
        return sum(one == arm for one in self.arm_of.values())


@dataclass(frozen=True)
class Delivery:
    """A file that may be kept. `notes`: what a person should know before keeping it, each a sentence.

    `people`: measured, by arm key; `anonymity`: of rows, None for aggregates.
    """

    held: Held
    table: PilotTable
    notes: tuple[str, ...]
    people: Mapping[str, int]
    anonymity: Anonymity | None


def chosen_columns(
    header: Sequence[str], rows: Sequence[Line], columns: Mapping[str, str]
) -> tuple[list[str], list[Line]]:
    """Only the columns that a person chose, under the portal's names. `columns`: portal's name -> header of the file.

    Short lines stay short, so that the reader can say so. Worked: {"arm": "Group"} keeps the one column, named "arm".
    """
    places = [list(header).index(title) for title in columns.values()]
    return list(columns), [
        (number, [cells[place] for place in places] if len(cells) >= len(header) else list(cells[:-1]))
        for number, cells in rows
    ]


def unplaced(header: Sequence[str], registration: Registration) -> bool:
    """Whether somebody has to say which column is which: one is unknown, or one that is needed is missing."""
    names = [normal_name(title) for title in header]
    columns = data_columns(registration, kind_of(tuple(names)))
    known = {name for column in columns for name in column.names}
    has = [bool(set(column.names) & set(names)) for column in columns if column.is_needed]
    return not set(names) <= known or not all(has)


def refuse_unseen(header: Sequence[str], rows: Sequence[Line]) -> int:
    """Columns are looked at by their names: two of one name, one without a name and cells beside them would go unseen.

    How many columns there are; empty ones at the end of the first line do not count. Raises DataRefused, with numbers
    of columns and lines only: without a line of names, what stands there may be about somebody.
    """
    names = [normal_name(title) for title in header]
    while names and not names[-1]:
        names.pop()
    problems = Problems()
    first: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        if not name:
            problems.add(None, "", f"Column {number} has no name in the first line. Name it, or take it out.")
        elif name in first:
            problems.add(None, "", f"Columns {first[name]} and {number} have the same name. Take one of them out.")
        first.setdefault(name, number)
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(names) :]):
            problems.add(line, "", "This line has more cells than there are columns. Look for a stray comma.")
    if problems.found:
        raise DataRefused(problems.found, problems.left_out)
    return len(names)


def refuse_identifying(header: Sequence[str], rows: Sequence[Line], registration: Registration) -> None:
    """Looks at every column of the file, also at those nobody wants to keep. Raises DataRefused."""
    header = header[: refuse_unseen(header, rows)]
    names = [normal_name(title) for title in header]
    kind = kind_of(tuple(names))
    columns = {
        title: [cells[place] if place < len(cells) else "" for _, cells in rows] for place, title in enumerate(header)
    }
    numbers = {name for one in data_columns(registration, kind) if one.is_number for name in one.names}
    periods = {"period", "measured_on"}
    found = identifying_columns(
        columns,
        sums=[title for title, name in zip(header, names, strict=True) if name in numbers],
        periods=[title for title, name in zip(header, names, strict=True) if name in periods],
    )
    if found:
        raise DataRefused([DataProblem(None, "", one.sentence) for one in found])


def examine(
    header: Sequence[str],
    rows: Sequence[Line],
    registration: Registration,
    drawn: DrawnUnits | None = None,
    smallest: int = 10,
) -> Delivery:
    """Reads and checks everything. `drawn`: None where the portal drew nothing. Raises DataRefused with each reason."""
    refuse_identifying(header, rows, registration)
    names = [normal_name(title) for title in header]
    table = read_table(header, rows, registration, drawn.arm_of if drawn else None)
    if drawn:
        _refuse_undrawn(names, rows, table, registration, drawn)
    primary = table.outcomes[registration.outcome.key]
    anonymity = _anonymity(names, rows, registration, primary, smallest) if isinstance(primary, Rows) else None
    if anonymity and not anonymity.is_kept:
        raise DataRefused([DataProblem(None, "", anonymity.sentence)])
    tallies = by_arm(primary, [arm.key for arm in registration.arms])
    return Delivery(
        held=hold(names, rows, registration),
        table=table,
        notes=(*table.notes, *_notes(primary, registration)),
        people={one.key: int(one.n) for one in tallies},
        anonymity=anonymity,
    )


def _refuse_undrawn(
    names: Sequence[str], rows: Sequence[Line], table: PilotTable, registration: Registration, drawn: DrawnUnits
) -> None:
    """Groups that were not drawn or stand in another arm, and more people than were drawn."""
    problems = Problems()
    columns = data_columns(registration, table.kind)
    places = {column.name: names.index(name) for column in columns for name in column.names if name in names}
    if registration.design in (DesignKind.CLUSTERS, DesignKind.PHASED) and "cluster" in places:
        several = len(registration.cities) > 1
        for number, cells in rows:
            cluster = cells[places["cluster"]].strip()
            city = cells[places["city"]].strip() if several and "city" in places else ""
            arm = drawn.arm_of_cluster.get((city, cluster))
            if arm is None:
                problems.add(number, "cluster", f"This {registration.unit} was not drawn.")
            elif registration.design not in OVER_TIME and arm != cells[places["arm"]].strip():
                problems.add(number, "arm", f"This is not the group that was drawn for this {registration.unit}.")
    if registration.design in (DesignKind.PEOPLE, DesignKind.PAIRS) and table.kind == DataKind.AGGREGATES:
        for tally in by_arm(table.outcomes[registration.outcome.key], [arm.key for arm in registration.arms]):
            if tally.n > drawn.count(tally.key):
                said = (
                    f"The file has {tally.n:,.0f} people in “{tally.key}”; only {drawn.count(tally.key):,} were drawn."
                )
                problems.add(None, "", said)
    if problems.found:
        raise DataRefused(problems.found, problems.left_out)


def _anonymity(
    names: Sequence[str], rows: Sequence[Line], registration: Registration, primary: Rows, smallest: int
) -> Anonymity:
    telling = telling_columns(registration.quasi_identifiers, names)
    columns: dict[str, Texts] = {
        name: np.array([cells[names.index(name)].strip() for _, cells in rows], dtype=object) for name in telling
    }
    return k_anonymity(columns, primary.outcome, smallest)


def _notes(primary: PilotData, registration: Registration) -> list[str]:
    """What would leave an analysis without an answer: it is said now, when the file can still be looked at."""
    cells = as_cells(primary)
    notes = []
    n, total, squares = (float(getattr(cells, name)[cells.n > 0].sum()) for name in ("n", "total", "squares"))
    if n and not np.isnan(squares) and spread_of(n, total, squares) == 0:
        notes.append("Every outcome is the same. Look whether the right column was taken; nothing can be estimated.")
    for arm in registration.arms:
        here = (cells.arm == arm.key) & (cells.n > 0)
        if not here.any():
            notes.append(f"The file has nobody measured in “{arm.key}”.")
        elif registration.design in GROUPED:
            notes += _few_clusters(cells, here, arm.key, registration)
    return notes


def _few_clusters(cells: Cells, here: np.ndarray, arm: str, registration: Registration) -> list[str]:
    count = len(set(zip(cells.city[here], cells.cluster[here], strict=True)))
    if registration.design != DesignKind.CLUSTERS or count >= FEWEST_CLUSTERS:
        return []
    units = registration.unit if count == 1 else plural(registration.unit)
    return [
        f"Only {count} {units} in “{arm}”: at least {FEWEST_CLUSTERS} of each are needed for a verdict. "
        "That is a limit of the design, not of the program."
    ]
