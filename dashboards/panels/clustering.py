"""Whether neighboring tracts resemble each other: one number for the whole place, no map of clusters."""

import numpy as np
from django.utils.translation import gettext as _

from atlas.formatting.counts import format_count, format_index, format_number_of
from atlas.formatting.ranges import join_ends
from atlas.records.analysis import OutcomeTracts, Outlines
from atlas.statistics.spatial import MoranI, find_neighbors, measure_moran
from dashboards.charts.tract_scatter import Axis, Dots, draw_tract_scatter
from dashboards.formatting.estimates import format_estimate
from dashboards.formatting.outcomes import short_label, subject
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.outcome_notes import compared, detailed_notes, notes, nothing_to_show

SLUG = "clustering"
CLEAR = 0.05


def build(tracts: OutcomeTracts, outlines: Outlines) -> Panel:
    """Global Moran's I of the values as published, never of ones adjusted for small samples."""
    city = tracts.place.name
    title = f"Were nearby neighborhoods in {city} alike?"
    if tracts.reason:
        return nothing_to_show(SLUG, title, tracts)
    if all(polygon is None for polygon in outlines.polygons):
        return nothing_to_show(SLUG, title, tracts, f"The outlines of the tracts of {city} have not been imported yet.")
    web = find_neighbors(outlines.polygons)
    values = np.where(tracts.used, tracts.values, np.nan)
    found = measure_moran(values, web, tracts.standard_errors)
    if found.estimate.value is None:
        return nothing_to_show(SLUG, title, tracts, f"Nothing can be said of neighbors: {found.estimate.reason}.")
    sources = {source.release_id: source for source in (*tracts.sources, *outlines.sources)}
    return Panel(
        slug=SLUG,
        title=title,
        finding=describe(tracts, found),
        figure=_draw(tracts, values, web.neighbors),
        table=_table(tracts, found),
        sources=tuple(sources.values()),
        caveats=(*_caveats(outlines, found), *notes(tracts)),
        details=(*_details(), *detailed_notes(tracts)),
        on_sample_map=tracts.place.geometry_is_sample,
    )


def describe(tracts: OutcomeTracts, found: MoranI) -> str:
    """Whether neighbors are alike, the index with how often chance gives as much, and what noise does to it."""
    assert found.p is not None, "an index comes with its test"
    clear = found.p < CLEAR
    if clear:
        first = _("Nearby neighborhoods in {place} were more alike than chance would make them.")
    else:
        first = _("Nearby neighborhoods in {place} were not clearly more alike than chance would make them.")
    index = _("Moran’s I is {index}; no pattern would give {expected}.")
    trials = (
        _("We compared {count} orders of the values ({p}).")
        if found.exact
        else _("We compared {count} shuffled maps ({p}).")
    )
    said = (
        first.format(place=tracts.place.name),
        compared(tracts.measure),
        index.format(index=format_index(found.estimate.value), expected=format_index(found.expected)),
        trials.format(count=format_count(found.shuffles), p=f"p = {found.p:.3f}" if clear else f"p = {found.p:.2f}"),
    )
    return " ".join((*said, _of_noise(found)))


def _of_noise(found: MoranI) -> str:
    """The index with the noise added once more, or why that can't be said."""
    held = found.redrawn.interval
    if held is None or found.redrawn_clear is None:
        said = _("Chance weakens such patterns. We can’t say by how much: {reason}.")
        return said.format(reason=found.redrawn.reason)
    said = _(
        "With the noise added once more it would be {index} (likely range {bounds}). It was beyond chance in {clear} "
        "in 100 draws."
    )
    return said.format(
        index=format_index(found.redrawn.value),
        bounds=join_ends(format_index(held.low), format_index(held.high)),
        clear=f"{found.redrawn_clear * 100:.0f}",
    )


def _draw(tracts: OutcomeTracts, values: np.ndarray, neighbors: dict[int, list[int]]):
    unit = tracts.measure.unit
    own, around, hover = [], [], []
    titles = tracts.titles
    for index, near in neighbors.items():
        known = [values[other] for other in near if np.isfinite(values[other])]
        if np.isfinite(values[index]) and known:
            own.append(values[index])
            around.append(float(np.mean(known)))
            hover.append(
                f"{titles[index]}\n{format_estimate(values[index], unit)}; its "
                f"{len(known)} "
                f"neighbors on average {format_estimate(around[-1], unit)}"
            )
    return draw_tract_scatter(
        Dots(np.array(own), np.array(around), tuple(hover)),
        Axis(f"{short_label(tracts.measure)} of a tract", unit),
        Axis("Average of the tracts around it", unit),
    )


def _table(tracts: OutcomeTracts, found: MoranI) -> Table:
    columns = (
        Column("quantity", "Quantity"),
        Column("value", "Value", "value", "index", none="–"),
        Column("low", "95% interval from", "value", "index", none="–"),
        Column("high", "to", "value", "index", none="–"),
        Column("note", "Note"),
    )
    held = found.redrawn.interval
    tested = "all orders" if found.exact else "shuffled maps"
    rows = (
        (
            "Moran’s I, values as published",
            found.estimate.value,
            None,
            None,
            format_number_of(found.estimate.n, "tract"),
        ),
        ("Expected without a pattern", found.expected, None, None, ""),
        (
            "p, one-sided",
            found.p,
            None,
            None,
            f"{found.p:.4f}: share of {found.shuffles:,} {tested} with an index as large",
        ),
        (
            "Moran’s I with the noise added again",
            found.redrawn.value,
            held.low if held else None,
            held.high if held else None,
            found.redrawn.reason,
        ),
        ("Share of these beyond chance", found.redrawn_clear, None, None, found.redrawn.reason),
    )
    return Table(f"Likeness of neighboring tracts: {subject(tracts.measure)}", columns, rows)


def _caveats(outlines: Outlines, found: MoranI) -> tuple[str, ...]:
    undrawn = sum(1 for polygon in outlines.polygons if polygon is None)
    said = [
        "Moran’s I: how far each tract’s distance from the average goes with that of its neighbors. Neighbors share a "
        "border or a corner.",
        "Children who lived in two neighboring tracts count in both, which by itself makes neighbors somewhat alike.",
        "No map of clusters: single tracts are too noisy for it.",
    ]
    if found.islands:
        said.append(f"{_tracts(found.islands)} a value and no neighbor with one: left out.")
    if undrawn:
        said.append(f"{_tracts(undrawn)} no outline: left out.")
    return tuple(said)


def _details() -> tuple[str, ...]:
    return (
        "Each tract counts once, and its neighbors alike. Only neighbors within the place count: the edge is cut off "
        "at its border.",
        "Noise that is a tract’s own weakens the pattern; it cannot make one.",
        "Adjusted values would make up clusters that are not there. Values as published miss most of those that are.",
    )


def _tracts(count: int) -> str:
    return "1 tract has" if count == 1 else f"{count} tracts have"
