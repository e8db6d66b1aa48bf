"""Writing one update by a signed link: made with a reminder, opened any number of times, used up by submitting."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.crypto import salted_hmac

from engagements import limits
from engagements.access.errors import NotFound
from engagements.access.roles import permissions_in, roles_of
from engagements.access.tokens import hash_secret
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import Conflict, FieldConflict
from engagements.discussion.actions.updates import change_update, move_update, start_update
from engagements.models import Engagement, QuarterlyUpdate, UpdateLink, UpdateLinkUse, User
from engagements.models.update_links import VALID_FOR
from engagements.permissions import EDIT_UPDATE, MANAGE_ROLES
from engagements.quarterly.rules import Closed

_What = UpdateLinkUse.What


class LinkClosed(Exception):
    """The link is one of ours and does not open; `why` says why not."""

    def __init__(self, why: Closed, link: UpdateLink | None):
        super().__init__(why.value)
        self.why, self.link = why, link


@dataclass(frozen=True)
class Visit:
    """Who asks: signed in or not, from which address, with which browser."""

    viewer: User | AnonymousUser
    address: str
    agent: str


def links_are_on(user: User) -> bool:
    """Whether this person may be sent a link: the setting, and no second factor that a link would go around."""
    if not settings.UPDATE_LINKS:
        return False
    wanted = settings.REQUIRE_MFA
    return not ("all" in wanted or wanted & {role.value for role in roles_of(user)})


def make_update_link(
    *, engagement: Engagement, year: int, quarter: int, user: User, now: datetime
) -> tuple[UpdateLink, str] | None:
    """The row and the secret, which is seen this once; None where this person gets no link. Seven days."""
    if not links_are_on(user) or EDIT_UPDATE not in permissions_in(user, engagement.pk):
        return None
    secret = secrets.token_urlsafe(32)
    row = UpdateLink.objects.create(
        engagement=engagement,
        year=year,
        quarter=quarter,
        user=user,
        sha256=hash_secret(secret),
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    return row, secret


def open_update_link(*, secret: str, visit: Visit, now: datetime) -> tuple[UpdateLink, QuarterlyUpdate | None]:
    """The link and the draft that exists. Opening uses nothing up: programs that look at mails open links too.

    Raises NotFound for a secret nobody made, LinkClosed.
    """
    link = _find(secret)
    update = _draft(link)
    if (why := _why_closed(link, update, visit.viewer, now)) is not None:
        _note(link, _What.REFUSED, visit, now, why)
        raise LinkClosed(why, link)
    _note(link, _What.OPENED, visit, now)
    return link, update


def save_by_link(
    *,
    secret: str,
    texts: dict[str, str],
    expected_version: int | None,
    visit: Visit,
    now: datetime,
    submit: bool = False,
) -> QuarterlyUpdate:
    """Keeps the draft as whom the link was sent to; with `submit` hands it in for review and uses the link up.

    `expected_version`: of the draft that was seen, None where there was none. Raises NotFound, LinkClosed, Conflict,
    ValidationError.
    """
    seen = _find(secret)
    refused: Closed | None = None
    with transaction.atomic():
        # Of two who submit at once the second finds the link used.
        link: UpdateLink = UpdateLink.objects.select_for_update(of=("self",)).select_related("user").get(pk=seen.pk)
        update = _draft(link)
        refused = _why_closed(link, update, visit.viewer, now)
        if refused is None:
            update = _write(link, update, texts, expected_version, now)
            if submit:
                update = _submit(link, update, now)
            _note(link, _What.SUBMITTED if submit else _What.SAVED, visit, now)
    if refused is not None:  # noted outside the transaction that found it
        _note(seen, _What.REFUSED, visit, now, refused)
        raise LinkClosed(refused, seen)
    assert update is not None, "it was written"
    return update


def revoke_update_link(*, link: int, by: User, now: datetime) -> UpdateLink:
    """By whom it was sent to, or who gives roles there. Raises NotFound; nothing happens to one that is closed."""
    found = UpdateLink.objects.filter(pk=link).select_related("engagement__city").first()
    if found is None or (found.user_id != by.pk and MANAGE_ROLES not in permissions_in(by, found.engagement_id)):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    with audited_transaction(by):
        row: UpdateLink = UpdateLink.objects.select_for_update().get(pk=found.pk)
        if row.used_at is None and row.revoked_at is None:
            row.revoked_at, row.revoked_by = now, by
            row.save(update_fields=["revoked_at", "revoked_by"])
            add_activity(
                by=by,
                now=now,
                verb="withdrew",
                thing=row,
                engagement_id=row.engagement_id,
                title=f"Link to the update of Q{row.quarter} {row.year}",
            )
    return found


def _find(secret: str) -> UpdateLink:
    rows = UpdateLink.objects.select_related("user", "engagement__city", "engagement__initiative")
    found: UpdateLink | None = rows.filter(sha256=hash_secret(secret)).first()
    if found is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    return found


def _draft(link: UpdateLink) -> QuarterlyUpdate | None:
    """The update of its quarter, whatever its status."""
    found: QuarterlyUpdate | None = QuarterlyUpdate.objects.filter(
        engagement_id=link.engagement_id, year=link.year, quarter=link.quarter, archived_at=None
    ).first()
    return found


def _why_closed(
    link: UpdateLink, update: QuarterlyUpdate | None, viewer: User | AnonymousUser, now: datetime
) -> Closed | None:
    if not settings.UPDATE_LINKS:
        return Closed.OFF
    if link.revoked_at is not None:
        return Closed.REVOKED
    if link.used_at is not None:
        return Closed.USED
    if link.expires_at <= now:
        return Closed.EXPIRED
    if viewer.is_authenticated and viewer.pk != link.user_id:
        return Closed.FORWARDED
    if not link.user.may_act or EDIT_UPDATE not in permissions_in(link.user, link.engagement_id):
        return Closed.ROLE_ENDED
    if not links_are_on(link.user):
        return Closed.OFF
    return Closed.SENT_IN if update is not None and update.status != "draft" else None


def _write(
    link: UpdateLink, update: QuarterlyUpdate | None, texts: dict[str, str], version: int | None, now: datetime
) -> QuarterlyUpdate:
    if update is None:
        return start_update(
            engagement=link.engagement_id, year=link.year, quarter=link.quarter, texts=texts, by=link.user, now=now
        )
    if version is None:  # somebody began the draft meanwhile: both are shown, no word is written over
        raise Conflict(update, _differing(update, texts))
    return change_update(update=update.pk, texts=texts, expected_version=version, by=link.user, now=now)


def _differing(update: QuarterlyUpdate, texts: dict[str, str]) -> tuple[FieldConflict, ...]:
    theirs = {name: getattr(update, name) for name in texts}
    return tuple(FieldConflict(name, "", theirs[name], texts[name]) for name in texts if theirs[name] != texts[name])


def _submit(link: UpdateLink, update: QuarterlyUpdate, now: datetime) -> QuarterlyUpdate:
    update.refresh_from_db(fields=["version"])
    row = move_update(
        update=update.pk, status="in_review", expected_version=update.version, by=link.user, now=now, why="by link"
    )
    link.used_at = now
    link.save(update_fields=["used_at"])
    return row


def _note(link: UpdateLink, what: str, visit: Visit, now: datetime, why: Closed | None = None) -> None:
    UpdateLinkUse.objects.create(
        link=link,
        at=now,
        what=what,
        why=why.value if why else "",
        address_hash=salted_hmac("update link", visit.address, algorithm="sha256").hexdigest(),
        agent="".join(c for c in visit.agent if c.isprintable())[: limits.BROWSER],
    )
