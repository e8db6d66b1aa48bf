"""Adding, changing and archiving what a city tries, and which plans calculate for it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from engagements.access.engagements import engagement_for
from engagements.access.plans import visible_plans
from engagements.access.results import project_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock
from engagements.models import LedgerEntry, Project, ProjectPlan, User
from engagements.permissions import EDIT_RESULT
from engagements.results.actions.refusals import refuse
from engagements.results.queries.rows import project_fields
from engagements.results.records import PROJECT_COLUMNS, ProjectFields
from engagements.results.rules.projects import validate_project

CHANGEABLE = frozenset(PROJECT_COLUMNS)


def add_project(
    *, engagement: int | str, fields: ProjectFields, by: User, now: datetime, submission: UUID | None = None
) -> Project:
    """`engagement`: id or slug. Raises NotFound, ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_RESULT)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_project", submission)
        if claimed.object_id:
            return Project.objects.get(pk=claimed.object_id)
        lock(within)  # two people who add the same one at once
        refuse(validate_project(fields))
        row = Project(engagement=within, written_by=by, is_fictional=within.is_fictional, **vars(fields))
        _check_title(row)
        row.save(force_insert=True)
        add_activity(by=by, now=now, verb="added", thing=row, engagement_id=within.pk)
        complete_idempotent(claimed, row)
    return row


def change_project(
    *, pk: int, changes: dict[str, Any], expected_version: int, by: User, now: datetime, why: str = ""
) -> Project:
    """`changes`: of ProjectFields. Raises NotFound, Conflict, ValidationError by field."""
    if unknown := set(changes) - CHANGEABLE:
        raise ValidationError(f"Not a part of a project: {', '.join(sorted(unknown))}.")
    seen = project_for(by, pk, EDIT_RESULT)
    with audited_transaction(by, why):
        lock(seen.engagement)
        row = lock(seen)

        def check(names: set[str]) -> None:
            refuse(validate_project(project_fields(row)))
            _check_title(row)

        done = change(row, changes, expected_version, check)
        if done:
            Project.objects.filter(pk=row.pk).update(written_by=by)
            row.refresh_from_db()
            add_activity(
                by=by, now=now, verb="changed", thing=row, engagement_id=row.engagement_id, why=why, changes=done
            )
    return row


def archive_project(*, pk: int, expected_version: int, by: User, now: datetime, why: str) -> Project:
    """Only without results, searches and dollars of its own. Raises NotFound, Conflict, ValidationError."""
    seen = project_for(by, pk, EDIT_RESULT)
    if not why.strip():
        raise ValidationError({"why": "Say why."})
    with audited_transaction(by, why):
        row = lock(seen)
        if row.results.filter(archived_at=None).exists() or row.searches.filter(archived_at=None).exists():
            raise ValidationError("Results or searches belong to it. Archive them first.")
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        if LedgerEntry.objects.filter(project=row, reverses=None, reversed_by=None).exists():
            raise ValidationError("Dollars of the ledger are recorded for it. Reverse them first.")
        ProjectPlan.objects.filter(project=row).delete()
        add_activity(by=by, now=now, verb="archived", thing=row, engagement_id=row.engagement_id, why=why)
    return row


def link_plans(*, pk: int, plans: Collection[int], by: User, now: datetime) -> None:
    """These plans, of the same engagement, calculate for the project; no others. Raises NotFound, ValidationError."""
    project = project_for(by, pk, EDIT_RESULT)
    with audited_transaction(by):
        lock(project)
        wanted = set(
            visible_plans(by).filter(engagement_id=project.engagement_id, pk__in=plans).values_list("pk", flat=True)
        )
        if missing := set(plans) - wanted:
            raise ValidationError({"plans": f"There is no plan {min(missing)} in this engagement."})
        taken = ProjectPlan.objects.filter(plan__in=wanted).exclude(project=project).select_related("project", "plan")
        for link in taken:
            raise ValidationError({"plans": f"“{link.plan.title}” already belongs to “{link.project.title}”."})
        named = LedgerEntry.objects.filter(plan__in=wanted, project__isnull=False, reverses=None, reversed_by=None)
        for plan_title, other in named.exclude(project=project).values_list("plan__title", "project__title")[:1]:
            raise ValidationError({"plans": f"Dollars of “{plan_title}” are recorded for “{other}”."})
        there = set(ProjectPlan.objects.filter(project=project).values_list("plan_id", flat=True))
        ProjectPlan.objects.filter(project=project, plan__in=there - wanted).delete()
        for plan in sorted(wanted - there):
            ProjectPlan.objects.create(engagement_id=project.engagement_id, project=project, plan_id=plan, linked_by=by)
        if there != wanted:
            changes: dict[str, tuple[object, object]] = {"plans": (sorted(there), sorted(wanted))}
            add_activity(
                by=by, now=now, verb="changed", thing=project, engagement_id=project.engagement_id, changes=changes
            )


def _check_title(row: Project) -> None:
    same = Project.objects.filter(
        Exact(Lower("title"), Lower(Value(row.title.strip()))), engagement_id=row.engagement_id, archived_at=None
    )
    if same.exclude(pk=row.pk).exists():
        raise ValidationError({"title": "This engagement has a project of this name already."})
