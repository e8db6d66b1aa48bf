"""Mails to leads about a review of access: when it opens, a week before it is due, and once when it is overdue."""

import logging
from datetime import UTC, datetime, time
from smtplib import SMTPException

from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.access_reviews.queries import ReviewRow, review_rows
from engagements.access_reviews.rules import reminders_until
from engagements.base.time_zone_middleware import zone_of
from engagements.discussion.mail.messages import absolute_url, build_email, may_receive_mail
from engagements.models import AccessReview, AccessReviewReminder, EngagementRole, User
from engagements.permissions import Role

logger = logging.getLogger(__name__)
MORNING = time(7, 0)


def send_review_mails(*, now: datetime) -> int:
    """How many mails went out: one to a lead for all places that are to be spoken of, of each place once.

    Of a reminder that a later one overtakes only the later goes.
    """
    today = timezone.localdate(now, UTC)
    reviews = {row.pk: row for row in AccessReview.objects.filter(closed_at=None)}
    rows = {row.pk: row for row in review_rows(AccessReview.objects.filter(pk__in=reviews), today=today)}
    connection, sent = get_connection(), 0
    for lead, theirs in _by_lead(reviews).items():
        if not may_receive_mail(lead) or now.astimezone(zone_of(lead)).time() < MORNING:
            continue
        claims = [
            claim
            for review in theirs
            if (claim := _claim(review, lead, reminders_until(review.due_on, today)[-1], now)) is not None
        ]
        if not claims:
            continue
        try:
            sent += _mail([rows[claim.review_id] for claim in claims], lead, connection)
        except (SMTPException, OSError):
            logger.exception("The mail about access reviews to person %s was not taken; tried again later.", lead.pk)
            AccessReviewReminder.objects.filter(pk__in=[claim.pk for claim in claims]).delete()
            return sent
    return sent


def _by_lead(reviews: dict[int, AccessReview]) -> dict[User, list[AccessReview]]:
    """Leads of an initiative with its open reviews. One statement."""
    within: dict[int, list[AccessReview]] = {}
    for review in reviews.values():
        within.setdefault(review.initiative_id, []).append(review)
    roles = EngagementRole.objects.open().listed().filter(initiative__in=within, role=Role.LEAD.value)
    found: dict[User, list[AccessReview]] = {}
    for role in roles.filter(user__is_active=True).select_related("user").order_by("user_id"):
        found.setdefault(role.user, []).extend(within[role.initiative_id])
    return found


def _claim(review: AccessReview, lead: User, number: int, now: datetime) -> AccessReviewReminder | None:
    """None for one that went before, or that another worker has."""
    about = {"review": review, "user": lead, "number": number}
    if AccessReviewReminder.objects.filter(**about).exists():
        return None
    try:
        with transaction.atomic():
            return AccessReviewReminder.objects.create(**about, sent_at=now)
    except IntegrityError:
        return None


def _mail(rows: list[ReviewRow], lead: User, connection) -> int:
    is_late = any(row.is_overdue for row in rows)
    mail = build_email(
        lead,
        subject=_("Overdue: confirm who has access") if is_late else _("Confirm who has access"),
        template="engagements/access_reviews/mail/review",
        context={
            "rows": rows,
            "link": absolute_url(reverse("access_reviews")),
            "is_late": is_late,
            "due_on": min(row.due_on for row in rows),
        },
        ends=None,
        is_demo=all(row.is_fictional for row in rows),
    )
    mail.connection = connection
    return mail.send()
