"""What is measured around a city's people today: context, apart from the outcomes of those who grew up there."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.shares import format_whole_percent
from atlas.metrics.labels import DISPLAY_UNITS, UNITS
from atlas.records.places import Series
from atlas.sources import tracker_cities
from atlas.sources.us_outline import county_names
from dashboards.charts.timeline import draw_timelines
from dashboards.formatting.sentences import capitalize_first, with_dashes
from dashboards.formatting.series import (
    CHANGES,
    base_of,
    change_of,
    describe_change,
    format_reading,
    format_reading_in_prose,
    label_of,
    period_days,
    period_in_prose,
    period_label,
)
from dashboards.panels.base import Column, Panel, Reading, Table

APART = (
    "The Opportunity Atlas describes people born in 1978–83. These series describe who lives here now. Nothing here "
    "shows whether a pilot worked."
)
BOUNDS = (
    "We call a change clear only when the margins of error of the first and last number do not overlap. Without a "
    "margin of error we can’t say."
)
BREAKS = (
    "A line breaks where the source’s grade changes, because the data may have changed too, and where a number is "
    "withheld. A hollow dot is graded Weak, or provisional."
)
PRICES = "Dollars are as published, not adjusted for inflation."


class ReadingColumn(Column):
    """A column of readings: each cell in the unit of its own row."""

    def format(self, cell) -> str:
        if isinstance(cell, Reading):
            return format_reading(cell, cell.unit)
        return "none" if self.kind == "error" else "no number"


class UnitColumn(Column):
    """Units: of the raw number in CSV and API, of the number as it is written on the page."""

    def format(self, cell) -> str:
        return _SHOWN[str(cell)]


_SHOWN = {UNITS[key]: words for key, words in DISPLAY_UNITS.items()}


BRIEFLY = 1  # series that a quarter of a printed page can hold


def build(place_name: str, series: tuple[Series, ...], *, in_brief: bool = False) -> Panel:
    """The Urban Institute's yearly metrics; `in_brief` draws the first of them only, and says so."""
    finding = _summarise(place_name, series)
    if in_brief and len(series) > BRIEFLY:
        drawn = " and ".join(_lower_first(label_of(one)) for one in series[:BRIEFLY])
        finding += f" Drawn here: {drawn}. The page has all {len(series)}."
    return _panel(
        "changing",
        _("What is changing in {place} now?").format(place=place_name),
        place_name,
        series,
        finding,
        _("No yearly numbers for this place have been imported."),
        (APART, BOUNDS, BREAKS, PRICES),
        drawn=series[:BRIEFLY] if in_brief else series,
    )


def build_tracker(place_name: str, series: tuple[Series, ...]) -> Panel:
    """The Economic Tracker's weekly and monthly series of the county."""
    return _panel(
        "changing-tracker",
        _("How has the local economy changed since 2020?"),
        place_name,
        series,
        _summarise_tracker(place_name, series),
        _("No Economic Tracker series have been imported for this place."),
        (APART, _("Most of these series have ended. The last period shown is the last one published."), BREAKS),
    )


def area_of(place_name: str, series: Series) -> str:
    """Of whom the numbers speak; an area that is not the city says so."""
    if series.area_kind == "county":
        return f"the whole of {county_names().get(series.geoid, series.area_name)}"
    if series.metric.family == "economic_tracker":
        county = county_names().get(tracker_cities.COUNTY_OF.get(series.area_name, ""), "the county around it")
        return f"the whole of {county}"
    return place_name


def _panel(
    slug: str,
    title: str,
    place_name: str,
    series: tuple[Series, ...],
    finding: str,
    reason: str,
    caveats: tuple[str, ...],
    drawn: tuple[Series, ...] | None = None,
) -> Panel:
    said = dict.fromkeys((*caveats, *(c for s in series for c in s.caveats)))
    sources = {s.source.release_id: s.source for s in series}
    drawn = series if drawn is None else drawn
    return Panel(
        slug=slug,
        title=title,
        finding=finding,
        figure=(lambda: draw_timelines(tuple((s, area_of(place_name, s)) for s in drawn), APART)) if drawn else None,
        table=build_table(title, place_name, series),
        sources=tuple(sources.values()),
        caveats=tuple(said),
        reason="" if series else reason,
    )


def _summarise(place_name: str, series: tuple[Series, ...]) -> str:
    """Which moved more than their margins of error, first; then how many others did, did not, or cannot be told."""
    if not series:
        return ""
    found = [(s, change_of(s)) for s in series]
    moved = [s for s, c in found if c.verdict == "apart" and not c.broken_at and s.metric.unit != "usd"]
    unsure = [s for s, c in found if c.verdict == "apart" and s not in moved]
    same = sum(c.verdict == "overlap" for _s, c in found)
    rest = len(series) - len(moved) - len(unsure) - same
    said = [sentence for one in moved for sentence in _movement(place_name, one)]
    tracked = ngettext("We track {count} condition.", "We track {count} conditions.", len(series))
    said.append(tracked.format(count=_count(len(series))))
    if unsure:
        changed = (
            ngettext("{count} other changed too.", "{count} others changed too.", len(unsure))
            if moved
            else ngettext(
                "{count} changed by more than the margin of error.",
                "{count} changed by more than the margin of error.",
                len(unsure),
            )
        )
        said.append(capitalize_first(changed.format(count=_count(len(unsure)))))
        said.append(_("Inflation or a change in the data may explain part of it."))
    if same:
        unclear = ngettext("{count} shows no clear change.", "{count} show no clear change.", same)
        said.append(capitalize_first(unclear.format(count=_count(same))))
    if rest:
        unknown = ngettext(
            "{count} has no margin of error, so we can’t say.",
            "{count} have no margin of error, so we can’t say.",
            rest,
        )
        said.append(capitalize_first(unknown.format(count=_count(rest))))
    return " ".join(said)


_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _count(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _summarise_tracker(place_name: str, series: tuple[Series, ...]) -> str:
    """Where the first series ended, with its area and where the numbers come from."""
    if not series:
        return ""
    first = series[0]
    last = change_of(first).last
    if last is None or first.metric.unit not in CHANGES:
        return f"{label_of(first)}, in {area_of(place_name, first)}: {_lower_first(describe_change(first))}"
    value = first.values[last]
    assert value is not None, "the last value of a change is one"
    when = capitalize_first(_("In {period}").format(period=period_in_prose(first.periods[last], first.period_kind)))
    what = _SHORT.get(first.metric.slug, _lower_first(label_of(first)))
    area = area_of(place_name, first).removeprefix("the whole of ")
    size = format_whole_percent(abs(value))
    if size == "0%":
        change = _("{what} in {area} was about where it was in {base}.")
    elif value < 0:
        change = _("{what} in {area} was {size} below {base}.")
    else:
        change = _("{what} in {area} was {size} above {base}.")
    if first.metric.slug == BUSINESSES and size != "0%":
        change = (
            _("about {size} fewer small businesses were open in {area} than in {base}.")
            if value < 0
            else _("about {size} more small businesses were open in {area} than in {base}.")
        )
    said = change.format(what=what, area=area, size=size, base=base_of(first.metric.unit))
    return f"{when}, {said} " + _("This comes from company records, not an official count. It has no margin of error.")


BUSINESSES = "merchants_all"
_SHORT = {"emp": "employment", "spend_all": "card spending", BUSINESSES: "the number of small businesses open"}


def _movement(place_name: str, series: Series) -> list[str]:
    """One series that moved, as a sentence or two, and that the margin of error is smaller."""
    found = change_of(series)
    assert found.first is not None and found.last is not None, "a series that moved has two ends"
    first, last = series.values[found.first], series.values[found.last]
    assert first is not None and last is not None, "a series is compared at two of its values"
    unit, kind = series.metric.unit, series.period_kind
    before, now = (format_reading_in_prose(value, unit) for value in (first, last))
    if before == now:  # alike once rounded: said as finely as the table
        before, now = (format_reading(value, unit) for value in (first, last))
    start, end = (period_in_prose(series.periods[i], kind) for i in (found.first, found.last))
    if series.metric.slug == "share_employed" and not series.subgroup:
        said = [
            _("More people in {place} have jobs.").format(place=place_name)
            if last > first
            else _("Fewer people in {place} have jobs.").format(place=place_name),
            (
                _("Among residents ages 25 to 54, {now} worked in {end}, up from {before} in {start}.")
                if last > first
                else _("Among residents ages 25 to 54, {now} worked in {end}, down from {before} in {start}.")
            ).format(now=now, end=end, before=before, start=start),
        ]
    else:
        way = (
            _("{what} rose from {before} in {start} to {now} in {end}.")
            if last > first
            else _("{what} fell from {before} in {start} to {now} in {end}.")
        )
        said = [way.format(what=with_dashes(label_of(series)), before=before, start=start, now=now, end=end)]
    sure = (
        _("The rise is larger than the margin of error.")
        if last > first
        else _("The drop is larger than the margin of error.")
    )
    return [*said, sure]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def build_table(title: str, place_name: str, series: tuple[Series, ...]) -> Table:
    """Every published number with its bounds and grade; withheld ones as a gap with the reason."""
    columns = (
        Column("metric", "Measured"),
        Column("area", "Of"),
        Column("period", "Period"),
        UnitColumn("unit", "Unit"),
        ReadingColumn("value", "Value", "value"),
        ReadingColumn("lower", "Lower bound", "error"),
        ReadingColumn("upper", "Upper bound", "error"),
        Column("quality", "Source’s grade"),
        Column("note", "Note"),
    )
    rows = tuple(row for one in series for row in _rows(place_name, one))
    days = [period_days(one.periods[i], one.period_kind) for one in series for i in _measured(one)]
    for_files = (
        (Column("period_start", "First day of the period", "date"), tuple(first for first, _ in days)),
        (Column("period_end", "Last day of the period", "date"), tuple(last for _, last in days)),
    )
    return Table(f"{title} Every value shown, in {place_name} and around it", columns, rows, for_files)


def _measured(series: Series) -> list[int]:
    """Periods with a value, or with a reason why it is not shown."""
    return [i for i in range(len(series.periods)) if series.values[i] is not None or series.excluded_reasons[i]]


def _rows(place_name: str, series: Series):
    unit, last = series.metric.unit, change_of(series).last
    label, area, words = label_of(series), area_of(place_name, series), series.metric.unit_words

    def reading(value: float | None) -> Reading | None:
        return None if value is None else Reading(value, unit)

    for i in _measured(series):
        period, reason = series.periods[i], series.excluded_reasons[i]
        notes = [f"not shown: {reason}"] if reason else []
        notes += ["provisional"] if series.provisional[i] else []
        notes += [describe_change(series)] if i == last else []
        yield (
            label,
            area,
            period_label(period, series.period_kind),
            words,
            reading(series.values[i]),
            reading(series.lower[i]),
            reading(series.upper[i]),
            series.quality[i] or "none given",
            "; ".join(notes),
        )
