"""Making a pilot, writing its registration, stopping it, and what it is linked to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements import limits
from engagements.access.engagements import engagement_for, milestone_for
from engagements.access.errors import NotFound
from engagements.access.money import entry_for
from engagements.access.pilots import is_made_up, pilot_for, visible_pilots
from engagements.access.plans import indicator_for, plan_for
from engagements.access.results import project_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import lock
from engagements.models import Engagement, Pilot, PilotCity, PilotLink, User
from engagements.permissions import EDIT_PILOT, VIEW_INDICATOR, VIEW_MONEY, VIEW_TEAM
from engagements.pilots.actions.refusals import refuse
from engagements.pilots.rules.drafts import draft_registration, plain_draft, template_of
from engagements.pilots.rules.plain import PlainRefused

LARGEST_DRAFT = 200_000  # characters of its JSON


def make_pilot(
    *,
    engagement: int | str,
    title: str,
    by: User,
    now: datetime,
    project: int | None = None,
    plan: int | None = None,
    copied_from: int | None = None,
    submission: UUID | None = None,
) -> Pilot:
    """A draft of which only the title is known, or with the plan of a published pilot. Its own city takes part.

    Raises NotFound, ValidationError by field.
    """
    within = engagement_for(by, engagement, EDIT_PILOT)
    if not title.strip():
        raise ValidationError({"title": _("Give the pilot a title.")})
    if len(title) > limits.TITLE:
        raise ValidationError({"title": _("Shorten it to {most} characters.").format(most=limits.TITLE)})
    draft = _template(by, copied_from, within) if copied_from is not None else {}
    draft["title"] = title.strip()
    with audited_transaction(by):
        claimed = begin_idempotent(by, "make_pilot", submission)
        if claimed.object_id:
            return Pilot.objects.get(pk=claimed.object_id)
        row = Pilot(
            engagement=within,
            title=draft["title"],
            draft=draft,
            project=_of(within, project_for(by, project)) if project is not None else None,
            plan=_of(within, plan_for(by, plan)) if plan is not None else None,
            copied_from_id=copied_from,
            is_fictional=within.is_fictional,
            written_by=by,
            created_at=now,
        )
        row.save(force_insert=True)
        PilotCity.objects.create(
            pilot=row, engagement=within, invited_by=by, invited_at=now, accepted_by=by, accepted_at=now
        )
        add_activity(by=by, now=now, verb="added", thing=row, engagement_id=within.pk)
        complete_idempotent(claimed, row)
    return row


def _template(by: User, pk: int, within: Engagement) -> dict[str, Any]:
    """The registered plan of a published pilot, or of one's own; a made-up one for made-up work. Raises NotFound."""
    seen = visible_pilots(by).filter(pk=pk).select_related("engagement").first()
    version = seen.versions.order_by("-number").first() if seen else None
    if seen is None or version is None or (is_made_up(seen) and not within.is_fictional):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    return template_of(version.content)


def _of(within: Engagement, row: Any) -> Any:
    if row.engagement_id != within.pk:
        raise ValidationError(_("Choose something of the same engagement."))
    return row


def save_draft(*, pk: int, draft: dict[str, Any], expected_version: int, by: User, now: datetime) -> Pilot:
    """Keeps what is written so far, complete or not; `draft`: keys as in `Registration`. No history: it begins when
    the registration is locked. Raises NotFound, ValidationError by field."""
    seen = pilot_for(by, pk, EDIT_PILOT)
    try:
        read = draft_registration(draft)
    except PlainRefused as wrong:
        refuse(wrong.problems)
        raise
    kept = plain_draft(read)
    with audited_transaction(by):
        row = lock(seen)
        check_goes_on(row)
        check_version(row, expected_version)
        title = read.title.strip()[: limits.TITLE]
        if row.state == Pilot.State.DRAFT and title:
            row.title = title
        if row.draft != kept or row.state == Pilot.State.DRAFT:
            row.draft = kept
            row.save(update_fields=["draft", "title"])
            row.refresh_from_db()
    return row


def check_goes_on(row: Pilot) -> None:
    """Raises ValidationError for a pilot that was stopped or published."""
    if row.stopped_at is not None:
        raise ValidationError(_("This pilot was stopped. Nothing about it is registered, drawn or measured any more."))
    if row.archived_at is not None:
        raise ValidationError(_("This pilot is archived."))


def check_version(row: Pilot, expected_version: int) -> None:
    """Raises ValidationError where somebody else saved meanwhile."""
    if row.version != expected_version:
        raise ValidationError(
            _("Someone else saved this pilot meanwhile. Nothing of yours was saved. Copy it and open the page again."),
            code="stale",
        )


def stop_pilot(*, pk: int, kind: str, reason: str, expected_version: int, by: User, now: datetime) -> Pilot:
    """For good. Raises NotFound, ValidationError by field."""
    seen = pilot_for(by, pk, EDIT_PILOT)
    if kind not in Pilot.StopKind.values:
        raise ValidationError({"kind": _("Say why it is stopped.")})
    if not reason.strip():
        raise ValidationError({"why": _("Say in a sentence what happened.")})
    with audited_transaction(by, reason):
        row = lock(seen)
        check_goes_on(row)
        check_version(row, expected_version)
        if row.state == Pilot.State.PUBLISHED:
            raise ValidationError(_("What is published is not stopped any more."))
        row.stopped_at, row.stopped_by, row.stopped_kind, row.stopped_reason = now, by, kind, reason.strip()
        if row.state not in (Pilot.State.ANALYZED, Pilot.State.REVIEWED):
            row.state = Pilot.State.STOPPED
        row.save()
        row.refresh_from_db()
        add_activity(by=by, now=now, verb="stopped", thing=row, engagement_id=row.engagement_id, why=reason)
    return row


def start_pilot(*, pk: int, expected_version: int, by: User, now: datetime) -> Pilot:
    """The program begins: after the draw, or where nobody draws. Raises NotFound, ValidationError."""
    seen = pilot_for(by, pk, EDIT_PILOT)
    with audited_transaction(by):
        row = lock(seen)
        check_goes_on(row)
        check_version(row, expected_version)
        if row.state not in (Pilot.State.REGISTERED, Pilot.State.ALLOCATED):
            raise ValidationError(_("Only a pilot that is registered and drawn can start."))
        row.state = Pilot.State.RUNNING
        row.save(update_fields=["state"])
        row.refresh_from_db()
        add_activity(by=by, now=now, verb="started", thing=row, engagement_id=row.engagement_id)
    return row


def link_pilot(
    *,
    pk: int,
    by: User,
    now: datetime,
    milestone: int | None = None,
    indicator: int | None = None,
    entry: int | None = None,
) -> PilotLink:
    """To exactly one thing of an engagement that has accepted to take part. Raises NotFound, ValidationError."""
    row = pilot_for(by, pk, EDIT_PILOT)
    things: list[tuple[str, Any]] = []
    if milestone is not None:
        things.append(("milestone", milestone_for(by, milestone, VIEW_TEAM)))
    if indicator is not None:
        things.append(("indicator", indicator_for(by, indicator, VIEW_INDICATOR)))
    if entry is not None:
        things.append(("entry", entry_for(by, entry, VIEW_MONEY)))
    if len(things) != 1:
        raise ValidationError(_("Choose one milestone, one indicator or one entry."))
    (name, thing) = things[0]
    accepted = PilotCity.objects.filter(pilot=row, accepted_at__isnull=False)
    if not accepted.filter(engagement_id=thing.engagement_id).exists():
        raise ValidationError(_("Choose something of a city that takes part."))
    with audited_transaction(by):
        made, is_new = PilotLink.objects.get_or_create(
            pilot=row,
            engagement_id=thing.engagement_id,
            **{name: thing},
            defaults={"linked_by": by, "linked_at": now},
        )
        if is_new:
            add_activity(by=by, now=now, verb="linked", thing=row, engagement_id=row.engagement_id, line=str(thing))
    return made


def unlink_pilot(*, pk: int, link: int, by: User, now: datetime) -> None:
    """Raises NotFound."""
    row = pilot_for(by, pk, EDIT_PILOT)
    with audited_transaction(by):
        found = PilotLink.objects.filter(pilot=row, pk=link).first()
        if found is None:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        found.delete()
        add_activity(by=by, now=now, verb="unlinked", thing=row, engagement_id=row.engagement_id)
