"""Saying that one is away and who stands in, and taking it back. The cover's rights stay what they are."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.access.own import absence_for
from engagements.base.audited_transaction import audited_transaction
from engagements.base.editing import change, check_years, lock
from engagements.models import Absence, User
from engagements.models.absences import LONGEST
from engagements.people.queries.absences import possible_covers


def add_absence(*, cover: int, starts_on: date, ends_on: date, by: User, now: datetime) -> Absence:
    """`by` is away from `starts_on` to `ends_on`, both included. Raises ValidationError by field."""
    check_years({"starts_on": starts_on, "ends_on": ends_on})
    today = timezone.localdate(now)
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("The last day is before the first.")})
    if ends_on < today:
        raise ValidationError({"ends_on": _("These days are over.")})
    if ends_on - starts_on > LONGEST:
        raise ValidationError({"ends_on": _("A year at most. For longer, give your milestones to someone else.")})
    if str(cover) not in dict(possible_covers(by)):
        raise ValidationError({"cover": _("Choose someone who works on one of your engagements.")})
    with audited_transaction(by, "away"):
        User.objects.select_for_update().get(pk=by.pk)  # two at once: the second sees the first
        if _between(by.pk, starts_on, ends_on).exists():
            raise ValidationError(
                {"starts_on": _("You have a cover for some of these days already. End that one first.")}
            )
        if _between(cover, starts_on, ends_on).exists():
            raise ValidationError({"cover": _("This person is away then too. Choose someone else.")})
        return Absence.objects.create(user=by, cover_id=cover, starts_on=starts_on, ends_on=ends_on, created_at=now)


def end_absence(*, absence: int, by: User, now: datetime) -> Absence:
    """Takes it back, or ends it before its last day; ended once more it stays as it is. Raises NotFound."""
    seen = absence_for(by, absence)
    with audited_transaction(by, "back"):
        row = lock(seen)
        if row.ended_at is None:
            change(row, {"ended_at": now}, None)
    return row


def _between(user: int, first: date, last: date) -> QuerySet[Absence]:
    return Absence.objects.filter(user_id=user, ended_at=None, starts_on__lte=last, ends_on__gte=first)
