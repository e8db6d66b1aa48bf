"""What the page needs around the map: the picker, the views, the overlay, and what could not be had as asked."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from atlas.queries.live import Generation, live_generation
from atlas.queries.measures import available_measures
from atlas.queries.tract_statistics import tract_statistics
from atlas.queries.tracts import place_tracts
from atlas.records.places import MeasureRecord, Place, any_sample
from dashboards.charts.map_view import RAW, WITHIN
from dashboards.maps.card import TractCard
from dashboards.panels import where
from dashboards.panels.catalog import chosen_overlay, overlays, own_options
from dashboards.panels.content_notices import READ, Context, context_of, needs_context
from dashboards.panels.options import Options, UnknownChoice
from dashboards.places.city_map import ShownMap, chosen_tract, map_options, map_svg, shown_map, tract_card
from dashboards.places.map_labels import KeyLine, ViewChoice, map_key, missing_views, view_choices, view_note
from dashboards.places.measure_picker import (
    PARTS,
    Choice,
    Picker,
    build_picker,
    describe_population,
    narrowing,
    resolve,
    take_apart,
)
from dashboards.places.zip_outline import ZipOutline, zip_outline

ASKED = "asked"  # what a form asked for and nobody publishes: race.gender.income


@dataclass(frozen=True)
class WherePage:
    """Frame of the map. With `needs_context` the map waits until the reader has seen `context`."""

    title: str
    picker: Picker
    narrowing: dict[str, Any]
    overlays: tuple[Choice, ...]
    views: tuple[tuple[ViewChoice, str], ...]  # with the address of each
    view: str
    view_note: str  # that the view asked for is not shown
    missing_views: str  # why fewer views are offered
    key: tuple[KeyLine, ...]
    notice: str  # the combination asked for is not published, "" when it is
    context: Context | None
    needs_context: bool
    open_address: str  # opens the map that waits
    distribution_query: str  # the measure shown, with its context
    query: str  # the measure, view and overlay shown, for addresses
    map: ShownMap | None = None  # None without outlines, and while it waits
    svg: SafeString = SafeString()
    card: TractCard | None = None
    zip_code: ZipOutline | None = None

    @property
    def scales(self) -> tuple[tuple[ViewChoice, str], ...]:
        """Beside the US, or within the place: on the map itself."""
        return tuple(one for one in self.views if one[0].value in (RAW, WITHIN))

    @property
    def more_views(self) -> tuple[tuple[ViewChoice, str], ...]:
        """What the standard errors allow besides."""
        return tuple(one for one in self.views if one[0].value not in (RAW, WITHIN))


@dataclass(frozen=True)
class TierCounts:
    """Tracts by tier for the first screen; `reason` says why there are none."""

    above: int
    indistinguishable: int
    below: int
    outcome: str
    is_sample: bool
    reason: str


def tier_counts(place: Place, slug: str) -> TierCounts | None:
    """Of the headline's outcome; None while it is not live for tracts."""
    if not any(measure.slug == slug for measure in available_measures("tract")):
        return None
    known = tract_statistics(place, slug)
    label = known.measure.label
    return TierCounts(
        above=known.count("above"),
        indistinguishable=known.count("indistinguishable"),
        below=known.count("below"),
        outcome=f"{label[:1].lower()}{label[1:]}",
        is_sample=place.geometry_is_sample or any_sample(known.sources),
        reason=known.reason,
    )


def where_page(place: Place, options: Options, measure: MeasureRecord, params: QueryDict) -> WherePage:
    """Raises UnknownChoice for an overlay nobody has."""
    tracts, known = place_tracts(place, measure.slug), tract_statistics(place, measure.slug)
    overlay, drawn = chosen_overlay(place, options), where.view_shown(known, options.view)
    picker, tree = _picker(live_generation(), measure.slug)
    waits = needs_context(measure.slug) and options.context != READ
    opened = params.copy()
    opened["measure"], opened["context"] = measure.slug, READ
    shown = None if waits else shown_map(place, map_options(options, measure.slug))
    zip_code = zip_outline(shown, params.get("zip", "")) if shown is not None else None
    wanted = params.get("tract", "")[:20] or (zip_code.first if zip_code is not None else "")
    chosen = chosen_tract(shown, wanted) if shown is not None else ""
    return WherePage(
        title=where.question(place, measure),
        picker=picker,
        narrowing=tree,
        overlays=tuple(Choice(slug, label, slug == options.overlay) for slug, label in overlays().items()),
        views=tuple(
            (view, f"?{_with(params, measure, view=view.value)}#where")
            for view in view_choices(known, drawn, place.name)
        ),
        view=drawn,
        view_note=view_note(known, options.view),
        missing_views=missing_views(known),
        key=map_key(tracts, known, drawn, overlay),
        notice=_notice(params, measure),
        context=context_of(measure.slug),
        needs_context=waits,
        open_address=f"?{opened.urlencode()}#where",
        distribution_query=replace(own_options("distribution", options), measure=measure.slug).query(),
        query=replace(own_options("where", options), measure=measure.slug, view=drawn).query(),
        map=shown,
        svg=map_svg(shown, chosen, outlined=zip_code.path if zip_code else "") if shown is not None else SafeString(),
        card=tract_card(shown, chosen) if shown is not None and chosen else None,
        zip_code=zip_code,
    )


@lru_cache(maxsize=64)
def _picker(token: Generation, slug: str) -> tuple[Picker, dict[str, Any]]:
    measures = available_measures("tract")
    return build_picker(measures, slug), narrowing(measures)


def _with(params: QueryDict, measure: MeasureRecord, **changes: str) -> str:
    query = params.copy()
    query.pop(ASKED, None)
    query["measure"] = measure.slug
    for name, value in changes.items():
        query[name] = value
    return query.urlencode()


def picked(params: QueryDict) -> str | None:
    """The query that answers a form sent without script, None when no form was. Raises UnknownChoice.

    A combination nobody publishes becomes the nearest, and the page says so.
    """
    if "subject" not in params:
        return None
    measures = available_measures("tract")
    wanted = {part: params.get(part, "")[:60] for part in PARTS}
    found = resolve(measures, wanted)
    if found is None:
        known = {m.slug: m.label for m in measures}
        raise UnknownChoice("measure", wanted["subject"], known)
    slug, exact = found
    query = params.copy()
    for part in (*PARTS, ASKED):
        query.pop(part, None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    query["measure"] = slug
    if not exact:
        query[ASKED] = ".".join(wanted[part] for part in PARTS[1:])
    return query.urlencode()


def _notice(params: QueryDict, measure: MeasureRecord) -> str:
    parts = params.get(ASKED, "").split(".")
    if len(parts) != 3:
        return ""
    subject = next(
        c.label for _, group in _picker(live_generation(), measure.slug)[0].subjects for c in group if c.is_chosen
    )
    asked = describe_population(dict(zip(PARTS[1:], parts, strict=True)), subject)
    if not asked or not take_apart(measure.slug).race:
        return ""
    return (
        f"{asked} is not published for tracts; the nearest that is stands below: {measure.label}, {measure.population}."
    )
