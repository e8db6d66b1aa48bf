"""The sheet behind a native chart: exactly what the chart shows, text never taken for a formula."""

import io
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from pptx.chart.chart import Chart

_RANGE = re.compile(r"Sheet1!\$([A-Z]+)\$(\d+)(?::\$[A-Z]+\$(\d+))?")


def rebuild_workbook(chart: Chart, labels: Sequence[tuple[int, int, str]] = ()) -> None:
    """Write every referenced range of the chart into a fresh sheet and embed it.

    `labels` are more words for it: row, column, text.

    python-pptx's own sheet would turn a name like "=1+1" into a formula, and does not know of error bars.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    sheet, day = book.add_worksheet("Sheet1"), book.add_format({"num_format": "yyyy-mm-dd"})
    for reference in chart._chartSpace.iter("{*}numRef", "{*}strRef"):
        found = _RANGE.fullmatch(reference.findtext("{*}f"))
        if found is None:
            raise ValueError(f"A chart refers to {reference.findtext('{*}f')!r}, which is no range of its sheet.")
        column, first = _column_number(found[1]), int(found[2]) - 1
        style = day if reference.findtext(".//{*}formatCode") == "yyyy-mm-dd" else None
        for point in reference.iter("{*}pt"):
            text, row = point.findtext("{*}v"), first + int(point.get("idx"))
            if reference.tag.endswith("numRef"):
                sheet.write_number(row, column, float(text), style)
            else:
                sheet.write_string(row, column, text)
    for row, column, text in labels:
        sheet.write_string(row, column, text)
    sheet.set_column(0, 0, 24)
    book.close()
    part: Any = chart.part  # a ChartPart, annotated as any part of XML
    part.chart_workbook.update_from_xlsx_blob(out.getvalue())


def column_letters(number: int) -> str:
    """0 -> "A", 26 -> "AA"."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
