"""How far a place's tracts differ, and how much of that is noise."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from atlas.formatting.percentiles import format_points
from atlas.formatting.ranges import join_ends
from atlas.records.analysis import OutcomeTracts
from atlas.statistics.dispersion import Dispersion, measure_dispersion
from atlas.statistics.results import Estimate
from dashboards.charts.estimate_rows import EstimateRow, draw_estimate_rows
from dashboards.formatting.outcomes import between, size, subject
from dashboards.formatting.sentences import lower_first
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.content_notices import context_paragraphs
from dashboards.panels.outcome_notes import compared, detailed_notes, notes, nothing_to_show

SLUG = "spread"


@dataclass(frozen=True)
class _Row:
    """A standard deviation of one ground, in the measure's unit; reliability 0-1 in the row of true differences."""

    place: str
    part: str
    n: int
    sd: float | None
    low: float | None = None
    high: float | None = None
    reliability: Estimate | None = None
    reason: str = ""


def build(tracts: OutcomeTracts) -> Panel:
    """The place's spread in parts where standard errors allow it, and the whole spread of what lies around."""
    city = tracts.place.name
    title = f"How different are neighborhoods in {city}?"
    if tracts.reason:
        return nothing_to_show(SLUG, title, tracts)
    unit = tracts.measure.unit
    found = measure_dispersion(tracts.values, tracts.weights, tracts.standard_errors, unit=unit)
    if found.total_variance is None:
        return nothing_to_show(SLUG, title, tracts, f"Nothing can be said of differences: {found.reason}.")
    rows = _rows(tracts, found)
    return Panel(
        slug=SLUG,
        title=title,
        finding=describe(tracts, found),
        figure=draw_estimate_rows(
            [_dot(row, row.sd, unit, row.place == city) for row in rows if row.sd is not None],
            axis=f"standard deviation, {'points' if unit == 'rank' else 'percentage points'}",
            span=(0, 0),
        ),
        table=_table(tracts, rows),
        sources=tracts.sources,
        caveats=(*_caveats(found), *notes(tracts)),
        details=(*_details(found), *detailed_notes(tracts)),
        context=context_paragraphs(tracts.measure.slug),
        on_sample_map=tracts.place.geometry_is_sample,
    )


def describe(tracts: OutcomeTracts, found: Dispersion) -> str:
    """How far neighborhoods typically are from the average, then how much of that is real, or why nobody can tell."""
    unit = tracts.measure.unit
    if tracts.place.kind == "area":
        typical = _("The usual gap between a {place} neighborhood and the average of this area was {size}.")
    else:
        typical = _("The usual gap between a {place} neighborhood and the city’s average was {size}.")
    said = [typical.format(place=tracts.place.name, size=size(_total_sd(found), unit)), compared(tracts.measure)]
    if found.noise_variance is None:
        unknown = _("Part of that is chance. We can’t say how much: {reason}.")
        return " ".join((*said, unknown.format(reason=lower_first(found.reason))))
    held, share = found.reliability.interval, found.reliability.value
    net = _("Without chance it would be {size}.").format(size=size(found.signal_sd.value, unit))
    if held is None:
        if not found.signal_sd.value:
            lost = _("Chance alone could make differences this large, so we can’t tell them apart.")
            return " ".join((*said, lost))
        bare = _("That has no likely range: {reason}.").format(reason=found.reliability.reason)
        return " ".join((*said, net, bare))
    assert share is not None, "an interval is that of a number"
    real = _("About {share} of the variation is real (likely range {bounds}).").format(
        share=f"{share * 100:.0f}%", bounds=join_ends(f"{held.low * 100:.0f}%", f"{held.high * 100:.0f}%")
    )
    if held.low == 0:
        return " ".join((*said, _("Chance alone could make differences this large."), real))
    return " ".join((*said, real, net))


def _total_sd(found: Dispersion) -> float:
    """Standard deviation of the values as published; for a dispersion that has one."""
    assert found.total_variance is not None, found.reason
    standard_deviation: float = found.total_variance**0.5
    return standard_deviation


def _rows(tracts: OutcomeTracts, found: Dispersion) -> list[_Row]:
    city, signal = tracts.place.name, found.signal_sd
    noise = None if found.noise_variance is None else found.noise_variance**0.5
    low, high = (signal.interval.low, signal.interval.high) if signal.interval else (None, None)
    around = (
        (group, measure_dispersion(group.values, group.weights, None, unit=tracts.measure.unit))
        for group in tracts.around
    )
    return [
        _Row(city, "as published", found.n, _total_sd(found)),
        _Row(city, "noise of the estimates", found.n, noise, reason="" if noise is not None else found.reason),
        _Row(city, "net of noise", found.n, signal.value, low, high, found.reliability, signal.reason),
        *(
            _Row(group.name, "as published", whole.n, _total_sd(whole))
            for group, whole in around
            if whole.total_variance is not None
        ),
    ]


def _dot(row: _Row, sd: float, unit: str, own: bool) -> EstimateRow:
    name, words = f"{row.place}, {row.part}:", size(sd, unit)
    if row.low is None or row.high is None:
        return EstimateRow(name, words, sd * 100, strong=own)
    words += f" ({between(row.low, row.high)})"
    return EstimateRow(name, words, sd * 100, row.low * 100, row.high * 100, own)


def _table(tracts: OutcomeTracts, rows: list[_Row]) -> Table:
    unit = tracts.measure.unit
    columns = (
        Column("place", "Place"),
        Column("part", "Variation"),
        Column("tracts", "Tracts", "count"),
        Column("standard_deviation", "Standard deviation", "value", unit, none="–"),
        Column("low", "95% interval from", "value", unit, none="–"),
        Column("high", "to", "value", unit, none="–"),
        Column("reliability", "Share of the variation that is real", "value", "share", none="–"),
        Column("reliability_low", "95% interval from", "value", "share", none="–"),
        Column("reliability_high", "to", "value", "share", none="–"),
        Column("reason", "Why a number is missing"),
    )
    cells = []
    for row in rows:
        real = row.reliability
        held = real.interval if real else None
        cells.append(
            (
                row.place,
                row.part,
                row.n,
                row.sd,
                row.low,
                row.high,
                real.value if real else None,
                held.low if held else None,
                held.high if held else None,
                row.reason,
            )
        )
    return Table(f"Spread of tracts: {subject(tracts.measure)}", columns, tuple(cells))


def _caveats(found: Dispersion) -> tuple[str, ...]:
    said = [
        "Usual gap: the standard deviation of tracts around their average. A tract where more of these "
        "children grew up counts more."
    ]
    if found.noise_variance is None:
        said.append(
            f"Chance can’t be taken out: {found.reason}. So the published spread is too large, most of all in small "
            "places."
        )
    said.append("The spread of the county, the commuting zone and the nation is as published, with its noise.")
    return tuple(said)


def _details(found: Dispersion) -> tuple[str, ...]:
    """The arithmetic of this place: noise and how the interval was found."""
    said = []
    if found.noise_variance is not None:
        said.append(
            "Noise: the weighted average of the squared standard errors, "
            f"{format_points(found.noise_variance**0.5)} as a standard deviation. What is left of the variance is "
            "real differences. Published standard errors already include the noise added for privacy."
        )
    if found.interval_method:
        said.append(f"Interval: {found.interval_method}.")
    return tuple(said)
