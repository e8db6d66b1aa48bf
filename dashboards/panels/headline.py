"""How far children of low-income families who grew up in the city got: one number with its company."""

from math import hypot

from atlas.formatting.counts import format_count
from atlas.formatting.money import format_dollars_to_hundred
from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.shares import format_percent
from atlas.records.places import SAMPLE_NOTICE, ComparedCity, Headline, Place, Reference
from atlas.statistics.intervals import Z95
from dashboards.charts.comparison import draw_comparison
from dashboards.formatting.estimates import format_standard_error
from dashboards.formatting.groups import SAME_GROUND
from dashboards.formatting.outcomes import reference_name
from dashboards.formatting.sentences import join_with_and
from dashboards.panels.base import Column, Panel, Table


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
        figure=draw_comparison(city.name, headline, others) if headline.value is not None else None,
        table=build_table(city, headline, others),
        sources=headline.sources,
        caveats=caveats(headline, others, other_weighting),
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
    """Like with like: means of tracts with the same weights. A county that is the city is the check, not a company."""
    means = {r.kind: r for r in headline.references if r.value is not None and not r.is_published}
    county, nation = means.get("county"), means.get("nation")
    same = (headline.county_share or 0) >= SAME_GROUND
    beside = [
        f"the {format_percentile(r.value)} in {_with_article(r)}" for r in (None if same else county, nation) if r
    ]
    return [f"By the same measure: {' and '.join(beside)}."] if beside else []


def is_apart(one: Headline, other: Headline) -> bool | None:
    """Whether two means differ by more than their noise at 5%; None where either has no standard error."""
    if one.value is None or other.value is None or one.standard_error is None or other.standard_error is None:
        return None
    return abs(one.value - other.value) > Z95 * hypot(one.standard_error, other.standard_error)


def compare_cities(headline: Headline, others: tuple[ComparedCity, ...]) -> list[str]:
    """Which other cities the noise leaves no difference to; nothing where no two means have standard errors."""
    tested = [(one.name, is_apart(headline, one.headline)) for one in others]
    near = [name for name, apart in tested if apart is False]
    if near:
        return [f"Not distinguishable from {join_with_and(near)}."]
    apart = [name for name, found in tested if found]
    return [f"The difference from each of {len(apart)} other cities is larger than the noise."] if apart else []


def published_values(headline: Headline) -> list[Reference]:
    """The publisher's own values beside the mean: the county's, then the commuting zone's."""
    return [r for r in headline.references if r.is_published and r.value is not None]


def check(headline: Headline) -> str:
    """The published county value with its standard error, and how far these weights are from it."""
    published = next((r for r in published_values(headline) if r.kind == "county"), None)
    if published is None or published.value is None:
        return ""
    error = published.standard_error
    whose = "in the sample" if published.is_sample else "as the publisher has it"
    said = f"{published.name} {whose}: {format_points(published.value)}"
    said += (
        f" (standard error {format_standard_error(error, 'rank')})." if error is not None else f" ({published.reason})."
    )
    if headline.measured_error is None:
        return said
    gap = headline.measured_error
    ours = (
        f"{format_points(published.value + gap)}, {format_standard_error(abs(gap), 'rank')} ranks "
        f"{'above' if gap > 0 else 'below'} it"
    )
    times = round(abs(gap), 4) / round(error, 4) if error and round(error, 4) else None  # of the numbers printed
    size = f", {times:.1f} of its standard errors" if times is not None else ""
    same = " Both are the same ground, so the published value is the better one."
    whole = same if (headline.county_share or 0) >= SAME_GROUND else ""
    return f"{said} The same arithmetic gives {ours}{size}.{whole}"


def uncertainty(headline: Headline) -> str:
    """ "± 0.7 (95% interval 30.1 to 31.5)", or why there is no such thing."""
    if headline.value is None:
        return ""
    if headline.standard_error is None:
        return f"No standard error: {_lower_first(headline.standard_error_reason) or 'the file loaded here has none'}"
    half = Z95 * headline.standard_error
    return (
        f"Standard error {format_standard_error(headline.standard_error, 'rank')}; 95% interval "
        f"{format_points(headline.value - half)} to {format_points(headline.value + half)}"
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
    if found is None:
        return []
    said = [f"{found.sentence.rstrip('.')}."]
    if parish is not None:
        said.append(
            f"The same ratio over Orleans Parish, which is the city of New Orleans, is {parish.value:.2f}: its "
            "published standard error over that of independent tracts."
        )
    return said


def caveats(
    headline: Headline, others: tuple[ComparedCity, ...] = (), other_weighting: Headline | None = None
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
                if headline.weight_rule.startswith("modelled weight")
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
    if checked := check(headline):
        said.append(checked)
    if others:
        said.append(
            "Other cities: by the same measure and the same weights, in the order of the alphabet. "
            + (
                "“Not distinguishable” is said of each by itself, at the 5% level."
                if any(is_apart(headline, one.headline) is not None for one in others)
                else "Without standard errors nothing says which of the differences are noise."
            )
        )
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
        Column("usd_2015", "Income at that rank (2015 dollars)", "value", "usd_2015"),
        Column("how", "How it was obtained"),
    )
    rows = [
        (
            city.name,
            headline.value,
            headline.standard_error,
            headline.usd,
            f"mean of its tracts{_said_sample(headline)}",
        )
    ]
    for reference in headline.references:
        how = _own(reference) if reference.is_published else "mean of its tracts, same weights"
        note = f"; {reference.reason}" if reference.reason else ""
        how = f"{how}{note}{_said_sample(reference)}"
        rows.append(
            (reference_name(reference, city.name), reference.value, reference.standard_error, reference.usd, how)
        )
    for one in others:
        beside, apart = one.headline, is_apart(headline, one.headline)
        verdict = {None: "", False: f"; not distinguishable from {city.name}", True: f"; differs from {city.name}"}[
            apart
        ]
        how = f"mean of its tracts, same weights{verdict}{_said_sample(beside)}"
        rows.append((one.name, beside.value, beside.standard_error, beside.usd, how))
    return Table(
        f"Household income rank of children from low-income families: {city.name} and places beside it",
        columns,
        tuple(rows),
    )


def _said_sample(number: Headline | Reference) -> str:
    return f"; {SAMPLE_NOTICE}" if number.is_sample else ""


def _with_article(reference: Reference) -> str:
    if reference.kind == "nation":
        return "the nation"
    return reference.name


def _own(reference: Reference) -> str:
    return "of the sample" if reference.is_sample else "published"


def nearly(share: float) -> str:
    """A share in per cent; what is not quite everything does not read as everything."""
    return "nearly all" if 0.9995 <= share < 1 else format_percent(share)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
