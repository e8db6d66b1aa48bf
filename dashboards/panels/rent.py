"""Rents beside an outcome: the line through the tracts, and how sure each tract's distance from it is."""

from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.counts import format_decimal, format_index, format_p
from atlas.formatting.percentiles import format_points
from atlas.formatting.ranges import join_ends
from atlas.records.analysis import Characteristic, OutcomeTracts, Outlines
from atlas.statistics.association import Line, fit_line
from atlas.statistics.effective_sample import find_centers
from atlas.statistics.results import Estimate
from atlas.statistics.significant_residuals import find_significant_residuals
from atlas.statistics.spatial import MoranI, find_neighbors, measure_moran
from dashboards.charts.tract_scatter import Axis, Dots, draw_tract_scatter
from dashboards.formatting.estimates import format_estimate, unit_label
from dashboards.formatting.outcomes import outcome_name, short_label, size, subject
from dashboards.formatting.sentences import lower_first, with_dashes
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.outcome_notes import about, detailed_notes, notes, nothing_to_show
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
    title = f"Were rents linked to how children did in {tracts.place.name}?"
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
        details=(*_details(tracts, found), *detailed_notes(tracts)),
        reason="" if drawn else f"No line can be drawn: {line.reason}.",
        on_sample_map=tracts.place.geometry_is_sample,
    )


def describe(tracts: OutcomeTracts, found: _Found) -> str:
    """The slope with its likely range, or why it has none; whose it is; then what can be said of single tracts."""
    slope, held = found.line.slope, found.line.slope.interval
    more = slope.known_value
    if held is None:
        first = _("In {place}, we can’t say whether rents and the {outcome} went together.")
    elif 0 in held:
        first = _("In {place}, rents and the {outcome} did not clearly go together.")
    elif more > 0:
        first = _("Where rents in {place} were higher, the {outcome} was higher on average.")
    else:
        first = _("Where rents in {place} were higher, the {outcome} was lower on average.")
    rent = lower_first(with_dashes(found.rent.measure.label))
    return " ".join(
        (
            first.format(place=tracts.place.name, outcome=outcome_name(tracts.measure)),
            _step(slope, tracts.measure.unit),
            about(tracts.measure),
            _("Rent is the {label}.").format(label=rent),
            _of_single_tracts(tracts, found),
        )
    )


def _step(slope: Estimate, unit: str) -> str:
    """How much higher or lower for $100 more a month, with its likely range or why it has none."""
    held, by = slope.interval, size(abs(STEP * slope.known_value), unit)
    higher = slope.known_value > 0
    if held is None:
        said = (
            _("For $100 more a month, it was {by} higher. That has no margin of error: {reason}.")
            if higher
            else _("For $100 more a month, it was {by} lower. That has no margin of error: {reason}.")
        )
        return said.format(by=by, reason=lower_first(slope.reason))
    bounds = join_ends(format_points(STEP * held.low), format_points(STEP * held.high))
    said = (
        _("For $100 more a month, it was {by} higher (likely range {bounds}).")
        if higher
        else _("For $100 more a month, it was {by} lower (likely range {bounds}).")
    )
    return said.format(by=by, bounds=bounds)


def _of_single_tracts(tracts: OutcomeTracts, found: _Found) -> str:
    if tracts.standard_errors is None:
        return _(
            "We can’t say which neighborhoods differ from what their rents suggest. This file has no margin of error."
        )
    above, below, tested = (int(np.sum(part)) for part in (found.clear == 1, found.clear == -1, ~np.isnan(found.clear)))
    of = ngettext("{count} neighborhood", "{count} neighborhoods", tested).format(count=tested)
    if not above and not below:
        return _("For their rents, 0 of {of} were clearly higher or lower than expected.").format(of=of)
    said = _("For their rents, {above} of {of} were clearly higher than expected and {below} clearly lower.")
    return said.format(above=above, below=below, of=of)


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
    said = [
        "Rents are survey estimates with a margin of error that is not in this file. They are from years after these "
        "children left home, and not what a family would pay today.",
        "A tract above the line is no advice to move there. Its number is about children who grew up there in the "
        "1980s and 1990s.",
    ]
    if tracts.standard_errors is None:
        said.append(
            "No tract is marked: without a margin of error, its distance from the line may be chance. Those furthest "
            "from the line are the noisiest."
        )
    else:
        said.append(
            "A tract is marked when a test of its own says so, with false discoveries held to 5% over all tracts."
        )
    return tuple(said)


def _details(tracts: OutcomeTracts, found: _Found) -> tuple[str, ...]:
    """How the line and its interval were found here."""
    rent, line = found.rent.measure, found.line
    said = [
        f"Rents: {with_dashes(rent.label)}, {unit_label(rent.unit)}.",
        "The line is a weighted least-squares fit: each tract counts as its low-income children.",
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
    if tracts.standard_errors is not None:
        said.append("Distance from the line: its standard error is never less than the tract’s own.")
    return tuple(said)


def _of_likeness(found: MoranI) -> list[str]:
    """Whether the distances from the line are those of independent tracts."""
    if found.estimate.value is None or found.p is None:
        return []
    said = f"Moran’s I of the distances from the line: {format_index(found.estimate.value)} (p {format_p(found.p)})"
    if found.p < CLEAR:
        return [f"{said}: neighbors share what the rent leaves out, so another line may fit one part of the city."]
    return [f"{said}: no sign that neighbors share what the rent leaves out."]
