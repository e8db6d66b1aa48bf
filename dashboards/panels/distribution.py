"""How the city's tracts compare with all US tracts on one measure."""

import numpy as np
from django.utils.translation import gettext as _

from atlas.measures import is_sensitive
from atlas.records.places import PlaceTracts
from dashboards.charts.distribution import city_middle, city_shares, draw_distribution, own_values, us_middle
from dashboards.formatting.estimates import format_in_prose_together, label_with_unit
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.content_notices import context_paragraphs
from dashboards.panels.middle_counts import count_in_words, how_counted, unknown_in_words


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
        title=_("{place} compared with the nation").format(place=city),
        finding=describe(tracts) if rows else "",
        figure=(lambda: draw_distribution(tracts, edges, shares)) if rows else None,
        table=Table(f"{measure.label}: {city}'s tracts and all US tracts, by band", columns, rows),
        sources=tracts.sources or (measure.source,),
        caveats=(
            *context_paragraphs(measure.slug),
            "Each line is a share of its own tracts, so a city and the nation can be compared. Every tract counts "
            "once, whatever its population.",
            *filter(None, [how_counted(tracts)]),
            "The first and the last band also hold everything beyond them.",
            "The typical US neighborhood is the middle one of all US tracts with a value, each counted once. The "
            "nation’s average counts children instead, so it is another number.",
        ),
        reason="" if rows else _("There are no numbers to compare for {place} yet.").format(place=city),
        context=context_paragraphs(measure.slug),
        on_sample_map=tracts.place.geometry_is_sample,
    )


def describe(tracts: PlaceTracts) -> str:
    """The two middles, and how many are below the nation's."""
    unit, city = tracts.measure.unit, tracts.place.name
    own = own_values(tracts)
    here, nation = city_middle(tracts), us_middle(tracts)
    here_words, nation_words = format_in_prose_together((here, nation), unit)
    typical = _("The typical {place} neighborhood was at {here}, the typical US one at {nation}.").format(
        place=city, here=here_words, nation=nation_words
    )
    if own.size == 1:
        return _("The one {place} neighborhood with a number was at {here}, the typical US one at {nation}.").format(
            place=city, here=here_words, nation=nation_words
        )
    if is_sensitive(tracts.measure.slug):  # no tract is set below another by these
        return typical
    return " ".join((typical, count_in_words(tracts, is_named=False), *unknown_in_words(tracts)))
