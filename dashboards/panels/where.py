"""One measure in each tract of the place: original, adjusted for small samples, or compared with the place."""

from typing import TypeGuard

import numpy as np
import plotly.graph_objects as go
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.ranges import join_ends
from atlas.formatting.shares import format_percent
from atlas.measures import is_sensitive
from atlas.records.places import MeasureRecord, Place, PlaceTracts, Source, TractStatistics
from atlas.vectors import published
from dashboards.charts.distribution import own_values
from dashboards.charts.map_view import RAW, WITHIN
from dashboards.charts.tract_hover import UNCERTAIN, HoverRecipe, hover_body, hover_recipe, tier_label
from dashboards.charts.tract_map import draw_tract_map
from dashboards.formatting.estimates import (
    format_in_prose,
    format_in_prose_together,
    format_standard_error,
    label_with_unit,
)
from dashboards.formatting.sentences import join_with_and, with_dashes
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.content_notices import context_paragraphs
from dashboards.panels.middle_counts import count_in_words, how_counted, side_of_one, unknown_in_words

LISTED_TRACTS = 3  # so few values are said one by one: they have no quarters


def build(
    tracts: PlaceTracts, statistics: TractStatistics | None = None, view: str = RAW, overlay: PlaceTracts | None = None
) -> Panel:
    """The map and its table; the table lists every tract that touches the place, by neighborhood name.

    A view that the standard errors do not allow is drawn as published, and a caveat says why.
    """
    measure = tracts.measure
    drawn = view_shown(statistics, view)
    table = build_table(tracts, statistics, overlay)

    def draw() -> go.Figure:  # with what it says of each tract: the page's map is drawn elsewhere
        hover = hover_texts(table, hover_recipe(tracts, statistics, overlay))
        return draw_tract_map(tracts, statistics, drawn, overlay, hover)

    return Panel(
        slug="where",
        title=question(tracts.place, measure),
        finding=describe(tracts, statistics),
        figure=draw if tracts.geoids else None,
        table=table,
        sources=_sources(tracts, statistics, overlay),
        caveats=caveats(tracts, statistics, overlay),
        details=details(tracts, statistics),
        reason=""
        if own_values(tracts).size
        else _("No number of this measure is published for {place}.").format(place=tracts.place.name),
        context=context_paragraphs(measure.slug),
        on_sample_map=tracts.place.geometry_is_sample,
    )


def question(place: Place, measure: MeasureRecord) -> str:
    """The panel's heading."""
    label = with_dashes(measure.label)
    return _("How do neighborhoods in {place} compare? {measure}").format(place=place.name, measure=label)


def hover_texts(table: Table, recipe: HoverRecipe) -> dict[str, str]:
    """What the map says of each tract, by GEOID."""
    return {
        geoid: hover_body({column.key: words for column, words in cells}, recipe)
        for geoid, cells in table.formatted_rows()
    }


def can_be_tested(statistics: TractStatistics | None) -> TypeGuard[TractStatistics]:
    """Whether values adjusted for small samples and tiers can be shown."""
    return statistics is not None and not statistics.reason


def view_shown(statistics: TractStatistics | None, view: str) -> str:
    """The view asked for where the standard errors allow it, else as published."""
    return view if view in (RAW, WITHIN) or can_be_tested(statistics) else RAW


def _sources(
    tracts: PlaceTracts, statistics: TractStatistics | None, overlay: PlaceTracts | None
) -> tuple[Source, ...]:
    every = [*tracts.sources, *(statistics.sources if can_be_tested(statistics) else ())]
    every += (overlay.sources or (overlay.measure.source,)) if overlay is not None else ()
    return tuple({source.release_id: source for source in every}.values()) or (tracts.measure.source,)


def describe(tracts: PlaceTracts, statistics: TractStatistics | None = None) -> str:
    """How many neighborhoods are below the US middle, where that is, how they spread, and how many differ clearly."""
    city, unit = tracts.place.name, tracts.measure.unit
    own = np.flatnonzero(np.asarray(tracts.belongs, dtype=bool) & ~np.isnan(tracts.values))
    total = int(np.sum(tracts.belongs))
    if own.size == 0:
        return ngettext(
            "No number is published for the one neighborhood of {place}.",
            "No number is published for the {count} neighborhoods of {place}.",
            total,
        ).format(count=total, place=city)
    if own.size > 1 and is_sensitive(tracts.measure.slug):
        low, high = format_in_prose_together(_middle_half(tracts.values[own]), unit)
        return _("The middle half of {count} neighborhoods in {place} ranged from {low} to {high}.").format(
            count=own.size, place=city, low=low, high=high
        )
    if own.size == 1 and is_sensitive(tracts.measure.slug):
        return _("In {place}, one neighborhood has a number. One has no spread to show.").format(place=city)
    if own.size == 1:
        one = format_in_prose(float(tracts.values[own[0]]), unit)
        return _(
            "In {place}, one neighborhood has a number: {number}, {side} the US middle. One has no spread to show."
        ).format(place=city, number=one, side=side_of_one(tracts))
    mean = statistics.mean if can_be_tested(statistics) else None
    said = [count_in_words(tracts)]
    if tracts.national_middle is not None:
        middle = format_in_prose(tracts.national_middle, unit)
        said.append(
            _("The US middle is the typical US neighborhood (census tract). It was at {number}.").format(number=middle)
        )
    if own.size <= LISTED_TRACTS:
        *listed, said_mean = format_in_prose_together((*sorted(tracts.values[own].astype(float)), mean), unit)
        said.append(_("Their numbers are {numbers}.").format(numbers=join_with_and(listed)))
    else:
        low, high, said_mean = format_in_prose_together((*_middle_half(tracts.values[own]), mean), unit)
        said.append(_("The middle half of neighborhoods ranged from {low} to {high}.").format(low=low, high=high))
    return " ".join((*said, *unknown_in_words(tracts), *describe_tiers(statistics, said_mean)))


def _middle_half(values: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(values.astype(float), [0.25, 0.75]).tolist()
    return low, high


def describe_tiers(statistics: TractStatistics | None, mean: str) -> list[str]:
    """Tracts clearly above and below the place's `mean` of the outcome it names; [] where nothing was tested."""
    if not can_be_tested(statistics) or statistics.mean is None:
        return []
    above, same, below = (statistics.count(tier) for tier in ("above", "indistinguishable", "below"))
    label = statistics.measure.label
    return [
        _("For {outcome}, {place} averages {mean}.").format(
            outcome=f"{label[:1].lower()}{label[1:]}", place=statistics.place.name, mean=mean
        ),
        ngettext(
            "{above} neighborhood is clearly above that and {below} clearly below.",
            "{above} neighborhoods are clearly above that and {below} clearly below.",
            above,
        ).format(above=above, below=below),
        ngettext("{same} is too close to call.", "{same} are too close to call.", same).format(same=same),
    ]


def build_table(
    tracts: PlaceTracts, statistics: TractStatistics | None = None, overlay: PlaceTracts | None = None
) -> Table:
    """Raw numbers: values and errors in the measure's unit, percentile 0-100, share 0-1. Never sorted by value."""
    measure = tracts.measure
    columns = [
        Column("neighborhood", "Neighborhood"),
        Column("geoid", "Tract (2010 GEOID)"),
        Column("value", label_with_unit(measure.label, measure.unit), "value", measure.unit),
    ]
    parts: list = [tracts.titles, tracts.geoids, _plain(tracts.values)]
    if tracts.standard_errors is not None:
        columns.append(Column("standard_error", "Standard error", "error", measure.unit))
        parts.append(_plain(tracts.standard_errors))
    if tracts.counts is not None:
        columns.append(Column("children", "Children behind it", "count", "children"))
        parts.append(_plain(tracts.counts))
    if can_be_tested(statistics):
        columns += [
            Column("adjusted_for_small_samples", "Adjusted for small samples", "estimate", measure.unit),
            Column("adjusted_for_small_samples_sd", "Its standard deviation", "estimate", measure.unit),
            Column("tier", f"Compared with {tracts.place.name}’s average"),
            Column("note", "Why not, or how uncertain"),
        ]
        parts += [_plain(statistics.shrunk), _plain(statistics.shrunk_sd), _tiers(statistics), _notes(statistics)]
    if overlay is not None:
        columns.append(
            Column(
                "overlay", label_with_unit(overlay.measure.label, overlay.measure.unit), "value", overlay.measure.unit
            )
        )
        parts.append(_plain(overlay.values))
    if not is_sensitive(measure.slug):  # no order of tracts by these
        columns.append(Column("national_percentile", "Higher than … in 100 US tracts", "percentile"))
        parts.append([None if np.isnan(p) else round(float(p), 2) for p in tracts.national_percentiles])
    columns += [
        Column("share_in_city", f"Area in {tracts.place.name}", "share"),
        Column("belongs", f"Counts as {tracts.place.name}’s", "yes"),
    ]
    parts += [[round(float(share), 6) for share in tracts.shares_in_city], _belonging(tracts)]
    rows = sorted(zip(*parts, strict=True), key=lambda row: (row[0] == "", row[0], row[1]))
    return Table(
        f"{measure.label} in the tracts of {tracts.place.name}: {measure.population}", tuple(columns), tuple(rows)
    )


def caveats(
    tracts: PlaceTracts, statistics: TractStatistics | None = None, overlay: PlaceTracts | None = None
) -> tuple[str, ...]:
    """What a careful reader must know before quoting the map, in a few lines; `details` has the rest."""
    measure, city = tracts.measure, tracts.place.name
    belongs = np.asarray(tracts.belongs, dtype=bool)
    missing, edge = int(np.sum(np.isnan(tracts.values[belongs]))), int(np.sum(~belongs))
    said = [*context_paragraphs(measure.slug)]
    if tracts.standard_errors is None:
        said.append(_("The file loaded here has no margin of error. Small differences may be chance."))
    if counted := how_counted(tracts):
        said.append(counted)
    if missing:
        said.append(
            ngettext(
                "{count} of {place}’s tracts has no published value: hatched on the map, not zero.",
                "{count} of {place}’s tracts have no published value: hatched on the map, not zero.",
                missing,
            ).format(count=missing, place=city)
        )
    if edge:
        said.append(
            ngettext(
                "{count} tract lies mostly outside {place}. It is not counted.",
                "{count} tracts lie mostly outside {place}. They are not counted.",
                edge,
            ).format(count=edge, place=city)
        )
    if statistics is not None:
        said.append(_not_tested(statistics) if statistics.reason else _tested(statistics))
    if overlay is not None:
        said.append(
            f"Circles: {with_dashes(overlay.measure.label)}, {overlay.measure.population}. "
            f"{overlay.measure.note}".strip()
        )
    if measure.note:
        said.append(measure.note)
    return tuple(said)


def _not_tested(statistics: TractStatistics) -> str:
    return _("Not compared with the city, and not adjusted for small samples: {reason}.").format(
        reason=statistics.reason
    )


def _tested(statistics: TractStatistics) -> str:
    return _("Dotted on the map, {count} here: a number that could easily be chance.").format(
        count=int(np.sum(statistics.unreliable))
    )


def details(tracts: PlaceTracts, statistics: TractStatistics | None = None) -> tuple[str, ...]:
    """How the map's numbers were tested and adjusted here, and which tracts belong."""
    measure = tracts.measure
    said = [*how_tested(statistics), f"Which tracts belong: {tracts.rule}."]
    if not is_sensitive(measure.slug):
        said.append("National percentiles count every US tract with a value once, whatever its population.")
    if measure.derived_from:
        said.append(f"Computed from the published measure {measure.derived_from}.")
    return tuple(said)


def how_tested(statistics: TractStatistics | None) -> list[str]:
    """How comparisons with the place, adjusted values and the mark of uncertainty come about."""
    if statistics is None or statistics.reason:
        return []
    unit, place = statistics.measure.unit, statistics.place.name
    said = [
        f"Higher or lower than {place}: each tract against the average of its tracts, weighted by "
        f"{statistics.weight_rule}. Tracts count as independent, and false discoveries are held to 5% (Benjamini and "
        "Hochberg). This speaks of one outcome only.",
        "Adjusted for small samples (shrunken): each tract moves toward what the "
        f"{statistics.fitted_tracts} tracts of its counties with as large a standard error suggest, the more so the "
        "larger its own (empirical Bayes, constant and log standard error; the uncertainty of that is in the standard "
        "deviation). Race is never used. Averages and comparisons use the original estimates.",
    ]
    if statistics.raised_errors:
        said.append(
            "Standard errors below 1% of the median one, found in this many tracts of its counties: "
            f"{statistics.raised_errors}. The adjustment takes 1% of the median instead; the table shows the file’s "
            "own."
        )
    if statistics.reliability is not None:
        interval = ""
        if statistics.reliability_low is not None:
            low, high = format_percent(statistics.reliability_low), format_percent(statistics.reliability_high)
            interval = f" (likely range {join_ends(low, high)})"
        said.append(
            f"Of the variation between {place}’s tracts, {format_percent(statistics.reliability)}{interval} is not "
            "noise."
        )
    doubtful = int(np.sum(statistics.unreliable))
    said.append(
        f"Dotted on the map, {doubtful} here: {statistics.unreliable_rule}. NYC Population FactFinder marks estimates "
        "by their coefficient of variation; percentiles have no natural zero, so the spread takes its place."
    )
    if unit == "rank" and statistics.mean_standard_error is not None:
        said.append(
            f"Standard error of the average: {format_standard_error(statistics.mean_standard_error, unit)} points."
        )
    return said


def _tiers(statistics: TractStatistics) -> list[str]:
    return [tier_label(tier, statistics.place.name) for tier in statistics.tiers]


def _notes(statistics: TractStatistics) -> list[str]:
    """Why a tract has no tier or no value adjusted for small samples; that it is uncertain."""
    return [
        "; ".join(dict.fromkeys(filter(None, (missing, untested, UNCERTAIN if doubtful else ""))))
        for missing, untested, doubtful in zip(
            statistics.reasons, statistics.untested, statistics.unreliable, strict=True
        )
    ]


def _belonging(tracts: PlaceTracts) -> list[str]:
    return ["yes" if belongs else "no, mostly outside" for belongs in tracts.belongs]


def _plain(values: np.ndarray) -> list[float | None]:
    """Stored float32 in their shortest text, as the API gives them."""
    return [published(value) for value in values]
