"""One mail a day or a week for who wants it, in the morning where they live, of what they may see at that moment."""

import logging
from datetime import UTC, datetime, time, timedelta
from smtplib import SMTPException

from django.core.mail import get_connection
from django.db import IntegrityError, transaction

from engagements.base.time_zone_middleware import zone_of
from engagements.discussion.mail.messages import absolute_url, build_email, may_receive_mail, path_of
from engagements.home.queries.digest import DigestContent, digest_content
from engagements.mail_delivery.mail import TryLater, deliver
from engagements.mail_delivery.queries import waits
from engagements.models import Digest, Notification, User
from engagements.people.actions.profile import MailSubscription

logger = logging.getLogger(__name__)
MORNING = time(7, 0)
PERIODS = {User.Digest.DAILY: timedelta(days=1), User.Digest.WEEKLY: timedelta(days=7)}


def period_of(user: User, now: datetime) -> tuple[datetime, datetime]:
    """The period that ended last: from a morning to a morning where they live, weekly from Monday to Monday.

    Mornings are by the clock on the wall: a period is 23 or 25 hours long when the clocks change.
    """
    zone = zone_of(user)
    here = now.astimezone(zone)
    day = here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)
    if user.digest == User.Digest.WEEKLY:
        day -= timedelta(days=day.weekday())
    ends = datetime.combine(day, MORNING, zone)
    begins = datetime.combine(day - PERIODS[User.Digest(user.digest)], MORNING, zone)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def send_digests(*, now: datetime) -> int:
    """How many mails went out. Safe to run any number of times: each period is mailed to a person once.

    The row of a period is made before its mail is sent, and a worker killed between has sent that mail at most once.
    """
    done = set(Digest.objects.filter(period_end__gte=now - timedelta(days=8)).values_list("user_id", "period_end"))
    readers = User.objects.filter(is_active=True, digest__in=list(PERIODS)).exclude(waits("email", now)).order_by("pk")
    connection, sent = get_connection(), 0
    for user in readers.iterator(chunk_size=500):
        begins, ends = period_of(user, now)
        if (user.pk, ends) in done or not may_receive_mail(user) or user.joined_at >= ends:
            continue
        try:
            sent += send_digest(user, begins=begins, ends=ends, now=now, connection=connection)
        except TryLater:
            Digest.objects.filter(user=user, frequency=user.digest, period_start=begins, sent_at=None).delete()
        except (SMTPException, OSError):
            logger.exception("The digest email for person %s could not be sent; it will be tried again.", user.pk)
            Digest.objects.filter(user=user, frequency=user.digest, period_start=begins, sent_at=None).delete()
            break
    return sent


def send_digest(user: User, *, begins: datetime, ends: datetime, now: datetime, connection=None) -> int:
    """1 when a mail went out; 0 when it went before, or there is nothing to say."""
    try:
        with transaction.atomic():
            digest = Digest.objects.create(
                user=user, frequency=user.digest, period_start=begins, period_end=ends, sent_at=None
            )
    except IntegrityError:
        return 0
    today = now.astimezone(zone_of(user)).date()
    content = digest_content(user, since=_start_of_unsent(user, begins), until=ends, today=today)
    sent = 0
    if not content.is_empty:
        mail = build_email(
            user,
            subject=_subject(user, content),
            template="engagements/home/mail/digest",
            ends=MailSubscription.DIGEST,
            context=_context(content),
        )
        mail.connection = connection
        sent = deliver(mail, now=now)
    _finish(digest, content, now)
    return sent


def _start_of_unsent(user: User, begins: datetime) -> datetime:
    """A period earlier when the digest before this one was begun and never finished."""
    before = Digest.objects.filter(user=user, period_end=begins, sent_at=None).first()
    return before.period_start if before else begins


def _finish(digest: Digest, content: DigestContent, now: datetime) -> None:
    with transaction.atomic():
        Digest.objects.filter(pk=digest.pk).update(sent_at=now)
        if content.notifications:
            Notification.objects.filter(pk__in=content.notifications, sent_at=None).update(sent_at=now, digest=digest)


def _context(content: DigestContent) -> dict:
    late = [task for task in content.tasks if task.is_overdue]
    waiting = [task for task in content.tasks if not task.is_overdue]
    return {
        "content": content,
        "late": [(task, absolute_url(path_of(task.noun, task.pk, task.engagement_slug))) for task in late],
        "waiting": [(task, absolute_url(path_of(task.noun, task.pk, task.engagement_slug))) for task in waiting],
        "activity": [
            (row, absolute_url(path_of(row.noun, row.object_id, row.engagement_slug))) for row in content.activity
        ],
        "home": absolute_url("/"),
    }


def _subject(user: User, content: DigestContent) -> str:
    often = "today" if user.digest == User.Digest.DAILY else "this week"
    late = sum(task.is_overdue for task in content.tasks)
    parts = [f"{len(content.tasks)} to do" if content.tasks else "", f"{late} overdue" if late else ""]
    parts.append(f"{content.activity_count} changes" if content.activity_count != 1 else "1 change")
    return f"Your work {often}: " + ", ".join(part for part in parts if part)
