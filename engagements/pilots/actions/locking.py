"""Locking a registration: the first version, and amendments with a reason. After it the words stay."""

from dataclasses import replace
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements import limits
from engagements.access.discussion import visible_documents
from engagements.access.pilots import pilot_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import lock
from engagements.models import Document, Pilot, PilotCity, PilotUnitList, RegistrationVersion, User
from engagements.permissions import EDIT_PILOT
from engagements.pilots.actions.pilots import check_goes_on, check_version
from engagements.pilots.actions.refusals import refuse
from engagements.pilots.rules.canonical import canonical_json, fingerprint, registration_of
from engagements.pilots.rules.checks import lacks
from engagements.pilots.rules.drafts import amendment_problems, draft_registration, plain_draft
from engagements.pilots.rules.plain import Problem
from engagements.pilots.rules.registration import Registration


def lock_registration(*, pk: int, expected_version: int, by: User, now: datetime) -> RegistrationVersion:
    """Version 1, from the draft. Raises NotFound, ValidationError by field with everything that is missing."""
    seen = pilot_for(by, pk, EDIT_PILOT)
    with audited_transaction(by):
        row = lock(seen)
        check_goes_on(row)
        check_version(row, expected_version)
        if row.state != Pilot.State.DRAFT:
            raise ValidationError(_("This pilot is registered. Amend it, with a reason."))
        plan = planned(row)
        refuse([*lacking(row, plan, now=now), *_city_problems(row), *_document_problems(row, plan, by)])
        made = _keep(row, plan, by, now)
        row.state, row.title, row.draft = Pilot.State.REGISTERED, plan.title.strip()[: limits.TITLE], plain_draft(plan)
        row.save(update_fields=["title", "draft"])
        row.save(update_fields=["state"])
        add_activity(by=by, now=now, verb="registered", thing=row, engagement_id=row.engagement_id)
    return made


def amend_registration(*, pk: int, expected_version: int, reason: str, by: User, now: datetime) -> RegistrationVersion:
    """The next version, from the draft. Raises NotFound, ValidationError by field."""
    seen = pilot_for(by, pk, EDIT_PILOT)
    if not reason.strip():
        raise ValidationError({"why": _("Say why the registration is amended. Everybody reads it.")})
    with audited_transaction(by, reason):
        row = lock(seen)
        check_goes_on(row)
        check_version(row, expected_version)
        if row.state in (Pilot.State.DRAFT, Pilot.State.REVIEWED, Pilot.State.PUBLISHED):
            raise ValidationError(_("Only a registered pilot whose verdict is still open can be amended."))
        before = registration_of(row.versions.latest("number").content)
        plan = planned(row)
        refuse(
            [
                *amendment_problems(before, plan, is_listed=_is_listed(row)),
                *lacking(row, plan, now=now),
                *_document_problems(row, plan, by),
            ]
        )
        made = _keep(row, plan, by, now, reason.strip())
        row.draft = plain_draft(plan)
        row.save(update_fields=["draft"])
        add_activity(by=by, now=now, verb="amended", thing=row, engagement_id=row.engagement_id, why=reason)
    return made


def lacking(row: Pilot, plan: Registration, *, now: datetime) -> list[Problem]:
    """Everything that keeps this pilot's plan from being locked now, for the page as for the action.

    Once the list of units is locked, what cannot change any more is not asked for: the day of a public draw that is
    past, or that an older plan lacks.
    """
    found = lacks(plan, today=now.astimezone(UTC).date())
    if not any(name.startswith("draw.seed") for name, _said in found) or not _is_listed(row):
        return found
    return [one for one in found if not one[0].startswith("draw.seed")]


def _is_listed(row: Pilot) -> bool:
    return PilotUnitList.objects.filter(pilot=row, locked_at__isnull=False).exists()


def planned(row: Pilot) -> Registration:
    """The draft with the cities that take part, as it would be locked. Raises PlainRefused."""
    cities = PilotCity.objects.filter(pilot=row).order_by("position").values_list("engagement__city__slug", flat=True)
    return replace(draft_registration(row.draft), cities=tuple(cities))


def _keep(row: Pilot, plan: Registration, by: User, now: datetime, reason: str = "") -> RegistrationVersion:
    before = row.versions.order_by("-number").first()
    content = canonical_json(plan)
    previous = before.sha256 if before else ""
    return RegistrationVersion.objects.create(
        pilot=row,
        number=before.number + 1 if before else 1,
        content=content,
        sha256=fingerprint(content, previous),
        previous_sha256=previous,
        locked_by=by,
        locked_at=now,
        reason=reason,
    )


def _city_problems(row: Pilot) -> list[Problem]:
    waiting = PilotCity.objects.filter(pilot=row, accepted_at=None).values_list("engagement__city__name", flat=True)
    if not waiting:
        return []
    return [
        ("cities", _("Not accepted yet: {cities}. Wait for them, or leave them out.").format(cities=", ".join(waiting)))
    ]


def _document_problems(row: Pilot, plan: Registration, by: User) -> list[Problem]:
    pk = plan.human_subjects.document
    if pk is None:
        return []
    cities = PilotCity.objects.filter(pilot=row).values("engagement")
    found: Document | None = visible_documents(by).filter(pk=pk, engagement__in=cities, archived_at=None).first()
    return [] if found else [("human_subjects.document", _("Choose a document of a city that takes part."))]
