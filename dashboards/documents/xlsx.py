"""A report as a workbook: a sheet about it, a sheet for each table; numbers are numbers, totals are formulas."""

import io
from datetime import UTC

import xlsxwriter
from xlsxwriter.utility import xl_range

from atlas.tables.xlsx_file import OPTIONS, sheet_name, write_cell
from dashboards.charts.theme import ACCENT, MUTED, SAMPLE_INK, WASH
from dashboards.documents.cells import COLORS, as_day, as_number, color_of
from dashboards.documents.model import Cell, Document, Grid, GridColumn, Section
from dashboards.exports.svg.elements import clean

_FORMATS = {
    "usd": "$#,##0.00;[Red]-$#,##0.00",
    "count": "#,##0",
    "number": "#,##0.######",
    "share": "0.0%",
    "percentile": "0.000",
    "error": "0.0000",
    "date": "yyyy-mm-dd",
}
_WIDTHS = {
    "text": 22,
    "mark": 26,
    "usd": 17,
    "count": 11,
    "number": 13,
    "share": 11,
    "percentile": 13,
    "error": 13,
    "date": 12,
}
_PAPER = 165.0  # letters across a printed page that can still be read; wider tables wrap their words
_NARROWEST = 9.0
_MISSING = {"usd": "no entry", "date": "no date"}
_NO_VALUE = "not recorded"
_UNIT = {"percentile": "rank, 0 to 1", "error": "rank, 0 to 1", "share": "share", "usd": "dollars"}


def write_xlsx(document: Document) -> bytes:
    """The same document gives the same bytes. No text becomes a formula, a number or a link."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        at = document.as_of.astimezone(UTC).replace(tzinfo=None)
        about = {"title": document.title, "author": document.publisher, "subject": document.address}
        book.set_properties({name: clean(words)[:255] for name, words in about.items()} | {"created": at})
        styles = _Styles(book)
        _about(book, document, styles)
        names: set[str] = {"about"}
        for section, grid in document.grids:
            if grid.rows:
                _sheet(book, document, section, grid, styles, sheet_name(clean(grid.name), names))
    return made.getvalue()


class _Styles:
    def __init__(self, book: xlsxwriter.Workbook):
        top = {"valign": "top", "font_name": "Calibri", "font_size": 11}
        self.title = book.add_format(top | {"bold": True, "font_size": 16, "font_color": ACCENT})
        self.bold = book.add_format(top | {"bold": True})
        self.head = book.add_format(top | {"bold": True, "text_wrap": True, "bottom": 2})
        self.bold_across = book.add_format(top | {"bold": True, "text_wrap": True})
        self.warning_across = book.add_format(top | {"bold": True, "font_color": SAMPLE_INK, "text_wrap": True})
        self.text = book.add_format(top | {"text_wrap": True})
        self.warning = book.add_format(top | {"bold": True, "font_color": SAMPLE_INK})
        self.cells = {kind: book.add_format(top | {"num_format": code}) for kind, code in _FORMATS.items()}
        self.totals = {
            kind: book.add_format(top | {"num_format": code, "bold": True, "top": 1}) for kind, code in _FORMATS.items()
        }
        self.total = book.add_format(top | {"bold": True, "top": 1})
        wraps = top | {"text_wrap": True}
        self.marks = {shade: book.add_format(wraps | {"font_color": shade}) for shade in COLORS.values()}
        # Where there is no number: words, so that nobody reads an empty cell as nought and sums leave it out.
        self.missing = book.add_format(
            wraps | {"italic": True, "font_size": 9, "font_color": MUTED, "bg_color": WASH, "align": "right"}
        )


def _about(book, document: Document, styles: _Styles) -> None:
    sheet = book.add_worksheet("About")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    _fit_to_paper(sheet, document)
    sheet.write_string(0, 0, clean(document.title), styles.title)
    row = 1
    if document.banner:
        sheet.write_string(row, 0, clean(document.banner), styles.warning)
        row += 1
    pairs = [
        ("In one sentence", document.lede),
        ("What was known at", document.as_of_label),
        ("On the portal", document.address),
        *document.facts,
        *((f"{number.label}", f"{number.number} ({number.small})") for number in document.numbers),
        *(("Source", words) for words in document.sources),
    ]
    row += 1
    for name, words in pairs:
        write_cell(sheet, row, 0, clean(name), styles.bold)
        write_cell(sheet, row, 1, clean(words), styles.text)
        row += 1
    for section in document.sections:
        notes = [(section.title, words) for words in (section.banner, section.said, *section.notes) if words]
        if not _is_in_a_sheet(section):
            notes += [(words.head or words.label or section.title, words.text) for words in section.paragraphs]
        for name, words in notes:
            write_cell(sheet, row, 0, clean(name), styles.text)
            write_cell(sheet, row, 1, clean(words), styles.text)
            row += 1


def _fit_to_paper(sheet, document: Document) -> None:
    """One page wide, Letter, lying; every page says of what and as of when it is."""
    sheet.set_landscape()
    sheet.set_paper(1)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    said = f"{document.publisher}. {document.as_of_label}".replace("&", "&&")[:180]
    sheet.set_footer(f"&L&9{clean(said)}&R&9&A, &P / &N")


def _is_in_a_sheet(section: Section) -> bool:
    """Long words that have a sheet of their own are not said twice."""
    return any(not grid.in_print for grid in section.grids)


def _sheet(book, document: Document, section: Section, grid: Grid, styles: _Styles, name: str) -> None:
    """Row 1: title and what was known; row 2: banner or note; row 4: heads; then rows, then totals."""
    sheet = book.add_worksheet(name)
    banner = section.banner or document.banner
    widths = column_widths(grid)
    wide = sum(widths)
    _across(sheet, 0, f"{grid.name}. {document.as_of_label}.", styles.bold_across, len(grid.heads), wide)
    if banner or grid.note:
        style = styles.warning_across if banner else styles.text
        _across(sheet, 1, banner or grid.note, style, len(grid.heads), wide)
    if banner and grid.note:
        _across(sheet, 2, grid.note, styles.text, len(grid.heads), wide)
    first = 4
    sheet.freeze_panes(first, 1)
    _fit_to_paper(sheet, document)
    sheet.repeat_rows(first - 1)
    for column, head in enumerate(grid.heads):
        sheet.set_column(column, column, widths[column])
        unit = _UNIT.get(head.kind, "")
        unit = "" if unit == head.label.lower() else unit
        sheet.write_string(first - 1, column, clean(f"{head.label} ({unit})" if unit else head.label), styles.head)
    for at, row in enumerate(grid.rows, start=first):
        for column, (cell, head) in enumerate(zip(row, grid.heads, strict=True)):
            _write(sheet, at, column, cell, head, styles)
    last = first + len(grid.rows) - 1
    sheet.autofilter(first - 1, 0, last, len(grid.heads) - 1)
    if grid.has_totals:
        _totals(sheet, grid, first, last, styles)


def _width(head: GridColumn) -> float:
    """In letters, as Excel counts them."""
    return min(60, _WIDTHS[head.kind] * max(1.0, head.weight * 0.75))


def column_widths(grid: Grid) -> list[float]:
    """In letters. A table wider than a readable page has narrower columns of words; numbers keep their room."""
    widths = [_width(head) for head in grid.heads]
    fixed = sum(wide for wide, head in zip(widths, grid.heads, strict=True) if head.kind not in ("text", "mark"))
    words = sum(widths) - fixed
    if not words or sum(widths) <= _PAPER:
        return widths
    share = max(_PAPER - fixed, 0) / words
    return [
        max(_NARROWEST, wide * share) if head.kind in ("text", "mark") else wide
        for wide, head in zip(widths, grid.heads, strict=True)
    ]


def _across(sheet, row: int, words: str, style, columns: int, wide: float) -> None:
    """Over the whole table and no further, so that a long sentence does not make the printed page smaller."""
    if columns > 1:
        sheet.merge_range(row, 0, row, columns - 1, "", style)
    sheet.write_string(row, 0, clean(words), style)
    sheet.set_row(row, 15.0 * max(1, -(-len(words) // max(int(wide * 0.9), 1))))


def _totals(sheet, grid: Grid, first: int, last: int, styles: _Styles) -> None:
    """SUM formulas with the value they have, so that whoever does not compute them reads it too."""
    for column, (head, value) in enumerate(zip(grid.heads, grid.totals(), strict=True)):
        if value is not None:
            formula = f"=SUM({xl_range(first, column, last, column)})"
            sheet.write_formula(last + 1, column, formula, styles.totals[head.kind], float(value))
        elif column == 0:
            sheet.write_string(last + 1, column, grid.total_label(), styles.total)


def _write(sheet, row: int, column: int, cell: Cell, head: GridColumn, styles: _Styles) -> None:
    if cell is None or cell == "":
        if head.kind not in ("text", "mark"):
            words = clean(head.missing or _MISSING.get(head.kind, _NO_VALUE))
            sheet.write_string(row, column, words, styles.missing)
        return
    if head.kind in ("text", "mark"):
        words = clean(str(cell))
        style = styles.marks.get(color_of(words), styles.text) if head.kind == "mark" else styles.text
        write_cell(sheet, row, column, words, style)
    else:
        value = as_day(cell) if head.kind == "date" else float(as_number(cell))
        write_cell(sheet, row, column, value, styles.cells[head.kind])
