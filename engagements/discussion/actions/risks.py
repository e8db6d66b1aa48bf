"""Adding, changing, closing and archiving risks."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from engagements.access.discussion import risk_for
from engagements.access.engagements import engagement_for
from engagements.access.roles import people_with
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
    notify,
)
from engagements.base.editing import change, lock, validate
from engagements.discussion.actions.documents import check_level
from engagements.models import Notification, Risk, User
from engagements.permissions import EDIT_RECORD, VIEW_OF, Visibility

FIELDS = ("title", "likelihood", "severity", "mitigation", "owner", "opened_on", "visibility")
CHANGEABLE = frozenset({*FIELDS, "closed_on", "outcome"})


def add_risk(
    *,
    engagement: int | str,
    title: str,
    likelihood: int,
    severity: int,
    opened_on: date,
    by: User,
    now: datetime,
    mitigation: str = "",
    owner: int | None = None,
    visibility: str = Visibility.TEAM.value,
    submission: UUID | None = None,
) -> Risk:
    """Likelihood and severity 1 to 3. Raises NotFound, NotAllowed for a level, ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_RECORD)
    check_level(by, within.pk, visibility)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_risk", submission)
        if claimed.object_id:
            return Risk.objects.get(pk=claimed.object_id)
        risk = Risk(
            engagement=within,
            title=title.strip(),
            likelihood=likelihood,
            severity=severity,
            opened_on=opened_on,
            mitigation=mitigation.strip(),
            owner_id=owner,
            visibility=visibility,
            is_fictional=within.is_fictional,
        )
        validate(risk, set(FIELDS))
        _check(risk, now.date())
        _check_owner(risk)
        risk.save(force_insert=True)
        add_activity(by=by, now=now, verb="added", thing=risk, engagement_id=within.pk, visibility=visibility)
        _assign(risk, by, now)
        complete_idempotent(claimed, risk)
    return risk


def change_risk(*, risk: int, changes: dict[str, object], expected_version: int, by: User, now: datetime) -> Risk:
    """Of CHANGEABLE; `closed_on` None opens it again. Raises NotFound, NotAllowed, Conflict, ValidationError."""
    seen = risk_for(by, risk, EDIT_RECORD)
    if "visibility" in changes:
        check_level(by, seen.engagement_id, str(changes["visibility"]))
    with audited_transaction(by):
        row = lock(seen)
        owner = row.owner_id
        wanted = {name: v.strip() if isinstance(v, str) else v for name, v in changes.items() if name in CHANGEABLE}
        done = change(row, wanted, expected_version, check=lambda names: _check_change(row, names, now.date()))
        if done:
            verb = "closed" if "closed_on" in done and row.closed_on else "changed"
            add_activity(
                by=by,
                now=now,
                verb=verb,
                thing=row,
                engagement_id=row.engagement_id,
                changes=_visible_to_readers(row, done),
                visibility=row.visibility,
            )
        if row.owner_id != owner:
            _assign(row, by, now)
    return row


def close_risk(*, risk: int, closed_on: date, outcome: str, expected_version: int, by: User, now: datetime) -> Risk:
    """With how it ended, in words. Raises NotFound, Conflict, ValidationError."""
    if not outcome.strip():
        raise ValidationError({"outcome": "Say how it ended."})
    changes = {"closed_on": closed_on, "outcome": outcome}
    return change_risk(risk=risk, changes=changes, expected_version=expected_version, by=by, now=now)


def archive_risk(*, risk: int, expected_version: int, by: User, now: datetime, why: str) -> Risk:
    """Raises NotFound, Conflict, ValidationError."""
    seen = risk_for(by, risk, EDIT_RECORD)
    with audited_transaction(by, why):
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        add_activity(
            by=by,
            now=now,
            verb="archived",
            thing=row,
            engagement_id=row.engagement_id,
            why=why,
            visibility=row.visibility,
        )
    return row


def _visible_to_readers(row: Risk, done: dict[str, tuple[object, object]]) -> dict[str, tuple[object, object]]:
    """What the line says to who reads the risk now: not the words from before they could, nor who owns it."""
    if row.visibility == Visibility.TEAM.value:
        return done
    if "visibility" in done:
        return {"visibility": done["visibility"]}
    return {name: pair for name, pair in done.items() if name != "owner"}


def _check_change(row: Risk, names: set[str], today: date) -> None:
    _check(row, today)
    if names & {"owner", "visibility"}:
        _check_owner(row)


def _check(risk: Risk, today: date) -> None:
    for name in ("likelihood", "severity"):
        if getattr(risk, name) not in Risk.Level.values:
            raise ValidationError({name: "Low, medium or high: 1, 2 or 3."})
    if not risk.title:
        raise ValidationError({"title": "Write in one sentence what may go wrong."})
    if risk.opened_on > today:
        raise ValidationError({"opened_on": "This day has not come yet."})
    if risk.closed_on and not risk.opened_on <= risk.closed_on <= today:
        raise ValidationError({"closed_on": "It is closed between the day it was seen and today."})


def _check_owner(risk: Risk) -> None:
    """Who owns it has to be able to read it."""
    if risk.owner_id is None:
        return
    readers = people_with(risk.engagement, VIEW_OF[Visibility(risk.visibility)])
    if not readers.filter(pk=risk.owner_id).exists():
        raise ValidationError({"owner": "The owner may not read it at this level. Choose another, or another level."})


def _assign(risk: Risk, by: User, now: datetime) -> None:
    if risk.owner_id:
        notify(
            [risk.owner_id],
            Notification.Kind.ASSIGNMENT,
            thing=risk,
            engagement=risk.engagement_id,
            line=f"A risk to watch: {risk.title}",
            by=by,
            now=now,
        )
