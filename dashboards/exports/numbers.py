"""The number in a cell of a panel's table, which may also hold text or nothing."""

import math

from dashboards.panels.base import Cell


def number_in(cell: Cell) -> float | None:
    """In the unit of its column; None where it is missing (None or NaN). ValueError for text that is no number."""
    number = None if cell is None else float(cell)
    return None if number is None or math.isnan(number) else number
