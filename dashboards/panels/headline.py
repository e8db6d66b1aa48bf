"""How children from low-income families who grew up in the city did as adults: one number with its company."""

from math import erfc, hypot, sqrt

from django.utils.translation import gettext as _

from atlas.formatting.counts import format_count
from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.formatting.rounding import round_half_up
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
    short_adjustment_note,
)
from dashboards.formatting.estimates import format_income, format_standard_error
from dashboards.formatting.outcomes import reference_name
from dashboards.formatting.sentences import join_with_and
from dashboards.formatting.shown_dollars import shown_dollars
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
        title=_("How did children who grew up in {place} do as adults?").format(place=city.name),
        finding=describe(city, headline, others),
        figure=(lambda: draw_comparison(city.name, headline, others)) if headline.value is not None else None,
        table=build_table(city, headline, others),
        sources=headline.sources,
        caveats=caveats(city, headline),
        details=details(city, headline, others, other_weighting),
        reason=""
        if headline.value is not None
        else headline.reason or _("No published values have been imported yet."),
        on_sample_map=headline.on_sample_map,
    )


def describe(city: Place, headline: Headline, others: tuple[ComparedCity, ...] = ()) -> str:
    """People, place and number first; then dollars, certainty, county and nation, and what a percentile is."""
    if headline.value is None:
        return ""
    reached = format_percentile(headline.value)
    said = [
        _(
            "Children from low-income families in {place} reached the {percentile} income percentile in their 30s, on "
            "average."
        ).format(place=city.name, percentile=reached)
    ]
    if headline.usd is not None:
        said.append(
            _("That is a household income of about {dollars} a year ({price_year}).").format(
                dollars=format_income(headline.usd), price_year=shown_dollars().words
            )
        )
    if headline.standard_error is not None:
        said.append(_("The likely range is {range}.").format(range=likely_range(headline)))
    said += compare(city, headline)
    said += compare_cities(headline, others)
    more = 100 - round_half_up(min(max(headline.value, 0.0), 1.0) * 100)
    said.append(
        _("At the {percentile} percentile, about {more} in 100 people the same age have more household income.").format(
            percentile=reached, more=more
        )
    )
    return " ".join(said)


def compare(city: Place, headline: Headline) -> list[str]:
    """Like with like: all adjusted to published values. A county that is the city is the same number, not a company."""
    beside = {r.kind: r for r in headline.references if r.value is not None}
    county, nation = beside.get("county"), beside.get("nation")
    said = []
    if county is not None and (headline.county_share or 0) < SAME_GROUND:
        reached = format_percentile(county.value)
        said.append(_("In {county} they reached the {percentile}.").format(county=county.name, percentile=reached))
    if nation is not None:
        income = "" if nation.usd is None else f", about {format_income(nation.usd)}"
        said.append(
            _("Nationally, children like them reached the {percentile}{income}.").format(
                percentile=format_percentile(nation.value), income=income
            )
        )
    return said


def likely_range(headline: Headline) -> str:
    """ "30.1 to 31.5": the 95% interval, of a headline with a standard error."""
    assert headline.value is not None and headline.standard_error is not None, "a range is that of a number"
    half = Z95 * headline.standard_error
    return join_ends(format_points(headline.value - half), format_points(headline.value + half))


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
    """Which other cities are too close to call; nothing where no two means have standard errors."""
    tested = list(zip([one.name for one in others], tell_apart(headline, others), strict=True))
    near = [name for name, apart in tested if apart is False]
    if near:
        return [_("Too close to call: {cities}.").format(cities=join_with_and(near))]
    apart = len([name for name, found in tested if found])
    if not apart:
        return []
    return [_("The difference from {count} other cities is more than the margin of error.").format(count=apart)]


def uncertainty(headline: Headline) -> str:
    """The likely range, or why there is none: the sentence beside the number, once a page."""
    if headline.value is None:
        return ""
    if headline.standard_error is None:
        return _("The file loaded here has no margin of error. Small differences may be chance.")
    return _("Likely range {range} (95%).").format(range=likely_range(headline))


def weighting_note(headline: Headline, other: Headline | None) -> str:
    """What counting the tracts the other way changes, and by how much; "" where there is nothing to change."""
    if other is None or headline.value is None or other.value is None or other.value == headline.value:
        return ""
    change = other.value - headline.value
    if abs(change) < 0.0005:
        return "changes the average by less than a tenth of a point"
    return (
        f"moves the average {'up' if change > 0 else 'down'} by {format_points(abs(change))} "
        "points, from "
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


def caveats(city: Place, headline: Headline) -> tuple[str, ...]:
    """ "How we know" in a few lines; `details` has the rest, which Methods shows."""
    said = [
        _("Who: children born 1978 to 1983 whose parents were at the 25th percentile of US household income."),
        _("When: their household income in 2014 and 2015, at ages 31 to 37."),
        _("Where: the census tracts they lived in as children, not where they live now."),
        _("How: we average the tracts. A tract where more low-income children grew up counts more."),
        _("Dollars: the income at the average percentile. It is not the average income."),
    ]
    if adjusted := short_adjustment_note(city.name, headline):
        said.append(_("Adjustment: {how}").format(how=adjusted))
    if missing := headline.tracts_total - headline.tracts_used:
        said.append(
            _(
                "Missing: {missing} of {total} tracts have no published value. They are left out, not counted as zero."
            ).format(missing=format_count(missing), total=format_count(headline.tracts_total))
        )
    if headline.value is not None:
        said.append(_("Precision: {how}").format(how=_lower_first(uncertainty(headline))))
    said.append(_("Limits: this describes where children grew up. It does not show what made the difference."))
    return tuple(said)


def details(
    city: Place, headline: Headline, others: tuple[ComparedCity, ...] = (), other_weighting: Headline | None = None
) -> tuple[str, ...]:
    """Weights, coverage, derivation, error: what the number rests on in this place."""
    said = []
    if headline.standard_error is not None:
        said.append(f"Standard error: {format_standard_error(headline.standard_error, 'rank')} percentile points.")
    elif headline.standard_error_reason:
        said.append(f"No margin of error: {_lower_first(headline.standard_error_reason).rstrip('.')}.")
    said += inflation_notes(headline)
    if headline.weight_rule:
        said.append(f"Weights: {headline.weight_rule.rstrip('.')}.")
    if headline.children is not None:
        said.append(
            f"Low-income children of these tracts by the same weights: {format_count(headline.children)}, counted "
            "in 2000."
            + (
                " The modeled number is scaled to the county’s published count, which does not change the average."
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
        said.append(f"Percentiles: {headline.derivation.rstrip('.')}.")
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
            f"{format_percent(headline.at_or_below_zero_share)} of weighted children live in tracts published "
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
                else "Without a margin of error we can’t say which of the differences are chance."
            )
        )
    if headline.basis != "raw" or others:
        said.append(HOW_ADJUSTED)
    return tuple(said)


def build_table(city: Place, headline: Headline, others: tuple[ComparedCity, ...] = ()) -> Table:
    """The place first, each reference, then other cities, with how it was obtained; ranks 0-1, dollars of 2015.

    The rule of the weights stands once, among the caveats below.
    """
    columns = (
        Column("place", "Place"),
        Column("rank", "Average percentile", "value", "rank"),
        Column("standard_error", "Standard error", "error", "rank"),
        Column("tract_mean", WAS, "estimate", "rank"),
        Column("adjustment", MOVED, "difference", "rank"),
        Column("adjustment_in_errors", IN_ERRORS, "difference", "ratio"),
        Column("usd_2015", f"Household income at that percentile ({shown_dollars().words})", "value", "usd_2015"),
        Column("how", "How it was obtained"),
    )
    rows = [_row(city.name, headline)]
    for reference in headline.references:
        name = reference_name(reference)
        rows.append(_row(name, reference, *([reference.reason] if reference.reason else [])))
    for one, apart in zip(others, tell_apart(headline, others), strict=True):
        verdict = {None: "", False: f"too close to call with {city.name}", True: f"differs from {city.name}"}[apart]
        rows.append(_row(one.name, one.headline, *([verdict] if verdict else [])))
    return Table(
        f"Household income percentile of children from low-income families: {city.name} and places beside it",
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
