"""Every panel there is, by name: the page, the API, the CSV, the pictures and the slides all build it here."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db import InterfaceError, OperationalError

from atlas.measures import is_sensitive
from atlas.queries import characteristics as characteristic_queries
from atlas.queries import cities as city_queries
from atlas.queries import groups as group_queries
from atlas.queries import headlines as headline_queries
from atlas.queries.child_groups import child_groups
from atlas.queries.context_series import UnknownSeries, context_series
from atlas.queries.county_values import county_values
from atlas.queries.headlines import headlines
from atlas.queries.live import Generation, live_generation
from atlas.queries.measures import available_measures
from atlas.queries.outcome_tracts import outcome_tracts
from atlas.queries.outlines import tract_outlines
from atlas.queries.tract_statistics import tract_statistics
from atlas.queries.tracts import MeasureNotLive, national_histogram, place_tracts
from atlas.records.analysis import OutcomeTracts
from atlas.records.county_values import CountyValues
from atlas.records.places import (
    CityRecord,
    ComparedCity,
    ContextSeries,
    Headline,
    MeasureRecord,
    Place,
    PlaceTracts,
)
from dashboards.formatting.shown_dollars import cached_by_dollars
from dashboards.panels import (
    births,
    changing,
    characteristics,
    children,
    clustering,
    county_download,
    credit,
    distribution,
    gaps,
    groups,
    headline,
    rent,
    segregation,
    spread,
    where,
)
from dashboards.panels.base import Panel, Table
from dashboards.panels.content_notices import ContextNeeded, needs_context, require_context
from dashboards.panels.failed_panels import note_failed_panel
from dashboards.panels.measure_choice import choose_measure
from dashboards.panels.method_anchors import (
    CHANGING,
    CHILDREN,
    CITY_MEAN,
    COHORTS,
    CORRELATIONS,
    DISPERSION,
    GAPS,
    MORAN,
    PERCENTILES,
    RENT,
    SEGREGATION,
    TIERS,
)
from dashboards.panels.options import NotOffered, Options, UnknownChoice
from dashboards.panels.outcome_choice import choose_outcome, offer_outcomes

HISTOGRAM_BINS = 30
NOT_BY_TRACT = (
    "panels that set tracts against rents, the middle or their neighbors are not offered for incarceration and "
    "teenage birth. Such numbers are about institutions and places and are no score of a neighborhood."
)


FAILED = (
    "This part could not be calculated from the data of {} that are loaded here. The rest of the page is not affected. "
    "An administrator can find the error in the log."
)
Builder = Callable[[Place, str, Options], Panel]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PanelKind:
    """`takes` names the options that change it; `page` is where it stands: "city" or "analysis".

    Without `shows_sensitive` it is not offered for incarceration and teenage birth: it sets tracts in an order.
    """

    slug: str
    build: Callable[[Place, Options], Panel]
    takes: frozenset[str]
    page: str
    method: str  # anchor on /methods/
    subject: str  # its heading where the panel itself could not be built
    shows_sensitive: bool = True
    only_where_loaded: bool = False  # pages leave it out while it has nothing to show


class NoSuchPanel(LookupError):
    """A panel nobody has; the message lists those there are."""


# What a panel answers instead of itself: a choice that is not there, words to read first, a measure gone meanwhile.
ANSWERS = (NoSuchPanel, UnknownChoice, ContextNeeded, MeasureNotLive, headline_queries.NotAveraged)


def panel(place: Place, slug: str, options: Options) -> Panel:
    """A panel of a place, kept until something is flipped.

    Raises NoSuchPanel, UnknownChoice (NotOffered for a measure it does not show) and ContextNeeded.
    """
    kind = KINDS.get(slug)
    if kind is None:
        raise NoSuchPanel(f"There is no panel '{slug[:60]}'. There are: {', '.join(KINDS)}.")
    measure = measure_of(slug, options)
    if measure is not None:
        require_context(measure.slug, options.context)
    return _panel(live_generation(), place, slug, own_options(slug, options))


def panel_or_failure(
    place: Place, slug: str, options: Options, build: Builder | None = None, *, is_drawn: bool = False
) -> Panel:
    """The panel for a page with others beside it: one that cannot be worked out says so alone, and the log has why.

    `is_drawn`: its figure is shown too, so one that can't be drawn is a failure. Raises as `panel` does, and what a
    lost database raises: that is no fault of one panel.
    """
    try:
        built = (build or panel)(place, slug, options)
        return built.drawn() if is_drawn else built
    except (*ANSWERS, OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("Panel %s of %s %s could not be calculated", slug, place.kind, place.slug)
        note_failed_panel(slug)
        return failed_panel(place, slug)


def failed_panel(place: Place, slug: str) -> Panel:
    """What stands in the place of a panel whose building failed."""
    return Panel(
        slug=slug,
        title=KINDS[slug].subject,
        finding="",
        figure=None,
        table=Table(KINDS[slug].subject, (), ()),
        sources=(),
        caveats=(),
        reason=FAILED.format(place.name),
        has_failed=True,
    )


def panel_in_brief(place: Place, slug: str, options: Options) -> Panel:
    """The same panel with a figure for a quarter of a printed page, where its own would be too small to read.

    Raises as `panel` does.
    """
    if slug == "headline":
        return headline.build(place, headline_queries.headline(place, weighting=options.weights))
    if slug == "groups":
        return groups.build(place, group_queries.groups(place, weighting=options.weights), in_brief=True)
    if slug == "changing":
        return changing.build(place.name, _series(place, options).yearly, in_brief=True)
    return panel(place, slug, options)


@cached_by_dollars(maxsize=256)
def _panel(token: Generation, place: Place, slug: str, options: Options) -> Panel:
    return KINDS[slug].build(place, options)


def own_options(slug: str, options: Options) -> Options:
    """What of the options changes a panel; `context` stays where its measure opens with it. Raises UnknownChoice."""
    own = options.only(KINDS[slug].takes)
    measure = measure_of(slug, options) if options.context else None
    return replace(own, context=options.context) if measure is not None and needs_context(measure.slug) else own


def chosen_measure(options: Options) -> MeasureRecord | None:
    """The measure asked for, or the default; None while there is none at all. Raises UnknownChoice."""
    measures = available_measures("tract")
    found = choose_measure(measures, options.measure)
    if found is None and options.measure:
        raise UnknownChoice("measure", options.measure, {known.slug: known.label for known in measures})
    return found


def chosen_outcome(options: Options) -> MeasureRecord | None:
    """What the analyses are about: the outcome asked for, or the headline's; None while there is none at all.

    Raises UnknownChoice for anything that is no outcome in ranks or shares.
    """
    return choose_outcome(available_measures("tract"), options.measure)


def measure_of(slug: str, options: Options) -> MeasureRecord | None:
    """The measure a panel shows with these options; None for a panel that takes none.

    Raises UnknownChoice, NotOffered among them.
    """
    kind = KINDS[slug]
    if "measure" not in kind.takes:
        return None
    found = chosen_outcome(options) if kind.page == "analysis" else chosen_measure(options)
    if found is not None and not kind.shows_sensitive and is_sensitive(found.slug):
        offered = {m.slug: m.label for m in offer_outcomes(available_measures("tract"))}
        raise NotOffered("measure", found.slug, offered, f"{found.label}: {NOT_BY_TRACT}")
    return found


def chosen_overlay(place: Place, options: Options) -> PlaceTracts | None:
    """The characteristic drawn over the map. Raises UnknownChoice for what is no live characteristic."""
    if not options.overlay:
        return None
    offered = overlays()
    if options.overlay not in offered:
        live = {measure.slug for measure in available_measures("tract")}
        because = "only a neighborhood characteristic is drawn over the map" if options.overlay in live else ""
        raise UnknownChoice("overlay", options.overlay, offered, because)
    return place_tracts(place, options.overlay)


def overlays() -> dict[str, str]:
    """Characteristics that can be drawn over the map: slug -> label."""
    return {m.slug: m.label for m in available_measures("tract") if m.group == "characteristic"}


def _headline(place: Place, options: Options) -> Panel:
    found = headline_queries.headline(place, weighting=options.weights)
    other = headline_queries.headline(place, weighting="share" if options.weights == "majority" else "majority")
    cities, beside = cities_beside(options)
    others = tuple(
        ComparedCity(one.name, beside[one.slug])
        for one in cities
        if one.slug in beside
        and beside[one.slug].value is not None
        and (one.slug != place.slug or place.kind != "city")
    )
    return headline.build(place, found, others, other)


def cities_beside(options: Options) -> tuple[tuple[CityRecord, ...], dict[str, Headline]]:
    """Every city, A to Z, and the headlines of those that have one, kept until something is flipped."""
    return _cities_beside(live_generation(), options.weights)


@lru_cache(maxsize=8)
def _cities_beside(token: Generation, weighting: str) -> tuple[tuple[CityRecord, ...], dict[str, Headline]]:
    cities = city_queries.cities()
    return cities, headlines(cities, weighting=weighting)


def _groups(place: Place, options: Options) -> Panel:
    return groups.build(place, group_queries.groups(place, weighting=options.weights))


def _gaps(place: Place, options: Options) -> Panel:
    return gaps.build(place, group_queries.groups(place, weighting=options.weights))


def _where(place: Place, options: Options) -> Panel:
    slug = _needed(options).slug
    tracts, known = place_tracts(place, slug), tract_statistics(place, slug)
    return where.build(tracts, known, options.view, chosen_overlay(place, options))


def _distribution(place: Place, options: Options) -> Panel:
    slug = _needed(options).slug
    edges, shares = national_histogram(slug, bins=HISTOGRAM_BINS)
    return distribution.build(place_tracts(place, slug), edges, shares)


def _changing(place: Place, options: Options) -> Panel:
    return changing.build(place.name, _series(place, options).yearly)


def _tracker(place: Place, options: Options) -> Panel:
    return changing.build_tracker(place.name, _series(place, options).tracker)


def _series(place: Place, options: Options) -> ContextSeries:
    """Places and counties are measured every year, tracts are not: an area has no series of its own."""
    if place.kind == "area":
        return ContextSeries((), (), (), ())
    return changing_of(place, options)


def changing_of(city: CityRecord, options: Options) -> ContextSeries:
    """The series shown and offered, kept until something is flipped. Raises UnknownChoice."""
    return _changing_series(live_generation(), city, options.metrics)


@lru_cache(maxsize=64)
def _changing_series(token: Generation, city: CityRecord, metrics: tuple[str, ...]) -> ContextSeries:
    try:
        return context_series(city, metrics)
    except UnknownSeries as problem:
        offered = {o.key: o.metric.label for o in context_series(city).offered}
        raise UnknownChoice("metric", problem.key, offered) from problem


def _births(place: Place, options: Options) -> Panel:
    if not isinstance(place, CityRecord):
        return births.build(place.name, CountyValues("", "", ()), by_year=False)
    for dataset in births.DATASETS:
        found = county_values(place, dataset)
        if found.values:
            return births.build(place.name, found, by_year=dataset == births.DATASETS[1])
    return births.build(place.name, found, by_year=False)


def _credit(place: Place, options: Options) -> Panel:
    return credit.build(_of_county(place, credit.DATASETS))


def _county_download(place: Place, options: Options) -> Panel:
    return county_download.build(_of_county(place, county_download.DATASETS))


def _of_county(place: Place, datasets: str) -> CountyValues:
    """An area is chosen tract by tract: it has no county of its own."""
    return county_values(place, datasets) if isinstance(place, CityRecord) else CountyValues("", "", ())


def _spread(place: Place, options: Options) -> Panel:
    return spread.build(_outcome(place, options))


def _characteristics(place: Place, options: Options) -> Panel:
    tracts = _outcome(place, options)
    return characteristics.build(tracts, characteristic_queries.characteristics(tracts), tract_outlines(tracts.geoids))


def _rent(place: Place, options: Options) -> Panel:
    tracts = _outcome(place, options)
    return rent.build(tracts, characteristic_queries.characteristics(tracts), tract_outlines(tracts.geoids))


def _children(place: Place, options: Options) -> Panel:
    return children.build(_outcome(place, options))


def _segregation(place: Place, options: Options) -> Panel:
    return segregation.build(place, child_groups(place))


def _clustering(place: Place, options: Options) -> Panel:
    tracts = _outcome(place, options)
    return clustering.build(tracts, tract_outlines(tracts.geoids))


def _outcome(place: Place, options: Options) -> OutcomeTracts:
    return outcome_tracts(place, _known(chosen_outcome(options)).slug)


def _needed(options: Options) -> MeasureRecord:
    return _known(chosen_measure(options))


def _known(found: MeasureRecord | None) -> MeasureRecord:
    if found is None:
        raise UnknownChoice("measure", "", {})
    return found


_MEASURE = frozenset({"measure"})
_EVERY = (
    PanelKind("headline", _headline, frozenset({"weights"}), "city", CITY_MEAN, "How children did as adults"),
    PanelKind("where", _where, _MEASURE | {"view", "overlay"}, "city", TIERS, "Neighborhoods compared"),
    PanelKind("distribution", _distribution, _MEASURE, "city", PERCENTILES, "Among all US tracts"),
    PanelKind("groups", _groups, frozenset({"weights"}), "city", GAPS, "By race and gender"),
    PanelKind("gaps", _gaps, frozenset({"weights"}), "city", GAPS, "Gaps between groups"),
    PanelKind("changing", _changing, frozenset({"metrics"}), "city", CHANGING, "What is changing"),
    PanelKind("changing-tracker", _tracker, frozenset({"metrics"}), "city", CHANGING, "The economy, week by week"),
    PanelKind("births", _births, frozenset(), "city", COHORTS, births.TITLE, only_where_loaded=True),
    PanelKind("credit", _credit, frozenset(), "city", COHORTS, credit.TITLE, only_where_loaded=True),
    PanelKind(
        "county-download",
        _county_download,
        frozenset(),
        "city",
        COHORTS,
        county_download.TITLE,
        only_where_loaded=True,
    ),
    PanelKind("spread", _spread, _MEASURE, "analysis", DISPERSION, "How much neighborhoods differ"),
    PanelKind("characteristics", _characteristics, _MEASURE, "analysis", CORRELATIONS, "What goes with it"),
    PanelKind("rent", _rent, _MEASURE, "analysis", RENT, "Rents", shows_sensitive=False),
    PanelKind("children", _children, _MEASURE, "analysis", CHILDREN, "Where the children were", shows_sensitive=False),
    PanelKind("segregation", _segregation, frozenset(), "analysis", SEGREGATION, "Segregation"),
    PanelKind("clustering", _clustering, _MEASURE, "analysis", MORAN, "Nearby neighborhoods", shows_sensitive=False),
)
KINDS = {kind.slug: kind for kind in _EVERY}
