"""What an average rests on in words: published, adjusted to published county values, or that of its tracts as it is."""

from atlas.formatting.percentiles import format_points
from atlas.measures import describe
from atlas.records.places import Headline, Reference
from atlas.sources.us_outline import county_names
from atlas.statistics.benchmark import CountyDifference
from dashboards.formatting.estimates import format_difference, format_estimate, format_standard_error
from dashboards.formatting.sentences import join_with_and

WAS, MOVED, IN_ERRORS = "Average of its tracts", "Adjustment", "Adjustment in standard errors"  # heads of columns
HOW_ADJUSTED = (
    "Adjustment: what the counties have as published less the average of their tracts, added to each of their tracts, "
    "so that a city moves along with its county. In standard errors of the published county values."
)


def basis_words(number: Headline | Reference) -> str:
    """ "average of its tracts, adjusted to the published county value": how a number of a table was obtained."""
    if number.basis == "published":
        counties = len(number.county_differences) if isinstance(number, Headline) else 1 if number.is_published else 2
        return "published" if counties == 1 else "average of published county values"
    if number.basis == "benchmarked":
        return "average of its tracts, adjusted to published county values"
    why = f", not adjusted: {number.basis_reason}" if number.basis_reason else ""
    return f"average of its tracts{why}"


def adjustment_cells(number: Headline | Reference) -> tuple[float | None, float | None, float | None]:
    """(average of its tracts, adjustment, adjustment in standard errors) under WAS, MOVED and IN_ERRORS."""
    if isinstance(number, Headline):
        return number.raw_value, number.adjustment, number.adjustment_in_errors
    moved = None if number.basis == "raw" or None in (number.value, number.raw_value) else _less(number)
    in_errors = moved / number.standard_error if number.is_published and moved and number.standard_error else None
    return number.raw_value, moved, in_errors


def _less(number: Reference) -> float:
    assert number.value is not None and number.raw_value is not None, "only what has both was moved"
    return number.value - number.raw_value


def adjustment_note(place: str, headline: Headline) -> str:
    """How the mean comes from its counties' published values, with the size of the adjustment; why there is none."""
    if headline.value is None:
        return ""
    if headline.basis == "raw":
        return f"Not adjusted to published county values: {headline.basis_reason}." if headline.basis_reason else ""
    if len(headline.county_differences) == 1:
        return _of_one_county(place, headline, headline.county_differences[0])
    return _of_several_counties(place, headline)


def short_adjustment_note(place: str, headline: Headline) -> str:
    """The same in two short sentences for "How we know"; "" where nothing was adjusted."""
    counties = headline.county_differences
    if headline.value is None or headline.raw_value is None or headline.basis == "raw" or not counties:
        return ""
    unit = describe(headline.measure).unit
    if headline.basis == "published":
        whose = name_of(counties[0]) if len(counties) == 1 else "its counties"
        return f"{place} is the same ground as {whose}, so this is the published value."
    before, after = _value(headline.raw_value, unit), _value(headline.value, unit)
    if len(counties) == 1:
        one = counties[0]
        return (
            f"for {name_of(one)} the tracts give {_value(one.modelled, unit)}; the published figure is "
            f"{_value(one.published, unit)}. We move {place} by that difference, from {before} to {after}."
        )
    return (
        f"each tract moves by how far its county’s published figure is from the county’s tracts. That moves {place} "
        f"from {before} to {after}."
    )


def _of_one_county(place: str, headline: Headline, county: CountyDifference) -> str:
    unit, name = describe(headline.measure).unit, name_of(county)
    said = f"{name} is published at {_value(county.published, unit)}{_error(county.published_error, unit)}"
    moved = headline.adjustment or 0.0
    if headline.basis == "published":
        return (
            f"{said}. {name} and {place} are the same ground, so the published value stands for both. The average of "
            f"its tracts is {_value(headline.raw_value, unit)}, {_size(-moved, unit)}{_times(headline)}."
        )
    return (
        f"{said}; the average of its tracts is {_value(county.modelled, unit)}. The difference of "
        f"{format_difference(moved, unit)}{_unit(unit)}{_times(headline)} is added to each of its tracts: {place} was "
        f"at {_value(headline.raw_value, unit)} before and is at {_value(headline.value, unit)}."
    )


def _of_several_counties(place: str, headline: Headline) -> str:
    unit, counties = describe(headline.measure).unit, headline.county_differences
    listed = join_with_and(
        [f"{name_of(one)} {format_difference(one.difference, unit)}" for one in counties[:_LISTED]]
        + ([f"{len(counties) - _LISTED} more"] if len(counties) > _LISTED else [])
    )
    return (
        f"Each tract is moved by what its county has as published less the average of its tracts{_unit(unit, ' in')}: "
        f"{listed}. {place} is moved by {format_difference(headline.adjustment, unit)}{_times(headline)}, from "
        f"{_value(headline.raw_value, unit)} to {_value(headline.value, unit)}."
    )


_LISTED = 4  # counties named in a sentence


def name_of(county: CountyDifference) -> str:
    return county_names().get(f"{county.county:05d}", f"county {county.county:05d}")


def _value(value: float | None, unit: str) -> str:
    return format_points(value) if unit == "rank" else format_estimate(value, unit)


def _error(error: float | None, unit: str) -> str:
    return (
        " (no standard error published)" if error is None else f" (standard error {format_standard_error(error, unit)})"
    )


def _size(difference: float, unit: str) -> str:
    size = format_difference(abs(difference), unit).removeprefix("+")
    return f"{size}{_unit(unit)} {'higher' if difference > 0 else 'lower'}"


def _unit(unit: str, before: str = "") -> str:
    return f"{before} points" if unit == "rank" else ""


def _times(headline: Headline) -> str:
    """ " (5.1 standard errors)", "" where the county file has none."""
    in_errors = headline.adjustment_in_errors
    return "" if in_errors is None else f" ({abs(in_errors):.1f} standard errors)"
