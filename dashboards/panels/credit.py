"""Credit in 2020 of people who grew up in a city's main county; the source's values are already shrunk."""

from atlas import later_measures
from atlas.records.county_values import CountyValue, CountyValues
from dashboards.formatting.estimates import format_estimate
from dashboards.formatting.sentences import capitalize_first
from dashboards.panels.base import Panel
from dashboards.panels.county_table import (
    WHOLE_COUNTY,
    group_order,
    group_words,
    nothing_loaded,
    unit_caveats,
    value_table,
)

SLUG, TITLE = "credit", "Credit of people who grew up here"
DATASETS = later_measures.CREDIT
STATS = ("p25", "mean")  # families at the 25th percentile, and all families
LEAD = "score"


def build(found: CountyValues) -> Panel:
    """A row per outcome, race and parents' income; the credit score first."""
    values = sorted((one for one in found.values if _stat(one) in STATS), key=_order)
    if not values:
        return nothing_loaded(SLUG, TITLE, "No county file of credit in 2020")
    return Panel(
        slug=SLUG,
        title=TITLE,
        finding=describe(found.name, values),
        figure=None,
        table=value_table(f"Credit in 2020 of people born 1978–85 who grew up in {found.name}", found, values),
        sources=found.sources,
        caveats=(
            *unit_caveats(values),
            WHOLE_COUNTY,
            "The middle US county is the unweighted median of the counties with a value.",
        ),
    )


def describe(county: str, values: list[CountyValue]) -> str:
    """The credit score of each group of low-income families beside the middle county's."""
    lead = later_measures.CREDIT + LEAD
    told = [one for one in values if one.measure.slug.startswith(f"{lead}_") and _stat(one) == "p25"]
    known = [one for one in told if one.value is not None]
    if not known:
        return ""
    first, *others = known
    said = [
        f"Low-income {group_words(first.measure.slug)} who grew up in {county} had an average credit score of "
        f"{_points(first.value)} in 2020.",
        f"The middle US county had {_points(first.middle)}.",
    ]
    for one in others:
        group = capitalize_first(group_words(one.measure.slug))
        said.append(f"{group} had {_points(one.value)} (middle US county {_points(one.middle)}).")
    said.append("They were born 1978–85. The file loaded here has no margin of error.")
    return " ".join(said)


def _points(value: float | None) -> str:
    return format_estimate(value, "points")


def _stat(one: CountyValue) -> str:
    later = later_measures.parse(one.measure.slug)
    return later.stat if later else ""


def _order(one: CountyValue) -> tuple[int, int, tuple[bool, int, int]]:
    later = later_measures.parse(one.measure.slug)
    assert later is not None, "values are of such slugs"
    outcomes = list(later_measures.CREDIT_OUTCOMES)
    return outcomes.index(later.stem), STATS.index(later.stat), group_order(one.measure.slug)
