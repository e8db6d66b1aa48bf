"""Cells of a report's tables in words, as print and slides show them. Pure."""

from datetime import date
from decimal import Decimal

from dashboards.formatting.numbers import as_count, as_error, as_money, as_percent, as_ranks
from dashboards.reports.document import Cell, Grid, Head, Kind

EMPTY = "–"
NUMBERS = frozenset({"usd", "count", "number", "share", "percentile", "error"})
COLOURS = {"Red": "#b42318", "Amber": "#d97a1a", "Green": "#1a7f37"}


def in_words(cell: Cell, kind: Kind) -> str:
    """As a reader reads it: dollars whole, shares in per cent, ranks as percentiles, days with their month."""
    if cell is None or cell == "":
        return EMPTY
    if kind == "date":
        return day_words(cell)
    if kind == "usd":
        return as_money(cell)
    if kind == "count":
        return as_count(cell)
    if kind == "share":
        return as_percent(cell)
    if kind == "percentile":
        return as_ranks(cell)
    if kind == "error":
        return as_error(cell, "rank")
    return number_words(cell) if kind == "number" else str(cell)


def number_words(value: float | Decimal) -> str:
    """Three decimals at most, one from 100 on, a true minus: 1234.56 -> "1,234.6", 0.34146 -> "0.341"."""
    rounded = round(Decimal(str(value)), 1 if abs(value) >= 100 else 3)
    text = f"{rounded.normalize():,f}"
    return text.replace("-", "−")


def day_words(day: date) -> str:
    return f"{day:%-d %b %Y}"


def printed(grid: Grid) -> tuple[tuple[Head, ...], list[list[str]], list[str] | None]:
    """(heads, rows in words, the row of totals or None) of the columns that print shows."""
    at = [index for index, head in enumerate(grid.heads) if head.in_print]
    heads = tuple(grid.heads[index] for index in at)
    rows = [[in_words(row[index], grid.heads[index].kind) for index in at] for row in grid.rows]
    if not any(head.is_summed for head in heads) or not grid.rows:
        return heads, rows, None
    totals = grid.totals()
    total = [in_words(totals[index], grid.heads[index].kind) if grid.heads[index].is_summed else "" for index in at]
    return heads, rows, ["Total" if not total[0] else total[0], *total[1:]]


def colour_of(words: str) -> str:
    """Of a mark, "" where it has none."""
    return COLOURS.get(words.split(":", 1)[0], "")
