"""The one form in which a pilot's data are kept: the portal's columns by name, lines sorted, numbers plain.

The same data give the same text and so the same fingerprint, whatever the order of lines and columns, the separator or
the spelling of numbers in the file that came. Reading it gives again what was read from that file.
"""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engagements.pilots.rules.data_columns import DataKind, data_columns, kind_of
from engagements.pilots.rules.data_values import DataProblem
from engagements.pilots.rules.reading import DataRefused, PilotTable, csv_lines, read_table
from engagements.pilots.rules.registration import Registration


@dataclass(frozen=True)
class Held:
    """`header`: the portal's names. `rows`: cells as text, sorted."""

    kind: DataKind
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """CSV with commas and line feeds, as the fingerprint is of."""
        made = io.StringIO(newline="")
        csv.writer(made, lineterminator="\n").writerows([self.header, *self.rows])
        return made.getvalue()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def content(self) -> dict[str, list[str]]:
        """As the database keeps aggregates: columns of one length by name."""
        return {name: [row[place] for row in self.rows] for place, name in enumerate(self.header)}


def hold(header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], registration: Registration) -> Held:
    """Of lines that `read_table` has read without a problem; columns without any value are left out.

    `header`: names as `normal_name` makes them. Worked: " 1.50" in a column of numbers becomes "1.5".
    """
    kind = kind_of(tuple(header))
    kept: dict[str, list[str]] = {}
    for column in data_columns(registration, kind):
        place = next((header.index(name) for name in column.names if name in header), None)
        if place is None:
            continue
        cells = [cells[place].strip() for _, cells in rows]
        if any(cells):
            kept[column.name] = [_plain(cell) for cell in cells] if column.is_number else cells
    header = tuple(sorted(kept))
    return Held(kind, header, tuple(sorted(zip(*(kept[name] for name in header), strict=True))))


def read_held(held: Held, registration: Registration) -> PilotTable:
    """As estimators read it. Raises DataRefused, where an amendment asks for a column that these data do not have."""
    return read_table(held.header, list(enumerate(held.rows, start=2)), registration)


def held_of_content(content: Mapping[str, Sequence[Any]]) -> Held:
    """What `Held.content` made. Raises DataRefused where it is something else."""
    header = tuple(sorted(content))
    try:
        rows = tuple(zip(*(content[name] for name in header), strict=True))
    except (TypeError, ValueError) as broken:
        raise DataRefused([DataProblem(None, "", "The kept data can’t be read.")]) from broken
    return Held(kind_of(header), header, rows)


def held_of_text(text: bytes) -> Held:
    """What `Held.text` made. Raises DataRefused."""
    header, rows = csv_lines(text)
    return Held(kind_of(tuple(header)), tuple(header), tuple(tuple(cells) for _, cells in rows))


def normal_name(title: str) -> str:
    """A header as columns are compared: " Took-Part" -> "took_part"."""
    return "_".join(title.lower().replace("-", " ").split())


def _plain(cell: str) -> str:
    return repr(float(cell)).removesuffix(".0") if cell else ""
