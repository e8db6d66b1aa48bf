"""CSV files as the portal writes them, for tests that bring them back."""

from collections.abc import Iterable, Sequence

from atlas.tables.csv_file import write_csv
from atlas.tables.declaration import Table
from atlas.tables.frames import build_frame
from engagements.base.tables.declare import text_table


def csv_of(table: Table, rows: Iterable[Sequence[object]]) -> bytes:
    """Rows of a declared table."""
    return write_csv(table, build_frame(table, rows))


def text_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Rows of texts under any names."""
    return csv_of(text_table("table", "Table", header), rows)
