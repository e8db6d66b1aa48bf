"""When a quarter has ended: one mail to each reader of a portfolio, of what funders read about that quarter."""

import logging
from datetime import UTC, datetime, time, timedelta
from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction

from engagements.access.errors import NotFound
from engagements.base.time_zone_middleware import zone_of
from engagements.discussion.mail.messages import build_email, may_receive_mail
from engagements.mail_delivery.mail import TryLater, deliver
from engagements.mail_delivery.queries import waits
from engagements.models import EngagementRole, Initiative, PortfolioDigest, User
from engagements.people.actions.profile import MailSubscription
from engagements.permissions import VIEW_FUNDER_FACING, roles_with
from engagements.portfolio.filters import quarter_of, quarter_start
from engagements.portfolio.mail.prose import context_of, subject_of
from engagements.portfolio.queries.portfolio import NoRecordsYet, readable_initiative, shows_fictional
from engagements.portfolio.queries.quarter import QuarterOfPortfolio, end_of, portfolio_quarter

logger = logging.getLogger(__name__)
MORNING = time(7, 0)
DAYS = 10  # a mail that could not go out by then is stale: the page has the same figures
_Known = dict[tuple[int, bool], QuarterOfPortfolio | None]


def quarter_before(now: datetime) -> str:
    """The quarter that ended last, in UTC: “2026Q3” from 1 October to 31 December."""
    return quarter_of(quarter_start(quarter_of(now.astimezone(UTC).date())) - timedelta(days=1))


def morning_after(quarter: str, user: User) -> datetime:
    """The first seven in the morning where they live after the quarter ended in UTC, so that its page is there."""
    zone, ended = zone_of(user), end_of(quarter)
    day = ended.astimezone(zone).date()
    first = datetime.combine(day, MORNING, zone)
    return (first if first > ended else datetime.combine(day + timedelta(days=1), MORNING, zone)).astimezone(UTC)


def send_portfolio_digests(*, now: datetime) -> int:
    """How many mails went out. Safe to run any number of times: a quarter of an initiative is mailed to a person once.

    Figures are computed once for an initiative, and once more for readers who are shown invented work. The row of a
    mail is made before it is sent, also of one that has nothing to say, and a worker killed between has sent that mail
    at most once.
    """
    quarter = quarter_before(now)
    if now > end_of(quarter) + timedelta(days=DAYS + 2):
        return 0
    year, number = int(quarter[:4]), int(quarter[5])
    done = set(PortfolioDigest.objects.filter(year=year, quarter=number).values_list("user_id", "initiative_id"))
    connection, sent = get_connection(), 0
    known: _Known = {}
    for role in _roles(quarter).exclude(waits("user__email", now)):
        key = (role.user_id, role.initiative_id)
        if key in done or not _is_due(quarter, role.user, now) or not may_receive_mail(role.user):
            continue
        done.add(key)  # somebody may be lead and funder at once
        row = PortfolioDigest(user=role.user, initiative=role.initiative, year=year, quarter=number, sent_at=now)
        try:
            sent += _send(row, _content(role.user, role.initiative, quarter, now, known), connection)
        except NotFound:  # the role ended meanwhile
            continue
        except TryLater:
            PortfolioDigest.objects.filter(pk=row.pk).delete()
        except (SMTPException, OSError):
            logger.exception("The email on portfolio %s could not be sent; it will be tried again.", key)
            PortfolioDigest.objects.filter(pk=row.pk).delete()
            break
    return sent


def _roles(quarter: str):
    """Of readers of whole initiatives who want the mail and were here in that quarter. One statement."""
    return (
        EngagementRole.objects.open()
        .filter(
            engagement=None,
            role__in=roles_with(VIEW_FUNDER_FACING),
            user__is_active=True,
            user__portfolio_digest=True,
            user__joined_at__lte=end_of(quarter),
        )
        .select_related("user", "initiative")
        .order_by("initiative_id", "user_id", "pk")
    )


def _is_due(quarter: str, user: User, now: datetime) -> bool:
    first = morning_after(quarter, user)
    return first <= now < first + timedelta(days=DAYS)


def _content(
    user: User, initiative: Initiative, quarter: str, now: datetime, known: _Known
) -> QuarterOfPortfolio | None:
    """What there is to say; figures are the same for all readers but for invented work. Raises NotFound."""
    group = (initiative.pk, shows_fictional(user))
    if group not in known:
        try:
            known[group] = portfolio_quarter(user, initiative.slug, quarter, now=now)
        except NoRecordsYet:
            known[group] = None
    return known[group]


def _send(row: PortfolioDigest, content: QuarterOfPortfolio | None, connection) -> int:
    """1 when a mail went out; 0 when it went before, is not wanted any more, or there is nothing to say.

    Roles are looked at when the mail is written. Raises NotFound.
    """
    reader = User.objects.filter(pk=row.user_id, is_active=True, portfolio_digest=True).first()
    if reader is None:
        return 0
    readable_initiative(reader, row.initiative.slug)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return 0
    if content is None or not content.parts:
        return 0
    mail = _letter(reader, content)
    mail.connection = connection
    return deliver(mail, now=row.sent_at)


def _letter(reader: User, content: QuarterOfPortfolio) -> EmailMultiAlternatives:
    return build_email(
        reader,
        subject=subject_of(content),
        template="engagements/portfolio/mail/digest",
        ends=MailSubscription.PORTFOLIO,
        is_demo=content.initiative.is_fictional,
        context=context_of(content),
    )
