"""What the home page of a stranger shows: the map, what the cities reported, and the ten cities on one axis."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.queries import cities as city_queries
from atlas.queries import headlines as headline_queries
from atlas.queries.live import live_sources
from atlas.records.places import CityRecord, Headline, Reference, Source, sample_share
from atlas.statistics.intervals import Z95
from dashboards.charts.marks.axis import Axis, percentile_axis
from dashboards.charts.marks.dot_row import DotMark
from dashboards.charts.us_map import NARROW, WIDE, MapDot, draw_us_map
from dashboards.formatting.benchmarks import HOW_ADJUSTED
from dashboards.formatting.estimates import format_difference
from dashboards.panels import headline
from dashboards.places.home_examples import search_examples
from engagements.people.queries.cities import ParticipationRecord, participations
from engagements.results.queries.published import (
    NOT_FOUND,
    SIZED,
    UNSIZED,
    ProjectRow,
    RecordOfCities,
    record_of_cities,
)

CLOSE = 0.2  # of the axis: labels nearer than this would touch


@dataclass(frozen=True)
class CityRow:
    """One city of the home page. `report`: its project and what was published of it, None without either."""

    city: CityRecord
    headline: Headline | None
    participation: ParticipationRecord | None
    report: ProjectRow | None = None
    mark: DotMark | None = None

    @property
    def has_value(self) -> bool:
        return self.headline is not None and self.headline.value is not None

    @property
    def interval(self) -> str:
        """The 95% interval of the mean in percentiles: "30.1 to 30.8"; "" without a standard error."""
        found = self.headline
        if found is None or found.value is None or found.standard_error is None:
            return ""
        half = Z95 * found.standard_error
        return join_ends(format_points(found.value - half), format_points(found.value + half))

    @property
    def before(self) -> str:
        """The mean of its tracts before adjustment: "31.1"; "" without one."""
        return "" if self.headline is None else format_points(self.headline.raw_value, missing="")

    @property
    def moved(self) -> str:
        """ "−0.85 (5.1 standard errors)", or "none" and why."""
        found = self.headline
        if found is None or found.adjustment is None:
            return "none"
        in_errors = found.adjustment_in_errors
        times = "" if in_errors is None else f" ({abs(in_errors):.1f} standard errors)"
        return f"{format_difference(found.adjustment, 'rank')}{times}"


@dataclass(frozen=True)
class ReportCount:
    """Cities of one kind of result: how many, what kind, the lines that name them."""

    number: int
    label: str
    lines: tuple[tuple[str, str, str], ...]  # (city, what it reported with its design, source)
    cities: tuple[str, ...] = ()  # named in one sentence where nothing was found


def home_page() -> dict[str, Any]:
    """Everything the page shows to a stranger."""
    record = record_of_cities()
    rows = home_rows(record)
    wide, narrow = home_maps(rows)
    marks = [row.mark for row in rows if row.mark]
    return {
        "rows": rows,
        "examples": search_examples(tuple(row.city for row in rows), _told(rows)),
        "wide": wide,
        "narrow": narrow,
        "axis": shared_axis(rows),
        "has_hollow": any(mark.is_hollow for mark in marks),
        "has_margin": any(not mark.is_hollow for mark in marks),
        "has_before": any(mark.ring is not None for mark in marks),
        "nation": nation_of(rows),
        "reasons": missing_errors(rows),
        "adjustment_reasons": adjustment_reasons(rows),
        "sources": sources_of(rows),
        "shows_sample": sample_of(rows),
        "record": record,
        "reported": reported_counts(rows),
        "compared": ",".join(row.city.slug for row in rows if row.has_value),
        "number_word": _number_word(len(rows)),
    }


def _told(rows: tuple[CityRow, ...]) -> str:
    """The slug of the first city that reported a size, "" without one."""
    return next((row.city.slug for row in rows if row.report and row.report.kind == SIZED), "")


def home_rows(record: RecordOfCities | None = None) -> tuple[CityRow, ...]:
    """Every city with its headline, when there is one, by name."""
    cities = city_queries.cities()
    headlines = headline_queries.headlines(cities)
    statuses, record = participations(), record or record_of_cities()
    return tuple(
        CityRow(city, found, statuses.get(city.slug), record.of(city.slug), _mark(city, found))
        for city, found in ((city, headlines.get(city.slug)) for city in cities)
    )


def _mark(city: CityRecord, found: Headline | None) -> DotMark | None:
    """The city on the axis of percentiles: filled with a margin, hollow without; gray before adjustment."""
    if found is None or found.value is None:
        return None
    us = next((one.value for one in found.references if one.kind == "nation"), None)
    error = found.standard_error
    words = _("%(city)s: %(here)s percentile; United States: %(us)s.") % {
        "city": city.name,
        "here": format_percentile(found.value),
        "us": format_percentile(us),
    }
    low, high = (None, None) if error is None else (found.value - Z95 * error, found.value + Z95 * error)
    was = found.raw_value if found.adjustment else None
    value, nation, before, bottom, top = (
        None if one is None else 100 * one for one in (found.value, us, was, low, high)
    )
    return DotMark(
        words,
        value,
        us=nation,
        ring=before,
        low=bottom,
        high=top,
        is_hollow=error is None,
        has_shortfall=False,
        us_is_rule=True,
    )


def shared_axis(rows: tuple[CityRow, ...]) -> Axis | None:
    """One axis for every city; the nation has a label of its own in place of those near it. None without a value."""
    marks = [row.mark for row in rows if row.mark]
    if not marks:
        return None
    axis = percentile_axis(end for mark in marks for end in (mark.value, mark.us, mark.ring, mark.low, mark.high))
    us = next((mark.us for mark in marks if mark.us is not None), None)
    if us is None:
        return axis
    kept = tuple(tick for tick in axis.ticks if abs(axis.share(tick[0]) - axis.share(us)) > CLOSE)
    label = _("US %(us)s") % {"us": format_percentile(us / 100)}
    return replace(axis, ticks=(*kept, (us, label)))


def nation_of(rows: tuple[CityRow, ...]) -> Reference | None:
    """The average low-income child of the nation by the same arithmetic; None while no city has a mean."""
    beside = (one for row in rows if row.has_value and row.headline for one in row.headline.references)
    return next((one for one in beside if one.kind == "nation" and one.value is not None), None)


def reported_counts(rows: tuple[CityRow, ...]) -> tuple[ReportCount, ...]:
    """With a size, without one, none found; kinds without a city are left out. Nothing where no city has a record."""
    told = [(row.city.name, row.report) for row in rows if row.report]
    sized, unsized, none = (
        [(name, one) for name, one in told if one.kind == kind] for kind in (SIZED, UNSIZED, NOT_FOUND)
    )
    found = (
        ReportCount(len(sized), ngettext("reported a size", "reported a size", len(sized)), _lines(sized)),
        ReportCount(len(unsized), _("reported a result without a size"), _lines(unsized)),
        ReportCount(len(none), _("no published result found"), (), tuple(name for name, _one in none)),
    )
    return tuple(one for one in found if one.number)


def _lines(told: list[tuple[str, ProjectRow]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, one.finding, one.cited) for name, one in told)


def sources_of(rows: tuple[CityRow, ...]) -> tuple[Source, ...]:
    """Sources of the numbers on the home page, each once; of everything live while there are none."""
    shown = {s.release_id: s for row in rows if row.headline for s in row.headline.sources}
    return tuple(shown.values()) or live_sources()


def sample_of(rows: tuple[CityRow, ...]) -> str:
    """How much of the numbers on the home page was generated: "none", "some" or "all"."""
    shown = (row.headline for row in rows if row.headline and row.headline.value is not None)
    return sample_share(headline.is_sample for headline in shown)


def missing_errors(rows: tuple[CityRow, ...]) -> tuple[str, ...]:
    """Why cities have no standard error, each reason once."""
    shown = [row.headline for row in rows if row.headline and row.headline.standard_error is None]
    return tuple(dict.fromkeys(reason for found in shown if (reason := headline.uncertainty(found))))


def adjustment_reasons(rows: tuple[CityRow, ...]) -> tuple[str, ...]:
    """What the adjustment is, and why cities have none, each reason once; nothing while no city has a mean."""
    shown = [row.headline for row in rows if row.headline and row.headline.value is not None]
    why = dict.fromkeys(found.basis_reason for found in shown if found.basis_reason)
    return (*([HOW_ADJUSTED.rstrip(".")] if shown else []), *(f"Not adjusted: {reason}" for reason in why))


def home_maps(rows: tuple[CityRow, ...]) -> tuple[str, str]:
    """The same map twice, drawn for a desk and for a phone."""
    is_mixed = len({row.headline.is_sample for row in rows if row.headline and row.headline.value is not None}) > 1
    dots = tuple(_dot(row, is_mixed) for row in rows)
    return _draw(dots, WIDE), _draw(dots, NARROW)


def _dot(row: CityRow, is_mixed: bool) -> MapDot:
    """A city without a value has no number; what was generated has a star where other numbers were not."""
    city, found, address = row.city, row.headline, f"/cities/{row.city.slug}/"
    if found is None or found.value is None:
        return MapDot(city.name, "", city.longitude, city.latitude, address, False)
    number = format_percentile(found.value) + "*" * (is_mixed and found.is_sample)
    return MapDot(city.name, number, city.longitude, city.latitude, address, found.is_sample)


@lru_cache(maxsize=8)
def _draw(dots: tuple[MapDot, ...], size) -> str:
    return draw_us_map(list(dots), size)


def _number_word(number: int) -> str:
    """As a headline has it: "ten"; figures beyond twelve."""
    words = (
        _("no"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
        _("ten"), _("eleven"), _("twelve"),
    )  # fmt: skip
    return words[number] if number < len(words) else str(number)
