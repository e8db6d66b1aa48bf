"""A file of data as a header and lines of text: CSV, or the one sheet of a workbook."""

from engagements.base.tables.table import Kind, TableRefused
from engagements.base.tables.xlsx_table import read_xlsx
from engagements.pilots.rules.data_values import DataProblem
from engagements.pilots.rules.delivery import Line
from engagements.pilots.rules.reading import DataRefused, csv_lines, refuse_long_cells

LARGEST = 25_000_000  # bytes, of one request
IN_WORKBOOK = Kind("line", "lines", "Data", 100_000)


def too_large(size: int) -> str:
    """A sentence for a file that is refused before it is read; "" for one that is read."""
    if size <= LARGEST:
        return ""
    return (
        f"The file has {size / 1e6:,.0f} MB; at most {LARGEST // 10**6} MB are read. Nothing was saved. "
        "Import counts by group instead of one row per person."
    )


def read_file(content: bytes) -> tuple[list[str], list[Line]]:
    """Raises DataRefused. Formulas of a workbook are never worked out; such cells are empty."""
    if content.startswith(b"PK"):
        try:
            table = read_xlsx(content, IN_WORKBOOK)
        except TableRefused as refused:
            raise DataRefused([DataProblem(None, "", str(refused))]) from refused
        for row in table.rows:
            refuse_long_cells(row.line, row.cells)
        return list(table.titles), [(row.line, list(row.cells)) for row in table.rows]
    header, rows = csv_lines(content)
    return header, list(rows)
