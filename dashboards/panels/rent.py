"""Rents beside an outcome: the line through the tracts, and how sure each tract's distance from it is."""

from dataclasses import dataclass, field

import numpy as np

from atlas.formatting.counts import format_decimal, format_index, format_number_of, format_p
from atlas.formatting.percentiles import format_points
from atlas.formatting.ranges import join_ends
from atlas.records.analysis import Characteristic, OutcomeTracts, Outlines
from atlas.statistics.association import Line, fit_line
from atlas.statistics.effective_sample import find_centers
from atlas.statistics.significant_residuals import find_significant_residuals
from atlas.statistics.spatial import MoranI, find_neighbors, measure_moran
from dashboards.charts.tract_scatter import Axis, Dots, draw_tract_scatter
from dashboards.formatting.estimates import format_estimate, unit_label
from dashboards.formatting.outcomes import short_label, size, subject
from dashboards.formatting.sentences import lower_first, with_dashes
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.outcome_notes import notes, nothing_to_show
from dashboards.panels.rent_codes import RentsWithoutTopcodes, drop_topcoded

SLUG = "rent"
PREFERRED = ("rent_twobed2015", "median_rent2016")  # two bedrooms compare like with like
STEP = 100  # dollars a month
CLEAR = 0.05
VERDICTS = {1: "clearly above", -1: "clearly below", 0: "too close to call against the line"}


@dataclass(frozen=True)
class _Found:
    rent: Characteristic
    codes: RentsWithoutTopcodes
    line: Line
    clear: np.ndarray = field(repr=False)  # 1, -1, 0 or NaN per tract
    likeness: MoranI  # of the distances from the line: whether neighbors share what the rent leaves out


def build(tracts: OutcomeTracts, characteristics: tuple[Characteristic, ...], outlines: Outlines) -> Panel:
    """The first of the preferred rents that is live."""
    title = f"Did children get further where rents were higher in {tracts.place.name}?"
    if tracts.reason:
        return nothing_to_show(SLUG, title, tracts)
    by_slug = {one.measure.slug: one for one in characteristics}
    rent = next((by_slug[slug] for slug in PREFERRED if slug in by_slug), None)
    if rent is None:
        return nothing_to_show(SLUG, title, tracts, "No rents by tract have been imported yet.")
    codes = drop_topcoded(rent)
    unit = tracts.measure.unit
    values = np.where(tracts.used, tracts.values, np.nan)
    line = fit_line(
        codes.values,
        values,
        tracts.weights,
        tracts.standard_errors,
        unit=unit,
        x_unit=rent.measure.unit,
        points=find_centers(outlines.polygons),
    )
    likeness = measure_moran(np.where(tracts.used, line.residual, np.nan), find_neighbors(outlines.polygons), None)
    found = _Found(rent, codes, line, find_significant_residuals(line), likeness)
    drawn = line.slope.value is not None
    sources = {source.release_id: source for source in (*tracts.sources, rent.measure.source)}
    return Panel(
        slug=SLUG,
        title=title,
        finding=describe(tracts, found) if drawn else "",
        figure=_draw(tracts, found) if drawn else None,
        table=_table(tracts, found),
        sources=tuple(sources.values()),
        caveats=(*_caveats(tracts, found), *notes(tracts)),
        reason="" if drawn else f"No line can be drawn: {line.reason}.",
        on_sample_map=tracts.place.geometry_is_sample,
    )


def describe(tracts: OutcomeTracts, found: _Found) -> str:
    """The slope with its interval, or why it has none, then what can be said of single tracts."""
    slope, city, unit = found.line.slope, tracts.place.name, tracts.measure.unit
    more, held = slope.known_value, slope.interval
    years = with_dashes(found.rent.measure.label)
    size_of_100 = f"{format_points(STEP * more)} {_points(unit)} for $100 more a month"
    if held is None:
        return (
            f"In {city}, nothing tells whether rents and the {subject(tracts.measure)} went together: {size_of_100}. "
            f"The line has no margin of error ({slope.reason}; {lower_first(years)}); "
            f"{_of_single_tracts(tracts, found)}."
        )
    low, high = STEP * held.low, STEP * held.high
    bounds = f"95% interval {join_ends(format_points(low), format_points(high))}"
    if 0 in held:
        said = (
            f"In {city}, rents and the {subject(tracts.measure)} did not clearly go together: "
            f"{size_of_100} ({bounds}; {lower_first(years)})"
        )
    else:
        way = "higher" if more > 0 else "lower"
        said = (
            f"In the tracts of {city} where the {lower_first(years)}, was $100 a month higher, the "
            f"{subject(tracts.measure)} was {size(abs(STEP * more), unit)} {way} on average ({bounds})"
        )
    return f"{said}; {_of_single_tracts(tracts, found)}."


def _of_single_tracts(tracts: OutcomeTracts, found: _Found) -> str:
    if tracts.standard_errors is None:
        return "whether any one tract really lies off that line cannot be told, for its value has no standard error"
    above, below, tested = (int(np.sum(part)) for part in (found.clear == 1, found.clear == -1, ~np.isnan(found.clear)))
    if not above and not below:
        return f"0 of {format_number_of(tested, 'tract')} can be told from that line"
    return f"{above} of {format_number_of(tested, 'tract')} lay clearly above that line and {below} clearly below"


def _points(unit: str) -> str:
    return "ranks" if unit == "rank" else "percentage points"


def _draw(tracts: OutcomeTracts, found: _Found):
    unit, rents, titles = tracts.measure.unit, found.codes.values, tracts.titles
    shown = np.flatnonzero(np.isfinite(rents) & tracts.used)
    order = shown[np.argsort(rents[shown])][[0, -1]]
    hover = tuple(
        f"{titles[i]}\n{format_estimate(rents[i], found.rent.measure.unit)} a month, "
        f"{format_estimate(tracts.values[i], unit)}\n{_verdict(found, i)}"
        for i in shown.tolist()
    )
    return draw_tract_scatter(
        Dots(rents[shown], tracts.values[shown], hover, np.isin(found.clear[shown], (1, -1))),
        Axis(f"{with_dashes(found.rent.measure.label)}, a month", found.rent.measure.unit),
        Axis(short_label(tracts.measure), unit),
        line=(rents[order], found.line.fitted[order]),
    )


def _verdict(found: _Found, index: int) -> str:
    if np.isnan(found.clear[index]):
        return "not known: no standard error" if np.isfinite(found.line.residual[index]) else ""
    return VERDICTS[int(found.clear[index])]


def _table(tracts: OutcomeTracts, found: _Found) -> Table:
    unit, rent = tracts.measure.unit, found.rent.measure
    columns = (
        Column("neighborhood", "Neighborhood"),
        Column("geoid", "Tract (2010 GEOID)"),
        Column("rent", f"{with_dashes(rent.label)} ({unit_label(rent.unit)})", "value", rent.unit),
        Column("value", "Outcome", "value", unit),
        Column("residual", "Above or below (−) the line", "value", unit, none="–"),
        Column("residual_error", "Standard error of that", "error", unit),
        Column("verdict", "Clearly off the line?"),
    )
    line, titles = found.line, tracts.titles
    rows = [
        (
            titles[i],
            geoid,
            _plain(found.rent.values[i]),
            _plain(tracts.values[i]),
            _plain(line.residual[i]),
            _plain(line.residual_error[i]),
            _verdict(found, i) or ("left out: a code, no rent" if _is_code(found, i) else "no rent or no value"),
        )
        for i, geoid in enumerate(tracts.geoids)
    ]
    return Table(
        f"{with_dashes(rent.label)} and the {subject(tracts.measure)}, by tract",
        columns,
        tuple(sorted(rows, key=lambda row: (row[0] == "", row[0], row[1]))),
    )


def _is_code(found: _Found, index: int) -> bool:
    return bool(np.isfinite(found.rent.values[index]) and np.isnan(found.codes.values[index]))


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _caveats(tracts: OutcomeTracts, found: _Found) -> tuple[str, ...]:
    rent, line = found.rent.measure, found.line
    said = [
        f"Rents: {with_dashes(rent.label)}, {unit_label(rent.unit)}: survey estimates with an error of their own that "
        "is not in this file, years after these children had left home. They are not what a family would pay today.",
        "The line is a weighted least-squares fit: each tract counts as its low-income children.",
        "A tract above the line is no advice to move there: its value is about children who grew up there in the "
        "1980s and 1990s.",
    ]
    if found.codes.words:
        said.append(found.codes.words)
    if line.method and line.effective is not None:
        worth = format_decimal(line.effective, 1)
        said.append(
            f"Interval of the slope, p {format_p(line.p)}: by {line.method}, the wider of that by a "
            "heteroscedasticity-robust standard error (HC3, Student’s t) and that by the "
            f"{worth} independent tracts that these {line.n} are worth, since neighboring tracts resemble each other."
        )
    said += _of_likeness(found.likeness)
    if tracts.standard_errors is None:
        said.append(
            "No tract is marked: without standard errors its distance from the line may be noise, and those furthest "
            "from the line are the noisiest."
        )
    else:
        said.append(
            "Distance from the line: its standard error is never less than the tract’s own. A tract is marked when a "
            "test of its own says so with false discoveries held to 5% over all tracts."
        )
    return tuple(said)


def _of_likeness(found: MoranI) -> list[str]:
    """Whether the distances from the line are those of independent tracts."""
    if found.estimate.value is None or found.p is None:
        return []
    said = f"Moran’s I of the distances from the line: {format_index(found.estimate.value)} (p {format_p(found.p)})"
    if found.p < CLEAR:
        return [f"{said}: neighbors share what the rent leaves out, so another line may fit one part of the city."]
    return [f"{said}: no sign that neighbors share what the rent leaves out."]
