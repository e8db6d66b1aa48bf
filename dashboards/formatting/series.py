"""Values and periods of published series, as people read them. Pure; units: keys of `atlas.metrics.UNITS`."""

from datetime import date, timedelta

from atlas.formatting.counts import format_count
from atlas.formatting.dates import format_day, format_month
from atlas.formatting.money import format_dollars_to_hundred
from atlas.formatting.rounding import NO_VALUE, is_missing, true_minus
from atlas.formatting.shares import format_share_in_words
from atlas.records.places import Series
from atlas.statistics.change import Change, compare_ends
from dashboards.formatting.estimates import format_estimate
from dashboards.formatting.sentences import capitalize_first

SMALL = ("per_household", "ratio", "grades_a_year", "difference", "claims_per_100", "as_published")
CHANGES = ("change_since_january_2020", "change_since_early_2020")
_BASE = {CHANGES[0]: "January 2020", CHANGES[1]: "early 2020"}
_AFTER = {
    "per_household": " homes for each household",
    "grades_a_year": " grades a year",
    "claims_per_100": " per 100",
    "per_100000": " per 100,000",
    "per_10000": " per 10,000",
}


def format_reading(value: float | None, unit: str) -> str:
    """For tables: .582 -> "58.2%", -.081 -> "−8.1%", 9680.9 -> "$9,681", .848 homes -> "0.85"."""
    if value is None or is_missing(value):
        return NO_VALUE
    if unit == "share" or unit == "usd":
        return format_estimate(value, unit)
    if unit in CHANGES:
        return f"{'−' if round(value, 3) < 0 else '+' if round(value, 3) > 0 else ''}{abs(value) * 100:.1f}%"
    if unit in SMALL:
        return f"{'−' if round(value, 2) < 0 else ''}{abs(value):.2f}"
    if abs(value) < 100 and unit.startswith(("per_", "percentile")):
        return true_minus(f"{value:.1f}")
    return format_count(value)


def format_reading_in_prose(value: float | None, unit: str) -> str:
    """For prose: .582 -> "58 in 100", 9680.9 -> "$9,700"."""
    if value is None:
        return NO_VALUE
    if unit == "share":
        return format_share_in_words(value)
    if unit == "usd":
        return format_dollars_to_hundred(value)
    if unit in CHANGES:
        percent = format_reading(abs(value), unit).lstrip("+")
        where = "above" if value > 0 else "below"
        return f"at the level of {_BASE[unit]}" if percent == "0.0%" else f"{percent} {where} {_BASE[unit]}"
    return format_reading(value, unit) + _AFTER.get(unit, "")


def base_of(unit: str) -> str:
    """ "January 2020": what a change in this unit is measured from."""
    return _BASE[unit]


def period_label(period: date | None, kind: str) -> str:
    """2014, "Mar 2020" or "week of Jan 11, 2020"."""
    if period is None:
        return ""
    if kind == "year":
        return str(period.year)
    return format_month(period) if kind == "month" else f"week of {format_day(period)}"


def period_in_prose(period: date | None, kind: str) -> str:
    """For a sentence: "2014", "March 2020", or the part of a month: week of April 26, 2025 -> "late April 2025"."""
    if period is None:
        return ""
    if kind == "year":
        return str(period.year)
    if kind == "month":
        return f"{period:%B %Y}"
    part = "early" if period.day <= 10 else "mid" if period.day <= 20 else "late"
    return f"mid-{period:%B %Y}" if part == "mid" else f"{part} {period:%B %Y}"


def period_days(period: date | None, kind: str) -> tuple[str, str]:
    """First and last day as ISO text; ("", "") where the series has no periods.

    >>> period_days(date(2024, 2, 1), "month"), period_days(date(2020, 1, 11), "week")
    (('2024-02-01', '2024-02-29'), ('2020-01-11', '2020-01-17'))
    """
    if period is None:
        return "", ""
    if kind == "year":
        last = date(period.year, 12, 31)
    elif kind == "month":
        last = date(period.year + period.month // 12, period.month % 12 + 1, 1) - timedelta(days=1)
    else:
        last = period + timedelta(days=6)
    return period.isoformat(), last.isoformat()


def label_of(series: Series) -> str:
    """Metric and group: "Employment at ages 25-54: Hispanic"."""
    return f"{series.metric.label}: {series.subgroup}" if series.subgroup else series.metric.label


def change_of(series: Series) -> Change:
    return compare_ends(series.values, series.lower, series.upper, series.quality)


def describe_change(series: Series) -> str:
    """First to last in one sentence, with what may be concluded from the bounds, and nothing more."""
    found, unit = change_of(series), series.metric.unit
    if found.first is None or found.last is None:
        reason = next((r for r in series.excluded_reasons if r), "no number is published")
        return f"Not shown: {reason.rstrip('.')}."
    last = period_label(series.periods[found.last], series.period_kind)
    now = format_reading_in_prose(series.values[found.last], unit)
    if unit in CHANGES:
        return f"{capitalize_first(last)}: {now}. There is no margin of error."
    if found.verdict == "one value":
        return f"{now} in {last}, the only number published."
    first = period_label(series.periods[found.first], series.period_kind)
    before = format_reading_in_prose(series.values[found.first], unit)
    if before == now:  # alike once rounded: said as finely as the table
        before, now = (format_reading(series.values[i], unit) for i in (found.first, found.last))
    moved = f"{before} in {first}, {now} in {last}"
    return f"{moved}: {'; '.join(_judge(series, found, found.first, found.last))}."


def _judge(series: Series, found: Change, first: int, last: int) -> list[str]:
    said = {
        "apart": "more than the margin of error",
        "overlap": "no clear change, within the margin of error",
        "no bounds": "no margin of error, so we can’t say",
    }[found.verdict]
    parts = [said]
    if series.metric.unit == "usd":
        parts.append("dollars are not adjusted for inflation")
    if found.broken_at and found.verdict != "overlap":
        years = ", ".join(period_label(series.periods[i], series.period_kind) for i in found.broken_at)
        parts.append(f"the source’s grade changes in {years}, so the data may have too")
    elif "Weak" in (series.quality[first], series.quality[last]):
        parts.append("graded Weak by the source")
    return parts
