"""Keeping data of a pilot: a file that was looked at, or what feeds of indicators hold. Whole, or nothing of it.

A later delivery never replaces one before: it is the next number. What came in never changes; it is only deleted
(`deletion`). The file itself is not kept: rows are written in the portal's one form, without columns nobody registered.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements.access.pilots import pilot_of_team_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import lock
from engagements.models import DataAgreement, Feed, Pilot, PilotDataset, User
from engagements.permissions import UPLOAD_PILOT_DATA
from engagements.pilots.files.tables import read_file
from engagements.pilots.files.waiting import Waiting, drop_file, read_waiting
from engagements.pilots.queries.deliveries import (
    Ready,
    earlier_tables,
    open_agreements,
    ready_for_data,
    smallest_cell,
)
from engagements.pilots.queries.feed_series import FeedSeries
from engagements.pilots.rules.data_columns import DataKind
from engagements.pilots.rules.data_values import DataProblem
from engagements.pilots.rules.delivery import Delivery, Line, chosen_columns, examine
from engagements.pilots.rules.reading import DataRefused
from engagements.pilots.rules.released import plain_tables, release_each


def look_at(
    ready: Ready,
    header: Sequence[str],
    rows: Sequence[Line],
    columns: dict[str, str],
    agreement: DataAgreement | None,
) -> Delivery:
    """Every check, nothing kept. Raises DataRefused with each reason."""
    if columns:
        header, rows = chosen_columns(header, rows, columns)
    found = examine(header, rows, ready.registration, ready.drawn, smallest_cell(ready.registration, agreement))
    refuse_rows_without(agreement, found.held.kind)
    return found


def refuse_rows_without(agreement: DataAgreement | None, kind: DataKind) -> None:
    """Raises DataRefused."""
    if kind == DataKind.ROWS and agreement is None:
        said = _(
            "One row per person comes in only under an agreement with a legal basis and a day of deletion. "
            "Choose the agreement, or import counts by group."
        )
        raise DataRefused([DataProblem(None, "", said)])


def agreement_of(pilot: Pilot, pk: int | None, now: datetime) -> DataAgreement | None:
    """Raises ValidationError where it is none of the pilot's, has ended or its day of deletion has come."""
    if pk is None:
        return None
    found = open_agreements(pilot, now.astimezone(UTC).date()).filter(pk=pk).first()
    if found is None:
        raise ValidationError(
            {"agreement": _("This agreement has expired or ended, or is of a city that does not take part.")}
        )
    return found


def keep_dataset(
    *, pilot: int, waiting: Waiting, seen: str, by: User, now: datetime, submission: UUID | None = None
) -> PilotDataset:
    """What was previewed, as the next number. `seen`: the fingerprint of the preview.

    Raises NotFound; ValidationError and DataRefused, where meanwhile something changed that was looked at.
    """
    found = pilot_of_team_for(by, pilot, UPLOAD_PILOT_DATA)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "keep_pilot_data", submission)
        if claimed.object_id:
            return PilotDataset.objects.get(pk=claimed.object_id)
        row = lock(found)
        ready = ready_for_data(row, now)
        agreement = agreement_of(row, waiting.agreement, now)
        header, rows = read_file(read_waiting(waiting))
        delivery = look_at(ready, header, rows, waiting.columns, agreement)
        if delivery.held.sha256 != seen:
            raise ValidationError(_("The registration changed since the preview. Check the file again."))
        made = _write(ready, delivery, waiting.sha256, agreement=agreement, by=by, now=now)
        complete_idempotent(claimed, made)
        transaction.on_commit(lambda: drop_file(waiting.name))
    return made


def keep_feed_dataset(
    *, pilot: int, series: FeedSeries, through: date, by: User, now: datetime, submission: UUID | None = None
) -> PilotDataset:
    """From `queries.feed_series.FeedSeries`: counts by period, with the numbers of the vintages they are of."""
    found = pilot_of_team_for(by, pilot, UPLOAD_PILOT_DATA)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "keep_pilot_feed_data", submission)
        if claimed.object_id:
            return PilotDataset.objects.get(pk=claimed.object_id)
        row = lock(found)
        ready = ready_for_data(row, now)
        delivery = look_at(ready, series.header, series.rows, {}, None)
        more = {"feeds": series.sources, "through": through.isoformat()}
        made = _write(ready, delivery, series.sha256, feed=series.feed, more=more, by=by, now=now)
        complete_idempotent(claimed, made)
    return made


def _write(
    ready: Ready,
    delivery: Delivery,
    file_sha256: str,
    *,
    agreement: DataAgreement | None = None,
    feed: Feed | None = None,
    more: dict[str, Any] | None = None,
    by: User,
    now: datetime,
) -> PilotDataset:
    """Inside the transaction that holds the pilot's lock: two deliveries get two numbers."""
    pilot, plan, held = ready.pilot, ready.registration, delivery.held
    limit = smallest_cell(plan, agreement)
    shown = release_each(delivery.table.outcomes, plan, limit, earlier_tables(pilot, plan))
    released = {key: plain_tables(one.tables) for key, one in shown.items()}
    only_sums = shown[plan.outcome.key].only_sums
    is_rows = held.kind == DataKind.ROWS
    made = PilotDataset(
        pilot=pilot,
        number=1 + pilot.datasets.count(),
        kind=held.kind.value,
        agreement=agreement if is_rows else None,
        file_sha256=file_sha256,
        content_sha256=held.sha256,
        row_count=len(held.rows),
        checks={
            "notes": list(delivery.notes),
            "people": dict(delivery.people),
            "groups": delivery.anonymity.groups if delivery.anonymity else None,
            "released": released.pop(plan.outcome.key),
            "released_secondary": released,
            "only_sums": only_sums,
            **(more or {}),
        },
        content=None if is_rows else held.content(),
        covers_from=plan.outcome.window_from,
        covers_to=plan.outcome.window_to,
        feed=feed,
        uploaded_by=by,
        uploaded_at=now,
    )
    if is_rows:
        made.file.save("", ContentFile(held.text.encode()), save=False)
    try:
        _insert(made)
        if pilot.state in (Pilot.State.REGISTERED, Pilot.State.ALLOCATED):
            pilot.state = Pilot.State.RUNNING
            pilot.save(update_fields=["state"])
        add_activity(
            by=by,
            now=now,
            verb="added",
            thing=made,
            engagement_id=pilot.engagement_id,
            title=pilot.title,
            line=_("Data {number} of “{pilot}”").format(number=made.number, pilot=pilot.title),
        )
    except BaseException:
        drop_file(made.file.name or "")
        raise
    return made


def _insert(made: PilotDataset) -> None:
    """The database looks at the same once more, and at the document that shows the determination."""
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as refused:
        name = getattr(getattr(refused.__cause__, "diag", None), "constraint_name", "")
        if name == "pilot_people_protected_first":
            raise ValidationError(
                _(
                    "The human-subjects determination or its document is no longer valid. "
                    "Amend the registration with a current one."
                )
            ) from refused
        if name == "pilot_agreement_holds":
            raise ValidationError({"agreement": _("This agreement has expired or ended.")}) from refused
        raise
