"""Mail: what waits to be sent, and what could not be."""

from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from engagements.models import MailAddress, NotificationChoice, WebhookDelivery
from engagements.notifications.queries.choices import waiting_for_mail
from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.words import count, how_long

_LATE = 900.0  # seconds: mail of this kind goes out every half minute


def read(now: datetime) -> tuple[Figure, ...]:
    """Three statements."""
    return (_server(), _waiting(now), *_addresses(), *_webhooks(now))


def _server() -> Figure:
    host = settings.EMAIL_HOST
    return Figure(
        "mail_server_set",
        _("Mail server"),
        host or _("none: mail is written to files on this machine"),
        float(bool(host)),
        state=State.FINE if host or settings.DEMO_ACCOUNTS else State.WATCH,
        advice=_("Name a server in EMAIL_HOST: invitations and reminders reach nobody until then."),
    )


def _waiting(now: datetime) -> Figure:
    # Demo people's notices bear the days of their story, years ago.
    rows = waiting_for_mail(NotificationChoice.When.AT_ONCE).filter(user__is_fictional=False).order_by()
    found = rows.aggregate(number=Count("pk"), oldest=Min("created_at"))
    waited = (now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    number = {"number": count(found["number"]), "time": how_long(waited)}
    return Figure(
        "mail_oldest_waiting_seconds",
        _("Mail that waits to be sent"),
        _("%(number)s, the oldest for %(time)s") % number if found["number"] else _("none"),
        waited,
        state=State.ACT if waited > _LATE else State.FINE,
        advice=_("Look whether the mail server takes mail: the errors below name the task send_mail_at_once."),
    )


def _addresses() -> list[Figure]:
    """Mail that came back, and mail that a server asks to send later."""
    stopped = Q(stopped_at__isnull=False)
    found = MailAddress.objects.aggregate(stopped=Count("pk", filter=stopped), put_off=Count("pk", filter=~stopped))
    return [
        Figure(
            "mail_addresses_stopped",
            _("Addresses that refuse mail"),
            count(found["stopped"]),
            found["stopped"],
            state=State.WATCH if found["stopped"] else State.FINE,
            advice=_("Who gives roles sees them beside the person and can ask for another address."),
        ),
        Figure(
            "mail_addresses_put_off",
            _("Addresses that are tried again later"),
            count(found["put_off"]),
            found["put_off"],
        ),
    ]


def _webhooks(now: datetime) -> list[Figure]:
    waiting = WebhookDelivery.Status.WAITING
    found = WebhookDelivery.objects.filter(status=waiting).aggregate(number=Count("pk"), oldest=Min("created_at"))
    waited = (now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    number = {"number": count(found["number"]), "time": how_long(waited)}
    return [
        Figure(
            "webhooks_oldest_waiting_seconds",
            _("Messages to chats and programs that wait"),
            _("%(number)s, the oldest for %(time)s") % number if found["number"] else _("none"),
            waited,
            state=State.WATCH if waited > _LATE else State.FINE,
            advice=_("A receiver that keeps failing is paused by itself, and whoever set it up is told."),
        )
    ]
