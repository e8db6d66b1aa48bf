"""The page of a comparison, composed from queries, panels and rows; no request, no HTML."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from atlas.queries import groups as group_queries
from atlas.queries import headlines as headline_queries
from atlas.queries.live import Generation, live_generation
from atlas.records.places import CityRecord, Headline, MeasureRecord, Reference, sample_share
from dashboards.compare.comparison import comparable_measures, compare_cities
from dashboards.compare.maps import SmallMap, small_maps
from dashboards.compare.side_by_side import (
    GroupTable,
    PlaceBlock,
    SeriesLine,
    Standing,
    finding,
    group_table,
    nation_of,
    series_table,
    standing,
)
from dashboards.formatting.sentences import join_with_and
from dashboards.formatting.shown_dollars import cached_by_dollars, is_today
from dashboards.panels.options import TODAY
from dashboards.panels.panel_view import PanelView
from dashboards.places.group_rows import GroupRow, group_section
from engagements.results.queries.published import ProjectRow, record_of_cities

MOST_SHOWN = 4  # columns that a page holds; files and the API take more


@dataclass(frozen=True)
class Column:
    """One city. `without`: the address without it, "" where it is the only one."""

    city: CityRecord
    headline: Headline
    report: ProjectRow | None
    without: str
    map: SmallMap | None


@dataclass(frozen=True)
class Addition:
    """A city that can be added, and the address with it."""

    city: CityRecord
    query: str


@dataclass(frozen=True)
class _Parts:
    """What takes time, kept until something is flipped."""

    title: str
    nation: Reference | None
    standing: Standing | None
    groups: GroupTable | None
    series: tuple[SeriesLine, ...]
    headlines: dict[str, Headline]
    maps: dict[str, SmallMap]


def compare_page(everybody: tuple[CityRecord, ...], asked: tuple[CityRecord, ...], wanted: str) -> dict[str, Any]:
    """Everything the page shows. Raises UnknownChoice for a measure nobody offers."""
    found = compare_cities(asked, wanted)
    cities, measure = asked[:MOST_SHOWN], found.measure
    slugs = [city.slug for city in cities]
    parts = _parts(live_generation(), cities, measure) if measure and cities else None
    record = record_of_cities()
    query = _query([city.slug for city in asked], measure)
    columns = (
        [
            Column(
                city,
                parts.headlines[city.slug],
                record.of(city.slug),
                _query([slug for slug in slugs if slug != city.slug], measure) if len(slugs) > 1 else "",
                parts.maps.get(city.slug),
            )
            for city in cities
        ]
        if parts
        else []
    )
    return {
        "columns": columns,
        "additions": [
            Addition(city, _query([*slugs, city.slug], measure)) for city in everybody if city.slug not in slugs
        ]
        if len(slugs) < MOST_SHOWN
        else [],
        "left_out": len(asked) - len(cities),
        "most": MOST_SHOWN,
        "parts": parts,
        "blocks": _blocks(parts.standing) if parts and parts.standing else (),
        "heads": list(zip(columns, parts.groups.grounds, strict=True)) if parts and parts.groups else [],
        "group_lines": _named_cells(parts.groups) if parts and parts.groups else [],
        "series": [(line.title, list(zip(columns, line.cells, strict=True))) for line in parts.series] if parts else [],
        "record": record,
        "found": found,
        "names": join_with_and([city.name for city in cities]),
        "shown": [PanelView(panel, query, "compare") for panel in found.panels],
        "measures": comparable_measures(),
        "query": query,
        "slugs": ",".join(slugs),
        "shows_sample": sample_share(s.is_sample for panel in found.panels for s in panel.sources),
    }


def _blocks(found: Standing) -> tuple[tuple[str, PlaceBlock], ...]:
    return (_("Cities"), found.cities), (_("Counties"), found.counties)


def _named_cells(found: GroupTable) -> list[tuple[str, list[tuple[str, GroupRow | None]]]]:
    """Each group with (whose children, its row) of every column: on a phone a cell stands alone."""
    return [(line.name, list(zip(found.grounds, line.cells, strict=True))) for line in found.lines]


def _query(slugs: list[str], measure: MeasureRecord | None) -> str:
    asked = {"cities": ",".join(slugs), "measure": measure.slug if measure else ""}
    return urlencode(asked | ({"dollars": TODAY} if is_today() else {}), safe=",")


@cached_by_dollars(maxsize=64)
def _parts(token: Generation, cities: tuple[CityRecord, ...], measure: MeasureRecord) -> _Parts:
    headlines = headline_queries.headlines(cities, measure.slug)
    groups = tuple(group_section(city, group_queries.groups(city)) for city in cities)
    return _Parts(
        finding(cities, headlines, measure),
        nation_of(headlines.values()),
        standing(cities, headlines),
        group_table(groups),
        series_table(cities),
        {city.slug: headlines[city.slug] for city in cities},
        small_maps(cities, measure),
    )
