"""A table somebody brought, as text: its header, and each row with the line it stands on."""

from dataclasses import dataclass

MAX_ROWS = 500
MAX_COLUMNS = 40
MAX_CELL = 5_000  # characters
MAX_BYTES = 5_000_000


class TableRefused(ValueError):
    """The file as a whole can't be read; the text says why and what to do."""


@dataclass(frozen=True)
class Row:
    """`line` as a spreadsheet counts it. `cells` as many as the header."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`notes`: what was left out, in words."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

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


def build_table(lines, notes: tuple[str, ...] = (), kind: Kind = MILESTONES) -> Table:
    """`lines`: (line number, cells) pairs, blank ones too. The first that isn't blank is the header.

    Raises TableRefused for an empty table, more rows than the kind allows, and ragged or endless rows.
    """
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    for line, given in lines:
        cells = tuple(cell.strip() for cell in given)
        if not any(cells):
            continue
        if any(len(cell) > MAX_CELL for cell in cells):
            raise TableRefused(f"A cell of line {line} has more than {MAX_CELL:,} characters. Shorten it.")
        if not header:
            header = _read_header(cells)
            continue
        if any(cells[len(header) :]):
            raise TableRefused(f"Line {line} has more cells than there are column names. Look for a stray comma.")
        if len(rows) == kind.max_rows:
            raise TableRefused(f"There are more than {kind.max_rows:,} rows. Bring them in several files.")
        rows.append(Row(line, (cells + ("",) * len(header))[: len(header)]))
    if not rows:
        raise TableRefused("There are no rows. The first line names the columns, each line below is one entry.")
    return Table(header, tuple(rows), notes)


def _read_header(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise TableRefused(f"There are more than {MAX_COLUMNS} columns.")
    names = tuple("_".join(cell.lower().replace("-", " ").split()) for cell in cells)
    twice = sorted({name for name in names if names.count(name) > 1 and name})
    if twice:
        raise TableRefused(f"Two columns are called {twice[0]}. Keep one.")
    if "" in names:
        raise TableRefused(f"Column {names.index('') + 1} has no name in the first line.")
    return names
