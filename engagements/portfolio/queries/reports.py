"""Reports as pages and the API show them."""

from dataclasses import dataclass
from datetime import datetime

from engagements.access.portfolio import report_for, visible_reports
from engagements.models import Report, User


@dataclass(frozen=True)
class ReportRow:
    """A report without its bytes; `percent` 0-100, `size` in bytes, `problem` says why a failed one was not made."""

    pk: int
    kind: str
    kind_label: str
    initiative_slug: str
    initiative: str
    plan_pk: int | None
    plan: str
    query: str
    as_of: datetime
    number: int
    status: str
    status_label: str
    percent: int
    step: str
    problem: str
    file_name: str
    size: int
    sha256: str
    made_by: str
    asked_at: datetime
    finished_at: datetime | None

    @property
    def is_done(self) -> bool:
        return self.status == "done"

    @property
    def is_over(self) -> bool:
        return self.status in ("done", "failed")


def reports(
    user: User, *, initiative: str | None = None, plan: int | None = None, limit: int = 50, offset: int = 0
) -> tuple[ReportRow, ...]:
    """Newest first, of one portfolio or plan, or all this person may read. One statement."""
    rows = visible_reports(user).defer("figures").select_related("initiative", "plan", "made_by")
    if initiative is not None:
        rows = rows.filter(initiative__slug=initiative, plan=None)
    if plan is not None:
        rows = rows.filter(plan_id=plan)
    return tuple(_row(row) for row in rows[offset : offset + limit])


def report(user: User, pk: int) -> ReportRow:
    """Raises NotFound."""
    return _row(report_for(user, pk))


def _row(row: Report) -> ReportRow:
    return ReportRow(
        pk=row.pk,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        initiative_slug=row.initiative.slug,
        initiative=row.initiative.name,
        plan_pk=row.plan_id,
        plan=row.plan.title if row.plan else "",
        query=row.query,
        as_of=row.as_of,
        number=row.number,
        status=row.status,
        status_label=row.get_status_display(),
        percent=row.percent,
        step=row.step,
        problem=row.problem,
        file_name=row.file_name,
        size=row.size,
        sha256=row.sha256,
        made_by=str(row.made_by),
        asked_at=row.asked_at,
        finished_at=row.finished_at,
    )
