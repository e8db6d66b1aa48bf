"""Rows of a table as wishes for milestones, with what is wrong in each cell."""

from collections import Counter
from dataclasses import dataclass

from engagements.base.tables.cells import read_choice, read_date, read_whole, read_yes
from engagements.base.tables.table import Row, Table, TableRefused
from engagements.workflow import SLIP_REASONS

STAGES = (
    ("scoping", "Scoping"),
    ("design", "Design"),
    ("field", "Field"),
    ("analysis", "Analysis"),
    ("close_out", "Close-out"),
)
# column -> what to write in it; the order of the template and of exports
COLUMNS = {
    "id": "Number of an existing milestone; empty for a new one",
    "version": "As exported: tells whether someone changed it since",
    "title": "What is to be reached; required",
    "stage": ", ".join(label for _, label in STAGES) + "; required for a new one",
    "due_on": "2026-11-23 or Nov 23, 2026; required",
    "owner": "Email address of someone in the team; empty: nobody",
    "acceptance_evidence": "What shows that it is done",
    "needs_approval": "yes or no; empty: as the engagement asks",
    "funder_note": "One sentence funders read",
    "slip_reason": "Required when the date moves: " + ", ".join(label for _, label in SLIP_REASONS),
    "slip_words": "Why the date moves, in words; required for Other",
}
# Shown in exports and in the file of reasons, not read: progress is logged, not imported.
SHOWN_ONLY = ("line", "city", "status", "started_on", "done_on", "fictional", "reason")
REQUIRED = ("title", "due_on")
_TEXTS = ("title", "acceptance_evidence", "funder_note")


@dataclass(frozen=True)
class ImportRow:
    """One row. `fields`: of title, stage, due_on, owner (an address or None), acceptance_evidence, needs_approval,
    funder_note, as far as the table has the column. `problems`: (column, sentence)."""

    line: int
    title: str
    pk: int | None
    version: int | None
    fields: dict[str, object]
    slip_reason: str
    slip_words: str
    problems: tuple[tuple[str, str], ...]


def read_import_rows(table: Table) -> tuple[ImportRow, ...]:
    """Raises TableRefused for unknown or missing columns."""
    unknown = [name for name in table.header if name not in COLUMNS and name not in SHOWN_ONLY]
    if unknown:
        raise TableRefused(f"There is no column “{unknown[0][:60]}”. Columns are: {', '.join(COLUMNS)}.")
    missing = [name for name in REQUIRED if name not in table.header]
    if missing:
        raise TableRefused(f"The column “{missing[0]}” is missing. The template has all columns.")
    titles = Counter(_cell(table, row, "title").casefold() for row in table.rows)
    ids = Counter(_cell(table, row, "id") for row in table.rows)
    return tuple(_read_wish(table, row, titles, ids) for row in table.rows)


def _read_wish(table: Table, row: Row, titles: Counter, ids: Counter) -> ImportRow:
    cell = {name: _cell(table, row, name) for name in COLUMNS}
    problems: list[tuple[str, str]] = []
    fields: dict[str, object] = {name: cell[name] for name in _TEXTS if name in table.header}

    def read(name: str, how, *more):
        try:
            return how(cell[name], *more) if cell[name] else None
        except ValueError as wrong:
            problems.append((name, str(wrong)))
            return None

    pk, version = read("id", read_whole), read("version", read_whole)
    fields["due_on"] = read("due_on", read_date)
    if "stage" in table.header and cell["stage"]:
        fields["stage"] = read("stage", read_choice, STAGES)
    if "needs_approval" in table.header and cell["needs_approval"]:
        fields["needs_approval"] = read("needs_approval", read_yes)
    if "owner" in table.header:
        fields["owner"] = cell["owner"].lower() or None
    reason = read("slip_reason", read_choice, SLIP_REASONS) or ""
    if not cell["title"]:
        problems.append(("title", "Give it a title."))
    if cell["id"] and ids[cell["id"]] > 1:
        problems.append(("id", "Another row has the same id."))
    if not cell["id"] and cell["title"] and titles[cell["title"].casefold()] > 1:
        problems.append(("title", "Another row has the same title. Give the id, or another title."))
    return ImportRow(row.line, cell["title"], pk, version, fields, reason, cell["slip_words"], tuple(problems))


def _cell(table: Table, row: Row, name: str) -> str:
    at = table.column(name)
    return "" if at is None else row.cells[at]
