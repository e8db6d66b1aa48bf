"""How the city's tracts compare with all US tracts on one measure."""

import numpy as np

from atlas.formatting.counts import format_number_of
from atlas.measures import is_sensitive
from atlas.records.places import PlaceTracts
from dashboards.charts.distribution import city_middle, city_shares, draw_distribution, own_values, us_middle
from dashboards.formatting.estimates import format_in_prose_together, label_with_unit
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.content_notices import context_paragraphs
from dashboards.panels.middle_counts import TOGETHER, how_counted, sides_of_middle, unknown_in_words


def build(tracts: PlaceTracts, edges: np.ndarray, shares: np.ndarray) -> Panel:
    """`edges` (n + 1) in the measure's unit, `shares` (n) of all US tracts with a value."""
    measure, city = tracts.measure, tracts.place.name
    own = city_shares(tracts, edges) if len(shares) else None
    rows: tuple[tuple[float, float, float, float], ...] = ()
    if own is not None:
        rows = tuple(
            (float(low), float(high), float(here), float(nation))
            for low, high, here, nation in zip(edges[:-1], edges[1:], own, shares, strict=True)
        )
    columns = (
        Column("from", label_with_unit("From", measure.unit), "value", measure.unit),
        Column("to", "To", "value", measure.unit),
        Column("city_share", f"Share of {city}'s tracts", "value", "share"),
        Column("us_share", "Share of US tracts", "value", "share"),
    )
    return Panel(
        slug="distribution",
        title=f"{city} beside all US tracts",
        finding=describe(tracts) if rows else "",
        figure=(lambda: draw_distribution(tracts, edges, shares)) if rows else None,
        table=Table(f"{measure.label}: {city}'s tracts and all US tracts, by band", columns, rows),
        sources=tracts.sources or (measure.source,),
        caveats=(
            *context_paragraphs(measure.slug),
            "Each line is a share of its own tracts, so a city of 40 tracts and a nation of 73,000 can be compared; "
            "every tract counts once, whatever its population.",
            *filter(None, [how_counted(tracts)]),
            "The first and the last band also hold everything beyond them.",
            "The middle US tract counts every tract once. The average low-income child, whom the city’s number stands "
            "beside, is another: there tracts count by their children.",
        ),
        reason="" if rows else f"There are no published values to compare for {city} yet.",
        context=context_paragraphs(measure.slug),
        on_sample_map=tracts.place.geometry_is_sample,
    )


def describe(tracts: PlaceTracts) -> str:
    """The two middles in one sentence."""
    unit, city = tracts.measure.unit, tracts.place.name
    own = own_values(tracts)
    here, nation = city_middle(tracts), us_middle(tracts)
    here_words, nation_words = format_in_prose_together((here, nation), unit)
    if own.size == 1:
        return f"The one tract with a value in {city} was at {here_words}, the middle US tract at {nation_words}."
    if is_sensitive(tracts.measure.slug):  # no tract is set below another by these
        return f"The middle tract in {city} was at {here_words}, the middle US tract at {nation_words}."
    sides, every = sides_of_middle(tracts), format_number_of(own.size, "tract")
    if sides is None:
        count = f"in the published estimates, {int(np.sum(own < nation))} of {every} in {city} were below that"
    else:
        count = f"{sides.below} of {every} in {city} lay clearly below that and {sides.above} clearly above, {TOGETHER}"
    return (
        f"The middle tract in {city} was at {here_words}, the middle US tract at {nation_words}; "
        f"{count}{unknown_in_words(tracts)}."
    )
