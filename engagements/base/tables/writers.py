"""Tables as CSV and XLSX, in the columns an import reads again; no cell is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter

from atlas.tables.formula_escape import csv_cell
from engagements.base.tables.table import Table

_WIDTHS = {"title": 40, "acceptance_evidence": 40, "funder_note": 40, "owner": 28, "due_on": 13, "reason": 60}


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with the mark Excel looks for; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([csv_cell(name) for name in header])
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[object]], notes: dict[str, str] | None = None) -> bytes:
    """Dates are dates, the header stays in sight, texts are written as texts whatever they begin with."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Milestones")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            sheet.set_column(column, column, _WIDTHS.get(name, 14))
            sheet.write_string(0, column, name, bold)
            if notes and name in notes:
                sheet.write_comment(0, column, notes[name])
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, day)
    return made.getvalue()


def with_reasons(table: Table, reasons: dict[int, str]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table as it came, with a last column that says what is wrong in each row."""
    kept = [at for at, name in enumerate(table.header) if name not in ("line", "reason")]
    return ("line", *(table.header[at] for at in kept), "reason"), [
        (str(row.line), *(row.cells[at] for at in kept), reasons.get(row.line, "")) for row in table.rows
    ]


def _write(sheet, number: int, column: int, value: object, day) -> None:
    if isinstance(value, date):
        sheet.write_datetime(number, column, value, day)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(number, column, value)
    elif value not in (None, ""):
        sheet.write_string(number, column, str(value).replace("\r\n", "\n"))
