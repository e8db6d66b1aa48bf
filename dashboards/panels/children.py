"""How many low-income children lived in which tracts, and how far those were from the middle."""

import numpy as np
from django.utils.translation import gettext as _

from atlas.formatting.counts import format_count
from atlas.formatting.ranges import join_ends
from atlas.records.analysis import OutcomeTracts
from atlas.statistics.median_distance import MedianDistance, measure_median_distance
from atlas.statistics.results import Estimate
from dashboards.charts.tract_scatter import Axis, Dots, Rule, draw_tract_scatter
from dashboards.formatting.estimates import format_estimate, format_standard_error
from dashboards.formatting.outcomes import between, level, outcome_name, short_label, size, subject
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.outcome_notes import detailed_notes, notes, nothing_to_show

SLUG = "children"
FEWEST_TRACTS = 10  # under it the middle is one tract's value, and "half" is far from a half


def build(tracts: OutcomeTracts) -> Panel:
    """Children by tract against the tract of the place's middle child and the middle US tract."""
    city = tracts.place.name
    title = f"Where did low-income children in {city} live?"
    if tracts.reason:
        return nothing_to_show(SLUG, title, tracts)
    nation = next((group for group in tracts.around if group.kind == "nation"), None)
    middle = _middle(nation.values) if nation else None
    found = measure_median_distance(
        tracts.values, tracts.weights, tracts.standard_errors, reference=middle, unit=tracts.measure.unit
    )
    if not found.n:
        return nothing_to_show(SLUG, title, tracts, f"Nothing can be counted: {found.reason}.")
    if found.n < FEWEST_TRACTS:
        return nothing_to_show(SLUG, title, tracts, _too_few(found.n))
    return Panel(
        slug=SLUG,
        title=title,
        finding=describe(tracts, found, middle),
        figure=_draw(tracts, found.median.known_value, middle),
        table=_table(tracts, found.median.known_value),
        sources=tracts.sources,
        caveats=(*_caveats(found), *notes(tracts)),
        details=(*_details(found), *detailed_notes(tracts)),
        on_sample_map=tracts.place.geometry_is_sample,
    )


def _too_few(tracts: int) -> str:
    one = "one tract has" if tracts == 1 else f"{tracts} tracts have"
    return (
        f"Not shown: {one} a value and children to count. A middle is worth looking at from {FEWEST_TRACTS} tracts on. "
        "With fewer, the tract in the middle holds too many of the children for the rest to be two halves."
    )


def describe(tracts: OutcomeTracts, found: MedianDistance, national: float | None) -> str:
    """Children, how many below the middle child's tract, how far; the typical US neighborhood beside it."""
    unit = tracts.measure.unit
    said = _(
        "About {children} low-income children lived in {place} in 2000. We order their neighborhoods by {outcome}. The "
        "middle child lived in a neighborhood at {middle}. {below} On average, those were {distance}."
    ).format(
        children=_about(found.children),
        place=tracts.place.name,
        outcome=outcome_name(tracts.measure),
        middle=level(found.median.value, unit),
        below=_below(found.below.known_value, found.children),
        distance=_distance(found.distance, unit),
    )
    if national is None or found.below_reference.value is None:
        return said
    beside = _("Some {children} lived below the typical US neighborhood, at {level}.")
    return f"{said} {beside.format(children=_children(found.below_reference), level=level(national, unit))}"


def _below(below: float, children: float) -> str:
    """ "Nearly half (2,500) lived in lower ones.": those in the middle child’s own tract are not below it."""
    share = below / children
    if share >= 0.495:
        said = _("Half ({count}) lived in lower ones.")
    elif share >= 0.4:
        said = _("Nearly half ({count}) lived in lower ones.")
    else:
        said = _("Fewer than half ({count}) lived in lower ones.")
    return said.format(count=_about(below))


def _children(count: Estimate) -> str:
    if count.interval is None:
        return _about(count.known_value)
    bounds = join_ends(_about(count.interval.low), _about(count.interval.high))
    return _("{count} (likely range {bounds})").format(count=_about(count.known_value), bounds=bounds)


def _distance(distance: Estimate, unit: str) -> str:
    held = distance.interval
    by = size(distance.value, unit)
    if held is None:
        return _("{size} lower").format(size=by)
    return _("{size} lower (likely range {bounds})").format(size=by, bounds=between(held.low, held.high))


def _about(count: float) -> str:
    """Modeled or rounded counts to two or three figures: 25,300."""
    step = 100 if count >= 1000 else 10 if count >= 100 else 1
    return format_count(round(count / step) * step)


def _middle(values: np.ndarray) -> float | None:
    """The middle US tract, each counting once, as on every page."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else None


def _draw(tracts: OutcomeTracts, own: float, national: float | None):
    unit, used, titles = tracts.measure.unit, np.flatnonzero(tracts.used), tracts.titles
    hover = tuple(
        f"{titles[i]}\n{format_estimate(tracts.values[i], unit)}, {_error(tracts, i)}\n"
        f"about {_about(tracts.weights[i])} low-income children in 2000"
        for i in used.tolist()
    )
    rules = [Rule(own, f"middle child of {tracts.place.name} {format_estimate(own, unit)}", True)]
    if national is not None:
        rules.append(Rule(national, f"middle US tract {format_estimate(national, unit)}"))
    return draw_tract_scatter(
        Dots(tracts.values[used], tracts.weights[used], hover),
        Axis(short_label(tracts.measure), unit),
        Axis("Low-income children in the tract, 2000", "children"),
        rules=tuple(rules),
    )


def _error(tracts: OutcomeTracts, index: int) -> str:
    if tracts.standard_errors is None:
        return "no margin of error in the file loaded here"
    return f"standard error {format_standard_error(tracts.standard_errors[index], tracts.measure.unit)}"


def _table(tracts: OutcomeTracts, median: float) -> Table:
    unit = tracts.measure.unit
    columns = [
        Column("neighborhood", "Neighborhood"),
        Column("geoid", "Tract (2010 GEOID)"),
        Column("children", "Low-income children, 2000", "count", "children"),
        Column("value", "Outcome", "value", unit),
    ]
    parts: list = [tracts.titles, tracts.geoids, _plain(tracts.weights), _plain(tracts.values)]
    if tracts.standard_errors is not None:
        columns.append(Column("standard_error", "Standard error", "error", unit))
        parts.append(_plain(tracts.standard_errors))
    columns.append(Column("distance", "Above or below (−) the middle child’s tract", "value", unit))
    parts.append(_plain(tracts.values - median))
    rows = sorted(zip(*parts, strict=True), key=lambda row: (row[0] == "", row[0], row[1]))
    return Table(f"Low-income children and the {subject(tracts.measure)}, by tract", tuple(columns), tuple(rows))


def _plain(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _caveats(found: MedianDistance) -> tuple[str, ...]:
    said = [
        "Low-income: of parents below the national median income. These are children of 2000, neither “poor children” "
        "by an official line nor today’s children.",
        "The middle child: half of them lived in tracts at or below that child’s, by definition. What is to be "
        "learned is how far below the others were.",
        "This is arithmetic, not a forecast. It does not say what would happen if a tract changed or a family moved.",
    ]
    if not found.drawn:
        said.append(
            f"No likely range: {found.reason}. Chance moves published values apart, so distances are too large."
        )
    return tuple(said)


def _details(found: MedianDistance) -> tuple[str, ...]:
    """How the numbers were drawn, and how the typical US neighborhood is found."""
    said = ["The typical US neighborhood is the middle one of US tracts with a value, each counted once."]
    if found.drawn:
        said.append(
            "Numbers are averages over 1,000 draws of the tracts’ true values given their estimates, with 95% "
            "intervals; the table has the values as published. The counts of children are taken as known."
        )
    return tuple(said)
