"""A panel as CSV: exactly the rows of its table, under lines that say where they came from.

Lines that begin with "#" carry title, source, citation and vintage (pandas: `comment="#"`).
Then one header line of column keys, then raw numbers, the same as the API's.
Text that a spreadsheet would run as a formula is prefixed with an apostrophe.
"""

import csv
import io

from atlas.records.places import SAMPLE_NOTICE, starter_set_name
from atlas.tables.formula_escape import comment_line, escape_formula
from dashboards.exports.numbers import number_in
from dashboards.panels.base import Cell, Column, Panel


def write_csv(panel: Panel) -> str:
    """The whole file as text, lines ended by CRLF."""
    out = io.StringIO()
    for line in preamble(panel):
        out.write(comment_line(line))
    writer = csv.writer(out)
    writer.writerow([escape_formula(column.key) for column in panel.table.columns])
    for row in panel.table.rows:
        writer.writerow([_cell(cell, column) for cell, column in zip(row, panel.table.columns, strict=True)])
    return out.getvalue()


def preamble(panel: Panel) -> list[str]:
    """Title, columns in words, then every source."""
    lines = [f"{SAMPLE_NOTICE}: generated for demonstration, not published figures"] if panel.is_sample else []
    lines.append(panel.table.caption)
    if panel.finding:
        lines.append(panel.finding)
    lines += [f"Column {column.key}: {column.label}{_unit(column)}" for column in panel.table.columns]
    for source in panel.sources:
        lines.append(f"Source: {source.title}, {source.publisher}; {source.vintage}; {source.address}")
        lines.append(f"Citation: {source.citation}")
        lines.append(f"Licence: {source.licence}; release {source.release_id}, sha256 {source.sha256}")
        if source.starter_date:
            lines.append(f"Release {source.release_id} is of the {starter_set_name(source.starter_date)}")
        if source.is_sample:
            lines.append(f"Release {source.release_id} is {SAMPLE_NOTICE}, not published figures")
    return lines + [f"Note: {caveat}" for caveat in panel.caveats]


def _cell(cell: Cell, column: Column) -> str:
    if column.kind == "text":
        return "" if cell is None else escape_formula(str(cell))
    number = number_in(cell)
    return "" if number is None else repr(number).removesuffix(".0")


def column_unit(column: Column) -> str:
    """Unit of a column's raw numbers: "rank 0-1", "share 0-1", "usd_2015"; "" for text and bare counts."""
    if column.kind == "share":
        return "share 0-1"
    return {"rank": "rank 0-1", "share": "share 0-1"}.get(column.unit, column.unit)


def _unit(column: Column) -> str:
    words = column_unit(column)
    return f" [{words}]" if words else ""
