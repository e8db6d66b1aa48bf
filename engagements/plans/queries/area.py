"""Who grew up in a plan's area, and how sure that is: the portal's own numbers over the tracts chosen."""

import math

from atlas.queries import cities as city_queries
from atlas.queries.headlines import MEASURE, NotAveraged, headline
from atlas.queries.live import live_catalog
from atlas.queries.measures import crosswalk
from atlas.queries.outcome_tracts import outcome_tracts
from atlas.queries.tract_places import tracts_as_place
from atlas.queries.tracts import MeasureNotLive
from atlas.records.places import AreaRecord, CityRecord, Headline, Source
from atlas.statistics.intervals import Z95
from engagements.plans.queries.inputs import StartingPoint
from engagements.plans.records import AreaFigures, ReferenceFigure, TractFigure

NO_TRACTS = "no tract is chosen yet"
NOT_LIVE = "this outcome is not imported"
SHOWN_REFERENCES = ("county", "nation")  # to hold it against: its mean is adjusted to the same county values


def plan_place(city: CityRecord, name: str, geoids: tuple[str, ...], rule: str) -> AreaRecord:
    """The plan's tracts as a place of their own."""
    return tracts_as_place(city, name or f"{city.name}: chosen tracts", geoids, rule)


def area_figures(city_slug: str, name: str, geoids: tuple[str, ...], rule: str, measure: str) -> AreaFigures:
    """Constant statements whatever the number of tracts; what cannot be said has its reason."""
    slug = measure or MEASURE
    city = city_queries.city(city_slug)
    if not geoids or city is None:
        return _nothing(slug, geoids, NO_TRACTS)
    place = plan_place(city, name, geoids, rule)
    try:
        mean, tracts = headline(place, slug), outcome_tracts(place, slug)
    except (MeasureNotLive, NotAveraged):
        return _nothing(slug, geoids, NOT_LIVE)
    found = tuple(
        _tract(*row)
        for row in zip(
            tracts.geoids,
            tracts.names,
            tracts.values.tolist(),
            _listed(tracts.standard_errors, len(tracts.geoids)),
            tracts.weights.tolist(),
            strict=True,
        )
    )
    low, high = _interval(mean)
    return AreaFigures(
        measure=slug,
        measure_label=tracts.measure.label,
        population=tracts.measure.population,
        tracts=found or tuple(TractFigure(geoid, "", None, None, None, tracts.reason) for geoid in geoids),
        tracts_used=mean.tracts_used,
        value=mean.value,
        standard_error=mean.standard_error,
        low=low,
        high=high,
        error_reason=mean.standard_error_reason,
        usd=mean.usd,
        children=mean.children,
        children_rule=mean.weight_rule,
        coverage=mean.coverage,
        references=tuple(
            ReferenceFigure(each.kind, each.name, each.value, each.standard_error)
            for each in mean.references
            if each.kind in SHOWN_REFERENCES and each.value is not None
        ),
        sources=tuple(source_line(source) for source in mean.sources or tracts.sources),
        is_sample=mean.is_sample or tracts.is_sample,
        reason=mean.reason or ("" if mean.value is not None else tracts.reason),
    )


def starting_point(city_slug: str, name: str, geoids: tuple[str, ...], rule: str) -> StartingPoint:
    """Outcomes of children of these tracts who don't move: always household income, whatever the map showed."""
    city = city_queries.city(city_slug)
    if not geoids or city is None:
        return StartingPoint(reason=NO_TRACTS)
    found = crosswalk(live_catalog(), "kfr")
    if found is None:
        return StartingPoint(reason="the source's table of ranks in dollars is not imported")
    try:
        mean = headline(plan_place(city, name, geoids, rule), MEASURE)
    except (MeasureNotLive, NotAveraged):
        return StartingPoint(reason=NOT_LIVE)
    if mean.value is None:
        return StartingPoint(reason=mean.reason or "the plan's tracts have no value of household income")
    table, source = found
    notes = [
        f"Without the move a child gets as far as children of low-income families from the plan's tracts did on "
        f"average: {100 * mean.value:.1f} on a scale of 0 to 100 of household incomes, taken as known exactly.",
        f"Ranks in dollars: {source_line(source)}",
        *(f"Ranks of the tracts: {source_line(each)}" for each in mean.sources),
    ]
    return StartingPoint(mean.value, table, tuple(notes))


def source_line(source: Source) -> str:
    """One source in one line, with its vintage."""
    sample = "synthetic sample data, not published figures: " if source.is_sample else ""
    return f"{sample}{source.publisher}, {source.title}; {source.vintage}. {source.citation}."


def _listed(values, count: int) -> list[float | None]:
    return [None] * count if values is None else values.tolist()


def _tract(geoid: str, name: str, value: float, error: float | None, children: float) -> TractFigure:
    known = _plain(value)
    reason = "" if known is not None else "no value is published for this tract"
    return TractFigure(geoid, name, known, _plain(error), _plain(children), reason)


def _plain(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _interval(mean: Headline) -> tuple[float | None, float | None]:
    if mean.value is None or mean.standard_error is None:
        return None, None
    return mean.value - Z95 * mean.standard_error, mean.value + Z95 * mean.standard_error


def _nothing(slug: str, geoids: tuple[str, ...], reason: str) -> AreaFigures:
    return AreaFigures(
        measure=slug,
        measure_label="",
        population="",
        tracts=tuple(TractFigure(geoid, "", None, None, None, reason) for geoid in geoids),
        tracts_used=0,
        value=None,
        standard_error=None,
        low=None,
        high=None,
        error_reason=reason,
        usd=None,
        children=None,
        children_rule="",
        coverage=None,
        references=(),
        sources=(),
        is_sample=False,
        reason=reason,
    )
