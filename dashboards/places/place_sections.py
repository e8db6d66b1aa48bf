"""The sections of a place's page that are drawn on the server, each of which fails alone."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError

from atlas.queries.groups import groups
from atlas.queries.measures import available_measures
from atlas.queries.tracts import place_tracts
from atlas.records.places import CityRecord, Headline, Place, Series, Source, any_sample
from dashboards.formatting.sentences import capitalize_first, join_with_and
from dashboards.panels import gaps
from dashboards.panels.catalog import ANSWERS, changing_of, cities_beside, failed_panel
from dashboards.panels.failed_panels import note_failed_panel
from dashboards.panels.measure_choice import choose_measure
from dashboards.panels.options import Options
from dashboards.panels.panel_view import PanelView
from dashboards.places.city_finding import city_finding
from dashboards.places.city_rows import cities_title, city_section, margins_in_words
from dashboards.places.group_rows import group_section
from dashboards.places.series_cards import areas_of, tracker_cards, yearly_cards

TRACKER = "changing-tracker"
# Panels with a place of their own on the page; the others follow in order.
PLACED = ("headline", "where", "distribution", "groups", "gaps", "changing", TRACKER)

Section = TypeVar("Section")
logger = logging.getLogger(__name__)


def place_sections(place: Place, options: Options, found: Headline, shown: dict[str, PanelView]) -> dict[str, Any]:
    """Context of the page. `shown` is its panels: the section of one that failed says so, and a section that can't be
    worked out counts as its panel's failure.
    """
    shown = dict(shown)
    usual = choose_measure(available_measures("tract"), None)
    series = changing_of(place, options) if isinstance(place, CityRecord) else None
    cities, beside = cities_beside(options)
    by_group = cache(partial(groups, place, weighting=options.weights))
    rows = _alone(place, shown, "headline", lambda: city_section(place, found, cities, beside))
    return {
        "finding": city_finding(place, found, place_tracts(place, usual.slug) if usual is not None else None),
        "groups": _alone(place, shown, "groups", lambda: group_section(place, by_group())),
        "gaps_in_brief": _alone(place, shown, "gaps", lambda: gaps.in_brief(place, by_group())),
        "cities": rows,
        "cities_title": cities_title(len(cities)),
        "cities_margins": "" if rows is None else margins_in_words(rows),
        "changing": series,
        "yearly": _cards(place, shown, "changing", yearly_cards, () if series is None else series.yearly),
        "tracker": _cards(place, shown, TRACKER, tracker_cards, () if series is None else series.tracker),
        "tracker_areas": "" if series is None else _areas(place.name, series.tracker),
        "tracker_panel": shown[TRACKER],
        "shown": shown,
        "rest": [one for name, one in shown.items() if name not in PLACED],
        "page_sources": publishers(source for one in shown.values() for source in one.panel.sources),
    }


def _cards(place: Place, shown: dict[str, PanelView], slug: str, build: Callable, series: tuple[Series, ...]) -> tuple:
    return _alone(place, shown, slug, lambda: build(place.name, series)) or ()


def _alone(place: Place, shown: dict[str, PanelView], slug: str, build: Callable[[], Section]) -> Section | None:
    """What `build` returns; None, a panel that says so and an entry in the log where it fails."""
    try:
        return build()
    except (*ANSWERS, OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("Section %s of %s %s could not be calculated", slug, place.kind, place.slug)
        note_failed_panel(slug)
        shown[slug] = PanelView(failed_panel(place, slug), shown[slug].query, shown[slug].method, place.has_geometry)
        return None


def _areas(place_name: str, tracker: tuple[Series, ...]) -> str:
    return capitalize_first(join_with_and(list(areas_of(place_name, tracker))))


@dataclass(frozen=True)
class Publisher:
    """What a page has from one publisher: how many files, and since when the latest of them is in use."""

    publisher: str
    files: int
    last: datetime
    is_sample: bool  # any of them


def publishers(sources: Iterable[Source]) -> tuple[Publisher, ...]:
    """In the order in which the page shows their numbers; each file counts once."""
    found: dict[str, dict[int, Source]] = {}
    for source in sources:
        found.setdefault(source.publisher, {})[source.release_id] = source
    return tuple(
        Publisher(name, len(files), max(one.activated_at for one in files.values()), any_sample(tuple(files.values())))
        for name, files in found.items()
    )
