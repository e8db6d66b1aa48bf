"""Where in the place: one measure, tract by tract, as published, steadied or sorted into tiers."""

from typing import TypeGuard

import numpy as np

from atlas.formatting.ranges import join_ends
from atlas.formatting.shares import format_percent
from atlas.measures import is_sensitive
from atlas.records.places import MeasureRecord, PlaceTracts, Source, TractStatistics
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
from dashboards.formatting.sentences import with_dashes
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.content_notices import context_paragraphs
from dashboards.panels.middle_counts import count_in_words, how_counted, side_of_one

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
    hover = hover_texts(table, hover_recipe(tracts, statistics, overlay))
    return Panel(
        slug="where",
        title=question(measure),
        finding=describe(tracts, statistics),
        figure=(lambda: draw_tract_map(tracts, statistics, drawn, overlay, hover)) if tracts.geoids else None,
        table=table,
        sources=_sources(tracts, statistics, overlay),
        caveats=caveats(tracts, statistics, overlay),
        reason=""
        if own_values(tracts).size
        else f"No value of this measure is published for tracts in {tracts.place.name}.",
        context=context_paragraphs(measure.slug),
        on_sample_map=tracts.place.geometry_is_sample,
    )


def question(measure: MeasureRecord) -> str:
    """The panel's heading."""
    return f"Where? {with_dashes(measure.label)}, tract by tract"


def hover_texts(table: Table, recipe: HoverRecipe) -> dict[str, str]:
    """What the map says of each tract, by GEOID."""
    return {
        geoid: hover_body({column.key: words for column, words in cells}, recipe)
        for geoid, cells in table.formatted_rows()
    }


def can_be_tested(statistics: TractStatistics | None) -> TypeGuard[TractStatistics]:
    """Whether steadied values and tiers can be shown."""
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
    """How far apart the place's tracts are, how many lie above the middle US tract, and how many differ clearly."""
    city, unit = tracts.place.name, tracts.measure.unit
    own = np.flatnonzero(np.asarray(tracts.belongs, dtype=bool) & ~np.isnan(tracts.values))
    total = int(np.sum(tracts.belongs))
    if own.size == 0:
        tracts_words = "one tract" if total == 1 else f"{total} tracts"
        return f"No value is published for the {tracts_words} of {city}."
    if own.size > 1 and is_sensitive(tracts.measure.slug):
        low, high = format_in_prose_together(_middle_half(tracts.values[own]), unit)
        return f"In {city}, half of the {own.size} tracts with a value lay between {low} and {high}."
    if own.size == 1 and is_sensitive(tracts.measure.slug):
        return f"In {city}, one tract has a value. One tract has no spread to show."
    if own.size == 1:
        one = format_in_prose(float(tracts.values[own[0]]), unit)
        return (
            f"In {city}, one tract has a value: {one}, {side_of_one(tracts)} the middle US tract. "
            "One tract has no spread to show."
        )
    mean = statistics.mean if can_be_tested(statistics) else None
    if own.size <= LISTED_TRACTS:
        *listed, said_mean = format_in_prose_together((*sorted(tracts.values[own].astype(float)), mean), unit)
        return (
            f"{count_in_words(tracts)} "
            f"Their values: {', '.join(listed[:-1])} and "
            f"{listed[-1]}.{describe_tiers(statistics, said_mean)}"
        )
    low, high, said_mean = format_in_prose_together((*_middle_half(tracts.values[own]), mean), unit)
    return (
        f"{count_in_words(tracts)} Half of the {own.size} with a value lay between {low} and {high}."
        f"{describe_tiers(statistics, said_mean)}"
    )


def _middle_half(values: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(values.astype(float), [0.25, 0.75]).tolist()
    return low, high


def describe_tiers(statistics: TractStatistics | None, mean: str) -> str:
    """Tracts clearly above and below, a sentence that names the outcome and its `mean`; "" where nothing was tested."""
    if not can_be_tested(statistics) or statistics.mean is None:
        return ""
    above, same, below = (statistics.count(tier) for tier in ("above", "indistinguishable", "below"))
    label = statistics.measure.label
    return (
        f" For {label[:1].lower()}{label[1:]}, {above} {_were(above)} clearly above the mean of "
        f"{statistics.place.name}’s tracts ({mean}), "
        f"{below} clearly below and {same} not distinguishable from it."
    )


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
            Column("steadied", "Steadied value", "estimate", measure.unit),
            Column("steadied_sd", "Its standard deviation", "estimate", measure.unit),
            Column("tier", f"Against the mean of {tracts.place.name}"),
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
    """What a careful reader must know before quoting the map."""
    measure, city = tracts.measure, tracts.place.name
    missing = int(np.sum(np.isnan(tracts.values[np.asarray(tracts.belongs, dtype=bool)])))
    edge = int(np.sum(~np.asarray(tracts.belongs, dtype=bool)))
    said = [*context_paragraphs(measure.slug)]
    if tracts.standard_errors is None:
        said.append(
            "No standard errors: the file loaded here for this measure has none, "
            "so small differences between tracts may be chance."
        )
    if counted := how_counted(tracts):
        said.append(counted)
    if missing:
        said.append(
            f"{missing} of {city}'s tracts {'has' if missing == 1 else 'have'} no value: gray and hatched on the map; "
            "no value is not zero."
        )
    if edge:
        said.append(
            f"{edge} {'tract lies' if edge == 1 else 'tracts lie'} mostly outside {city}: pale on the map, "
            "listed in the table, not counted in the finding."
        )
    said += how_tested(statistics)
    said.append(f"Which tracts belong: {tracts.rule}.")
    if overlay is not None:
        said.append(
            f"The circles: {overlay.measure.label}, {overlay.measure.population}. {overlay.measure.note}".strip()
        )
    if not is_sensitive(measure.slug):
        said.append("National percentiles count every US tract with a value once, whatever its population.")
    if measure.note:
        said.append(measure.note)
    if measure.derived_from:
        said.append(f"Computed from the published measure {measure.derived_from}.")
    return tuple(said)


def how_tested(statistics: TractStatistics | None) -> list[str]:
    """How tiers, steadied values and the mark of uncertainty come about, or why there are none."""
    if statistics is None:
        return []
    if statistics.reason:
        return [f"No tiers and no steadied values: {statistics.reason}."]
    unit, place = statistics.measure.unit, statistics.place.name
    said = [
        f"Tiers: each tract against the mean of {place}'s tracts, weighted by {statistics.weight_rule}; standard "
        "errors of both, tracts taken as independent, false discoveries held to 5% (Benjamini and Hochberg). "
        "A tier speaks of this outcome only.",
        f"Steadied values draw each tract toward what the {statistics.fitted_tracts} tracts of its counties with a "
        "standard error as large would lead one to expect, the more so the larger its own (empirical Bayes, constant "
        "and log standard error; the uncertainty of that expectation is in the standard deviation). They never use "
        "race. For one tract's likely true value; averages and tiers use the published values.",
    ]
    if statistics.raised_errors:
        said.append(
            "Standard errors below 1% of the median one, found in this many tracts of its counties: "
            f"{statistics.raised_errors}. No estimate from children is that sure, so steadied values take 1% of the "
            "median instead; the table shows the file's own."
        )
    if statistics.reliability is not None:
        interval = ""
        if statistics.reliability_low is not None:
            low, high = format_percent(statistics.reliability_low), format_percent(statistics.reliability_high)
            interval = f" (95% interval {join_ends(low, high)})"
        said.append(
            f"Of the variance between {place}'s tracts {format_percent(statistics.reliability)}{interval} is not noise."
        )
    doubtful = int(np.sum(statistics.unreliable))
    said.append(
        f"Dotted on the map, {doubtful} here: {statistics.unreliable_rule}. Like NYC Population FactFinder, which "
        "grays estimates by their coefficient of variation; ranks have no natural zero, so the spread takes its place."
    )
    if unit == "rank" and statistics.mean_standard_error is not None:
        said.append(
            f"Standard error of the mean: {format_standard_error(statistics.mean_standard_error, unit)} percentiles."
        )
    return said


def _tiers(statistics: TractStatistics) -> list[str]:
    return [tier_label(tier, statistics.place.name) for tier in statistics.tiers]


def _notes(statistics: TractStatistics) -> list[str]:
    """Why a tract has no tier or no steadied value; that it is uncertain."""
    return [
        "; ".join(dict.fromkeys(filter(None, (missing, untested, UNCERTAIN if doubtful else ""))))
        for missing, untested, doubtful in zip(
            statistics.reasons, statistics.untested, statistics.unreliable, strict=True
        )
    ]


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _belonging(tracts: PlaceTracts) -> list[str]:
    return ["yes" if belongs else "no, mostly outside" for belongs in tracts.belongs]


def _plain(values: np.ndarray) -> list[float | None]:
    """Stored float32 in their shortest text, as the API gives them."""
    return [published(value) for value in values]
