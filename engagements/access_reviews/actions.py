"""Opening the reviews of a quarter, answering for a role, and closing when every role has its answer."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.access.errors import NotFound
from engagements.access_reviews.queries import review_for, roles_in, roles_left
from engagements.access_reviews.rules import due_on, quarter_of
from engagements.base.audited_transaction import audited_transaction
from engagements.models import AccessDecision, AccessReview, EngagementRole, User
from engagements.people.actions.roles import end_role
from engagements.permissions import Role
from engagements.security_log.actions.recording import Kind, record_security_event


def open_reviews(*, now: datetime) -> int:
    """One for each place with roles, in each quarter once; how many were opened. Safe to run any number of times."""
    today = timezone.localdate(now, UTC)
    year, quarter = quarter_of(today)
    opened = 0
    roles = EngagementRole.objects.open().listed().filter(initiative__archived_at=None)
    places = roles.order_by("initiative_id", "engagement_id").values_list("initiative_id", "engagement_id").distinct()
    known = set(AccessReview.objects.filter(year=year, quarter=quarter).values_list("initiative_id", "engagement_id"))
    for initiative_id, engagement_id in places:
        if (initiative_id, engagement_id) in known:
            continue
        with transaction.atomic():
            review, is_new = AccessReview.objects.get_or_create(
                initiative_id=initiative_id,
                engagement_id=engagement_id,
                year=year,
                quarter=quarter,
                defaults={"opened_at": now, "due_on": due_on(today)},
            )
            if is_new:
                opened += 1
                record_security_event(
                    Kind.REVIEW_OPENED, engagement=engagement_id, initiative=initiative_id, thing=review
                )
    return opened


def decide(*, review: int, role: int, answer: str, by: User, now: datetime, why: str = "") -> AccessDecision:
    """Confirms a role or ends it, at once and everywhere; the review closes with its last answer.

    Raises NotFound, ValidationError for a second answer, and for one's own role where another lead could answer.
    """
    seen = review_for(by, review)
    if answer not in AccessDecision.Answer.values:
        raise ValidationError({"answer": _("Confirm the role or end it.")})
    why = why.strip()
    if answer == AccessDecision.Answer.END and not why:
        raise ValidationError({"why": _("Say why the role ends.")})
    with audited_transaction(by, why):
        row: AccessReview = AccessReview.objects.select_for_update().get(pk=seen.pk)
        if row.closed_at is not None:
            raise ValidationError(_("This review is finished."))
        held = roles_in(row).filter(pk=role).first()
        if held is None:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        if AccessDecision.objects.filter(review=row, role=held).exists():
            raise ValidationError(_("Somebody answered for this role already."))
        if held.user_id == by.pk and answer == AccessDecision.Answer.KEEP and _another_could(row, by):
            raise ValidationError(_("Another lead confirms your own role."))
        made = AccessDecision.objects.create(
            review=row, role=held, answer=answer, why=why, decided_by=by, decided_at=now
        )
        record_security_event(
            Kind.REVIEW_DECIDED,
            by=by,
            about=held.user_id,
            engagement=row.engagement_id,
            initiative=row.initiative_id,
            thing=made,
            detail={"role": held.role, "decision": answer},
        )
        if answer == AccessDecision.Answer.END:
            end_role(role=held.pk, by=by, now=now, why=why)
        if not roles_left(row).exists():
            _close(row, by, now)
    return made


def _another_could(review: AccessReview, by: User) -> bool:
    leads = EngagementRole.objects.open().listed().filter(initiative_id=review.initiative_id, role=Role.LEAD.value)
    operators = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=by.pk)
    return leads.filter(~Q(user_id=by.pk), user__is_active=True).exists() or operators.exists()


def _close(row: AccessReview, by: User, now: datetime) -> None:
    row.closed_at, row.closed_by = now, by
    row.save(update_fields=["closed_at", "closed_by"])
    record_security_event(
        Kind.REVIEW_CLOSED, by=by, engagement=row.engagement_id, initiative=row.initiative_id, thing=row
    )
