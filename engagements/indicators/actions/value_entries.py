"""One value as it is entered: how it is checked against the others of its period, and saved."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from atlas.formatting.dates import format_period
from engagements.base.editing import change, lock
from engagements.indicators.queries.indicators import definition_of
from engagements.indicators.rules.checks import Actual, check_actual, check_groups
from engagements.models import Document, Indicator, IndicatorValue, User
from engagements.workflow import INDICATOR_VALUE_APPROVED

NUMBERS = ("value", "low", "high", "numerator", "denominator")
TAKEN = "There is a value of this period and group already. Change that one."
CLOSED = "This value is approved. A lead reopens it, with a reason, before it is changed."


@dataclass(frozen=True)
class ValueEntry:
    """One value as it is entered. `value` None with numerator and denominator: worked out from them.

    `version`: of the draft the person saw; None where there was none.
    """

    value: float | None
    dimension: str = ""
    category: str = ""
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    note: str = ""
    version: int | None = None

    @property
    def group(self) -> tuple[str, str]:
        return self.dimension, self.category


class EntriesRefused(Exception):
    """Nothing was kept. `problems`: {(dimension, category): {field: sentence}}."""

    def __init__(self, problems: dict[tuple[str, str], dict[str, str]]):
        super().__init__("Nothing was entered.")
        self.problems = problems

    @property
    def as_validation(self) -> ValidationError:
        """Of a single entry."""
        found: dict[str, list[str]] = {}
        for by_field in self.problems.values():
            for name, sentence in by_field.items():
                found.setdefault(name, []).append(sentence)
        return ValidationError(found)


def check_entries(
    indicator: Indicator,
    period_start: date,
    period_end: date,
    entries: list[ValueEntry],
    there: dict[tuple[str, str], IndicatorValue],
    today: date,
) -> None:
    """Against the rules, each other and what is there already. Raises EntriesRefused."""
    problems: dict[tuple[str, str], dict[str, str]] = {}
    rules, actuals = definition_of(indicator), {group: actual_of(row) for group, row in there.items()}
    if not entries:
        problems["", ""] = {"value": "Enter a value."}
    for entry in entries:
        if entry.value is None:
            problems[entry.group] = {"value": "Enter a value."}
            continue
        actual = Actual(
            period_start,
            period_end,
            entry.value,
            entry.dimension,
            entry.category,
            entry.low,
            entry.high,
            entry.numerator,
            entry.denominator,
        )
        found = check_actual(rules, actual, today)
        if row := there.get(entry.group):
            if row.status in INDICATOR_VALUE_APPROVED:
                found["value"] = CLOSED
            elif entry.version is None:
                found["value"] = TAKEN
        if found:
            problems[entry.group] = found
        actuals[entry.group] = actual
    if not problems:
        for group, sentence in check_groups(rules, actuals.values()).items():
            problems[group] = {"value": sentence}
    if problems:
        raise EntriesRefused(problems)


def save_value(
    indicator: Indicator,
    start: date,
    end: date,
    entry: ValueEntry,
    row: IndicatorValue | None,
    document: Document | None,
    by: User,
    now: datetime,
) -> IndicatorValue:
    """Inside an audited transaction, once checked: a new draft, or changed numbers of the existing one.

    Raises EntriesRefused, Conflict.
    """
    fields = {name: getattr(entry, name) for name in NUMBERS} | {"note": entry.note.strip()}
    if row is None:
        row = IndicatorValue(
            indicator=indicator,
            engagement_id=indicator.engagement_id,
            period_start=start,
            period_end=end,
            dimension=entry.dimension,
            category=entry.category,
            document=document,
            entered_by=by,
            entered_at=now,
            is_fictional=indicator.is_fictional,
            **fields,
        )
        row.clean_fields(exclude={f.name for f in row._meta.fields if f.is_relation})
        row.save(force_insert=True)
        return row
    row = lock(row)
    if document is not None:
        fields["document"] = document
    change(row, fields | author_if_numbers_change(row, fields, by, now), entry.version)
    return row


def actual_of(row: IndicatorValue) -> Actual:
    return Actual(
        row.period_start,
        row.period_end,
        row.value,
        row.dimension,
        row.category,
        row.low,
        row.high,
        row.numerator,
        row.denominator,
    )


def entered_line(start: date, end: date, count: int, group: str = "") -> str:
    """Jul to Sep 2026, 4 values"""
    return f"{format_period(start, end)}, {group or ('1 value' if count == 1 else f'{count} values')}"


def values_of_period(indicator: Indicator, start: date, end: date) -> QuerySet[IndicatorValue]:
    return IndicatorValue.objects.filter(indicator=indicator, period_start=start, period_end=end, archived_at=None)


def author_if_numbers_change(
    row: IndicatorValue, wanted: dict[str, object], by: User, now: datetime
) -> dict[str, object]:
    """Fields that change with the numbers: who entered them, and that nobody has reviewed them. Empty if none did."""
    if all(getattr(row, name) == wanted.get(name, getattr(row, name)) for name in NUMBERS):
        return {}
    return {"entered_by": by, "entered_at": now, "reviewed_by": None, "reviewed_at": None}
