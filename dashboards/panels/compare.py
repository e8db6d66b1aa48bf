"""Cities beside one another on shared axes: their averages, and how their tracts spread."""

import numpy as np

from atlas.records.places import Headline, MeasureRecord, Place, PlaceTracts, Reference, Source
from atlas.statistics.intervals import Z95
from dashboards.charts.compare_cities import MeanRow, SpreadRow, draw_means, draw_spreads
from dashboards.charts.distribution import own_values
from dashboards.formatting.benchmarks import HOW_ADJUSTED, IN_ERRORS, MOVED, WAS, adjustment_cells, basis_words
from dashboards.formatting.estimates import format_in_prose, format_in_prose_together, label_with_unit
from dashboards.formatting.outcomes import AVERAGE_CHILD, outcome_name
from dashboards.formatting.sentences import join_with_and
from dashboards.formatting.shown_dollars import shown_dollars
from dashboards.panels.base import Column, Panel, Table
from dashboards.panels.outcome_notes import about

TITLE = "How did children from low-income families do as adults?"
SAME_WEIGHTS = "Every city's average uses the same weights and the same rule for which tracts are its own."


def build_means(places: tuple[Place, ...], headlines: dict[str, Headline], measure: MeasureRecord) -> Panel:
    """Each place's mean with its interval, and the nation's by the same arithmetic."""
    known = [(place, headlines[place.slug]) for place in places if headlines[place.slug].value is not None]
    rows = [MeanRow(place.name, found.value, found.standard_error) for place, found in known if found.value is not None]
    nation = next((r for _, h in known for r in h.references if r.kind == "nation" and r.value is not None), None)
    if nation is not None and nation.value is not None:
        rows.append(MeanRow(_nation_name(nation), nation.value, nation.standard_error, is_reference=True))
    return Panel(
        slug="means",
        title=TITLE if measure.unit == "rank" else f"{measure.label}: the cities' averages",
        finding=_describe_means(known, measure),
        figure=draw_means(tuple(rows), measure.unit) if known else None,
        table=_means_table(places, headlines, nation, measure),
        sources=_sources(headlines[place.slug].sources for place in places),
        caveats=_means_caveats(known, measure),
        reason="" if known else "None of these cities has an average of this measure yet.",
        on_sample_map=any(place.geometry_is_sample for place in places),
    )


def _describe_means(known: list[tuple[Place, Headline]], measure: MeasureRecord) -> str:
    """Two places are set against each other; of more, the span is told. Noise is called noise."""
    unit = measure.unit
    if not known:
        return ""
    if len(known) == 1:
        one = format_in_prose(known[0][1].value, unit)
        return f"{_upper(outcome_name(measure))}: {one} on average in {known[0][0].name}. {about(measure)}"
    if len(known) == 2:
        (first, a), (second, b) = known
        here, there = format_in_prose_together((a.value, b.value), unit)
        said = f"{_upper(outcome_name(measure))}: {here} in {first.name} and {there} in {second.name}."
        return f"{said} {_difference(a, b)} {about(measure)}"
    values = sorted(headline.value for _, headline in known if headline.value is not None)
    low, high = format_in_prose_together((values[0], values[-1]), unit)
    span = f"from {low} to {high}" if low != high else f"{low} once rounded"
    return f"{_upper(outcome_name(measure))}: {span} in these {len(known)} cities. {about(measure)}"


def _difference(a: Headline, b: Headline) -> str:
    assert a.value is not None and b.value is not None, "only means that are known are set against each other"
    if a.standard_error is None or b.standard_error is None:
        return "The files loaded here have no margin of error, so we can’t say whether they differ beyond chance."
    noise = Z95 * float(np.hypot(a.standard_error, b.standard_error))
    return "The difference is beyond chance." if abs(a.value - b.value) > noise else "This is too close to call."


def _means_table(places, headlines, nation, measure: MeasureRecord) -> Table:
    unit = measure.unit
    columns = (
        Column("place", "Place"),
        Column("value", label_with_unit("Average", unit), "value", unit),
        Column("standard_error", "Standard error", "error", unit),
        Column("low", "95% interval from", "value", unit, none="none"),
        Column("high", "to", "value", unit, none="none"),
        Column("tract_mean", label_with_unit(WAS, unit), "estimate", unit),
        Column("adjustment", MOVED, "difference", unit),
        Column("adjustment_in_errors", IN_ERRORS, "difference", "ratio"),
        Column(
            "usd_2015", f"Yearly household income at that percentile ({shown_dollars().words})", "value", "usd_2015"
        ),
        Column("tracts", "Tracts with a value", "count", none="–"),
        Column("coverage", "Children in them", "share", none="–"),
        Column("how", "How it was obtained"),
    )
    rows = [
        _row(place.name, h, h.tracts_used, h.coverage, _how(h)) for place in places for h in (headlines[place.slug],)
    ]
    if nation is not None:
        rows.append(_row(_nation_name(nation), nation, None, None, f"{basis_words(nation)}; {nation.rule}"))
    return Table(f"{measure.label} by city: {measure.population}", columns, tuple(rows))


def _row(name: str, number: Headline | Reference, tracts: int | None, coverage: float | None, how: str) -> tuple:
    value, error = number.value, number.standard_error
    half = None if error is None or value is None else Z95 * error
    low, high = (None, None) if half is None or value is None else (value - half, value + half)
    usd = number.usd
    return (name, value, error, low, high, *adjustment_cells(number), usd, tracts, coverage, how)


def _how(headline: Headline) -> str:
    return headline.reason or f"{basis_words(headline)}; {headline.weight_rule}"


def _nation_name(nation: Reference) -> str:
    return f"{nation.name}, {AVERAGE_CHILD}"


def _means_caveats(known: list[tuple[Place, Headline]], measure: MeasureRecord) -> tuple[str, ...]:
    said = [SAME_WEIGHTS, HOW_ADJUSTED]
    if any(headline.standard_error is None for _, headline in known):
        said.append(
            "Where no interval is drawn, the file loaded here has no margin of error: small differences may be chance."
        )
    said += [
        f"Who it is about: {measure.population}.",
        "Cities differ in who lives there and in how far their borders reach. A difference between two cities does not "
        "say what made it.",
    ]
    return tuple(said)


def build_spreads(found: tuple[PlaceTracts, ...]) -> Panel:
    """How the tracts of each place spread, each tract counting once."""
    measure = found[0].measure
    known = [(tracts, own_values(tracts)) for tracts in found if own_values(tracts).size]
    rows = tuple(SpreadRow(t.place.name, _quantiles(values)) for t, values in known)
    columns = (
        Column("place", "Place"),
        *(Column(f"p{p}", label_with_unit(words, measure.unit), "value", measure.unit) for p, words in _QUANTILES),
        Column("tracts", "Tracts with a value", "count"),
    )
    return Panel(
        slug="spreads",
        title="How different are neighborhoods within each city?",
        finding=_describe_spreads(rows, measure),
        figure=draw_spreads(rows, measure.unit) if rows else None,
        table=Table(
            f"{measure.label} in the tracts of each city: {measure.population}",
            columns,
            tuple((row.name, *row.quantiles, values.size) for row, (_, values) in zip(rows, known, strict=True)),
        ),
        sources=_sources(tracts.sources for tracts in found),
        caveats=(
            "Dot: the middle tract. Thick line: the middle half of the tracts. Thin line: the middle four fifths. "
            "Every tract counts once, whatever its population.",
            "Part of the spread is chance: numbers of small tracts are less certain.",
        ),
        reason="" if rows else "No tract of these cities has a value of this measure.",
        on_sample_map=any(tracts.place.geometry_is_sample for tracts in found),
    )


_QUANTILES = (
    (10, "Tenth of tracts below"),
    (25, "Quarter below"),
    (50, "Middle tract"),
    (75, "Quarter above"),
    (90, "Tenth above"),
)


def _quantiles(values: np.ndarray) -> tuple[float, float, float, float, float]:
    tenth, quarter, middle, upper_quarter, upper_tenth = np.percentile(values, [p for p, _ in _QUANTILES]).tolist()
    return tenth, quarter, middle, upper_quarter, upper_tenth


def _describe_spreads(rows: tuple[SpreadRow, ...], measure: MeasureRecord) -> str:
    if not rows:
        return ""
    bounds = format_in_prose_together([r.quantiles[i] for r in rows[:3] for i in (1, 3)], measure.unit)
    parts = [
        f"between {low} and {high} in {row.name}"
        for row, low, high in zip(rows[:3], bounds[::2], bounds[1::2], strict=True)
    ]
    more = f" The table has {len(rows)} cities." if len(rows) > 3 else ""
    return f"Half of the neighborhoods were {join_with_and(parts)}.{more}"


def _sources(groups) -> tuple[Source, ...]:
    return tuple({source.release_id: source for sources in groups for source in sources}.values())


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
