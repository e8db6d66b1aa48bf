"""The map of a place's page: the drawing with a class and a name for each tract, the legend, the caption, the card.

Kept until something is flipped. The page, the answer to another measure and the pictures are made from one record.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.tract_names import tract_number, tract_title
from atlas.measures import is_sensitive
from atlas.queries.context_layers import context_layers
from atlas.queries.drawings import drawing
from atlas.queries.live import Generation, live_generation, live_sources
from atlas.queries.measures import available_measures
from atlas.queries.tract_statistics import tract_statistics
from atlas.queries.tracts import MeasureNotLive, national_histogram, place_tracts
from atlas.records.places import SAMPLE_NOTICE, Place, PlaceTracts, Source, TractStatistics
from atlas.sources.map_layers import TRACTS_VINTAGE
from atlas.sources.us_outline import county_names
from dashboards.charts.map_view import TIERS, WITHIN, group_count
from dashboards.charts.tract_map import circle_sizes
from dashboards.documents.model import Picture
from dashboards.formatting.estimates import format_estimate, format_in_prose, unit_label
from dashboards.formatting.sentences import with_dashes
from dashboards.formatting.shown_dollars import cached_by_dollars, is_today
from dashboards.formatting.years import years_of
from dashboards.maps.card import TractCard, build_card, first_choice
from dashboards.maps.city_svg import CityMap, TractMark, inline_svg
from dashboards.maps.classes import MapClasses, classify
from dashboards.maps.context_paths import NO_LAYERS, LayerPaths, box_of, layer_paths
from dashboards.maps.legend import (
    GROUPS_HEIGHT,
    Histogram,
    draw_groups,
    draw_legend,
    groups_group,
    legend_group,
    shares_of,
)
from dashboards.maps.legend import HEIGHT as HISTOGRAM_HEIGHT
from dashboards.maps.looks import as_paint
from dashboards.maps.picture import PaintedLegend, draw_picture
from dashboards.panels import where
from dashboards.panels.catalog import chosen_measure, chosen_overlay, own_options
from dashboards.panels.content_notices import context_paragraphs
from dashboards.panels.middle_counts import sides_of_middle
from dashboards.panels.options import TODAY, Options, UnknownChoice

BINS, LOWEST, HIGHEST = 72, 0.002, 0.985  # shares of US tracts at which the histogram begins and ends
BESIDE = (
    "kfr_pooled_pooled_p25_usd_2015",
    "kfr_pooled_pooled_p25",
    "kfr_top20_pooled_pooled_p25",
    "working_pooled_pooled_mean",
)


_ANY_TRACT = "00000000000"
LAYERS = "tiger_"  # how the keys of their data sets begin


@dataclass(frozen=True)
class Legend:
    """`line` states the count; `svg` is the histogram, or the place's own groups; `note` stands below it."""

    line: str
    svg: SafeString
    note: str
    tiers: tuple[tuple[str, str], ...] = ()  # (class, words) where the map sorts tracts into tiers
    painted: PaintedLegend = PaintedLegend("")  # the same for pictures


@dataclass(frozen=True)
class ShownMap:
    """Everything of the map but the tract chosen."""

    place: Place
    tracts: PlaceTracts
    view: str
    classes: MapClasses
    titles: dict[str, str]
    map: CityMap
    legend: Legend
    caption: str


def shown_map(place: Place, options: Options) -> ShownMap | None:
    """None while the place has no outlines. `options.measure` is live. Raises UnknownChoice for the overlay."""
    return _shown(live_generation(), place, options)


@cached_by_dollars(maxsize=64)
def _shown(generation: Generation, place: Place, options: Options) -> ShownMap | None:
    drawn = drawing(place)
    if drawn is None:
        return None
    tracts, known = place_tracts(place, options.measure), tract_statistics(place, options.measure)
    view = where.view_shown(known, options.view)
    classes = classify(tracts, known, view)
    titles = {
        geoid: drawn.titles.get(geoid) or tract_title(geoid, name)
        for geoid, name in zip(tracts.geoids, tracts.names, strict=True)
    }
    values = said_values(tracts, known, view)
    # Once: asked for each tract it takes longer than the map.
    address = reverse("tract", args=[_ANY_TRACT]) + (f"?dollars={TODAY}" if is_today() else "")
    marks = tuple(
        TractMark(geoid, css, f"{titles[geoid]}{value and ': '}{value}", address.replace(_ANY_TRACT, geoid))
        for geoid, css, value, own in zip(tracts.geoids, classes.tracts, values, tracts.belongs.tolist(), strict=True)
        if own and geoid in drawn.tracts
    )
    overlay = chosen_overlay(place, options)
    return ShownMap(
        place,
        tracts,
        view,
        classes,
        titles,
        CityMap(
            drawn,
            marks,
            _("Map of %(place)s: %(measure)s, neighborhood by neighborhood")
            % {"place": place.name, "measure": with_dashes(tracts.measure.label)},
            years_of(tracts.sources),
            f"{SAMPLE_NOTICE}." if tracts.is_sample else "",
            layers=map_layers(place).paths,
            circles=_circles(overlay, drawn.middles) if overlay is not None else (),
        ),
        build_legend(tracts, known, view, classes),
        caption(tracts, classes, map_layers(place).credit),
    )


@dataclass(frozen=True)
class Layers:
    """What is drawn around a place's tracts; `credit` names publisher and years, "" without any."""

    paths: LayerPaths
    credit: str


def map_layers(place: Place) -> Layers:
    """Empty while nothing is loaded, which asks the database nothing. Kept until something is flipped."""
    return _layers(live_generation(), place)


@lru_cache(maxsize=32)
def _layers(generation: Generation, place: Place) -> Layers:
    drawn = drawing(place)
    if drawn is None or not any(source.dataset.startswith(LAYERS) for source in live_sources()):
        return Layers(NO_LAYERS, "")
    found = context_layers(box_of(drawn))
    shown = layer_paths(found, drawn)
    return Layers(shown, _credit(found.sources) if shown != NO_LAYERS else "")


def _credit(sources: tuple[Source, ...]) -> str:
    """ "US Census Bureau, 2019 roads, 2019 water, 2010 tracts": each publisher and each year once, the tracts last."""
    credits = []
    for publisher in dict.fromkeys(source.publisher for source in sources):
        years = [part for one in sources if one.publisher == publisher for part in one.vintage.split(", ")]
        ordered = dict.fromkeys(sorted(years, key=lambda part: part == TRACTS_VINTAGE))
        credits.append(", ".join((publisher, *ordered)))
    return "; ".join(credits)


def said_values(tracts: PlaceTracts, known: TractStatistics | None, view: str) -> list[str]:
    """What a listener hears of each tract: its value, "no data", or nothing of incarceration and teenage birth."""
    if is_sensitive(tracts.measure.slug):
        return [""] * len(tracts.geoids)
    unit = tracts.measure.unit
    return [
        _("no data") if not np.isfinite(value) else format_in_prose(float(value), unit)
        for value in tracts.values.tolist()
    ]


def build_legend(tracts: PlaceTracts, known: TractStatistics | None, view: str, classes: MapClasses) -> Legend:
    """Raises nothing; without any value in the nation the histogram is empty."""
    line = count_line(tracts)
    if view == TIERS and known is not None:
        words = (
            ("t0", _("Clearly below %(place)s"), known.count("below")),
            ("t1", _("Too close to call"), known.count("indistinguishable")),
            ("t2", _("Clearly above %(place)s"), known.count("above")),
        )
        named = tuple((css, f"{text % {'place': tracts.place.name}}: {count}") for css, text, count in words)
        return Legend(line, SafeString(), "", named, PaintedLegend(line, swatches=named))
    if view == WITHIN:
        return _groups_legend(tracts, classes)
    shown = histogram_of(tracts, classes)
    painted = PaintedLegend(line, legend_group(shown, as_paint), HISTOGRAM_HEIGHT)
    return Legend(line, mark_safe(draw_legend(shown)), "", painted=painted)  # noqa: S308 - escaped when drawn


def histogram_of(tracts: PlaceTracts, classes: MapClasses) -> Histogram:
    """The place's tracts over all US tracts, on the nation's bins: those of several places share their x axis."""
    bins, nation = without_tails(*national_histogram(tracts.measure.slug, bins=BINS))
    own = tracts.values[np.asarray(tracts.belongs, dtype=bool)]
    middle = _said(tracts.national_middle, tracts.measure.unit)
    return Histogram(
        bins,
        shares_of(own, bins),
        nation,
        classes.edges,
        classes.steps,
        tracts.national_middle,
        tracts.measure.unit,
        f"{count_line(tracts)} {_('The middle US tract: %(value)s.') % {'value': middle}}",
        (_("Middle US tract"), middle),
    )


def _said(value: float | None, unit: str) -> str:
    """Large sums to the hundred, as the sentences have them."""
    return format_in_prose(value, unit) if unit.startswith("usd") else format_estimate(value, unit)


def without_tails(bins: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bins that hold nearly all US tracts, so that the place's own have room."""
    below = np.cumsum(shares)
    kept = np.flatnonzero((below > LOWEST) & (below - shares < HIGHEST))
    return (bins[kept[0] : kept[-1] + 2], shares[kept]) if kept.size > 1 else (bins, shares)


def _groups_legend(tracts: PlaceTracts, classes: MapClasses) -> Legend:
    place, unit = tracts.place.name, tracts.measure.unit
    own = tracts.values[np.asarray(tracts.belongs, dtype=bool)]
    known = own[np.isfinite(own)].astype(float)
    names = {
        3: _("Three equal groups of %(place)s’s neighborhoods"),
        5: _("Five equal groups of %(place)s’s neighborhoods"),
    }
    line = names[group_count(tracts)] % {"place": place}
    if not known.size:
        return Legend(line, SafeString(), "", painted=PaintedLegend(line))
    ends = (float(known.min()), *classes.edges, float(known.max()))
    note = ""
    if tracts.national_middle is not None and not is_sensitive(tracts.measure.slug):
        middle = _said(tracts.national_middle, unit)
        side = (
            _("The darkest group ends below the US middle, %(middle)s.")
            if ends[-1] < tracts.national_middle
            else _("The US middle is %(middle)s.")
        )
        note = side % {"middle": middle}
    if tracts.standard_errors is None:
        note = f"{note} {_('No finer groups without margins of error.')}".strip()
    painted = PaintedLegend(line, groups_group(ends, classes.steps, unit, as_paint), GROUPS_HEIGHT)
    drawn = draw_groups(ends, classes.steps, unit, line)
    return Legend(line, mark_safe(drawn), note, painted=painted)  # noqa: S308 - escaped when drawn


def count_line(tracts: PlaceTracts) -> str:
    """The legend's first line: how many of the place's tracts are below the US middle."""
    own = tracts.values[np.asarray(tracts.belongs, dtype=bool)]
    known = own[np.isfinite(own)].astype(float)
    if is_sensitive(tracts.measure.slug) or tracts.national_middle is None or not known.size:
        return _("%(known)s of %(total)s neighborhoods have data.") % {"known": known.size, "total": own.size}
    sides = sides_of_middle(tracts)
    if sides is not None:
        return _("%(below)s clearly below the US middle, %(above)s clearly above, %(rest)s too close to call.") % {
            "below": sides.below,
            "above": sides.above,
            "rest": sides.undecided,
        }
    below = int(np.sum(known < tracts.national_middle))
    return ngettext(
        "%(below)s of %(known)s with data is below the US middle.",
        "%(below)s of %(known)s with data are below the US middle.",
        below,
    ) % {"below": below, "known": known.size}


def caption(tracts: PlaceTracts, classes: MapClasses, layers: str = "") -> str:
    """What is shown, of whom, in which unit; the US middle; what is hatched; whose roads and water, and of when."""
    measure = tracts.measure
    said = [f"{with_dashes(measure.label)}: {with_dashes(measure.population)}; {unit_label(measure.unit)}."]
    if tracts.national_middle is not None and not is_sensitive(measure.slug):
        middle = _said(tracts.national_middle, measure.unit)
        said.append(_("US middle: the middle US neighborhood, %(middle)s.") % {"middle": middle})
    if classes.hatched:
        few = _("with too few children to publish") if measure.group == "outcome" else _("without data")
        counted = ngettext("%(n)s neighborhood (census tract)", "%(n)s neighborhoods (census tracts)", classes.hatched)
        said.append(_("Hatched: %(counted)s %(why)s.") % {"counted": counted % {"n": classes.hatched}, "why": few})
    if layers:
        said.append(_("Roads, water and landmarks: %(layers)s.") % {"layers": layers})
    return " ".join(said)


def _circles(overlay: PlaceTracts, middles: dict[str, tuple[int, int]]) -> tuple[tuple[float, float, float], ...]:
    """Area in proportion to the value, at a point inside each own tract."""
    kept = [
        place
        for place, own in enumerate(overlay.belongs.tolist())
        if own and np.isfinite(overlay.values[place]) and overlay.geoids[place] in middles
    ]
    sizes = circle_sizes(overlay.values[kept])
    return tuple((*middles[overlay.geoids[place]], size / 2) for place, size in zip(kept, sizes, strict=True))


def map_picture(place: Place, options: Options) -> Picture | None:
    """The map for a document, with its legend, years and caption inside; None where nothing can be drawn."""
    measure = chosen_measure(options)
    shown = shown_map(place, map_options(options, measure.slug)) if measure is not None else None
    if shown is None:
        return None
    svg, width, height = draw_picture(
        shown.map,
        shown.legend.painted,
        (shown.caption, shown.legend.note, *context_paragraphs(shown.tracts.measure.slug)),
    )
    return Picture(svg, width, height, f"{shown.map.title}. {shown.legend.line}")


def map_options(options: Options, measure: str) -> Options:
    """One map per measure, view and overlay, whatever else the address says."""
    return replace(own_options("where", options), measure=measure, context="")


def map_svg(shown: ShownMap, chosen: str, target: str = "", outlined: str = "") -> SafeString:
    """The inline map with the ring around the tract whose card stands beside it; `target`: where its links open;
    `outlined`: the path of several tracts."""
    return mark_safe(inline_svg(replace(shown.map, selected=chosen, outlined=outlined), target))  # noqa: S308 - escaped when drawn


def chosen_tract(shown: ShownMap, wanted: str) -> str:
    """The tract the card opens with: the one asked for, else a named neighborhood with a value; "" without tracts.

    Raises UnknownChoice for a tract that is not in the place.
    """
    own = {
        geoid: shown.titles[geoid]
        for geoid, mine in zip(shown.tracts.geoids, shown.tracts.belongs, strict=True)
        if mine
    }
    if wanted and wanted not in own:
        raise UnknownChoice("tract", wanted, own)
    named = frozenset(
        geoid for geoid, name in zip(shown.tracts.geoids, shown.tracts.names, strict=True) if name.count(",") > 1
    )
    return wanted or first_choice(shown.tracts, named)


def tract_card(shown: ShownMap, geoid: str) -> TractCard:
    """The card of one of the place's tracts."""
    live = {measure.slug for measure in available_measures("tract")}
    beside = [slug for slug in BESIDE if slug in live and slug != shown.tracts.measure.slug]
    if {"kfr_pooled_pooled_p25_usd_2015"} & {*beside, shown.tracts.measure.slug}:
        beside = [slug for slug in beside if slug != "kfr_pooled_pooled_p25"]  # the same outcome in dollars is there
    tables = []
    for slug in beside[:3]:
        try:
            tables.append(place_tracts(shown.place, slug))
        except MeasureNotLive:  # flipped away meanwhile
            continue
    county = county_names().get(geoid[:5], "")
    number = tract_number(geoid)
    code = _("Census tract %(number)s, %(county)s") % {"number": number, "county": county or geoid[:5]}
    return build_card(geoid, shown.titles[geoid], code, shown.tracts, tuple(tables))
