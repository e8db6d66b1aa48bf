"""A plan through expert review and approval to publication, made public by the city, closed with what happened."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.exceptions import ValidationError

from engagements.access.errors import NotAllowed
from engagements.access.plans import plan_for
from engagements.access.roles import people_with, permissions_in
from engagements.base.audited_transaction import add_activity, audited_transaction, notify
from engagements.base.editing import change, lock
from engagements.models import Notification, Plan, PlanPublication, User
from engagements.permissions import APPROVE_PLAN, PUBLISH_PLAN, REVIEW_PLAN, VIEW_PLAN, VIEW_PUBLISHED, Visibility
from engagements.plans.actions.refusals import refusals_as_validation
from engagements.plans.queries.figures import content_of, figures_of, load_plan
from engagements.plans.queries.plans import missing_for_review
from engagements.plans.queries.review import plan_content
from engagements.plans.records import freeze
from engagements.reviews.actions import APPROVED, SENT_BACK, record_decision
from engagements.reviews.rules.checklists import PLAN as CHECKLIST
from engagements.reviews.rules.checklists import Answer
from engagements.workflow import PLAN, PLAN_PUBLISHED, MoveRefused

READ_AGAIN = "The plan changed since you read it: read it again before you decide."


def move_plan(
    *,
    plan: int,
    status: str,
    expected_version: int,
    by: User,
    now: datetime,
    why: str = "",
    what_happened: str = "",
    answers: Collection[Answer] = (),
) -> Plan:
    """Along the graph; what is decided is what was read: another version is refused.

    An expert's review answers every point of the checklist; a lead's approval rests on it. Publishing copies content
    and figures; everybody but the team reads the copy. Closing needs `what_happened`.

    Raises NotFound, ValidationError by field.
    """
    seen = plan_for(by, plan, VIEW_PLAN)
    with audited_transaction(by, why):
        row = lock(seen)
        before, was_public = row.status, row.is_public
        try:
            PLAN.check_move(before, status, permissions_in(by, row.engagement_id))
        except MoveRefused as refused:
            raise ValidationError({"status": str(refused)}) from refused
        if before == status:
            return row
        if row.version != expected_version:
            raise ValidationError(READ_AGAIN)
        wanted: dict[str, object] = {"status": status} | _stamps(row, before, status, by, now, what_happened)
        row.engagement = seen.engagement
        if status == "in_review":
            _check_complete(row)
        _record(row, before, status, answers, why, by, now)
        with refusals_as_validation():
            change(row, wanted, expected_version)
            if status in PLAN_PUBLISHED:
                _publish(row, before, by, now)
        _add_activity(row, before, status, by, now, why)
        _notify_next(row, before, status, by, now)
        if was_public and not row.is_public:
            line = f"To decide: may everybody read the new version of plan “{row.title}”?"
            notify(
                people_with(row.engagement, PUBLISH_PLAN),
                Notification.Kind.ASSIGNMENT,
                thing=row,
                engagement=row.engagement_id,
                line=line,
                by=by,
                now=now,
            )
    return row


def make_public(*, plan: int, is_public: bool, by: User, now: datetime) -> Plan:
    """Whether everybody reads what was published: the city's own word. Raises NotFound, NotAllowed, ValidationError."""
    seen = plan_for(by, plan, VIEW_PLAN)
    if PUBLISH_PLAN not in permissions_in(by, seen.engagement_id):
        raise NotAllowed("Whether everyone may read a plan is for the city's staff to say.")
    with audited_transaction(by, "made public" if is_public else "no longer public"):
        row = lock(seen)
        if is_public and row.published_at is None:
            raise ValidationError({"is_public": "Only what was published can be public: it has to be published first."})
        if row.is_public == is_public:
            return row
        stamp: dict[str, object] = {"public_by": None, "public_at": None}
        if is_public:
            stamp = {"public_by": by, "public_at": now}
        with refusals_as_validation():
            change(row, {"is_public": is_public, **stamp}, None)
        add_activity(
            by=by,
            now=now,
            verb="changed",
            thing=row,
            engagement_id=row.engagement_id,
            line="Everybody may read what was published" if is_public else "No longer public",
        )
    return row


def _stamps(row: Plan, before: str, status: str, by: User, now: datetime, what_happened: str) -> dict[str, object]:
    """Who decided what, and when."""
    if status == "in_review":
        return {"reviewed_by": None, "reviewed_at": None, "approved_by": None, "approved_at": None}
    if status == "draft":
        return {"approved_by": None, "approved_at": None}
    if status == "reviewed":
        return {"reviewed_by": by, "reviewed_at": now}
    if status == "approved":
        return {"approved_by": by, "approved_at": now}
    if status == "closed":
        if not what_happened.strip():
            raise ValidationError({"what_happened": "Say what happened: what was done, learned and spent."})
        return {"what_happened": what_happened.strip(), "closed_by": by, "closed_at": now}
    if before == "closed":
        return {"closed_by": None, "closed_at": None}
    # The city said yes to the version that was public: whether everybody reads the new one is for it to say again.
    if row.is_public:
        return {"published_at": now, "is_public": False, "public_by": None, "public_at": None}
    return {"published_at": now}


# What is decided about what was handed in: an expert's review, and a lead's approval that rests on it.
_DECISIONS = {
    ("in_review", "draft"): SENT_BACK,
    ("in_review", "reviewed"): APPROVED,
    ("reviewed", "approved"): APPROVED,
}


def _record(
    row: Plan, before: str, status: str, answers: Collection[Answer], why: str, by: User, now: datetime
) -> None:
    if (outcome := _DECISIONS.get((before, status))) is None:
        return
    record_decision(
        kind=CHECKLIST,
        subject=row,
        engagement=row.engagement_id,
        outcome=outcome,
        moved_to=status,
        answers=answers,
        needs_checklist=before == "in_review",
        content=plan_content(row, content_of(load_plan(row))),
        why=why,
        by=by,
        now=now,
    )


def _check_complete(row: Plan) -> None:
    missing = missing_for_review(row, content_of(load_plan(row)))
    if missing:
        raise ValidationError(list(missing))


def _publish(row: Plan, before: str, by: User, now: datetime) -> None:
    """What was approved, as it is now. A plan that is closed or reopened keeps the figures it was published with."""
    assert row.approved_by_id is not None, "what is published was approved"
    loaded = load_plan(row)
    last = row.publications.first()
    if before == "approved" or last is None:
        content, figures = freeze(content_of(loaded)), freeze(figures_of(loaded, now))
    else:
        ending = freeze(content_of(loaded))
        content = last.content | {name: ending[name] for name in ("what_happened", "closed_on")}
        figures = last.figures
    PlanPublication.objects.create(
        plan=row,
        number=last.number + 1 if last else 1,
        content=content,
        figures=figures,
        approved_by_id=row.approved_by_id,
        published_by=by,
        published_at=now,
    )


def _add_activity(row: Plan, before: str, status: str, by: User, now: datetime, why: str) -> None:
    shown = status in PLAN_PUBLISHED
    add_activity(
        by=by,
        now=now,
        verb="published" if status == "published" and before == "approved" else "moved",
        thing=row,
        engagement_id=row.engagement_id,
        changes={} if shown else {"status": (before, status)},
        line="Closed" if status == "closed" else "Reopened" if before == "closed" else "",
        why="" if shown else why,
        visibility=Visibility.ALL.value if shown else Visibility.TEAM.value,
    )


def _notify_next(row: Plan, before: str, status: str, by: User, now: datetime) -> None:
    steps = {
        "in_review": (REVIEW_PLAN, f"To review: plan “{row.title}”"),
        "reviewed": (APPROVE_PLAN, f"To approve: plan “{row.title}”"),
    }
    people: Iterable[User | int]
    if status in steps:
        permission, line = steps[status]
        people, kind = people_with(row.engagement, permission), Notification.Kind.ASSIGNMENT
    elif status == "draft" and before == "in_review":
        people, kind, line = [row.written_by_id], Notification.Kind.ASSIGNMENT, f"Back to you: plan “{row.title}”"
    elif status in PLAN_PUBLISHED:
        people, kind = people_with(row.engagement, VIEW_PUBLISHED), Notification.Kind.CHANGE
        line = f"{PLAN.state(status).label}: plan “{row.title}”"
    else:
        return
    notify(people, kind, thing=row, engagement=row.engagement_id, line=line, by=by, now=now)
