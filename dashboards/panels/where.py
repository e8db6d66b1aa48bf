"""Where in the city: one measure, tract by tract."""

import numpy as np

from atlas.records import PlaceTracts
from atlas.vectors import published
from dashboards.charts.distribution import own_values
from dashboards.charts.tract_map import draw_tract_map
from dashboards.number_words import in_prose, with_unit
from dashboards.panels.base import Column, Panel, Table


def build(tracts: PlaceTracts) -> Panel:
    """The map and its table; the table lists every tract that touches the city, by neighbourhood name."""
    measure = tracts.measure
    return Panel(
        slug="where",
        title=f"{measure.label}, tract by tract",
        finding=describe(tracts),
        figure=draw_tract_map(tracts) if tracts.geoids else None,
        table=build_table(tracts),
        sources=tracts.sources or (measure.source,),
        caveats=caveats(tracts),
        reason=""
        if own_values(tracts).size
        else f"No value of this measure is published for tracts in {tracts.place.name}.",
        on_sample_map=tracts.place.geometry_is_sample,
    )


def describe(tracts: PlaceTracts) -> str:
    """How far apart the city's tracts are, and how many lie above the middle US tract."""
    city, unit = tracts.place.name, tracts.measure.unit
    own = np.flatnonzero(np.asarray(tracts.belongs, dtype=bool) & ~np.isnan(tracts.values))
    total = int(np.sum(tracts.belongs))
    if own.size == 0:
        return f"No value is published for the {total} tracts of {city}."
    above = int(np.sum(tracts.national_percentiles[own] > 50))
    if own.size == 1:
        one = in_prose(float(tracts.values[own[0]]), unit)
        side = "above" if above else "not above"
        return f"In {city}, one tract has a value: {one}, {side} the middle US tract. One tract has no spread to show."
    low, high = np.quantile(tracts.values[own].astype(float), [0.25, 0.75])
    return (
        f"In {city}, {_counted(above, own.size)} lay above the middle US tract. "
        f"Half of them lay between {in_prose(low, unit)} and {in_prose(high, unit)}."
    )


def build_table(tracts: PlaceTracts) -> Table:
    """Raw numbers: value and standard error in the measure's unit, percentile 0-100, share 0-1."""
    measure = tracts.measure
    columns = [
        Column("neighbourhood", "Neighbourhood"),
        Column("geoid", "Tract (2010 GEOID)"),
        Column("value", with_unit(measure.label, measure.unit), "value", measure.unit),
    ]
    parts: list = [tracts.names, tracts.geoids, _plain(tracts.values)]
    if tracts.standard_errors is not None:
        columns.append(Column("standard_error", "Standard error", "error", measure.unit))
        parts.append(_plain(tracts.standard_errors))
    if tracts.counts is not None:
        columns.append(Column("children", "Children behind it", "count", "children"))
        parts.append(_plain(tracts.counts))
    columns += [
        Column("national_percentile", "Higher than … in 100 US tracts", "percentile"),
        Column("share_in_city", f"Area in {tracts.place.name}", "share"),
        Column("belongs", f"Counts as {tracts.place.name}’s"),
    ]
    percentiles = [None if np.isnan(p) else round(float(p), 2) for p in tracts.national_percentiles]
    parts += [percentiles, [round(float(share), 6) for share in tracts.shares_in_city], _belonging(tracts)]
    rows = sorted(zip(*parts, strict=True), key=lambda row: (row[0] == "", row[0], row[1]))
    return Table(
        f"{measure.label} in the tracts of {tracts.place.name}: {measure.population}", tuple(columns), tuple(rows)
    )


def caveats(tracts: PlaceTracts) -> tuple[str, ...]:
    """What a careful reader must know before quoting the map."""
    measure, city = tracts.measure, tracts.place.name
    missing = int(np.sum(np.isnan(tracts.values[np.asarray(tracts.belongs, dtype=bool)])))
    edge = int(np.sum(~np.asarray(tracts.belongs, dtype=bool)))
    said = []
    if tracts.standard_errors is None:
        said.append(
            "No standard errors: the publisher's file for this measure has none, "
            "so small differences between tracts may be chance."
        )
    if missing:
        said.append(f"{missing} of {city}'s tracts have no value. They are grey on the map; no value is not zero.")
    if edge:
        said.append(
            f"{edge} tracts lie mostly outside {city}: pale on the map, listed in the table, "
            "not counted in the finding."
        )
    said.append(f"Which tracts belong: {tracts.rule}.")
    said.append("National percentiles count every US tract with a value once, whatever its population.")
    if measure.note:
        said.append(measure.note)
    if measure.derived_from:
        said.append(f"Computed from the published measure {measure.derived_from}.")
    return tuple(said)


def _belonging(tracts: PlaceTracts) -> list[str]:
    return ["yes" if belongs else "no, mostly outside" for belongs in tracts.belongs]


def _counted(above: int, total: int) -> str:
    return f"{above if above else 'none'} of {total} tracts with a value"


def _plain(values: np.ndarray) -> list[float | None]:
    """Stored float32 in their shortest text, as the API gives them."""
    return [published(value) for value in values]
