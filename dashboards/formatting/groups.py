"""Groups, their levels and how far apart they are, as sentences say them."""

from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.records.groups import Group, GroupLevel, Groups, PublishedLevel
from atlas.statistics.benchmark import SAME_GROUND
from atlas.statistics.gaps import subtract
from atlas.statistics.intervals import Z95
from atlas.statistics.results import Estimate
from dashboards.formatting.sentences import capitalize_first

OUTCOME_WORDS = {"kfr": "household income", "kir": "individual income"}
FEW_TRACTS = 10
THIN_COVERAGE = 0.6  # of the group's children in tracts with a value

ABOUT_PLACES = (
    "Differences between groups say how places and institutions served them – neighborhoods, schools, employers, "
    "courts, lenders –, not what any group is able to do."
)
NOT_HERE = "Incarceration and births to teenagers are not set side by side by group."


def place_is_its_county(found: Groups) -> bool:
    """Whether the main county is the place, as Orleans Parish is New Orleans."""
    return (found.county_share or 0) >= SAME_GROUND


def is_thin(level: GroupLevel) -> bool:
    """Whether a group's mean rests on few of the place's tracts or few of its children.

    Where coverage is not known the share of tracts stands in for it.
    """
    few = level.here.n < FEW_TRACTS and level.here.n < level.tracts_total / 2
    tracts = level.here.n / level.tracts_total if level.tracts_total else 0.0
    return few or (tracts if level.here.coverage is None else level.here.coverage) < THIN_COVERAGE


def is_noise(first: Estimate, second: Estimate) -> bool | None:
    """Whether a difference is inside its 95% interval; None where one of the two has no standard error."""
    found = subtract(first, second)
    if found.value is None or found.standard_error is None:
        return None
    return abs(found.value) <= Z95 * found.standard_error


def beside_nation(level: GroupLevel | PublishedLevel) -> str:
    """ "the 38th (40th nationally)"; inside the noise it is said so."""
    here, nation = format_percentile(level.here.value), format_percentile(level.nation.value)
    if level.nation.value is None:
        return f"the {here}"
    unclear = "not distinguishable from the " if is_noise(level.here, level.nation) else ""
    return f"the {here} ({unclear}{nation} nationally)"


def format_interval(estimate: Estimate) -> str:
    """ "95% interval 29.8 to 32.6", "" without a standard error."""
    if estimate.value is None or estimate.standard_error is None:
        return ""
    half = Z95 * estimate.standard_error
    return f"95% interval {join_ends(format_points(estimate.value - half), format_points(estimate.value + half))}"


def pair_label(first: Group, second: Group) -> str:
    """ "White minus Black children", "Black girls minus boys"."""
    if first.gender == second.gender:
        return capitalize_first(f"{first.words.rsplit(' ', 1)[0]} minus {second.words}")
    return capitalize_first(f"{first.words} minus {second.words.rsplit(' ', 1)[-1]}")
