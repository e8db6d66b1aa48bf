"""The rows of a tract's page: each measure on a scale of US tracts, and the tract beside its neighbors."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from atlas.formatting.money import format_dollars_to_hundred
from atlas.formatting.tract_names import tract_number
from atlas.records.places import TractValue
from atlas.records.surroundings import NearbyTract, Surroundings
from dashboards.charts.marks.axis import Axis, fit_axis
from dashboards.charts.marks.dot_row import DotMark
from dashboards.formatting.estimates import format_in_prose, format_tick
from dashboards.formatting.sentences import with_dashes
from dashboards.formatting.shown_dollars import in_shown_dollars
from dashboards.places.tract_finding import ABOVE, BELOW, CLOSE, LEVEL, direction, headline_of, said

SCALE = Axis(0.0, 100.0)
MOST_NEIGHBORS = 8


@dataclass(frozen=True)
class Direction:
    """`mark`: a triangle for the eye, "" for none."""

    mark: str
    words: str


@dataclass(frozen=True)
class ScaleRow:
    label: str
    about: str
    mark: DotMark
    here: str
    city: str
    nation: str
    directions: tuple[Direction, ...]


@dataclass(frozen=True)
class ScaleGroup:
    title: str
    about: str
    rows: tuple[ScaleRow, ...]


@dataclass(frozen=True)
class Missing:
    """Measures without a value here, and why."""

    labels: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class NeighborRow:
    geoid: str  # "" for the city's typical neighborhood
    title: str
    mark: DotMark
    value: str
    is_this: bool = False


@dataclass(frozen=True)
class BesideNeighbors:
    sentence: str
    note: str
    rows: tuple[NeighborRow, ...]
    axis: Axis


def scale_groups(values: tuple[TractValue, ...], city: str) -> tuple[ScaleGroup, ...]:
    """Outcomes of those who grew up here, then of those who lived here later; groups without a row are left out."""
    outcomes = tuple(_scale_row(v, city) for v in values if v.measure.group == "outcome" and v.percentile is not None)
    later = tuple(_scale_row(v, city) for v in values if v.measure.group != "outcome" and v.percentile is not None)
    groups = (
        ScaleGroup(_("People who grew up here"), _("born 1978–83, wherever they live now"), outcomes),
        ScaleGroup(_("People who lived here later"), _("all residents, in the years named"), later),
    )
    return tuple(group for group in groups if group.rows)


def missing_measures(values: tuple[TractValue, ...]) -> Missing | None:
    """None where every listed measure has a value."""
    without = [value for value in values if value.value is None]
    if not without:
        return None
    return Missing(tuple(with_dashes(value.measure.label) for value in without), without[0].reason)


def _scale_row(value: TractValue, city: str) -> ScaleRow:
    unit = value.measure.unit
    here, middle, nation = (said(number, unit) for number in (value.value, value.city_middle, value.national_middle))
    directions = _directions(value, city)
    words = _("{measure}: {here}; {directions}").format(
        measure=with_dashes(value.measure.label), here=here, directions=", ".join(one.words for one in directions)
    )
    mark = DotMark(
        words,
        value.percentile,
        us=50.0,
        ring=value.city_percentile if city else None,
        low=value.low_percentile,
        high=value.high_percentile,
        has_shortfall=False,
    )
    return ScaleRow(
        with_dashes(value.measure.label),
        with_dashes(value.measure.population.removesuffix(", born 1978–83").removesuffix(", born 1978-83")),
        mark,
        here,
        middle if city and value.city_middle is not None else "",
        nation if value.national_middle is not None else "",
        directions,
    )


def _directions(value: TractValue, city: str) -> tuple[Direction, ...]:
    """Above Detroit, below US. Never good or bad: higher is more of what the row names."""
    beside_city = direction(value, value.city_middle) if city else ""
    beside_us = direction(value, value.national_middle)
    marks = {ABOVE: "▲", BELOW: "▼", LEVEL: "", CLOSE: ""}
    both = {ABOVE: _("Above both"), BELOW: _("Below both"), LEVEL: _("Level with both"), CLOSE: _("Too close to call")}
    if beside_city and beside_city == beside_us:
        return (Direction(marks[beside_us], both[beside_us]),)
    words = {
        ABOVE: _("above {what}"),
        BELOW: _("below {what}"),
        LEVEL: _("level with {what}"),
        CLOSE: _("too close to call beside {what}"),
    }
    parts = [(beside_city, city), (beside_us, _("US"))]
    found = [Direction(marks[way], words[way].format(what=what)) for way, what in parts if way]
    if found:
        found[0] = Direction(found[0].mark, found[0].words[:1].upper() + found[0].words[1:])
    return tuple(found)


def beside_neighbors(around: Surroundings | None, values: tuple[TractValue, ...], city: str) -> BesideNeighbors | None:
    """None without an outline, without neighbors, or where neither the tract nor one of them has a value."""
    lead = headline_of(values)
    if around is None or lead is None or not around.neighbors:
        return None
    beside = sorted(around.neighbors[:MOST_NEIGHBORS], key=lambda one: (one.value is None, one.title, one.geoid))
    known = [one for one in beside if one.value is not None]
    if not known:
        return None
    unit = lead.measure.unit
    factor = 1.0 if unit.startswith("usd") else 100.0
    middle = lead.city_middle if city else None
    numbers = [lead.value, lead.national_middle, middle, *(one.value for one in known)]
    axis = fit_axis([None if number is None else number * factor for number in numbers], label=_label(unit))

    def row(name: str, number: float | None, *, is_this: bool = False, is_hollow: bool = False) -> DotMark:
        text = format_in_prose(number, unit)
        return DotMark(
            f"{name}: {text}",
            None if number is None else number * factor,
            us=None if lead.national_middle is None else lead.national_middle * factor,
            is_this=is_this,
            is_hollow=is_hollow,
            has_shortfall=False,
        )

    title = around.itself.title
    names = _told_apart(around.itself, beside)
    rows = [
        NeighborRow(around.geoid, title, row(title, lead.value, is_this=True), format_in_prose(lead.value, unit), True)
    ]
    if middle is not None:
        name = _("Typical in {city}").format(city=city)
        rows.append(NeighborRow("", name, row(name, middle, is_hollow=True), format_in_prose(middle, unit)))
    rows += [
        NeighborRow(one.geoid, names[one.geoid], row(names[one.geoid], one.value), format_in_prose(one.value, unit))
        for one in beside
    ]
    nearest = next(one for one in around.neighbors if one.value is not None)
    return BesideNeighbors(
        _next_door(nearest, lead, unit),
        _("One census tract rests on few children. Read it with its neighbors."),
        tuple(rows),
        axis,
    )


def _told_apart(itself: NearbyTract, beside: list[NearbyTract]) -> dict[str, str]:
    """Names by GEOID; tracts of one neighborhood carry their numbers as well."""
    every = [itself, *beside]
    twice = {one.title for one in every if sum(other.title == one.title for other in every) > 1}
    return {one.geoid: f"{one.title} ({tract_number(one.geoid)})" if one.title in twice else one.title for one in every}


def _label(unit: str) -> Callable[[float], str]:
    if unit.startswith("usd"):
        return lambda number: format_tick(number, unit)
    return lambda number: f"{number:g}"


def _next_door(nearest: NearbyTract, lead: TractValue, unit: str) -> str:
    """Next door in North Corktown: $20,100, about $8,000 less a year."""
    theirs = format_in_prose(nearest.value, unit)
    if lead.value is None or nearest.value is None or not unit.startswith("usd"):
        return _("Next door in {place}: {value}.").format(place=nearest.title, value=theirs)
    gap = nearest.value - lead.value
    if abs(gap) < 500:
        return _("Next door in {place}: {value}, about the same.").format(place=nearest.title, value=theirs)
    about = format_dollars_to_hundred(abs(in_shown_dollars(gap, unit)))
    words = (
        _("Next door in {place}: {value}, about {gap} more a year.")
        if gap > 0
        else _("Next door in {place}: {value}, about {gap} less a year.")
    )
    return words.format(place=nearest.title, value=theirs, gap=about)
