"""How far children of low-income families who grew up in the city got: one number with its company."""

from math import erfc, hypot, sqrt

from atlas.formatting.counts import format_count
from atlas.formatting.money import format_dollars_to_digits, format_dollars_to_hundred
from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.formatting.shares import format_percent
from atlas.records.places import SAMPLE_NOTICE, ComparedCity, Headline, Place, Reference
from atlas.statistics.benchmark import SAME_GROUND
from atlas.statistics.intervals import Z95
from atlas.statistics.multiple_tests import holm
from dashboards.charts.comparison import draw_comparison
from dashboards.formatting.benchmarks import (
    HOW_ADJUSTED,
    IN_ERRORS,
    MOVED,
    WAS,
    adjustment_cells,
    adjustment_note,
    basis_words,
)
from dashboards.formatting.estimates import format_standard_error
from dashboards.formatting.outcomes import AVERAGE_CHILD, reference_name
from dashboards.formatting.sentences import join_with_and
from dashboards.panels.base import Cell, Column, Panel, Table

SIGNIFICANT = 0.05


def build(
    city: Place, headline: Headline, others: tuple[ComparedCity, ...] = (), other_weighting: Headline | None = None
) -> Panel:
    """The place's mean rank, its uncertainty or why there is none, and what to hold it against.

    `others`: cities by the same measure and weights, in the order they are shown; `other_weighting`: the place's own
    mean with its tracts counted the other way.
    """
    return Panel(
        slug="headline",
        title=f"How far did children who grew up in {city.name} get?",
        finding=describe(city, headline, others),
        figure=(lambda: draw_comparison(city.name, headline, others)) if headline.value is not None else None,
        table=build_table(city, headline, others),
        sources=headline.sources,
        caveats=caveats(city, headline, others, other_weighting),
        reason="" if headline.value is not None else headline.reason or "No published values have been imported yet.",
        on_sample_map=headline.on_sample_map,
    )


def describe(city: Place, headline: Headline, others: tuple[ComparedCity, ...] = ()) -> str:
    """People, place, time, number, and the published comparison first."""
    if headline.value is None:
        return ""
    dollars = (
        ""
        if headline.usd is None
        else f" – {format_dollars_to_hundred(headline.usd)} a year at that rank (2015 dollars)"
    )
    said = (
        f"Children from low-income families who grew up in {city.name} reached, on average, the "
        f"{format_percentile(headline.value)} percentile of household income at ages 31–37{dollars}."
    )
    return " ".join([said, *compare(city, headline), *compare_cities(headline, others)])


def compare(city: Place, headline: Headline) -> list[str]:
    """Like with like: all adjusted to published values. A county that is the city is the same number, not a company."""
    beside = {r.kind: r for r in headline.references if r.value is not None}
    county, nation = beside.get("county"), beside.get("nation")
    said = []
    if county is not None and (headline.county_share or 0) < SAME_GROUND:
        said.append(f"the {format_percentile(county.value)} in {county.name}")
    if nation is not None:
        income = "" if nation.usd is None else f", about {format_dollars_to_digits(nation.usd, 2)},"
        said.append(f"the {format_percentile(nation.value)}{income} for the {AVERAGE_CHILD} in the nation")
    return [f"By the same measure: {' and '.join(said)}."] if said else []


def tell_apart(headline: Headline, others: tuple[ComparedCity, ...]) -> list[bool | None]:
    """Which cities' means differ by more than noise, all tested together: any false difference at most 5% (Holm).

    None where either mean has no standard error, or none above 0.
    """
    adjusted = holm([_difference_p(headline, one.headline) for one in others])
    return [None if p is None else p < SIGNIFICANT for p in adjusted]


def _difference_p(one: Headline, other: Headline) -> float | None:
    if one.value is None or other.value is None or one.standard_error is None or other.standard_error is None:
        return None
    noise = hypot(one.standard_error, other.standard_error)
    return erfc(abs(one.value - other.value) / noise / sqrt(2)) if noise else None


def compare_cities(headline: Headline, others: tuple[ComparedCity, ...]) -> list[str]:
    """Which other cities the noise leaves no difference to; nothing where no two means have standard errors."""
    tested = list(zip([one.name for one in others], tell_apart(headline, others), strict=True))
    near = [name for name, apart in tested if apart is False]
    if near:
        return [f"Not distinguishable from {join_with_and(near)}."]
    apart = [name for name, found in tested if found]
    return [f"The difference from each of {len(apart)} other cities is larger than the noise."] if apart else []


def uncertainty(headline: Headline) -> str:
    """ "± 0.7 (95% interval 30.1 to 31.5)", or why there is no such thing."""
    if headline.value is None:
        return ""
    if headline.standard_error is None:
        return f"No standard error: {_lower_first(headline.standard_error_reason) or 'the file loaded here has none'}"
    half = Z95 * headline.standard_error
    return (
        f"Standard error {format_standard_error(headline.standard_error, 'rank')}; 95% interval "
        f"{join_ends(format_points(headline.value - half), format_points(headline.value + half))}"
    )


def weighting_note(headline: Headline, other: Headline | None) -> str:
    """What counting the tracts the other way changes, and by how much; "" where there is nothing to change."""
    if other is None or headline.value is None or other.value is None or other.value == headline.value:
        return ""
    change = other.value - headline.value
    if abs(change) < 0.0005:
        return "changes the average by less than a tenth of a percentile"
    return (
        f"moves the average {'up' if change > 0 else 'down'} by {format_points(abs(change))} "
        "percentiles, from "
        f"{format_points(headline.value)} to {format_points(other.value)}"
    )


def inflation_notes(headline: Headline) -> list[str]:
    """By what the standard error was multiplied, and the same ratio where a parish is a city."""
    found, parish = headline.inflation, headline.inflation_check
    if found is None or headline.basis == "published":  # then the standard error is the published one
        return []
    said = [f"{found.sentence.rstrip('.')}."]
    if parish is not None:
        said.append(
            f"The same ratio over Orleans Parish, which is the city of New Orleans, is {parish.value:.2f}: its "
            "published standard error over that of independent tracts."
        )
    return said


def caveats(
    city: Place, headline: Headline, others: tuple[ComparedCity, ...] = (), other_weighting: Headline | None = None
) -> tuple[str, ...]:
    """Weights, coverage, derivation, error: what the number rests on."""
    said = [
        "Low-income families: parents at the 25th percentile of household income nationally. "
        "Children were born in 1978–83 and their incomes are those of 2014–15.",
        "The dollars are the income at the average rank, not the average income.",
    ]
    if headline.value is not None:
        said.append(f"{uncertainty(headline).rstrip('.')}.")
    said += inflation_notes(headline)
    if headline.weight_rule:
        said.append(f"Weights: {headline.weight_rule.rstrip('.')}.")
    if headline.children is not None:
        said.append(
            f"Low-income children of these tracts by the same weights: {format_count(headline.children)}, counted "
            "in 2000."
            + (
                " The model’s number is multiplied by the publisher’s count of the county over the model’s; the "
                "average does not change by it."
                if headline.weight_rule.startswith("modeled weight")
                else ""
            )
        )
    if headline.coverage is None and headline.coverage_reason:
        said.append(
            f"Coverage: {headline.tracts_used} of {headline.tracts_total} tracts have a value; "
            f"{headline.coverage_reason}."
        )
    if change := weighting_note(headline, other_weighting):
        said.append(f"Counting tracts the other way (whole, or by their share of area inside) {change}.")
    if headline.derivation:
        said.append(f"Ranks: {headline.derivation.rstrip('.')}.")
    if headline.coverage is not None:
        said.append(
            f"Coverage: {headline.tracts_used} of {headline.tracts_total} tracts have a value; they hold "
            f"{nearly(headline.coverage)} of the weighted children there."
        )
    inside, outside = headline.area_rule_coverage, headline.outside_share
    # Of an area of whole tracts no line cuts any.
    if inside is not None and outside is not None and (inside < 1 or outside > 0):
        said.append(
            f"Borders: of the low-income children inside the line (same weights, spread evenly over each tract's "
            f"area) {nearly(inside)} live in tracts that are counted; "
            f"{format_percent(outside)} of the children in those tracts live outside the line."
        )
    if headline.at_or_below_zero_share:
        said.append(
            f"{format_percent(headline.at_or_below_zero_share)} of weighted children live in tracts the publisher "
            "prints "
            "as $0, which means at or below the 9th percentile."
        )
    if adjusted := adjustment_note(city.name, headline):
        said.append(adjusted)
    if others:
        said.append(
            "Other cities: by the same measure and the same weights, in the order of the alphabet. "
            + (
                f"The {len(others)} differences are tested together, so that the chance of calling any of them real "
                "that is not is at most 5% (Holm)."
                if any(found is not None for found in tell_apart(headline, others))
                else "Without standard errors nothing says which of the differences are noise."
            )
        )
    if headline.basis != "raw" or others:
        said.append(HOW_ADJUSTED)
    said.append("These are comparisons of where children grew up; they do not say what made the difference.")
    return tuple(said)


def build_table(city: Place, headline: Headline, others: tuple[ComparedCity, ...] = ()) -> Table:
    """The place first, each reference, then other cities, with how it was obtained; ranks 0-1, dollars of 2015.

    The rule of the weights stands once, among the caveats below.
    """
    columns = (
        Column("place", "Place"),
        Column("rank", "Mean percentile", "value", "rank"),
        Column("standard_error", "Standard error", "error", "rank"),
        Column("tract_mean", WAS, "estimate", "rank"),
        Column("adjustment", MOVED, "difference", "rank"),
        Column("adjustment_in_errors", IN_ERRORS, "difference", "ratio"),
        Column("usd_2015", "Income at that rank (2015 dollars)", "value", "usd_2015"),
        Column("how", "How it was obtained"),
    )
    rows = [_row(city.name, headline)]
    for reference in headline.references:
        name = reference_name(reference)
        rows.append(_row(name, reference, *([reference.reason] if reference.reason else [])))
    for one, apart in zip(others, tell_apart(headline, others), strict=True):
        verdict = {None: "", False: f"not distinguishable from {city.name}", True: f"differs from {city.name}"}[apart]
        rows.append(_row(one.name, one.headline, *([verdict] if verdict else [])))
    return Table(
        f"Household income rank of children from low-income families: {city.name} and places beside it",
        columns,
        tuple(rows),
    )


def _row(name: str, number: Headline | Reference, *notes: str) -> tuple[Cell, ...]:
    basis = basis_words(number)
    if number.basis == "published" and number.is_sample:
        basis = "of the sample"
    how = "; ".join((basis, *notes, *([SAMPLE_NOTICE] if number.is_sample else [])))
    return name, number.value, number.standard_error, *adjustment_cells(number), number.usd, how


def nearly(share: float) -> str:
    """A share in percent; what is not quite everything does not read as everything."""
    return "nearly all" if 0.9995 <= share < 1 else format_percent(share)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
