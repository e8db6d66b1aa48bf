"""Cells of a report's tables in words, as print and slides show them. Pure."""

from datetime import date
from decimal import Decimal

from atlas.formatting.counts import format_count, format_exact
from atlas.formatting.dates import format_day
from atlas.formatting.money import format_whole_dollars
from atlas.formatting.percentiles import format_points
from atlas.formatting.shares import format_percent
from dashboards.charts.theme import DONE, LATE, WARN
from dashboards.documents.model import Cell, Grid, GridColumn, Kind
from dashboards.formatting.estimates import format_standard_error

EMPTY = "–"
NUMBERS = frozenset({"usd", "count", "number", "share", "percentile", "error"})
COLORS = {"Red": LATE, "Amber": WARN, "Green": DONE}


def format_cell(cell: Cell, kind: Kind) -> str:
    """As a reader reads it: dollars whole, shares in percent, ranks as percentiles, days with their month."""
    if cell is None or cell == "":
        return EMPTY
    if kind == "date":
        return format_day(as_day(cell))
    if kind in ("text", "mark"):
        return str(cell)
    number = as_number(cell)
    if kind == "usd":
        return format_whole_dollars(number)
    if kind == "count":
        return format_count(number)
    if kind == "share":
        return format_percent(number)
    if kind == "percentile":
        return format_points(float(number))
    if kind == "error":
        return format_standard_error(float(number), "rank")
    return format_number(number)


def as_number(cell: Cell) -> Decimal | float:
    """What a column of numbers holds. TypeError for anything else."""
    if cell is None or isinstance(cell, str | date):
        raise TypeError(f"{cell!r} stands in a column of numbers.")
    return cell


def as_day(cell: Cell) -> date:
    """What a column of days holds. TypeError for anything else."""
    if not isinstance(cell, date):
        raise TypeError(f"{cell!r} stands in a column of days.")
    return cell


def format_number(value: float | Decimal) -> str:
    """Three decimals at most, one from 100 on, a true minus: 1234.56 -> "1,234.6", 0.34146 -> "0.341"."""
    is_large = value >= 100 or value <= -100
    rounded = round(Decimal(str(value)), 1 if is_large else 3)
    return format_exact(rounded)


def printed(grid: Grid) -> tuple[tuple[GridColumn, ...], list[list[str]], list[str] | None]:
    """(heads, rows in words, the row of totals or None) of the columns that print shows."""
    at = [index for index, head in enumerate(grid.heads) if head.in_print]
    heads = tuple(grid.heads[index] for index in at)
    rows = [[format_cell(row[index], grid.heads[index].kind) for index in at] for row in grid.rows]
    if not any(head.is_summed for head in heads) or not grid.rows:
        return heads, rows, None
    totals = grid.totals()
    total = [format_cell(totals[index], grid.heads[index].kind) if grid.heads[index].is_summed else "" for index in at]
    return heads, rows, [grid.total_label() if not total[0] else total[0], *total[1:]]


def color_of(words: str) -> str:
    """Of a mark, "" where it has none."""
    return COLORS.get(words.split(":", 1)[0], "")


def left_out(grid: Grid) -> str:
    """Says how many rows stand only in the workbook; "" where all are here."""
    if not grid.left_out:
        return ""
    return f"{grid.left_out:,} more {'is' if grid.left_out == 1 else 'are'} in the workbook."
