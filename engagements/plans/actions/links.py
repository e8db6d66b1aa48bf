"""Milestones and documents of the engagement that a plan points to: linked, never copied."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from engagements.access.discussion import visible_documents
from engagements.access.engagements import visible_milestones
from engagements.access.plans import plan_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import lock
from engagements.models import Plan, PlanDocument, PlanMilestone, User
from engagements.permissions import EDIT_PLAN
from engagements.plans.actions.plans import count_change
from engagements.plans.actions.refusals import refusals_as_validation


def set_links(
    *,
    plan: int,
    by: User,
    now: datetime,
    milestones: Iterable[int] | None = None,
    documents: Iterable[int] | None = None,
    expected_version: int | None = None,
) -> Plan:
    """Exactly these; None leaves that kind as it is. In any status: links are no part of what was approved.

    `expected_version`: the version whose links were seen; links another person chose meanwhile are not undone.

    Raises NotFound, ValidationError at `milestones` or `documents`.
    """
    seen = plan_for(by, plan, EDIT_PLAN)
    kinds: tuple[tuple[str, Iterable[int] | None, QuerySet[Any], type[Model], str, str], ...] = (
        ("milestones", milestones, visible_milestones(by), PlanMilestone, "milestone_id", "milestone"),
        ("documents", documents, visible_documents(by), PlanDocument, "document_id", "document"),
    )
    with audited_transaction(by):
        row = lock(seen)
        if expected_version is not None and expected_version != row.version:
            raise ValidationError("The plan changed since you read it: load the page again before you choose.")
        changes = {}
        for field, ids, visible, model, column, word in kinds:
            if ids is None:
                continue
            wanted = set(ids)
            had = set(model._default_manager.filter(plan=row).values_list(column, flat=True))
            known = visible.filter(engagement_id=row.engagement_id, archived_at=None, pk__in=wanted - had)
            if set(known.values_list("pk", flat=True)) != wanted - had:
                raise ValidationError({field: f"Choose {field} of this engagement: one of these is no {word} of it."})
            if had != wanted:
                with refusals_as_validation():
                    _write(model, column, row, removed=had - wanted, added=wanted - had)
                changes[field] = (len(had), len(wanted))
        if changes:
            count_change(row)
            add_activity(
                by=by,
                now=now,
                verb="changed",
                thing=row,
                engagement_id=row.engagement_id,
                line="What it links to",
                changes=changes,
            )
    return row


def _write(model: type[Model], column: str, plan: Plan, *, removed: set[int], added: set[int]) -> None:
    """`model`: PlanMilestone or PlanDocument; `column`: of what is linked; `removed` and `added` are its ids."""
    model._default_manager.filter(plan=plan, **{f"{column}__in": removed}).delete()
    model._default_manager.bulk_create(
        model(plan=plan, engagement_id=plan.engagement_id, **{column: pk}) for pk in sorted(added)
    )
