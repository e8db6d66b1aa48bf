"""Milestones as CSV and XLSX, in the columns an import reads again."""

from engagements.milestones.import_rows import COLUMNS

EXPORTED = ("city", *(name for name in COLUMNS if not name.startswith("slip")), "status", "started_on", "done_on")


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
        "yes" if row.needs_approval else "no",
        row.funder_note,
        row.label,
        row.started_on,
        row.done_on,
    )
