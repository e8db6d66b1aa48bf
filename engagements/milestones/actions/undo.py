"""Taking a change of milestones back: each row becomes what it was, as long as nobody changed it since."""

from collections.abc import Mapping
from datetime import date, datetime

import pghistory.core
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.access.engagements import milestone_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import change, lock
from engagements.milestones.actions.milestones import check_constraints
from engagements.models import DueDateChange, Milestone, ProgressEntry, User
from engagements.permissions import EDIT_MILESTONE, LOG_PROGRESS

# Field of the model -> its column. The status brings its days and its approval along.
_FIELDS = {
    "status": "status",
    "owner": "owner_id",
    "due_on": "due_on",
    "started_on": "started_on",
    "done_on": "done_on",
    "approved_at": "approved_at",
    "approved_by": "approved_by_id",
}
_OF_EDITING = ("owner", "due_on")


def undo_changes(*, versions: Mapping[int, tuple[int, int]], by: User, now: datetime) -> int:
    """`versions`: (before, after) by id, as `change_many` returned them. All of them or none; how many there were.

    What was logged stays in the history, and a line says that it was undone. Raises NotFound, and ValidationError with
    a sentence that names the milestone somebody else changed since.
    """
    with audited_transaction(by, "undone"):
        for pk in sorted(versions):
            _undo_one(pk, *versions[pk], by, now)
    return len(versions)


def _undo_one(pk: int, before: int, after: int, by: User, now: datetime) -> None:
    row = lock(milestone_for(by, pk, LOG_PROGRESS))
    if row.version != after:
        raise ValidationError(
            _("“{title}” was changed again since then. Nothing was undone.").format(title=row.title), code="changed"
        )
    (events,) = pghistory.core.event_models(tracks_model=Milestone)
    was = events._default_manager.filter(pgh_obj_id=pk, version=before).order_by("-pgh_id").first()
    if was is None:
        raise ValidationError(_("The history of “{title}” does not reach that far.").format(title=row.title))
    wanted = {name: getattr(was, column) for name, column in _FIELDS.items()}
    if any(wanted[name] != getattr(row, _FIELDS[name]) for name in _OF_EDITING):
        milestone_for(by, pk, EDIT_MILESTONE)
    old_status, old_due = row.status, row.due_on
    done = change(row, wanted, None, check=lambda names: check_constraints(row, row.engagement, names))
    if "status" in done:
        ProgressEntry.objects.create(
            engagement_id=row.engagement_id,
            milestone=row,
            old_status=old_status,
            status=row.status,
            line=_("The change before was undone."),
            at=now,
            by=by,
        )
    if "due_on" in done:
        _keep_date(row, old_due, by, now)
    if done:
        add_activity(
            by=by, now=now, verb="changed", thing=row, engagement_id=row.engagement_id, changes=done, why=_("Undone")
        )


def _keep_date(row: Milestone, old: date | None, by: User, now: datetime) -> None:
    if row.due_on is not None:  # a date that did not exist before: there is nothing it moved to
        DueDateChange.objects.create(
            milestone=row,
            old=old,
            new=row.due_on,
            reason="other",
            words=_("The change before was undone."),
            at=now,
            by=by,
        )
