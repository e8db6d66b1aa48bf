"""Values of indicators as a table, in the columns an import reads again."""

from atlas.tables.declaration import ColumnType, Table
from engagements.base.tables.declare import columns_of
from engagements.indicators.definition_rows import EXPORTED as DEFINITION_COLUMNS
from engagements.indicators.definition_rows import INDICATOR_TABLE
from engagements.indicators.import_rows import COLUMNS, NUMBERS

EXPORTED = ("city", *COLUMNS, "unit", "uncertainty", "status", "source", "as_of", "fictional")
_TYPES: dict[str, ColumnType] = {
    "period_start": "date",
    "period_end": "date",
    "version": "integer",
    "as_of": "datetime",
    "fictional": "boolean",
    **dict.fromkeys(NUMBERS, "number"),
}


def values_table(slug: str, address: str) -> Table:
    """`slug` and `address` of the engagement. Numbers are in the unit their row names."""
    columns = columns_of(EXPORTED, _TYPES, COLUMNS)
    return Table(f"{slug}-indicators", "Values of indicators", columns, address=address)


def template_table() -> Table:
    """The columns an import reads."""
    return Table("indicators-template", "Values to import", columns_of(COLUMNS, _TYPES, COLUMNS))


def value_cells(row, indicator) -> tuple[object, ...]:
    """Of a row of `queries.values` and one of `queries.indicators`, in the order of EXPORTED. Numbers unrounded."""
    return (
        indicator.city_name,
        indicator.name,
        row.period_start,
        row.period_end,
        row.dimension,
        row.category,
        row.value,
        row.low,
        row.high,
        row.numerator,
        row.denominator,
        row.note,
        row.version,
        indicator.unit_label,
        row.number.uncertainty,
        row.label,
        indicator.source,
        row.approved_at or row.entered_at,
        row.is_fictional or indicator.is_fictional,
    )


def indicators_table(slug: str, address: str) -> Table:
    """Definitions, in the columns an import reads again. `slug` and `address` of the engagement."""
    types: dict[str, ColumnType] = {
        "id": "integer",
        "version": "integer",
        "every_months": "integer",
        "baseline": "number",
        "target": "number",
        "baseline_on": "date",
        "target_on": "date",
        "counts_people": "boolean",
        "is_unduplicated": "boolean",
    }
    columns = columns_of(DEFINITION_COLUMNS, types, INDICATOR_TABLE.columns)
    return Table(f"{slug}-indicator-definitions", "Indicators", columns, ("id",), address=address, sheet="Indicators")


def indicator_cells(row) -> tuple[object, ...]:
    """An indicator in the order of `indicators_table`."""
    given = {"id": row.pk, "city": row.engagement.city.name}
    return tuple(given[name] if name in given else getattr(row, name) for name in DEFINITION_COLUMNS)
