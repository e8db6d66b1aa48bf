"""Values of indicators in the columns an import reads again."""

from engagements.indicators.import_rows import COLUMNS

EXPORTED = ("city", *COLUMNS, "unit", "uncertainty", "status", "source", "as_of")


def value_cells(row, indicator) -> tuple[object, ...]:
    """Of a row of `queries.values` and one of `queries.indicators`, in the order of EXPORTED. Numbers unrounded."""
    return (
        indicator.city_name,
        indicator.name,
        row.period_start,
        row.period_end,
        row.dimension,
        row.category,
        *(_plain(number) for number in (row.value, row.low, row.high, row.numerator, row.denominator)),
        row.note,
        row.version,
        indicator.unit_label,
        row.number.uncertainty,
        row.label,
        indicator.source,
        (row.approved_at or row.entered_at).isoformat(timespec="seconds"),
    )


def _plain(number: float | None) -> str:
    return "" if number is None else repr(number).removesuffix(".0")
