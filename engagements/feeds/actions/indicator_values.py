"""A reading becomes the value of an indicator. Inside the transaction of whoever stores or decides."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from atlas.formatting.dates import format_period
from engagements.feeds.rules.mapping import NUMBERS, Reading
from engagements.models import FeedReading, Indicator, IndicatorValue, User

CORRECTED = "source_error"  # the coded reason of a value its publisher changed


@dataclass(frozen=True)
class Signature:
    """In whose name values come in. `approved_by` None: they wait for somebody's approval, as typed ones do."""

    entered_by: User
    approved_by: User | None
    now: datetime


def values_there(indicator: Indicator) -> dict[tuple[date, date], IndicatorValue]:
    """Of everybody, by period."""
    rows = IndicatorValue.objects.filter(indicator=indicator, dimension="", archived_at=None)
    return {(row.period_start, row.period_end): row for row in rows}


def put_value(
    indicator: Indicator, reading: Reading | FeedReading, there: IndicatorValue | None, by: Signature
) -> IndicatorValue:
    """The value of the period as the reading says it: a new one, or the one that is there, changed.

    An approved one is opened again with the coded reason first, as everybody has to. Raises ValidationError for a
    locked one.
    """
    if there is None:
        made = new_value(indicator, reading, by)
        made.save(force_insert=True)
        return made
    numbers = _numbers(reading)
    if all(getattr(there, name) == number for name, number in numbers.items()):
        return there
    if there.status == "locked":
        raise ValidationError(
            _("The value of {period} is locked. A lead unlocks it before it is changed.").format(
                period=format_period(there.period_start, there.period_end)
            )
        )
    if there.status == "approved":
        again: dict[str, object] = {
            "status": "draft",
            "approved_by": None,
            "approved_at": None,
            "revision": there.revision + 1,
        }
        _write(there, again | {"change_reason": CORRECTED, "change_words": ""})
    author: dict[str, object] = {
        "entered_by": by.entered_by,
        "entered_at": by.now,
        "reviewed_by": None,
        "reviewed_at": None,
    }
    _write(there, numbers | author | _approval(by))
    return there


def new_value(indicator: Indicator, reading: Reading | FeedReading, by: Signature) -> IndicatorValue:
    """Of a period that has none yet. Not saved."""
    return IndicatorValue(
        indicator=indicator,
        engagement_id=indicator.engagement_id,
        period_start=reading.period_start,
        period_end=reading.period_end,
        entered_by=by.entered_by,
        entered_at=by.now,
        is_fictional=indicator.is_fictional,
        **_numbers(reading),
        **_approval(by),
    )


def _numbers(reading: Reading | FeedReading) -> dict[str, object]:
    return {name: getattr(reading, name) for name in NUMBERS}


def _approval(by: Signature) -> dict[str, object]:
    if by.approved_by is None:
        return {"status": "in_review", "approved_by": None, "approved_at": None}
    return {"status": "approved", "approved_by": by.approved_by, "approved_at": by.now}


def _write(row: IndicatorValue, fields: dict[str, object]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
