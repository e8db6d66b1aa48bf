"""Building an email: absolute links, headers, a text and an HTML part."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from engagements.base.letters import write_letter
from engagements.mail_delivery.queries import is_stopped
from engagements.models import User
from engagements.people.actions.profile import MailSubscription, make_unsubscribe_token

_PATHS = {
    "milestone": "/milestones/{pk}/",
    "quarterlyupdate": "/updates/{pk}/",
    "expertrequest": "/requests/{pk}/",
    "document": "/engagements/{slug}/documents/",
    "record": "/engagements/{slug}/records/#record-{pk}",
    "comment": "/comments/{pk}/",
    "feed": "/feeds/{pk}/",
    "indicator": "/indicators/{pk}/",
    "risk": "/engagements/{slug}/risks/#risk-{pk}",
    "pilot": "/pilots/{pk}/",
    "plan": "/plans/{pk}/",
    "engagement": "/engagements/{slug}/",
    "result": "/results/{pk}/",
    "replyrequest": "/replies/{pk}/",
    "quarter": "/engagements/{slug}/updates/new/?quarter={pk}",
    "accessreview": "/access-reviews/{pk}/",
    "milestonelist": "/engagements/{slug}/milestones/",
}


def path_of(noun: str, pk: int, slug: str | None) -> str:
    """The page of a thing: of its engagement where it has none of its own."""
    pattern = _PATHS.get(noun, _PATHS["engagement"])
    if "{slug}" in pattern and not slug:
        return "/requests/"
    return pattern.format(pk=pk, slug=slug)


def path_for_reader(noun: str, pk: int, slug: str | None) -> str:
    """Of what somebody is told: also a page that only its owner may open. Others of the team get `path_of`."""
    return f"/webhooks/{pk}/" if noun == "webhook" else path_of(noun, pk, slug)


def absolute_url(path: str) -> str:
    return settings.PORTAL_URL.rstrip("/") + path


def may_receive_mail(user: User) -> bool:
    """Not where mail came back; made-up people only where it goes to a folder of the demo's own machine."""
    may = user.is_active and (not user.is_fictional or settings.PORTAL_EMBEDDED)
    return may and not is_stopped(user.email)


def build_email(
    user: User,
    *,
    subject: str,
    template: str,
    context: dict,
    ends: MailSubscription | None,
    is_demo: bool = False,
    reply_to: str = "",
) -> EmailMultiAlternatives:
    """`ends`: with the one-click link that ends these mails (RFC 8058). Headers never carry line breaks."""
    leave = absolute_url(f"/unsubscribe/{make_unsubscribe_token(user, ends)}/") if ends else ""
    words = context | {
        "reader": user,
        "leave": leave,
        "settings_link": absolute_url("/me/"),
        "portal": absolute_url(""),
        "is_demo": is_demo,
    }
    headers = {}
    if leave:
        headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return write_letter(
        to=user.email, subject=subject, template=template, context=words, headers=headers, reply_to=reply_to
    )
