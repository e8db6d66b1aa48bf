"""The reminder of a quarter's update: once before it is due and once after, with a link to write it."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, time
from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.urls import reverse

from engagements.access.roles import permissions_in
from engagements.base.time_zone_middleware import zone_of
from engagements.discussion.mail.messages import absolute_url, build_email, may_receive_mail
from engagements.duties.queries import DutyRow, unsent_updates
from engagements.mail_delivery.mail import TryLater, deliver
from engagements.mail_delivery.queries import waits
from engagements.models import Engagement, UpdateReminder, User
from engagements.people.queries.absences import covers_of
from engagements.permissions import EDIT_UPDATE
from engagements.quarterly.actions.links import make_update_link
from engagements.quarterly.rules import reminder_number

logger = logging.getLogger(__name__)
MORNING = time(7, 0)


def send_update_reminders(*, now: datetime) -> int:
    """How many mails went out. Safe to run any number of times: each reminder goes to a person once.

    The row of a reminder is made before its mail is sent, and a worker killed between has sent that mail at most once.
    """
    today = now.astimezone(UTC).date()
    waiting = [
        (row, number) for row in unsent_updates(today=today) if (number := reminder_number(row.duty.due_on, today))
    ]
    if not waiting:
        return 0
    covers = covers_of({owner for row, _ in waiting for owner in row.duty.owners}, today)
    readers = User.objects.filter(pk__in={pk for row, _ in waiting for pk in _readers(row, covers)})
    people = {user.pk: user for user in readers.exclude(waits("email", now))}
    places = Engagement.objects.select_related("city", "initiative").in_bulk(
        {row.duty.engagement for row, _ in waiting}
    )
    connection, sent = get_connection(), 0
    for row, number in waiting:
        for owner in _readers(row, covers):
            if (user := people.get(owner)) is None:
                continue  # their server asked to be tried later
            if owner not in row.duty.owners and EDIT_UPDATE not in permissions_in(user, row.duty.engagement):
                continue  # who covers gets what they may write themselves
            if not may_receive_mail(user) or now.astimezone(zone_of(user)).time() < MORNING:
                continue
            claimed = _claim(row, user, number, now)
            if claimed is None:
                continue
            try:
                away = next((pk for pk in row.duty.owners if covers.get(pk) == owner), None)
                stands_in = str(people.get(away, "")) if away and owner not in row.duty.owners else ""
                letter = _mail(row, places[row.duty.engagement], user, now, connection, stands_in)
                sent += deliver(letter, now=now)
            except TryLater:
                claimed.delete()
            except (SMTPException, OSError):
                logger.exception(
                    "The reminder to person %s was not taken by the mail server; tried again later.", owner
                )
                claimed.delete()
                return sent
    return sent


def _readers(row: DutyRow, covers: Mapping[int, int]) -> tuple[int, ...]:
    """Whose duty it is, and who covers for one of them who is away."""
    return tuple(dict.fromkeys((*row.duty.owners, *(covers[pk] for pk in row.duty.owners if pk in covers))))


def _claim(row: DutyRow, user: User, number: int, now: datetime) -> UpdateReminder | None:
    """None for a reminder that went before, or that another worker has."""
    year, quarter = row.duty.subjects
    about = {"user": user, "engagement_id": row.duty.engagement, "year": year, "quarter": quarter, "number": number}
    if UpdateReminder.objects.filter(**about).exists():
        return None
    try:
        with transaction.atomic():
            return UpdateReminder.objects.create(**about, sent_at=now)
    except IntegrityError:
        return None


def _mail(
    row: DutyRow, place: Engagement, user: User, now: datetime, connection, covering_for: str
) -> EmailMultiAlternatives:
    year, quarter = row.duty.subjects
    made = make_update_link(engagement=place, year=year, quarter=quarter, user=user, now=now)
    link = absolute_url(reverse("update_by_link", args=[made[1]])) if made else ""
    mail = build_email(
        user,
        subject=f"Q{quarter} {year} update of {place.city.name}, due {row.duty.due_on:%b} {row.duty.due_on.day}",
        template="engagements/quarterly/mail/reminder",
        ends=None,
        is_demo=place.is_fictional,
        context={
            "place": place,
            "year": year,
            "quarter": quarter,
            "due_on": row.duty.due_on,
            "covering_for": covering_for,
            "is_late": row.duty.is_overdue(now.astimezone(zone_of(user)).date()),
            "link": link,
            "expires_at": made[0].expires_at if made else None,
            "signed_in_link": absolute_url(f"/engagements/{place.slug}/updates/new/?quarter={year}{quarter}"),
        },
    )
    mail.connection = connection
    return mail
