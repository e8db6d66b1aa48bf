"""What the page of a comparison shows besides the panels: cities and counties in rows, groups and series in columns."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.queries.observations import many_series
from atlas.records.places import CityRecord, Headline, MeasureRecord, Reference
from atlas.statistics.intervals import Z95
from atlas.statistics.pairwise import Pair, compare_pairs
from dashboards.charts.marks.axis import Axis, percentile_axis
from dashboards.charts.marks.dot_row import DotMark
from dashboards.charts.marks.line import shared_range
from dashboards.formatting.sentences import join_with_and
from dashboards.places.group_rows import GapWords, GroupRow, GroupSection
from dashboards.places.series_cards import SeriesCard, yearly_cards

# One of each kind of condition; all that a city has are on its own page.
SERIES = ("share_employed", "pctl_income_20", "share_in_preschool", "share_poverty_exposure")
Side = Literal["below", "above", "both", "unknown"]
# Some pair differs; no pair does; a row has no margin, so nothing is decided; one row, or none.
Verdict = Literal["clear", "close", "unknown", "alone"]


@dataclass(frozen=True)
class PlaceRow:
    """A city or county on the shared axis; `margin` "" where the file loaded here has none."""

    name: str
    mark: DotMark
    value: str
    margin: str


@dataclass(frozen=True)
class PlaceBlock:
    """Rows that may be compared with each other; `said`: which differ."""

    rows: tuple[PlaceRow, ...]
    verdict: Verdict
    said: str


@dataclass(frozen=True)
class Standing:
    """Cities, then their counties, on one axis with the nation."""

    cities: PlaceBlock
    counties: PlaceBlock
    axis: Axis
    nation: str


@dataclass(frozen=True)
class GroupLine:
    """One group in every city's column; None where nothing is known of it."""

    name: str
    cells: tuple[GroupRow | None, ...]


@dataclass(frozen=True)
class GapLine:
    """One gap in every city's column."""

    name: str
    cells: tuple[GapWords | None, ...]


@dataclass(frozen=True)
class GroupTable:
    """`grounds`: whose children each column's numbers are of."""

    grounds: tuple[str, ...]
    lines: tuple[GroupLine, ...]
    gaps: tuple[GapLine, ...]
    axis: Axis


@dataclass(frozen=True)
class SeriesLine:
    """One condition in every city's column, on one y scale."""

    title: str
    cells: tuple[SeriesCard | None, ...]


def default_cities(cities: tuple[CityRecord, ...], number: int = 3) -> tuple[CityRecord, ...]:
    """The cities with the most census tracts, A to Z: a choice that rests on no result."""
    largest = sorted(cities, key=lambda city: (-city.tract_count, city.name))[:number]
    return tuple(city for city in cities if city in largest)


def finding(cities: tuple[CityRecord, ...], headlines: dict[str, Headline], measure: MeasureRecord) -> str:
    """On which side of the nation the cities are; their names alone where one is too close to call, where that is not
    known, and for what is no rank of income."""
    names = join_with_and([city.name for city in cities])
    side = _side([headlines[city.slug] for city in cities])
    if measure.unit != "rank" or side == "unknown":
        return _("%(cities)s side by side") % {"cities": names}
    if len(cities) == 1 or side != "both":
        less = _("Low-income children from %(cities)s reached less income than children like them nationally.")
        more = _("Low-income children from %(cities)s reached more income than children like them nationally.")
        return (less if side == "below" else more) % {"cities": names}
    above = [city.name for city in cities if _is_above(headlines[city.slug])]
    return ngettext(
        "Among %(cities)s, only %(above)s is above the nation.",
        "Among %(cities)s, %(above)s are above the nation.",
        len(above),
    ) % {"cities": names, "above": join_with_and(above)}


def nation_of(headlines: Iterable[Headline]) -> Reference | None:
    """The nation by the same arithmetic; None where no city has a value."""
    beside = (one for found in headlines if found.value is not None for one in found.references)
    return next((one for one in beside if one.kind == "nation" and one.value is not None), None)


def _side(found: list[Headline]) -> Side:
    nation = nation_of(found)
    values = [one.value for one in found if one.value is not None]
    if nation is None or nation.value is None or len(values) < len(found):
        return "unknown"
    if any(_is_close(one, nation.value) for one in found):
        return "unknown"
    sides = {value > nation.value for value in values}
    return "both" if len(sides) == 2 else "above" if True in sides else "below"


def _is_close(found: Headline, nation: float) -> bool:
    """Whether the nation lies within a city's 95% margin; False without one, where the sentence is of estimates."""
    if found.value is None or found.standard_error is None:
        return False
    return abs(found.value - nation) <= Z95 * found.standard_error


def _is_above(found: Headline) -> bool:
    nation = nation_of([found])
    return found.value is not None and nation is not None and nation.value is not None and found.value > nation.value


def standing(cities: tuple[CityRecord, ...], headlines: dict[str, Headline]) -> Standing | None:
    """None where no city has a value of the measure, or it is no rank or share."""
    known = [(city.name, headlines[city.slug]) for city in cities if headlines[city.slug].value is not None]
    if not known:
        return None
    nation = nation_of(found for _name, found in known)
    us = None if nation is None else nation.value
    counties = {
        one.name: one
        for _name, found in known
        for one in found.references
        if one.kind == "county" and one.value is not None
    }
    rows = [_place_row(name, found.value, found.standard_error, us) for name, found in known]
    beside = [_place_row(name, one.value, one.standard_error, us) for name, one in counties.items()]
    marks = [row.mark for row in (*rows, *beside)]
    axis = percentile_axis(end for mark in marks for end in (mark.value, mark.us, mark.low, mark.high))
    if us is not None:
        axis = _with_nation(axis, 100 * us)
    return Standing(
        _block(rows, [(name, found.value, found.standard_error) for name, found in known]),
        _block(beside, [(name, one.value, one.standard_error) for name, one in counties.items()]),
        axis,
        format_percentile(us),
    )


def _with_nation(axis: Axis, us: float) -> Axis:
    """The nation's label in place of those it would touch."""
    kept = tuple(tick for tick in axis.ticks if abs(axis.share(tick[0]) - axis.share(us)) > CLOSE)
    return replace(axis, ticks=(*kept, (us, _("US %(us)s") % {"us": format_percentile(us / 100)})))


CLOSE = 0.12  # of the axis


def _place_row(name: str, value: float | None, error: float | None, us: float | None) -> PlaceRow:
    assert value is not None, "only places with a value are rows"
    low, high = (None, None) if error is None else (value - Z95 * error, value + Z95 * error)
    points = [None if one is None else 100 * one for one in (value, us, low, high)]
    margin = "" if low is None or high is None else join_ends(format_points(low), format_points(high))
    words = _("%(place)s: %(value)s") % {"place": name, "value": format_points(value)}
    mark = DotMark(
        f"{words}, {margin}" if margin else words,
        points[0],
        us=points[1],
        low=points[2],
        high=points[3],
        is_hollow=error is None,
        has_shortfall=False,
    )
    return PlaceRow(name, mark, format_points(value), margin)


def _block(rows: list[PlaceRow], found: list[tuple[str, float | None, float | None]]) -> PlaceBlock:
    """Pairs are told apart only where every row has a margin, with margins that hold for all pairs together."""
    errors = [error for _name, _value, error in found if error is not None]
    values = [value for _name, value, _error in found if value is not None]
    if len(rows) < 2:
        return PlaceBlock(tuple(rows), "alone", "")
    if len(errors) < len(rows):
        return PlaceBlock(
            tuple(rows), "unknown", _("Not all have a margin of error in the files loaded here: no order among them.")
        )
    pairs = compare_pairs(tuple(values), tuple(errors))
    names = [name for name, _value, _error in found]
    clear = [_pair(pair, names) for pair in pairs if pair.is_clear]
    if not clear:
        return PlaceBlock(tuple(rows), "close", _("No two differ clearly: no order among them."))
    said = "; ".join(clear)
    rest = len(pairs) - len(clear)
    close = ngettext(" %(n)s pair is too close to call.", " %(n)s pairs are too close to call.", rest) % {"n": rest}
    return PlaceBlock(tuple(rows), "clear", f"{said}.{close if rest else ''}")


def _pair(pair: Pair, names: list[str]) -> str:
    return _("%(first)s is %(points)s above %(second)s (%(range)s)") % {
        "first": names[pair.first],
        "second": names[pair.second],
        "points": format_points(pair.difference),
        "range": join_ends(format_points(pair.low), format_points(pair.high)),
    }


def group_table(columns: tuple[GroupSection, ...]) -> GroupTable | None:
    """Groups that some column knows, in the order of the first that has them; None without any."""
    held = [{row.name: row for block in one.blocks for row in block.rows} for one in columns]
    names = tuple(dict.fromkeys(name for one in held for name in one))
    if not names:
        return None
    gaps = [{block.gap.words: block.gap for block in one.blocks if block.gap} for one in columns]
    marks = [row.mark for one in held for row in one.values()]
    return GroupTable(
        tuple(one.ground for one in columns),
        tuple(GroupLine(name, tuple(one.get(name) for one in held)) for name in names),
        tuple(
            GapLine(words, tuple(one.get(words) for one in gaps))
            for words in dict.fromkeys(words for one in gaps for words in one)
        ),
        percentile_axis(end for mark in marks for end in (mark.value, mark.us, mark.low, mark.high)),
    )


def series_table(cities: tuple[CityRecord, ...]) -> tuple[SeriesLine, ...]:
    """One condition a row, one y scale across it. At most five statements a city."""
    columns = []
    for city in cities:
        found = many_series("place", city.place_geoid, tuple((key, "") for key in SERIES))
        columns.append({key: yearly_cards(city.name, (found[key, ""],))[0] for key in SERIES if (key, "") in found})
    return tuple(_line(cells) for key in SERIES if any(cells := tuple(column.get(key) for column in columns)))


def _line(cells: tuple[SeriesCard | None, ...]) -> SeriesLine:
    known = [cell for cell in cells if cell is not None]
    y_range = shared_range(tuple(cell.mark for cell in known))
    shown = tuple(None if cell is None else replace(cell, mark=replace(cell.mark, y_range=y_range)) for cell in cells)
    return SeriesLine(known[0].title, shown)
