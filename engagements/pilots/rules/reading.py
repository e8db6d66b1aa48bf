"""A data file of a pilot, as counts by cell or as one line per person, with a reason for every line that is refused.

The same reader serves the upload pages (after their own mapping) and `analyze_pilot`. Either everything is read or
nothing: `DataRefused` names each problem with its line.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engagements.pilots.rules.data import PilotData, Texts
from engagements.pilots.rules.data_columns import DataKind, kind_of
from engagements.pilots.rules.data_lines import Lines, name_columns
from engagements.pilots.rules.data_values import DataProblem, Problems
from engagements.pilots.rules.read_cells import cells_by_outcome
from engagements.pilots.rules.read_rows import rows_by_outcome
from engagements.pilots.rules.registration import Registration

MAX_BYTES = 64_000_000
MAX_ROWS = 400_000
MAX_COLUMNS = 80
MAX_CELL = 1_000  # characters; names have at most 120, and each cell is looked at for what tells a person
MAX_LINE = 200_000  # characters of one line: more than 80 full cells with their quotation marks
_SNIFFED = 20


class DataRefused(ValueError):
    """Nothing was read. `problems`: at most 100 of them; `left_out`: how many more there are."""

    def __init__(self, problems: Sequence[DataProblem], left_out: int = 0):
        self.problems, self.left_out = tuple(problems), left_out
        more = f" {left_out:,} more problems are not listed." if left_out else ""
        super().__init__(" ".join(str(problem) for problem in problems) + more)


@dataclass(frozen=True)
class PilotTable:
    """`outcomes`: data by key of the outcome; the primary one is always there. `groups`: for each subgroup column the
    value of every entry of the primary outcome's data. `notes`: what could not be checked, each a sentence."""

    kind: DataKind
    outcomes: Mapping[str, PilotData]
    groups: Mapping[str, Texts]
    row_count: int
    notes: tuple[str, ...] = field(default=())


def too_large(size: int) -> str:
    """A sentence when a file of this many bytes is refused before it is read; else ""."""
    if size <= MAX_BYTES:
        return ""
    return (
        f"The file has {size / 1e6:,.0f} MB; at most {MAX_BYTES // 10**6} MB are read. "
        "Send counts by group instead of one line per person."
    )


def read_csv_data(content: bytes, registration: Registration, drawn: Mapping[str, str] | None = None) -> PilotTable:
    """CSV in UTF-8, by comma, semicolon or tab; the first line names the columns. Raises DataRefused.

    `drawn`: arm key by salted id, where the portal drew; then unknown ids and changed arms are refused.
    """
    header, rows = csv_lines(content)
    return read_table(header, rows, registration, drawn)


def csv_lines(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The first line, and the others with their numbers; blank ones are left out. Raises DataRefused.

    Lines of more than MAX_COLUMNS cells are refused while they are read: everything after this may hold a table of
    every column by every line.
    """
    if sentence := too_large(len(content)):
        raise DataRefused([DataProblem(None, "", sentence)])
    text = _decode(content)
    rows: list[tuple[int, list[str]]] = []
    for number, cells in _parsed(text):
        if len(cells) > MAX_COLUMNS:
            raise DataRefused([DataProblem(number, "", _too_wide())])
        refuse_long_cells(number, cells)
        if any(cell.strip() for cell in cells):
            rows.append((number, cells))
        if len(rows) > MAX_ROWS + 1:
            raise DataRefused([DataProblem(None, "", _too_many())])
    if len(rows) < 2:
        raise DataRefused([DataProblem(None, "", "There are no rows. The first line names the columns.")])
    return rows[0][1], rows[1:]


def refuse_long_cells(number: int, cells: Sequence[str]) -> None:
    """Of one line. Raises DataRefused."""
    if max(map(len, cells), default=0) > MAX_CELL:
        said = f"A cell has more than {MAX_CELL:,} characters. Shorten it, or take the column out."
        raise DataRefused([DataProblem(number, "", said)])


def read_table(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    registration: Registration,
    drawn: Mapping[str, str] | None = None,
) -> PilotTable:
    """As `read_csv_data`, of rows (line number, cells) that somebody else has read. Raises DataRefused."""
    problems = Problems()
    titles = [title.strip() for title in header]
    while titles and not titles[-1]:
        titles.pop()
    if len(titles) > MAX_COLUMNS:
        raise DataRefused([DataProblem(None, "", _too_wide())])
    names = tuple("_".join(title.lower().replace("-", " ").split()) for title in titles)
    kind = kind_of(names)
    placed = name_columns(names, titles, registration, kind, problems)
    if problems.found:
        raise DataRefused(problems.found, problems.left_out)
    lines = Lines.of(rows, placed, problems, MAX_ROWS)
    if lines.count > MAX_ROWS:
        raise DataRefused([DataProblem(None, "", _too_many())])
    if problems.found or not lines.count:
        raise DataRefused(problems.found or [DataProblem(None, "", "There are no rows.")], problems.left_out)
    read = cells_by_outcome if kind == DataKind.AGGREGATES else rows_by_outcome
    outcomes, groups, notes = read(lines, registration, drawn, problems)
    if problems.found:
        raise DataRefused(problems.found, problems.left_out)
    return PilotTable(kind, outcomes, groups, lines.count, tuple(notes))


def _parsed(text: str) -> Iterator[tuple[int, list[str]]]:
    """Cells by line. A line is refused before it is split when it is longer than any that can be read."""
    length = 0

    def lines() -> Iterator[str]:
        nonlocal length
        for line in io.StringIO(text, newline=""):
            length += len(line)  # a cell with line breaks goes on from line to line
            if length > MAX_LINE:
                raise DataRefused([DataProblem(reader.line_num + 1, "", _too_wide())])
            yield line

    reader = csv.reader(lines(), delimiter=_delimiter(text), strict=True)
    try:
        for cells in reader:
            length = 0
            yield reader.line_num, cells
    except csv.Error as broken:
        said = "This line can’t be read: a quotation mark is missing or stray, or a cell has no end."
        raise DataRefused([DataProblem(reader.line_num, "", said)]) from broken


def _too_wide() -> str:
    return f"There are more than {MAX_COLUMNS} columns. Take out those that the pilot does not need."


def _too_many() -> str:
    return f"There are more than {MAX_ROWS:,} rows. Send counts by group instead of one line per person."


def _decode(content: bytes) -> str:
    try:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as broken:
        said = "The file is not UTF-8. Save it as “CSV UTF-8”."
        raise DataRefused([DataProblem(None, "", said)]) from broken
    if "\x00" in text:
        raise DataRefused([DataProblem(None, "", "This is no text file. Save the sheet as “CSV UTF-8”.")])
    return text


def _delimiter(text: str) -> str:
    lines = [line for line in text[:50_000].splitlines() if line.strip()][:_SNIFFED]
    return max(",;\t", key=lambda mark: max((line.count(mark) for line in lines), default=0))
