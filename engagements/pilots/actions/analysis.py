"""Asking for an analysis, and calling one off. The worker is told after the transaction; the row is the truth."""

import logging
from datetime import datetime
from uuid import UUID

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from atlas.ingest import locks
from engagements.access.pilots import analysis_for, pilot_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import lock
from engagements.models import Pilot, PilotAnalysis, PilotDataset, RegistrationVersion, User
from engagements.permissions import ANALYZE_PILOT
from engagements.pilots.queries.analysis_inputs import counting_version, facts_of
from engagements.pilots.queries.dataset_tables import table_of
from engagements.pilots.rules.at_end import is_over, look_reached
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.reading import DataRefused
from engagements.pilots.rules.registration import Boundary

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 3  # of one person, of all pilots
TASK = "engagements.tasks.run_pilot_analysis"
WORKING = (PilotAnalysis.State.QUEUED, PilotAnalysis.State.RUNNING)


def ask_analysis(
    *,
    pilot: int,
    by: User,
    now: datetime,
    dataset: int | None = None,
    submission: UUID | None = None,
) -> PilotAnalysis:
    """The registered analysis of one delivery, the newest without `dataset`. Which look it is the data say; before
    the end each look is taken once.

    The plan is the one that was locked before data; what was amended later gives no verdict.
    Raises NotFound, ValidationError.
    """
    seen = pilot_for(by, pilot, ANALYZE_PILOT)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "ask_pilot_analysis", submission)
        if claimed.object_id:
            return PilotAnalysis.objects.get(pk=claimed.object_id)
        locks.lock_until_commit(locks.JOB, f"pilot analyses of person {by.pk}")
        row = lock(seen)
        version = counting_version(row)
        if version is None:
            raise ValidationError(_("Lock the registration first. Nothing is analyzed before."))
        plan = registration_of(version.content)
        if problem := determination_problem(row, now):
            raise ValidationError(problem)
        _check_free(row, by)
        data = _dataset(row, dataset)
        made = PilotAnalysis.objects.create(
            pilot=row,
            registration=version,
            dataset=data,
            role=PilotAnalysis.Role.PRIMARY,
            method=plan.estimator.value,
            look=_look(row, version, data, now),
            asked_by=by,
            asked_at=now,
        )
        add_activity(by=by, now=now, verb="asked", thing=made, engagement_id=row.engagement_id, title=row.title)
        complete_idempotent(claimed, made)
        transaction.on_commit(lambda: call_worker(made.pk))
    return made


def cancel_analysis(*, pk: int, by: User, now: datetime) -> PilotAnalysis:
    """What has not ended leaves no result; what has ended stays. Raises NotFound, ValidationError."""
    seen = analysis_for(by, pk, ANALYZE_PILOT)
    with audited_transaction(by):
        row = lock(seen)
        if row.state == PilotAnalysis.State.CANCELED:
            return row
        if row.state not in WORKING:
            raise ValidationError(_("This analysis has ended. It stays as it is."))
        row.state, row.ended_at, row.reason = PilotAnalysis.State.CANCELED, now, "Canceled by the team."
        row.save(update_fields=["state", "ended_at", "reason"])
        title = seen.pilot.title
        add_activity(by=by, now=now, verb="canceled", thing=row, engagement_id=seen.pilot.engagement_id, title=title)
    return row


def call_worker(pk: int) -> None:
    """With the broker away the row waits: `recover_pilot_analyses` finds it."""
    try:
        current_app.send_task(TASK, args=[pk])
    except OperationalError:
        logger.warning("The broker does not answer: pilot analysis %s starts when it does.", pk)


def determination_problem(pilot: Pilot, now: datetime) -> str:
    """Why nothing may be analyzed, by the newest wording: it may have renewed the determination. "" where it may."""
    newest = pilot.versions.order_by("-number").first()
    people = registration_of(newest.content).human_subjects if newest else None
    if people is None or people.determination is None:
        return _("The registration names no human-subjects determination. Nothing was analyzed.")
    if people.expires_on is not None and people.expires_on < now.date():
        day = f"{people.expires_on:%B} {people.expires_on.day}, {people.expires_on.year}"
        sentence = _(
            "The human-subjects determination expired on {day}. Renew it by an amendment. Nothing was analyzed."
        )
        return sentence.format(day=day)
    return ""


def _check_free(pilot: Pilot, by: User) -> None:
    """Raises ValidationError."""
    if PilotAnalysis.objects.filter(pilot=pilot, state__in=WORKING).exists():
        raise ValidationError(_("An analysis of this pilot is already on its way. Wait for it, or cancel it."))
    if PilotAnalysis.objects.filter(asked_by=by, state__in=WORKING).count() >= MOST_AT_ONCE:
        sentence = _("{most} analyses of yours are on their way. Wait until one is done.")
        raise ValidationError(sentence.format(most=MOST_AT_ONCE))


def _dataset(pilot: Pilot, pk: int | None) -> PilotDataset:
    """Raises ValidationError."""
    held = pilot.datasets.filter(deleted_at=None).order_by("-number")
    found = held.filter(pk=pk).first() if pk else held.first()
    if found is None:
        raise ValidationError({"dataset": _("There are no data to analyze. Add data first.")})
    return found


def _look(pilot: Pilot, version: RegistrationVersion, dataset: PilotDataset, now: datetime) -> int | None:
    """The registered look that these data have reached. Raises ValidationError where other data were analyzed at it:
    before the end that would be one look more than the error was shared among."""
    plan = registration_of(version.content)
    if plan.boundary != Boundary.OBRIEN_FLEMING:
        return None
    try:
        data = table_of(dataset, plan).outcomes[plan.outcome.key]
    except DataRefused:
        return None  # the analysis fails, and says why
    facts = facts_of(pilot, version, now, dataset)
    number = look_reached(plan, data, facts)
    done = pilot.analyses.filter(look=number, state=PilotAnalysis.State.DONE).select_related("dataset")
    before = done.exclude(dataset__content_sha256=dataset.content_sha256).first()
    if number and before is not None and not is_over(plan, facts):
        sentence = _(
            "Look {look} of {last} was taken with data {number}. Other data wait for the next look or the end."
        )
        values = {"look": number, "last": len(plan.looks), "number": before.dataset.number}
        raise ValidationError({"dataset": sentence.format(**values)})
    return number or None
