"""What county files say of a city's main county, as rows: each number with its own unit, and the middle county."""

from atlas.measures import GENDERS, RACES, describe
from atlas.records.county_values import CountyValue, CountyValues
from dashboards.formatting.estimates import format_estimate, format_standard_error, unit_label
from dashboards.panels.base import Cell, Column, Panel, Reading, Table

WHOLE_COUNTY = "The numbers are of the whole county, not of the city alone: counties are the finest level published."


class ReadingColumn(Column):
    """A column of readings: each cell in the unit of its own row."""

    def format(self, cell: Cell) -> str:
        if not isinstance(cell, Reading):
            return "none published" if self.kind == "error" else self._words_for_nothing()
        show = format_standard_error if self.kind == "error" else format_estimate
        return show(float(cell), cell.unit)


def reading(value: float | None, unit: str) -> Reading | None:
    return None if value is None else Reading(value, unit)


def group_words(slug: str) -> str:
    """ "children", "Black girls": whom a measure is about."""
    words = describe(slug)
    return GENDERS[words.gender] if words.race == "pooled" else f"{RACES[words.race]} {GENDERS[words.gender]}"


def group_order(slug: str) -> tuple[bool, int, int]:
    """Everybody first, then races, then girls and boys."""
    words = describe(slug)
    return words.gender != "pooled", list(RACES).index(words.race), list(GENDERS).index(words.gender)


def nothing_loaded(slug: str, title: str, what: str) -> Panel:
    """A panel of files that are not loaded: pages leave it out."""
    return Panel(
        slug, title, "", None, Table(title, (), ()), (), (), reason=f"{what} has been imported for this place."
    )


def value_table(caption: str, found: CountyValues, values: list[CountyValue]) -> Table:
    """A row per number, with the unweighted middle of US counties beside it."""
    columns = (
        Column("measure", "Measured"),
        Column("population", "People"),
        Column("unit", "Unit"),
        ReadingColumn("value", found.name, "value"),
        ReadingColumn("standard_error", "Standard error", "error"),
        ReadingColumn("middle_county", "Middle US county", "value"),
        Column("counties", "Counties with a value", "count"),
    )
    rows = tuple(
        (
            one.measure.label,
            one.measure.population,
            unit_label(one.measure.unit),
            reading(one.value, one.measure.unit),
            reading(one.standard_error, one.measure.unit),
            reading(one.middle, one.measure.unit),
            one.counties,
        )
        for one in values
    )
    return Table(caption, columns, rows)


def unit_caveats(values: list[CountyValue]) -> tuple[str, ...]:
    """The notes of the measures shown, each once."""
    return tuple(dict.fromkeys(one.measure.note for one in values if one.measure.note))
