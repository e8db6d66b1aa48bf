"""Links that let somebody without an account read one portfolio, as funders see it, for a while."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from engagements import limits
from engagements.access.engagements import initiative_for
from engagements.access.errors import NotFound
from engagements.access.portfolio import share_link_for
from engagements.access.tokens import hash_secret
from engagements.base.audited_transaction import begin_idempotent, complete_idempotent
from engagements.models import ShareLink, ShareLinkUse, User
from engagements.permissions import SHARE_PORTFOLIO
from engagements.portfolio.queries.portfolio import NoRecordsYet, WrongFilter, query_to_keep, scope_of

LONGEST = timedelta(days=366)


class ShareClosed(Exception):
    """The link was good once: it expired, or was revoked, or the person who made it may no longer share."""


def make_share_link(
    *,
    initiative: str,
    label: str,
    expires_at: datetime,
    by: User,
    now: datetime,
    query: str = "",
    as_of: datetime | None = None,
    submission: UUID | None = None,
) -> tuple[ShareLink, str | None]:
    """The row and the secret, which is seen this once: None when this submission came before. At most a year.

    `query`: filters as in the page's address. Raises NotFound, ValidationError by field.
    """
    within = initiative_for(by, initiative, SHARE_PORTFOLIO)
    if not label.strip():
        raise ValidationError({"label": "Say for whom it is."})
    if not now < expires_at <= now + LONGEST:
        raise ValidationError({"days": "It ends within a year."})
    try:
        kept = query_to_keep(query)
        if as_of is not None:
            scope_of(within, by, as_of=as_of, now=now)
    except (WrongFilter, NoRecordsYet) as wrong:
        raise ValidationError(str(wrong)) from wrong
    with transaction.atomic():
        claimed = begin_idempotent(by, "make_share_link", submission)
        if claimed.object_id:
            return ShareLink.objects.get(pk=claimed.object_id), None
        secret = secrets.token_urlsafe(32)
        row = ShareLink.objects.create(
            initiative=within,
            label=label.strip()[: limits.SHORT_NAME],
            query=kept,
            as_of=as_of,
            sha256=hash_secret(secret),
            made_by=by,
            created_at=now,
            expires_at=expires_at,
        )
        complete_idempotent(claimed, row)
    return row, secret


def revoke_share_link(*, link: int, by: User, now: datetime) -> ShareLink:
    """It opens nothing any more. Raises NotFound; nothing happens to one that was revoked."""
    found = share_link_for(by, link)
    ShareLink.objects.filter(pk=found.pk, revoked_at=None).update(revoked_at=now, revoked_by=by)
    return found


def open_share_link(*, secret: str, address: str, agent: str, now: datetime) -> ShareLink:
    """The link of this secret. Every attempt to open it is recorded, allowed or not.

    Raises NotFound for a secret nobody made, ShareClosed for a link that no longer works.
    """
    found = ShareLink.objects.select_related("initiative", "made_by").filter(sha256=hash_secret(secret)).first()
    if found is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    is_open = found.revoked_at is None and now < found.expires_at and _maker_may_share(found)
    ShareLinkUse.objects.create(
        link=found,
        at=now,
        address_hash=hash_address(address),
        agent=_printable(agent)[: limits.BROWSER],
        was_let_in=is_open,
    )
    if not is_open:
        raise ShareClosed
    return found


def hash_address(address: str) -> str:
    """Keyed, so that nobody who reads the table can try all addresses."""
    return salted_hmac("share link", address, algorithm="sha256").hexdigest()


def _maker_may_share(link: ShareLink) -> bool:
    """Who lost the right to share leaves no open door."""
    if not link.made_by.may_act:
        return False
    try:
        initiative_for(link.made_by, link.initiative_id, SHARE_PORTFOLIO)
    except NotFound:
        return False
    return True


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())
