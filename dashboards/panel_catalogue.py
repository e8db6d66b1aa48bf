"""Every panel there is, by name: the page, the API, the CSV, the pictures and the slides all build it here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from atlas import queries
from atlas.analysis_records import OutcomeTracts
from atlas.records import MeasureRecord, Place
from dashboards.measure_choice import choose_measure
from dashboards.options import Options, UnknownChoice
from dashboards.outcome_choice import choose_outcome
from dashboards.panels import (
    characteristics,
    children,
    clustering,
    distribution,
    headline,
    rent,
    segregation,
    spread,
    where,
)
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


def chosen_outcome(options: Options) -> MeasureRecord | None:
    """What the analyses are about: the outcome asked for, or the headline's; None while there is none at all.

    Raises UnknownChoice for anything that is no outcome in ranks or shares.
    """
    return choose_outcome(queries.available_measures("tract"), options.measure)


def measure_of(slug: str, options: Options) -> MeasureRecord | None:
    """The measure a panel shows with these options; None for a panel that takes none. Raises UnknownChoice."""
    kind = KINDS[slug]
    if "measure" not in kind.takes:
        return None
    return chosen_outcome(options) if kind.page == "analysis" else chosen_measure(options)


def _headline(place: Place, options: Options) -> Panel:
    return headline.build(place, queries.headline(place, weighting=options.weights))


def _where(place: Place, options: Options) -> Panel:
    return where.build(queries.place_tracts(place, _needed(options).slug))


def _distribution(place: Place, options: Options) -> Panel:
    slug = _needed(options).slug
    edges, shares = queries.national_histogram(slug, bins=HISTOGRAM_BINS)
    return distribution.build(queries.place_tracts(place, slug), edges, shares)


def _spread(place: Place, options: Options) -> Panel:
    return spread.build(_outcome(place, options))


def _characteristics(place: Place, options: Options) -> Panel:
    tracts = _outcome(place, options)
    return characteristics.build(tracts, queries.characteristics(tracts))


def _rent(place: Place, options: Options) -> Panel:
    tracts = _outcome(place, options)
    return rent.build(tracts, queries.characteristics(tracts))


def _children(place: Place, options: Options) -> Panel:
    return children.build(_outcome(place, options))


def _segregation(place: Place, options: Options) -> Panel:
    return segregation.build(place, queries.child_groups(place))


def _clustering(place: Place, options: Options) -> Panel:
    tracts = _outcome(place, options)
    return clustering.build(tracts, queries.tract_outlines(tracts.geoids))


def _outcome(place: Place, options: Options) -> OutcomeTracts:
    return queries.outcome_tracts(place, _known(chosen_outcome(options)).slug)


def _needed(options: Options) -> MeasureRecord:
    return _known(chosen_measure(options))


def _known(found: MeasureRecord | None) -> MeasureRecord:
    if found is None:
        raise UnknownChoice("measure", "", {})
    return found


_MEASURE = frozenset({"measure"})
_EVERY = (
    PanelKind("headline", _headline, frozenset({"weights"}), "city", "city-mean"),
    PanelKind("where", _where, _MEASURE | {"view", "overlay"}, "city", "tiers"),
    PanelKind("distribution", _distribution, _MEASURE, "city", "percentiles"),
    PanelKind("spread", _spread, _MEASURE, "analysis", "spread"),
    PanelKind("characteristics", _characteristics, _MEASURE, "analysis", "correlations"),
    PanelKind("rent", _rent, _MEASURE, "analysis", "rent"),
    PanelKind("children", _children, _MEASURE, "analysis", "children"),
    PanelKind("segregation", _segregation, frozenset(), "analysis", "segregation"),
    PanelKind("clustering", _clustering, _MEASURE, "analysis", "clustering"),
)
KINDS = {kind.slug: kind for kind in _EVERY}
