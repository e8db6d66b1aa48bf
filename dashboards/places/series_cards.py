"""Published series as small charts, four across: what is changing around people, and the local economy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from atlas.formatting.dates import format_month
from atlas.formatting.money import format_dollars_to_hundred
from atlas.formatting.rounding import round_half_up
from atlas.records.places import Series
from atlas.statistics.change import Change, unbroken_runs
from dashboards.charts.marks.line import LineMark, LinePoint
from dashboards.charts.time_axis import place as place_in_time
from dashboards.formatting.sentences import with_dashes
from dashboards.formatting.series import CHANGES, change_of, describe_change, format_reading, label_of, period_label
from dashboards.panels.changing import area_of

Verdict = Literal["rose", "fell", "close", "unknown", ""]
_ORDER: dict[str, int] = {"rose": 0, "fell": 0, "close": 1, "unknown": 2, "": 3}


@dataclass(frozen=True)
class SeriesCard:
    """One small chart. `change` is "58% → 66%"; `verdict` "" where nothing is concluded; `reason` why there is no
    chart; `note` what else may be behind a change.
    """

    title: str
    change: str
    verdict: Verdict
    mark: LineMark
    reason: str
    note: str


def yearly_cards(place_name: str, series: tuple[Series, ...]) -> tuple[SeriesCard, ...]:
    """Clear changes first, then no clear change, then those without a margin of error; in their order otherwise."""
    cards = [
        _card(place_name, one, _yearly_change, names_area=area_of(place_name, one) != place_name) for one in series
    ]
    return tuple(sorted(cards, key=lambda card: _ORDER[card.verdict]))


def tracker_cards(place_name: str, series: tuple[Series, ...]) -> tuple[SeriesCard, ...]:
    """Weekly and monthly series in their order; most are changes against early 2020, which their dashed line is."""
    return tuple(_card(place_name, one, _tracker_change, names_area=False) for one in series)


def areas_of(place_name: str, series: tuple[Series, ...]) -> tuple[str, ...]:
    """Of whom the series speak, each once."""
    return tuple(dict.fromkeys(area_of(place_name, one) for one in series))


def _card(place_name: str, series: Series, change: Callable[[Series, Change], str], *, names_area: bool) -> SeriesCard:
    found, label = change_of(series), with_dashes(label_of(series))
    title = f"{label}, {area_of(place_name, series)}" if names_area else label
    if found.first is None or found.last is None:
        return SeriesCard(title, "", "", LineMark("", (), "", ""), describe_change(series), "")
    said = change(series, found)
    return SeriesCard(
        title=title,
        change=said,
        verdict=_verdict(series, found),
        mark=LineMark(
            words=f"{title}: {describe_change(series)}",
            points=_points(series),
            first=_period(series, found.first),
            last=_period(series, found.last),
            rule=0.0 if series.metric.unit in CHANGES else None,
        ),
        reason="",
        note=_note(series, found),
    )


def _verdict(series: Series, found: Change) -> Verdict:
    """By the source's margins alone: a change counts where those of the first and the last value do not overlap."""
    if found.verdict == "apart":
        return "rose" if (found.difference or 0.0) > 0 else "fell"
    if found.verdict == "overlap":
        return "close"
    return "unknown" if series.period_kind == "year" and found.verdict == "no bounds" else ""


def _note(series: Series, found: Change) -> str:
    """What beside a real change may be behind the numbers."""
    if found.broken_at:
        return _("The source’s grade of the data changed.")
    return _("In dollars of each year, not adjusted for prices.") if series.metric.unit == "usd" else ""


def _yearly_change(series: Series, found: Change) -> str:
    assert found.first is not None and found.last is not None, "a chart has a first and a last value"
    first, last = series.values[found.first], series.values[found.last]
    unit = series.metric.unit
    if found.first == found.last:
        return _short(last, unit)
    before, now = _short(first, unit), _short(last, unit)
    if before == now:  # alike once rounded: said as finely as the table
        before, now = format_reading(first, unit), format_reading(last, unit)
    return f"{before} → {now}"


def _short(value: float | None, unit: str) -> str:
    """58%, under 10% as 2.7%; $9,700; 0.85."""
    assert value is not None, "the ends of a series have values"
    if unit == "share":
        percent = value * 100
        return f"{percent:.1f}%" if 0 < abs(percent) < 9.95 else f"{round_half_up(percent):.0f}%"
    return format_dollars_to_hundred(value) if unit == "usd" else format_reading(value, unit)


def _tracker_change(series: Series, found: Change) -> str:
    """ "4.1% below", against the dashed line; a series of another unit by its first and last value."""
    assert found.last is not None, "a chart has a last value"
    value, unit = series.values[found.last], series.metric.unit
    assert value is not None, "the last of the values shown"
    if unit not in CHANGES:
        return _yearly_change(series, found)
    percent = abs(value) * 100
    amount = f"{percent:.1f}%" if percent < 9.95 else f"{round_half_up(percent):.0f}%"
    if amount == "0.0%":
        return _("no change")
    return (_("%(percent)s above") if value > 0 else _("%(percent)s below")) % {"percent": amount}


def _points(series: Series) -> tuple[LinePoint, ...]:
    runs = unbroken_runs(series.values, series.quality, series.excluded_reasons)
    return tuple(
        LinePoint(
            at=_moment(series.periods[index], index),
            value=series.values[index] or 0.0,
            low=series.lower[index],
            high=series.upper[index],
            starts_anew=index == run[0],
        )
        for run in runs
        for index in run
    )


def _moment(period: date | None, index: int) -> float:
    return float(index) if period is None else place_in_time(period)


def _period(series: Series, index: int) -> str:
    period = series.periods[index]
    if period is None or series.period_kind == "year":
        return period_label(period, series.period_kind)
    return format_month(period)
