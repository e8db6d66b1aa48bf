"""Groups, their levels and how far apart they are, as sentences say them."""

from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.records.groups import Group, GroupLevel, Groups, PublishedLevel
from atlas.statistics.benchmark import SAME_GROUND
from atlas.statistics.gaps import subtract
from atlas.statistics.intervals import Z95
from atlas.statistics.results import Estimate
from dashboards.formatting.sentences import capitalize_first

OUTCOME_WORDS = {"kfr": "household income", "kir": "personal income"}
FEW_TRACTS = 10
THIN_COVERAGE = 0.6  # of the group's children in tracts with a value

ABOUT_PLACES = (
    "Gaps show how places and institutions served each group: neighborhoods, schools, employers, courts, lenders. They "
    "do not show what any group can do."
)
NOT_HERE = "We do not compare incarceration or births to teenagers by group."


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
    """ "the 38th (US 40th)"; inside the margin of error it is said so."""
    return f"the {format_percentile(level.here.value)}{nationally(level)}"


def nationally(level: GroupLevel | PublishedLevel) -> str:
    """ " (US 40th)", with what the margin of error says; "" without a national value."""
    if level.nation.value is None:
        return ""
    unclear = ", too close to call" if is_noise(level.here, level.nation) else ""
    return f" (US {format_percentile(level.nation.value)}{unclear})"


def format_interval(estimate: Estimate) -> str:
    """ "likely range 29.8 to 32.6", the 95% interval; "" without a standard error."""
    if estimate.value is None or estimate.standard_error is None:
        return ""
    half = Z95 * estimate.standard_error
    return f"likely range {join_ends(format_points(estimate.value - half), format_points(estimate.value + half))}"


def pair_label(first: Group, second: Group) -> str:
    """ "White minus Black children", "Black girls minus boys"."""
    if first.gender == second.gender:
        return capitalize_first(f"{first.words.rsplit(' ', 1)[0]} minus {second.words}")
    return capitalize_first(f"{first.words} minus {second.words.rsplit(' ', 1)[-1]}")
