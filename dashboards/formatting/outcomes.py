"""An outcome in the middle of a sentence, sizes in its unit, and what it is held against."""

from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.formatting.rounding import is_missing
from atlas.formatting.shares import format_percent
from atlas.measures import BIRTHS, describe, group_suffix
from atlas.records.places import MeasureRecord, Reference
from dashboards.formatting.sentences import lower_first, with_dashes

AVERAGE_CHILD = "average low-income child"  # the nation's mean; the middle US tract is another number
LOW_INCOME = "of parents at the 25th income percentile"  # whom the portal calls low-income families


def subject(measure: MeasureRecord) -> str:
    """ "household income percentile of children from low-income families": exact words stand in the notes."""
    return f"{outcome_name(measure)} of {people_of(measure)}"


def outcome_name(measure: MeasureRecord) -> str:
    """ "household income percentile", without whose it is and at which age."""
    words = describe(measure.slug)
    label = measure.label.removesuffix(group_suffix(words.race, words.gender)).replace(" at ages 31–37", "")
    return lower_first(with_dashes(label))


def people_of(measure: MeasureRecord) -> str:
    """ "children from low-income families": whom the outcome is about."""
    return with_dashes(measure.population.removesuffix(f", {BIRTHS}").replace(LOW_INCOME, "from low-income families"))


def short_label(measure: MeasureRecord) -> str:
    """For an axis on a phone: "Household income percentile", with the race and gender it is about, if any."""
    return with_dashes(measure.label.replace(" at ages 31–37", ""))


def level(value: float | None, unit: str) -> str:
    """A level: "the 34th percentile" of a rank, "35.2%" of a share."""
    return (
        f"the {format_percentile(value)} percentile"
        if unit == "rank" and not is_missing(value)
        else format_percent(value)
    )


def size(value: float | None, unit: str) -> str:
    """A difference or spread: "3.4 points" of a percentile, "2.1 percentage points" of a share."""
    return f"{format_points(value)} {'points' if unit == 'rank' else 'percentage points'}"


def between(low: float, high: float) -> str:
    """Two bounds on the percentile or percent scale: "2.9 to 4.1"."""
    return join_ends(format_points(low), format_points(high))


_BASIS = {
    "benchmarked": "adjusted to its counties",
    "raw": "average of its tracts",
    "published": "average of published county values",  # the whole is not published
}


def reference_name(reference: Reference) -> str:
    """ "Wayne County, published" or "Kenosha (zone 24000), adjusted to its counties"; for the nation, whose mean."""
    if reference.kind == "nation":
        return f"{reference.name}, {AVERAGE_CHILD}"
    if reference.is_published:
        return f"{reference.name}, {'own value' if reference.is_sample else 'published'}"
    return f"{reference.name}, {_BASIS[reference.basis]}"
