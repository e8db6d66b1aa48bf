"""Every measure of one tract beside its city and the nation."""

from atlas.formatting.counts import format_number_of
from atlas.formatting.percentiles import ordinal
from atlas.records.places import RankSet, TractRecord, TractValue
from dashboards.formatting.estimates import format_estimate, format_in_prose_together, format_standard_error, unit_label
from dashboards.formatting.outcomes import LOW_INCOME, outcome_name
from dashboards.formatting.sentences import capitalize_first, with_dashes
from dashboards.panels.base import Column, Panel, Reading, Table


def build(tract: TractRecord, values: tuple[TractValue, ...], on_sample_map: bool) -> Panel:
    """`values` in the order they are listed; the finding counts what has a value and an interval."""
    city = tract.home.name if tract.home else ""
    known = [value for value in values if value.value is not None]
    sources = tuple({s.release_id: s for value in values for s in value.sources}.values())
    return Panel(
        slug="standing",
        title="How did children who grew up here do?",
        finding=describe(values, city),
        figure=None,  # the page draws its rows itself
        table=build_table(values, city),
        sources=sources,
        caveats=caveats(values, city),
        reason="" if known else "No value is published for this tract.",
        on_sample_map=on_sample_map or tract.is_sample,
    )


def describe(values: tuple[TractValue, ...], city: str) -> str:
    """The first outcome in words, then how much of what is shown rests on an interval."""
    known = [value for value in values if value.value is not None]
    if not known:
        return ""
    sure = sum(value.standard_error is not None for value in known)
    if not sure:
        doubt = "The files loaded here have no margin of error. Small differences may be chance."
    else:
        doubt = f"Of {len(known)} numbers here, {sure} have a margin of error. It is drawn as a line."
    return " ".join(filter(None, (_first(known, city), doubt)))


def _first(known: list[TractValue], city: str) -> str:
    first = next((value for value in known if value.measure.group == "outcome"), None)
    if first is None:
        return ""
    unit = first.measure.unit
    whose = first.measure.population.removesuffix(", born 1978–83").replace(LOW_INCOME, "from low-income families")
    every = (first.value, first.city_middle, first.national_middle)
    here, middle, national = format_in_prose_together(every, unit)
    said = [f"{capitalize_first(outcome_name(first.measure))} of {with_dashes(whose)} who grew up here: {here}."]
    if city and first.city_middle is not None:
        said.append(f"The typical {city} neighborhood was at {middle}.")
    if first.national_middle is not None:
        said.append(f"The typical US neighborhood was at {national}.")
    return " ".join(said)


SCALE = " 0-1"  # of raw ranks and shares; the page writes them times 100


class MeasureColumn(Column):
    """A column whose cells are each in the unit of their row."""

    def format(self, cell) -> str:
        if isinstance(cell, Reading):
            return format_standard_error(cell, cell.unit) if self.kind == "error" else format_estimate(cell, cell.unit)
        return super().format(cell)


class UnitColumn(Column):
    """Units: of the raw number in the CSV, of the number as it is written on the page."""

    def format(self, cell) -> str:
        return unit_label(str(cell).removesuffix(SCALE))


def build_table(values: tuple[TractValue, ...], city: str) -> Table:
    """Each row in the unit it names: as the page writes it, as raw numbers in the CSV."""
    columns = (
        Column("measure", "Measure"),
        Column("slug", "Name in the files and the API"),
        Column("population", "Who it is about"),
        MeasureColumn("value", "This tract", "value"),
        UnitColumn("unit", "Unit"),
        MeasureColumn("standard_error", "Standard error", "error", none="none in the file loaded here"),
        Column("children", "Children behind it", "count"),
        Column("percentile", "Higher than … in 100 US tracts", "percentile"),
        MeasureColumn("city_middle", f"Middle tract of {city}" if city else "Middle tract of its city", "value"),
        MeasureColumn("national_middle", "Middle US tract", "value"),
        Column("note", "Why there is no value"),
    )
    return Table(
        "Measures of this tract, its city's middle tract and the middle US tract", columns, tuple(map(_row, values))
    )


def _reading(number: float | None, unit: str) -> Reading | None:
    return None if number is None else Reading(number, unit)


def _row(value: TractValue) -> tuple:
    unit = value.measure.unit
    return (
        value.measure.label,
        value.measure.slug,
        value.measure.population,
        _reading(value.value, unit),
        f"{unit}{SCALE if unit in ('rank', 'share') else ''}",
        _reading(value.standard_error, unit),
        value.children,
        value.percentile,
        _reading(value.city_middle, unit),
        _reading(value.national_middle, unit),
        value.reason,
    )


def caveats(values: tuple[TractValue, ...], city: str) -> tuple[str, ...]:
    """What a careful reader must know."""
    said = [
        "A dot is the share of US tracts with a value that lie lower, each tract counting once; a line is the 95% "
        "interval carried to the same scale; the thin mark is the middle tract"
        + (f" of {city}." if city else " of its city, where it lies in one."),
        "Higher is not better on every row: it is more of what the row names.",
        "Outcomes describe children born 1978–83 who grew up here, wherever they lived later; characteristics "
        "describe residents in the years named.",
    ]
    if any(value.standard_error is None and value.value is not None for value in values):
        said.append("Rows without a line: the file loaded here has no margin of error for them.")
    return tuple(said)


def describe_ranks(found: RankSet, place: str) -> str:
    """The confidence set of a tract's rank in words, or why there is none."""
    if found.low is None or found.high is None:
        return f"We can’t say where it stands among {place}’s tracts: {found.reason}."
    tracts = format_number_of(found.of, "tract")
    if (found.low, found.high) == (1, found.of):
        return f"By household income, it may be anywhere among {place}’s {tracts}. The data can’t tell."
    span = f"anywhere from {ordinal(found.low)} to {ordinal(found.high)}"
    where = ordinal(found.low) if found.low == found.high else span
    of = f"{place}’s {tracts} (1st is the highest; 95% likely for all of them together)"
    return f"By household income, it is {where} of {of}."
