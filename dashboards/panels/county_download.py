"""County downloads of the Atlas site, all subgroups: what they say of a city's main county."""

from atlas.measures import describe
from atlas.records.county_values import CountyValue, CountyValues
from dashboards.formatting.estimates import format_in_prose, unit_label
from dashboards.panels.base import Panel
from dashboards.panels.county_table import WHOLE_COUNTY, group_order, nothing_loaded, unit_caveats, value_table

SLUG, TITLE = "county-download", "The county by group"
DATASETS = "shown_county_"


def build(found: CountyValues) -> Panel:
    """A row per measure and group, none that is shown only when asked for."""
    values = sorted((one for one in found.values if not describe(one.measure.slug).sensitive_as), key=_order)
    if not values:
        return nothing_loaded(SLUG, TITLE, "No county download of the Opportunity Atlas site")
    first = next((one for one in values if one.value is not None), None)
    return Panel(
        slug=SLUG,
        title=TITLE,
        finding=_describe(found.name, first) if first else "",
        figure=None,
        table=value_table(f"{found.name}, by group of children", found, values),
        sources=found.sources,
        caveats=(WHOLE_COUNTY, *_errors(values), *unit_caveats(values)),
    )


def _describe(county: str, one: CountyValue) -> str:
    unit = one.measure.unit
    return (
        f"{one.measure.label} in {county}: {format_in_prose(one.value, unit)}. The middle US county had "
        f"{format_in_prose(one.middle, unit)}. The unit is {unit_label(unit)}. This is about {one.measure.population}."
    )


def _errors(values: list[CountyValue]) -> tuple[str, ...]:
    if any(one.standard_error is not None for one in values):
        return ()
    return ("No margin of error: the file’s second columns are held back until an administrator says what they are.",)


def _order(one: CountyValue) -> tuple[str, tuple[bool, int, int], str]:
    return describe(one.measure.slug).outcome, group_order(one.measure.slug), one.measure.slug
