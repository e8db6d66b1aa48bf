"""An organization's reply by a signed link: made when it is asked, opened any number of times, used up by replying."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pghistory
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import salted_hmac

from engagements import limits
from engagements.access.errors import NotFound
from engagements.access.results import reply_request_for
from engagements.access.roles import permissions_in
from engagements.access.tokens import hash_secret
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import lock
from engagements.models import ReplyLink, ReplyLinkUse, ReplyRequest, User
from engagements.permissions import EDIT_RESULT
from engagements.results.actions.refusals import refuse
from engagements.results.actions.replies import record_answer
from engagements.results.rules.replies import LinkEnd, validate_answer

_What = ReplyLinkUse.What
_MISSING = "We can’t find this. It may have moved, or it isn’t shared with you."


class ReplyLinkClosed(Exception):
    """The link is one of ours and does not open; `why` says why not."""

    def __init__(self, why: LinkEnd, link: ReplyLink):
        super().__init__(why.value)
        self.why, self.link = why, link


@dataclass(frozen=True)
class Visitor:
    """Who opens it: signed in or not, from which address, with which browser."""

    viewer: User | AnonymousUser
    address: str
    agent: str


def make_reply_link(*, request: int, email: str, by: User, now: datetime) -> tuple[ReplyLink, str]:
    """The row and the secret, which is seen this once. It ends one that is open. Raises NotFound, ValidationError."""
    seen = reply_request_for(by, request)
    if EDIT_RESULT not in permissions_in(by, seen.engagement_id):
        raise NotFound(_MISSING)
    check_may_be_sent(seen, email)
    with audited_transaction(by):
        row = lock(seen)
        if row.answer:
            raise ValidationError({"email": "The reply is here already."})
        expires_at = datetime.combine(row.due_on + timedelta(days=1), time(), UTC)
        if expires_at <= now:
            raise ValidationError({"email": "The ten business days are over. Write down the reply if one comes."})
        for open_one in row.links.filter(used_at=None, revoked_at=None):
            _revoke(open_one, by, now)
        secret = secrets.token_urlsafe(32)
        link = ReplyLink.objects.create(
            request=row,
            email=email,
            sha256=hash_secret(secret),
            created_at=now,
            created_by=by,
            expires_at=expires_at,
        )
        add_activity(
            by=by, now=now, verb="sent", thing=row, engagement_id=row.engagement_id, title=f"Link to reply: {row}"
        )
    return link, secret


def check_may_be_sent(request: ReplyRequest | None, email: str) -> None:
    """Raises ValidationError at `email`. `request`: None before there is one."""
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise ValidationError({"email": "Give an email address such as name@example.org."}) from wrong
    if not settings.REPLY_LINKS:
        raise ValidationError({"email": "On this portal no links to reply are sent. Send the sentence yourself."})
    if request is not None and request.organisation_id is None:
        raise ValidationError({"email": "A person with an account was asked. Only an organization gets a link."})
    if request is not None and request.engagement.is_fictional and not settings.PORTAL_EMBEDDED:
        raise ValidationError({"email": "This engagement is made up: no mail leaves for it."})


def open_reply_link(*, secret: str, visitor: Visitor, now: datetime) -> ReplyLink:
    """Opening uses nothing up: programs that look at mails open links too. Raises NotFound, ReplyLinkClosed."""
    link = _find(secret)
    if (why := _why_closed(link, visitor.viewer, now)) is not None:
        _note(link, _What.REFUSED, visitor, now, why)
        raise ReplyLinkClosed(why, link)
    _note(link, _What.OPENED, visitor, now)
    return link


def reply_by_link(*, secret: str, answer: str, reply: str, visitor: Visitor, now: datetime) -> ReplyRequest:
    """Keeps the reply and uses the link up. Raises NotFound, ReplyLinkClosed, ValidationError by field."""
    seen = _find(secret)
    with transaction.atomic(), pghistory.context(why="by link", reply_link=seen.pk):
        # Request first, as those lock it who write a reply down; of two who reply at once the second finds it used.
        row = lock(seen.request)
        link: ReplyLink = ReplyLink.objects.select_for_update().select_related("request__engagement").get(pk=seen.pk)
        refused = _why_closed(link, visitor.viewer, now)
        if refused is None:
            how = f"by the link sent on {link.created_at:%B} {link.created_at.day}, {link.created_at.year}"
            refuse(validate_answer(answer, reply, how, is_passed_on=True))
            link.used_at = now
            link.save(update_fields=["used_at"])
            record_answer(row, answer, reply, how, expected_version=row.version, by=None, now=now)
            _note(link, _What.ANSWERED, visitor, now)
    if refused is not None:  # noted outside the transaction that found it
        _note(seen, _What.REFUSED, visitor, now, refused)
        raise ReplyLinkClosed(refused, seen)
    return row


def revoke_reply_link(*, link: int, by: User, now: datetime) -> ReplyLink:
    """By whoever writes results there. Raises NotFound; nothing happens to one that is closed."""
    found = ReplyLink.objects.filter(pk=link).select_related("request").first()
    if found is None or EDIT_RESULT not in permissions_in(by, found.request.engagement_id):
        raise NotFound(_MISSING)
    with audited_transaction(by):
        row = lock(found)
        if row.used_at is None and row.revoked_at is None:
            _revoke(row, by, now)
            request = found.request
            add_activity(
                by=by,
                now=now,
                verb="withdrew",
                thing=request,
                engagement_id=request.engagement_id,
                title=f"Link to reply: {request}",
            )
    return found


def _revoke(link: ReplyLink, by: User, now: datetime) -> None:
    link.revoked_at, link.revoked_by = now, by
    link.save(update_fields=["revoked_at", "revoked_by"])


def _find(secret: str) -> ReplyLink:
    rows = ReplyLink.objects.select_related(
        "request__engagement__city", "request__organisation", "request__owner", "request__result", "request__search"
    )
    found: ReplyLink | None = rows.filter(sha256=hash_secret(secret)).first()
    if found is None:
        raise NotFound(_MISSING)
    return found


def _why_closed(link: ReplyLink, viewer: User | AnonymousUser, now: datetime) -> LinkEnd | None:
    request = link.request
    subject = request.result or request.search
    if not settings.REPLY_LINKS:
        return LinkEnd.OFF
    if link.revoked_at is not None:
        return LinkEnd.REVOKED
    if link.used_at is not None:
        return LinkEnd.USED
    if link.expires_at <= now:
        return LinkEnd.EXPIRED
    if viewer.is_authenticated:  # the team and the city's people answer on the request's own page, in their own name
        return LinkEnd.FORWARDED
    if request.answer:
        return LinkEnd.ANSWERED
    if request.archived_at or subject is None or subject.archived_at or subject.sentence != request.sentence:
        return LinkEnd.CHANGED
    return None


def _note(link: ReplyLink, what: str, visitor: Visitor, now: datetime, why: LinkEnd | None = None) -> None:
    ReplyLinkUse.objects.create(
        link=link,
        at=now,
        what=what,
        why=why.value if why else "",
        address_hash=salted_hmac("reply link", visitor.address, algorithm="sha256").hexdigest(),
        agent="".join(c for c in visitor.agent if c.isprintable())[: limits.BROWSER],
    )
