"""Which neighborhood characteristics went together with an outcome: described, never explained."""

import re
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.counts import format_count, format_decimal, format_index
from atlas.formatting.ranges import join_ends
from atlas.formatting.shares import format_percent
from atlas.records.analysis import Characteristic, OutcomeTracts, Outlines
from atlas.statistics.association import Correlation, correlate
from atlas.statistics.effective_sample import find_centers
from atlas.statistics.multiple_tests import holm
from atlas.statistics.results import Estimate
from dashboards.charts.estimate_rows import EstimateRow, draw_estimate_rows
from dashboards.formatting.outcomes import outcome_name, subject
from dashboards.formatting.sentences import lower_first, with_dashes
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.content_notices import context_paragraphs
from dashboards.panels.outcome_notes import about, detailed_notes, notes, nothing_to_show
from dashboards.panels.rent_codes import RentsWithoutTopcodes, drop_topcoded

SLUG = "characteristics"
_YEARS = re.compile(r"\b((?:19|20)\d{2})(?:\s*[-–]\s*(\d{4}|\d{2}))?\b")
FIRST_NAMED = ("poor_share2016", "poor_share2010", "poor_share2000")  # the finding is about the first there is


@dataclass(frozen=True)
class _Row:
    characteristic: Characteristic
    found: Correlation
    rents: RentsWithoutTopcodes

    @property
    def value(self) -> float | None:
        return self.found.estimate.value


def build(tracts: OutcomeTracts, characteristics: tuple[Characteristic, ...], outlines: Outlines) -> Panel:
    """One row per characteristic, by name; intervals allow for neighbors that resemble each other."""
    city = tracts.place.name
    title = f"What went together with how children did in {city}?"
    if tracts.reason:
        return nothing_to_show(SLUG, title, tracts)
    if not characteristics:
        return nothing_to_show(SLUG, title, tracts, "No neighborhood characteristics have been imported yet.")
    centers = find_centers(outlines.polygons)
    rows = []
    for one in characteristics:
        rents = drop_topcoded(one)
        y = np.where(tracts.used, tracts.values, np.nan)
        rows.append(_Row(one, correlate(rents.values, y, tracts.weights, centers), rents))
    shown = [row for row in rows if row.value is not None]
    sources = (*tracts.sources, *(one.measure.source for one in characteristics))
    return Panel(
        slug=SLUG,
        title=title,
        finding=describe(tracts, shown) if shown else "",
        figure=_draw(newest(shown)) if shown else None,
        table=_table(tracts, rows),
        sources=tuple({source.release_id: source for source in sources}.values()),
        caveats=(*_drawn_notes(shown), *_caveats(shown), *notes(tracts)),
        details=(*_details(rows, shown), *detailed_notes(tracts)),
        reason="" if shown else f"No correlation can be calculated: {rows[0].found.estimate.reason}.",
        context=context_paragraphs(tracts.measure.slug),
        on_sample_map=tracts.place.geometry_is_sample,
    )


def describe(tracts: OutcomeTracts, rows: list[_Row]) -> str:
    """One characteristic in plain words, chosen by name beforehand, never for its size; then its numbers."""
    by_slug = {row.characteristic.measure.slug: row for row in rows}
    row = next((by_slug[slug] for slug in FIRST_NAMED if slug in by_slug), rows[0])
    found, held = row.found.estimate, row.found.estimate.interval
    if held is None:
        first = _("In {place}, we can’t say whether {what} and the {outcome} went together.")
    elif 0 in held:
        first = _("In {place}, {what} and the {outcome} did not clearly go together.")
    elif found.known_value > 0:
        first = _("In {place} neighborhoods where {what} was higher, the {outcome} was higher on average.")
    else:
        first = _("In {place} neighborhoods where {what} was higher, the {outcome} was lower on average.")
    said = first.format(place=tracts.place.name, what=_name(row), outcome=outcome_name(tracts.measure))
    return f"{said} {about(tracts.measure)} {_numbers(found)}"


def _numbers(found: Estimate) -> str:
    """The correlation with its likely range, or why it has none."""
    held = found.interval
    counted = ngettext("{count} neighborhood", "{count} neighborhoods", found.n).format(count=format_count(found.n))
    value = format_index(found.value)
    if held is None:
        said = _("The correlation is {value}. It rests on {counted}. It has no likely range: {reason}.")
        return said.format(value=value, counted=counted, reason=found.reason)
    said = _("The correlation is {value} (likely range {bounds}). It rests on {counted}. It does not say why.")
    return said.format(value=value, counted=counted, bounds=join_ends(format_index(held.low), format_index(held.high)))


def newest(rows: list[_Row]) -> list[_Row]:
    """Of rows that differ only in the years they were measured in, the one of the latest; in their own order."""
    latest: dict[str, _Row] = {}
    for row in rows:
        concept, year = concept_and_year(row.characteristic.measure.label)
        before = latest.get(concept)
        if before is None or year > concept_and_year(before.characteristic.measure.label)[1]:
            latest[concept] = row
    kept = [row.characteristic.measure.slug for row in latest.values()]
    return [row for row in rows if row.characteristic.measure.slug in kept]


def concept_and_year(label: str) -> tuple[str, int]:
    """ "Poverty rate, 2012-16" -> ("poverty rate", 2016): what was measured, and its last year (0 where none)."""
    ends = [f"{start[:2]}{end}"[-4:] if end else start for start, end in _YEARS.findall(label)]
    concept = re.sub(r"[^a-z0-9]+", " ", _YEARS.sub("", label).lower()).strip()
    return concept, max(map(int, ends), default=0)


def _drawn_notes(rows: list[_Row]) -> list[str]:
    """Which rows the figure leaves to the table, and why the sentence is about the one it is about."""
    said, drawn = [], newest(rows)
    if left := len(rows) - len(drawn):
        said.append(
            f"The figure shows each characteristic in its latest years; {left} of earlier years "
            f"{'is' if left == 1 else 'are'} in the table."
        )
    if any(row.characteristic.measure.slug in FIRST_NAMED for row in rows):
        said.append(
            "The finding is about the poverty rate in each city: it was chosen beforehand, not because its "
            "correlation is the largest here."
        )
    return said


def _name(row: _Row) -> str:
    measure = row.characteristic.measure
    if measure.slug in FIRST_NAMED:
        label, _, years = with_dashes(measure.label).partition(", ")
        return f"the {lower_first(label)} ({years})"
    return f"“{with_dashes(measure.label)}”"


def _draw(rows: list[_Row]):
    dots = []
    for row in rows:
        found = row.found.estimate
        held = found.interval
        words = format_index(found.value)
        words += f" ({join_ends(format_index(held.low), format_index(held.high))})" if held else " (no interval)"
        dots.append(
            EstimateRow(
                f"{with_dashes(row.characteristic.measure.label)}:",
                words,
                found.known_value,
                held.low if held else None,
                held.high if held else None,
            )
        )
    axis = "weighted correlation, −1 to 1"
    return draw_estimate_rows(dots, axis=axis, reference=0.0, span=(-1.0, 1.0))


def _table(tracts: OutcomeTracts, rows: list[_Row]) -> Table:
    columns = (
        Column("characteristic", "Neighborhood characteristic"),
        Column("correlation", "Weighted correlation", "value", "index", none="–"),
        Column("low", "95% interval from", "value", "index", none="–"),
        Column("high", "to", "value", "index", none="–"),
        Column("standard_error", "Standard error", "value", "index", none="–"),
        Column("p", "p", "value", "p", none="–"),
        Column("p_adjusted", "p for all of these at once (Holm)", "value", "p", none="–"),
        Column("tracts", "Tracts", "count"),
        Column("effective_tracts", "Independent tracts they are worth", "value", "index", none="–"),
        Column("coverage", "Share of low-income children in them", "value", "share"),
        Column("note", "Note"),
    )
    cells = []
    adjusted = holm([row.found.p for row in rows])
    for row, together in zip(rows, adjusted, strict=True):
        found, held = row.found.estimate, row.found.estimate.interval
        note = " ".join(filter(None, (row.rents.words, found.reason, row.characteristic.measure.note)))
        cells.append(
            (
                with_dashes(row.characteristic.measure.label),
                found.value,
                held.low if held else None,
                held.high if held else None,
                found.standard_error,
                _to_six(row.found.p),
                _to_six(together),
                found.n,
                row.found.effective,
                row.found.coverage,
                with_dashes(note),
            )
        )
    return Table(f"Correlations with the {subject(tracts.measure)}, by name", columns, tuple(cells))


def _caveats(shown: list[_Row]) -> tuple[str, ...]:
    tested = [p for p in holm([row.found.p for row in shown]) if p is not None]
    said = [
        "A correlation describes tracts, not people. It does not say why: characteristics go together, and some were "
        "measured years after these children left home.",
        "Noise in the outcome draws correlations toward 0. The true ones are somewhat larger.",
    ]
    if tested:
        alone = sum(1 for row in shown if row.found.p is not None and row.found.p < 0.05)
        said.append(
            f"{alone} of {len(tested)} likely ranges leave out 0, each by itself; tested together, "
            f"{sum(1 for p in tested if p < 0.05)} do."
        )
    said += [
        f"No likely ranges: {reason}." for reason in dict.fromkeys(row.found.estimate.reason for row in shown) if reason
    ]
    return tuple(said)


def _details(rows: list[_Row], shown: list[_Row]) -> tuple[str, ...]:
    """The tests, and what each characteristic covers or leaves out here."""
    thin = [row for row in shown if row.found.coverage is not None and row.found.coverage < 0.95]
    said = []
    if any(row.found.p is not None for row in shown):
        said += [
            "Tested together: the chance of any false one is at most 5% (Holm).",
            f"Neighboring tracts resemble each other, so intervals and p rest on the independent tracts that these "
            f"are worth: {_worth(shown)} (Clifford, Richardson and Hémon; Dutilleul).",
        ]
    said += [
        f"{with_dashes(row.characteristic.measure.label)}: known for tracts with "
        f"{format_percent(row.found.coverage)} of low-income children."
        for row in thin
    ]
    said += [f"{with_dashes(row.characteristic.measure.label)}. {row.rents.words}" for row in rows if row.rents.words]
    return tuple(said)


def _to_six(p: float | None) -> float | None:
    """A p to six decimals: what lies under a millionth is no more believable for being smaller."""
    return None if p is None else round(p, 6)


def _worth(rows: list[_Row]) -> str:
    """ "9.1 to 14.6 of 17": the smallest and the largest effective number, and the tracts."""
    worth = [row.found.effective for row in rows if row.found.effective is not None]
    low, high = (format_decimal(edge(worth), 1) for edge in (min, max))
    return f"{low if low == high else f'{low} to {high}'} of {max(row.found.estimate.n for row in rows)}"
