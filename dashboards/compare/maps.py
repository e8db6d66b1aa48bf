"""The map and the histogram of each city compared: one national scale, one x axis, one top."""

from dataclasses import dataclass, replace
from html import escape

import numpy as np
from django.utils.safestring import SafeString, mark_safe

from atlas.drawing.frame import HEIGHT, WIDTH
from atlas.queries.measures import available_measures
from atlas.records.places import CityRecord, MeasureRecord, PlaceTracts
from dashboards.maps.city_svg import CityMap, map_group
from dashboards.maps.legend import Histogram, draw_legend
from dashboards.panels.options import Options
from dashboards.places.city_map import ShownMap, histogram_of, shown_map

DOLLARS = "_usd_2015"  # an income rank is mapped as the income at that rank, as on a city's own page


@dataclass(frozen=True)
class SmallMap:
    """`svg` "" while the city has no outlines; `above`: (how many, of how many with a value), None without a middle."""

    svg: SafeString
    histogram: SafeString
    above: tuple[int, int] | None


def mapped_measure(measure: MeasureRecord) -> str:
    """The slug whose values are drawn."""
    live = {one.slug for one in available_measures("tract")}
    in_dollars = f"{measure.slug}{DOLLARS}"
    return in_dollars if in_dollars in live else measure.slug


def small_maps(cities: tuple[CityRecord, ...], measure: MeasureRecord) -> dict[str, SmallMap]:
    """By slug; cities without outlines are left out."""
    slug = mapped_measure(measure)
    shown = {city.slug: found for city in cities if (found := shown_map(city, Options(measure=slug)))}
    drawn = {slug: histogram_of(one.tracts, one.classes) for slug, one in shown.items()}
    top = max((one.top for one in drawn.values()), default=None)
    return {slug: _small(one, drawn[slug], top) for slug, one in shown.items()}


def _small(shown: ShownMap, histogram: Histogram, top: float | None) -> SmallMap:
    # Half as wide as on the city's page: names would be too small to read, so there are none.
    quiet = replace(
        shown.map,
        drawing=replace(shown.map.drawing, names=()),
        layers=replace(shown.map.layers, water_names=(), shields=()),
        years="",
        tracts=tuple(replace(mark, href="") for mark in shown.map.tracts),
    )
    return SmallMap(
        mark_safe(_picture(quiet, shown.place.slug)),  # noqa: S308 - escaped when drawn
        mark_safe(draw_legend(histogram, top=top)),  # noqa: S308 - as above
        _above(shown.tracts),
    )


def _picture(drawn: CityMap, slug: str) -> str:
    """The painted map as one picture; its ids are its own, for several stand on a page."""
    painted = map_group(drawn)
    for name in ("map-frame", "hatch"):
        painted = painted.replace(f'id="{name}"', f'id="{name}-{slug}"').replace(
            f"url(#{name})", f"url(#{name}-{slug})"
        )
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(drawn.title)}">{painted}</svg>'


def _above(tracts: PlaceTracts) -> tuple[int, int] | None:
    if tracts.national_middle is None:
        return None
    own = tracts.values[np.asarray(tracts.belongs, dtype=bool)]
    known = own[np.isfinite(own)]
    return int(np.sum(known > tracts.national_middle)), int(known.size)
