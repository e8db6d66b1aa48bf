"""A table somebody brought, as text: its header, and each row with the line it stands on."""

from collections.abc import Iterable
from dataclasses import dataclass

MAX_ROWS = 500  # of one request
MANY_ROWS = 5_000  # that the worker imports
MAX_COLUMNS = 80
MAX_CELL = 5_000  # characters
MAX_BYTES = 5_000_000
MAX_PREAMBLE = 15  # lines above the header: the name of a board, an address
# Columns that a reader adds, where a table says it otherwise than in a column.
GROUP, PARENT, IS_PARENT = "group_above", "row_above", "has_rows_below"
ADDED = frozenset({GROUP, PARENT, IS_PARENT})


class TableRefused(ValueError):
    """The file as a whole can't be read; the text says why and what to do."""


@dataclass(frozen=True)
class Line:
    """What a reader found in one line: `indent` of its first cell, 0 where it has none."""

    number: int
    cells: tuple[str, ...]
    indent: int = 0


@dataclass(frozen=True)
class Row:
    """`line` as a spreadsheet counts it. `cells` as many as the header."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`notes`: what was left out, in words. `titles`: the header as the file has it."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def column(self, name: str) -> int | None:
        return self.header.index(name) if name in self.header else None


@dataclass(frozen=True)
class Kind:
    """What a table is of: `one` and `many` of it in words, the sheet that holds it, how many rows at once."""

    one: str
    many: str
    sheet: str
    max_rows: int


MILESTONES = Kind("milestone", "milestones", "Milestones", MAX_ROWS)
LEDGER = Kind("transaction", "transactions", "Ledger", 5_000)


def build_table(lines: Iterable[Line], notes: tuple[str, ...] = (), kind: Kind = MILESTONES) -> Table:
    """`lines` in the file's order, blank ones too. The first that has more than one cell is the header, else the first.

    Lines above it are left out. A line that repeats the header begins a group, named in the one line above it: then
    the table gets the column GROUP. Where first cells are indented, it gets PARENT and IS_PARENT.
    Raises TableRefused for an empty table, more rows than the kind allows, and ragged or endless rows.
    """
    return _Builder(kind, notes).build(lines)


class _Builder:
    def __init__(self, kind: Kind, notes: tuple[str, ...]):
        self.kind, self.notes = kind, list(notes)
        self.titles: tuple[str, ...] = ()
        self.header: tuple[str, ...] = ()
        self.rows: list[Row] = []
        self.indents: list[int] = []
        self.groups: list[str] = []
        self.waiting: list[Line] = []  # lines of one cell, of which it isn't known yet what they are
        self.group = ""
        self.has_groups = False
        self.in_subitems = False
        self.left_out = 0

    def build(self, lines: Iterable[Line]) -> Table:
        for line in lines:
            if not any(line.cells):
                continue
            if any(len(cell) > MAX_CELL for cell in line.cells):
                raise TableRefused(f"A cell of line {line.number} has more than {MAX_CELL:,} characters. Shorten it.")
            self._take(line)
        self._flush()
        if not self.rows:
            raise TableRefused("There are no rows. The first line names the columns, each line below is one entry.")
        if self.left_out:
            self.notes.append(
                f"{self.left_out} line{'' if self.left_out == 1 else 's'} of subitems or sums were left out."
            )
        return self._finish()

    def _take(self, line: Line) -> None:
        filled = sum(1 for cell in line.cells if cell)
        if not self.header and filled == 1:
            self.waiting.append(line)
            if len(self.waiting) > MAX_PREAMBLE:
                self._flush()
        elif not self.header:
            self.group = self.waiting[-1].cells[0] if self.waiting and self.waiting[-1].cells[0] else ""
            self._note_preamble()
            self.waiting = []
            self._begin(line)
        elif len(self.header) > 1 and _names(line.cells) == self.header:
            self.has_groups, self.in_subitems = True, False
            self.group = self.waiting[-1].cells[0] if self.waiting else ""
            self.waiting = self.waiting[:-1]
            self._flush()
        elif filled == 1 and line.cells[0] and len(self.header) > 1 and not line.indent:
            self.waiting.append(line)
        else:
            self._flush()
            self._add(line)

    def _flush(self) -> None:
        """Lines of one cell were rows after all, and the first of a table of one column its header."""
        waiting, self.waiting = self.waiting, []
        for line in waiting:
            if self.header:
                self._add(line)
            else:
                self._begin(line)

    def _note_preamble(self) -> None:
        if self.waiting:
            self.notes.append(
                f"The lines above the column names (line {self.waiting[-1].number} and before) were not read."
            )

    def _begin(self, line: Line) -> None:
        self.titles, self.header = _read_header(line.cells)

    def _add(self, line: Line) -> None:
        width = len(self.header)
        if any(line.cells[width:]):
            raise TableRefused(
                f"Line {line.number} has more cells than there are column names. Look for a stray comma."
            )
        first = line.cells[0]
        if first.casefold() == "subitems" and self.header[0] != "subitems":
            self.in_subitems = True  # Monday's names of the columns of subitems, which begin with an empty cell
            return
        if not first and (self.in_subitems or self.has_groups):
            self.left_out += 1  # a subitem, or the sums below a group
            return
        self.in_subitems = False
        if len(self.rows) == self.kind.max_rows:
            raise TableRefused(f"There are more than {self.kind.max_rows:,} rows. Import them in several files.")
        self.rows.append(Row(line.number, (line.cells + ("",) * width)[:width]))
        self.indents.append(line.indent)
        self.groups.append(self.group)

    def _finish(self) -> Table:
        header, titles, rows = self.header, self.titles, self.rows
        if self.has_groups:
            header, titles = (*header, GROUP), (*titles, "Group")
            rows = [Row(row.line, (*row.cells, group)) for row, group in zip(rows, self.groups, strict=True)]
        if any(self.indents):
            header, titles = (*header, PARENT, IS_PARENT), (*titles, "Row above", "Has rows below")
            above = parents_of(self.indents)
            holders = {at for at in above if at is not None}
            rows = [
                Row(row.line, (*row.cells, "" if at is None else rows[at].cells[0], "yes" if n in holders else "no"))
                for n, (row, at) in enumerate(zip(rows, above, strict=True))
            ]
        return Table(header, tuple(rows), tuple(self.notes), titles)


def parents_of(indents: Iterable[int]) -> list[int | None]:
    """The row each stands below, by indents: the last one before it that is less indented.

    Worked: 0, 2, 2, 4, 0 -> None, 0, 0, 2, None.
    """
    path: list[tuple[int, int]] = []
    found: list[int | None] = []
    for at, indent in enumerate(indents):
        while path and path[-1][0] >= indent:
            path.pop()
        found.append(path[-1][1] if path else None)
        path.append((indent, at))
    return found


def _read_header(cells: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise TableRefused(f"There are more than {MAX_COLUMNS} columns.")
    names = _names(cells)
    twice = sorted({name for name in names if names.count(name) > 1 and name})
    if twice:
        raise TableRefused(f"Two columns are called {twice[0]}. Keep one.")
    if "" in names:
        raise TableRefused(f"Column {names.index('') + 1} has no name in the first line.")
    return cells, names


def _names(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return tuple("_".join(cell.lower().replace("-", " ").split()) for cell in cells)
