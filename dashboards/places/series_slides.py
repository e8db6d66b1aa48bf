"""Published series as slides: what moved, in one table, then each series as a chart of its own over time."""

from dataclasses import replace
from typing import Literal

from atlas.metrics.labels import DISPLAY_UNITS
from atlas.records.places import Series
from atlas.statistics.change import unbroken_runs
from dashboards.documents.model import Course, Grid, GridColumn, Moment, Section
from dashboards.exports.credits import short_credits
from dashboards.formatting.sentences import capitalize_first, lower_first, split_finding
from dashboards.formatting.series import CHANGES, change_of, describe_change, format_reading, label_of, period_label
from dashboards.panels.changing import area_of

_PERIODS: dict[str, Literal["year", "month", "week"]] = {"year": "year", "month": "month", "week": "week"}
_VERDICTS = {
    "apart": "changed by more than the margin of error",
    "overlap": "no clear change",
    "no bounds": "no margin of error",
    "one value": "one value only",
}


def series_sections(base: Section, place: str, series: tuple[Series, ...]) -> tuple[Section, ...]:
    """The table first where there is more than one; a series without a value to show stands in the table alone."""
    table = (_overview(base, place, series),) if len(series) > 1 else ()
    return (*table, *(_one(base, place, one) for one in series if _moments(one)))


def _overview(base: Section, place: str, series: tuple[Series, ...]) -> Section:
    heads = (
        GridColumn("What is measured", weight=2.6),
        GridColumn("Of", weight=1.8),
        GridColumn("First", weight=1.5),
        GridColumn("Last", weight=1.5),
        GridColumn("From first to last", weight=2.2),
    )
    rows = tuple((label_of(one), area_of(place, one), *_ends(one)) for one in series)
    found = [change_of(one) for one in series]
    apart, known = (sum(one.verdict in kinds for one in found) for kinds in (("apart",), ("apart", "overlap")))
    if not known:
        return replace(base, grids=(Grid(base.title, heads, rows),))
    finding = f"In {place}, {apart} of {known} conditions changed by more than their margins of error"
    said = f"{base.finding} {base.said}"
    return replace(base, finding=finding, said=said, grids=(Grid(base.title, heads, rows),))


def _ends(series: Series) -> tuple[str, str, str]:
    found = change_of(series)
    if found.first is None or found.last is None:
        return "not shown", "not shown", describe_change(series)
    first, last = (_reading(series, index) for index in (found.first, found.last))
    return first, last, _VERDICTS[found.verdict]


def _reading(series: Series, index: int) -> str:
    when = period_label(series.periods[index], series.period_kind)
    return f"{format_reading(series.values[index], series.metric.unit)} ({when})"


def _one(base: Section, place: str, series: Series) -> Section:
    course = course_of(series)
    is_change = series.metric.unit in CHANGES
    first, rest = split_finding(describe_change(series))
    moved, _, judged = (first, "", rest) if is_change else first.partition(": ")
    if moved.startswith("Week of"):  # inside a title; a month keeps its capital
        moved = lower_first(moved)
    said = [f"{capitalize_first(area_of(place, series))}; {course.unit_words}.", capitalize_first(judged)]
    return replace(
        base,
        finding=f"{label_of(series)}{', ' if is_change else ': '}{moved.rstrip('.')}",
        said=" ".join(said).strip(),
        charts=(course,),
        foot=" ".join(short_credits((series.source,))),
    )


def course_of(series: Series) -> Course:
    """The runs that the page joins by a line, with days and the source's bounds. ValueError without any value."""
    runs = _moments(series)
    if not runs:
        raise ValueError(f"{label_of(series)} has no value to show.")
    known = [moment for run in runs for moment in run]
    unit = series.metric.unit
    return Course(
        label_of(series),
        runs,
        unit,
        DISPLAY_UNITS.get(unit, series.metric.unit_words),
        _PERIODS[series.period_kind],
        format_reading(known[0].value, unit),
        format_reading(known[-1].value, unit),
        describe_change(series),
    )


def _moments(series: Series) -> tuple[tuple[Moment, ...], ...]:
    found = unbroken_runs(series.values, series.quality, series.excluded_reasons)
    return tuple(tuple(_moment(series, index) for index in run) for run in found)


def _moment(series: Series, index: int) -> Moment:
    day, value = series.periods[index], series.values[index]
    assert day is not None and value is not None, "a run holds published values of dated periods"
    low, high = series.lower[index], series.upper[index]
    is_hollow = series.quality[index] == "Weak" or series.provisional[index]
    return Moment(day, value, low if high is not None else None, high if low is not None else None, is_hollow)
