"""Values of one period as a reviewer reads them, with those of earlier periods."""

from dataclasses import dataclass
from datetime import date

from engagements.indicators.queries.indicators import number_of
from engagements.indicators.queries.values import ValueRow, values
from engagements.models import Indicator, IndicatorValue, User
from engagements.reviews.rules.changes import ReviewedField

EARLIER = 4  # values of the same group before it


@dataclass(frozen=True)
class ReviewedValue:
    """`earlier`: approved values of the same group, newest first: what an outlier stands out from."""

    value: ValueRow
    earlier: tuple[ValueRow, ...]


def value_content(row: IndicatorValue, indicator: Indicator) -> tuple[ReviewedField, ...]:
    """One value in words; keys hold its id, as values of a period are decided together."""
    number = number_of(row.value, row.low, row.high, indicator.unit, indicator.no_interval_reason)
    who = row.category or "Everyone"
    parts = "" if row.numerator is None else f"{row.numerator:,.10g} of {row.denominator or 0:,.10g}"
    said = (
        ("value", "value", number.words, False),
        ("interval", "uncertainty", number.uncertainty, False),
        ("parts", "counted", parts, False),
        ("note", "note", row.note, True),
        ("document", "file", row.document.title if row.document else "", False),
    )
    return tuple(
        ReviewedField("", f"{row.pk} {name}", f"{who}, {label}", words, prose) for name, label, words, prose in said
    )


def values_in_review(user: User, indicator: int, start: date | None, end: date | None) -> tuple[ReviewedValue, ...]:
    """Of one period, everybody before groups; without a period of the newest that has any. Three statements."""
    found = values(user, indicator=indicator)
    waiting = [row for row in found if row.status == "in_review"]
    asked = (start, end) if start and end else (waiting[0].period_start, waiting[0].period_end) if waiting else None
    here = [row for row in waiting if (row.period_start, row.period_end) == asked]
    return tuple(
        ReviewedValue(
            row,
            tuple(
                other
                for other in found
                if (other.dimension, other.category) == (row.dimension, row.category)
                and other.is_approved
                and other.period_end < row.period_end
            )[:EARLIER],
        )
        for row in here
    )
