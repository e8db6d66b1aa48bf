"""What is measured around a city's people today: context, apart from the outcomes of those who grew up there."""

from atlas.metrics.labels import DISPLAY_UNITS, UNITS
from atlas.records.places import Series
from atlas.sources import tracker_cities
from atlas.sources.us_outline import county_names
from dashboards.charts.timeline import draw_timelines
from dashboards.formatting.series import change_of, describe_change, format_reading, label_of, period_days, period_label
from dashboards.panels.base import Column, Panel, Reading, Table

APART = (
    "The Opportunity Atlas describes people born in 1978–83; these series describe who lives here now. They are never "
    "on one axis, and nothing here shows whether a pilot worked."
)
BOUNDS = (
    "Lines are the publisher’s lower and upper bounds. First and last value count as different only where these do "
    "not overlap, which is a cautious rule; without bounds nothing is concluded."
)
BREAKS = (
    "A line breaks where the publisher’s grade changes, because the data behind it may have changed too, and where a "
    "value is withheld. A hollow dot is a value graded Weak, or one that is provisional."
)
PRICES = "Dollars are shown as published; the portal doesn’t adjust them for prices."


class ReadingColumn(Column):
    """A column of readings: each cell in the unit of its own row."""

    def format(self, cell) -> str:
        if isinstance(cell, Reading):
            return format_reading(cell, cell.unit)
        return "none" if self.kind == "error" else "no value"


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
        finding += f" Drawn here: {drawn}; the page has all {len(series)}."
    return _panel(
        "changing",
        "What is changing?",
        place_name,
        series,
        finding,
        "No yearly metrics of this place have been imported.",
        (APART, BOUNDS, BREAKS, PRICES),
        drawn=series[:BRIEFLY] if in_brief else series,
    )


def build_tracker(place_name: str, series: tuple[Series, ...]) -> Panel:
    """The Economic Tracker's weekly and monthly series of the county."""
    return _panel(
        "changing-tracker",
        "What has the economy around it done since 2020?",
        place_name,
        series,
        _summarise_tracker(place_name, series),
        "No series of the Economic Tracker have been imported for this place.",
        (APART, "Most of these series have ended; the last period shown is the last published.", BREAKS),
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
    """Which moved further than their bounds, first; then how many others did, did not, or cannot be told."""
    if not series:
        return ""
    found = [(s, change_of(s)) for s in series]
    moved = [s for s, c in found if c.verdict == "apart" and not c.broken_at and s.metric.unit != "usd"]
    unsure = [s for s, c in found if c.verdict == "apart" and s not in moved]
    same = sum(c.verdict == "overlap" for _, c in found)
    rest = len(series) - len(moved) - len(unsure) - same
    said = []
    if len(moved) == 1:
        said.append(_movement(moved[0], " beyond the publisher’s bounds,"))
    elif moved:
        said.append(f"{_count(len(moved))} moved beyond the publisher’s bounds: {'; '.join(map(_movement, moved))}")
    if unsure:
        did = "more did too" if moved else "moved beyond the publisher’s bounds"
        said.append(f"{_count(len(unsure))} {did}, though prices or a change in the data may be part of it")
    if same:
        said.append(f"{_count(same)} {'is' if same == 1 else 'are'} not distinguishable from no change")
    if rest:
        said.append(f"{_count(rest)} {'has' if rest == 1 else 'have'} no published bounds to tell by")
    first, *others = said
    conditions = f"Of {len(series)} condition{'' if len(series) == 1 else 's'} measured around people in {place_name}"
    return ". ".join([f"{conditions}, {first}", *(words[:1].upper() + words[1:] for words in others)]) + "."


_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _count(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _summarise_tracker(place_name: str, series: tuple[Series, ...]) -> str:
    """Where the first series ended, in one sentence with its area."""
    if not series:
        return ""
    first = series[0]
    return f"{label_of(first)}, in {area_of(place_name, first)}: {_lower_first(describe_change(first))}"


def _movement(series: Series, how: str = "") -> str:
    """ "employment at ages 25-54 rose from 58.2% in 2014 to 66.1% in 2023"; only of series that moved."""
    found = change_of(series)
    assert found.first is not None and found.last is not None, "a series that moved has two ends"
    first, last = series.values[found.first], series.values[found.last]
    assert first is not None and last is not None, "a series is compared at two of its values"
    start, end = (
        f"{format_reading(series.values[i], series.metric.unit)} in "
        f"{period_label(series.periods[i], series.period_kind)}"
        for i in (found.first, found.last)
    )
    way = "rose" if last > first else "fell"
    return f"{_lower_first(label_of(series))} {way}{how} from {start} to {end}"


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
        Column("quality", "Publisher’s grade"),
        Column("note", "Remark"),
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

    def reading(value: float | None) -> Reading | None:
        return None if value is None else Reading(value, unit)

    for i in _measured(series):
        period, reason = series.periods[i], series.excluded_reasons[i]
        notes = [f"not shown: {reason}"] if reason else []
        notes += ["provisional"] if series.provisional[i] else []
        notes += [describe_change(series)] if i == last else []
        yield (
            label_of(series),
            area_of(place_name, series),
            period_label(period, series.period_kind),
            series.metric.unit_words,
            reading(series.values[i]),
            reading(series.lower[i]),
            reading(series.upper[i]),
            series.quality[i] or "none given",
            "; ".join(notes),
        )
