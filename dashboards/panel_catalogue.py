"""Every panel there is, by name: the page, the API, the CSV, the pictures and the slides all build it here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from atlas import queries
from atlas.records import ChangingSeries, CityRecord, MeasureRecord, Place, PlaceTracts
from dashboards.measure_choice import choose_measure
from dashboards.method_entries import CHANGING, CITY_MEAN, PERCENTILES, TIERS
from dashboards.options import Options, UnknownChoice
from dashboards.panels import changing, distribution, headline, where
from dashboards.panels.base import Panel

HISTOGRAM_BINS = 30


@dataclass(frozen=True)
class PanelKind:
    """`takes` names the options that change it; `page` is where it stands: "city" or "analysis"."""

    slug: str
    build: Callable[[Place, Options], Panel]
    takes: frozenset[str]
    page: str
    method: str  # anchor on /methods/


class NoSuchPanel(LookupError):
    """A panel nobody has; the message lists those there are."""


def panel(place: Place, slug: str, options: Options) -> Panel:
    """A panel of a place, kept until something is flipped. Raises NoSuchPanel and UnknownChoice."""
    kind = KINDS.get(slug)
    if kind is None:
        raise NoSuchPanel(f"There is no panel '{slug[:60]}'. There are: {', '.join(KINDS)}.")
    return _panel(queries.live_token(), place, slug, options.only(kind.takes))


@lru_cache(maxsize=256)
def _panel(token: queries.Token, place: Place, slug: str, options: Options) -> Panel:
    return KINDS[slug].build(place, options)


def chosen_measure(options: Options) -> MeasureRecord | None:
    """The measure asked for, or the default; None while there is none at all. Raises UnknownChoice."""
    measures = queries.available_measures("tract")
    found = choose_measure(measures, options.measure)
    if found is None and options.measure:
        raise UnknownChoice("measure", options.measure, {known.slug: known.label for known in measures})
    return found


def chosen_overlay(place: Place, options: Options) -> PlaceTracts | None:
    """The characteristic drawn over the map. Raises UnknownChoice for what is no live characteristic."""
    if not options.overlay:
        return None
    offered = overlays()
    if options.overlay not in offered:
        raise UnknownChoice("overlay", options.overlay, offered)
    return queries.place_tracts(place, options.overlay)


def overlays() -> dict[str, str]:
    """Characteristics that can be drawn over the map: slug -> label."""
    return {m.slug: m.label for m in queries.available_measures("tract") if m.group == "characteristic"}


def _headline(place: Place, options: Options) -> Panel:
    return headline.build(place, queries.headline(place, weighting=options.weights))


def _where(place: Place, options: Options) -> Panel:
    slug = _needed(options).slug
    tracts, known = queries.place_tracts(place, slug), queries.tract_statistics(place, slug)
    return where.build(tracts, known, options.view, chosen_overlay(place, options))


def _distribution(place: Place, options: Options) -> Panel:
    slug = _needed(options).slug
    edges, shares = queries.national_histogram(slug, bins=HISTOGRAM_BINS)
    return distribution.build(queries.place_tracts(place, slug), edges, shares)


def _changing(place: Place, options: Options) -> Panel:
    return changing.build(place.name, _series(place, options).yearly)


def _tracker(place: Place, options: Options) -> Panel:
    return changing.build_tracker(place.name, _series(place, options).tracker)


def _series(place: Place, options: Options) -> ChangingSeries:
    """Places and counties are measured every year, tracts are not: an area has no series of its own."""
    if place.kind == "area":
        return ChangingSeries((), (), (), ())
    return changing_of(place, options)


def changing_of(city: CityRecord, options: Options) -> ChangingSeries:
    """The series shown and offered, kept until something is flipped. Raises UnknownChoice."""
    return _changing_series(queries.live_token(), city, options.metrics)


@lru_cache(maxsize=64)
def _changing_series(token: queries.Token, city: CityRecord, metrics: tuple[str, ...]) -> ChangingSeries:
    try:
        return queries.changing_series(city, metrics)
    except queries.UnknownSeries as problem:
        offered = {o.key: o.metric.label for o in queries.changing_series(city).offered}
        raise UnknownChoice("metric", problem.key, offered) from problem


def _needed(options: Options) -> MeasureRecord:
    found = chosen_measure(options)
    if found is None:
        raise UnknownChoice("measure", "", {})
    return found


_MEASURE = frozenset({"measure"})
_EVERY = (
    PanelKind("headline", _headline, frozenset({"weights"}), "city", CITY_MEAN),
    PanelKind("where", _where, _MEASURE | {"view", "overlay"}, "city", TIERS),
    PanelKind("distribution", _distribution, _MEASURE, "city", PERCENTILES),
    PanelKind("changing", _changing, frozenset({"metrics"}), "city", CHANGING),
    PanelKind("changing-tracker", _tracker, frozenset({"metrics"}), "city", CHANGING),
)
KINDS = {kind.slug: kind for kind in _EVERY}
