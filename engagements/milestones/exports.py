"""Milestones as a table, in the columns an import reads again."""

from atlas.tables.declaration import Column, ColumnType, Table
from engagements.base.tables.declare import columns_of
from engagements.milestones.import_rows import COLUMNS

_OURS = ("title", "stage", "due_on", "owner", "acceptance_evidence", "needs_approval", "funder_note")
EXPORTED = ("city", "id", "version", *_OURS, "status", "started_on", "done_on", "fictional")
TEMPLATE = ("id", "version", *_OURS, "status", "slip_reason", "slip_words")
_TYPES: dict[str, ColumnType] = {
    "id": "integer",
    "version": "integer",
    "due_on": "date",
    "needs_approval": "boolean",
    "started_on": "date",
    "done_on": "date",
    "fictional": "boolean",
}
SHEET = "Milestones"


def milestones_table(slug: str, address: str) -> Table:
    """`slug` and `address` of the engagement."""
    columns = columns_of(EXPORTED, _TYPES, COLUMNS)
    return Table(f"{slug}-milestones", "Milestones", columns, ("id",), address=address, sheet=SHEET)


def template_table() -> Table:
    """The columns an import reads."""
    columns: tuple[Column, ...] = columns_of(TEMPLATE, _TYPES, COLUMNS)
    return Table("milestones-template", "Milestones to import", columns, sheet=SHEET)


def milestone_cells(row, owner_email: str | None) -> tuple[object, ...]:
    """A row of `queries.milestones` in the order of EXPORTED: what its viewer doesn't see is empty."""
    return (
        row.city_name,
        row.pk,
        row.version,
        row.title,
        row.stage_label,
        row.due_on,
        owner_email or "",
        row.acceptance_evidence or "",
        row.needs_approval,
        row.funder_note,
        row.label,
        row.started_on,
        row.done_on,
        row.is_fictional,
    )
