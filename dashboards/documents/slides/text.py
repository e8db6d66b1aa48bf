"""Words on slides: text that fits its box by estimate, tables in words."""

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Inches, Length, Pt

from dashboards.charts.theme import INK
from dashboards.documents.slides.series import row_names
from dashboards.exports.svg.elements import clean
from dashboards.exports.svg.rich_text import Run
from dashboards.panels.base import Table

Box = tuple[Length, Length, Length, Length]  # left, top, width, height
LINE = 1.2  # of the letters' size
MOST_TABLE_ROWS, MOST_TABLE_COLUMNS, MOST_CELL = 12, 5, 60


def add_text(slide: Slide, words: str, box: Box, size: float, *, color: str = INK, bold: bool = False):
    """A text box that wraps; `size` in points."""
    shape = slide.shapes.add_textbox(*box)
    fill_frame(shape.text_frame, words, size, color=color, bold=bold)
    return shape


def fill_frame(frame, words: str, size: float, *, color: str = INK, bold: bool = False) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.text = clean(words)
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = RGBColor.from_string(color[1:].upper())


def lines_of(words: str, size: float, width: Length) -> int:
    """Lines the words take in a box of that width, estimated a little on the long side."""
    room, count = Emu(width).pt * 0.96, 0
    for paragraph in words.split("\n"):
        used, count = 0.0, count + 1
        for word in paragraph.split(" "):
            long = Run(f"{word} ", size, INK).width
            if used and used + long > room:
                used, count = 0.0, count + 1
            count += int(long // room)
            used += long % room if long > room else long
    return count


def fitting_size(words: str, box: Box, sizes: tuple[int, ...]) -> int:
    """The first of the sizes at which the words fit the box, the last one if none does."""
    _, _, width, height = box
    fits = (size for size in sizes if lines_of(words, size, width) * size * LINE <= Emu(height).pt)
    return next(fits, sizes[-1])


def slide_table(table: Table) -> tuple[list[list[str]], list[str]] | None:
    """(rows in words, heads first; labels of columns too long for a slide). None when it is too large for one."""
    cells = [[column.format(cell) for column, cell in zip(table.columns, row, strict=True)] for row in table.rows]
    if not cells or len(cells) > MOST_TABLE_ROWS:
        return None
    if table.columns[0].kind == "text":
        for row, name in zip(cells, row_names(table), strict=True):
            row[0] = name
    short = [i for i in range(len(table.columns)) if max(len(row[i]) for row in cells) <= MOST_CELL]
    if 0 not in short or len(short) > MOST_TABLE_COLUMNS:  # rows without their names say nothing
        return None
    left_out = [column.label for i, column in enumerate(table.columns) if i not in short]
    rows = [[table.columns[i].label for i in short], *[[row[i] for i in short] for row in cells]]
    return [[clean(cell) for cell in row] for row in rows], left_out


def table_size(rows: list[list[str]], box: Box) -> int | None:
    """The largest of the sizes, in points, at which the table fits the box; None when none does."""
    return next((size for size in (11, 10, 9) if sum(table_heights(rows, box[2], size)) <= box[3]), None)


def add_table(
    slide: Slide,
    rows: list[list[str]],
    box: Box,
    size: float = 11,
    weights: tuple[float, ...] = (),
):
    """A native table, its first row the heads; rows as high as their words."""
    left, top, width, _ = box
    heights = table_heights(rows, width, size, weights)
    frame = slide.shapes.add_table(len(rows), len(rows[0]), left, top, width, Emu(sum(heights)))
    widths = column_widths(rows, width, weights)
    # Straight into the elements: the frame has their sums already and need not add them anew for each.
    for column, wide in zip(frame.table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = wide
    for row, high in zip(frame.table._tbl.tr_lst, heights, strict=True):
        row.h = high
    for y, (cells, line) in enumerate(zip(rows, frame.table._tbl.tr_lst, strict=True)):
        for x, (words, cell) in enumerate(zip(cells, line.tc_lst, strict=True)):
            _fill_cell(cell, words, size, "#ffffff" if y == 0 else INK, y == 0 or x == 0)
    return frame


def _fill_cell(cell, words: str, size: float, color: str, bold: bool) -> None:
    """What `fill_frame` and four margins do, straight into the elements: a report has thousands of cells."""
    body = cell.txBody
    for paragraph in body.p_lst:
        body.remove(paragraph)
    body.bodyPr.set("wrap", "square")
    for line in clean(words).split("\n"):
        paragraph = etree.SubElement(body, qn("a:p"))
        if line:
            run = etree.SubElement(paragraph, qn("a:r"))
            looks = etree.SubElement(run, qn("a:rPr"), sz=str(int(size * 100)), b="1" if bold else "0")
            fill = etree.SubElement(looks, qn("a:solidFill"))
            etree.SubElement(fill, qn("a:srgbClr"), val=color[1:].upper())
            etree.SubElement(run, qn("a:t")).text = line
    properties = cell.get_or_add_tcPr()
    for name, margin in (("marL", 0.06), ("marR", 0.06), ("marT", 0.03), ("marB", 0.03)):
        properties.set(name, str(int(Inches(margin))))


def column_widths(rows: list[list[str]], width: Length, weights: tuple[float, ...] = ()) -> list[Length]:
    """By weight; without weights the first column, of names, is one and a half times as wide as the others."""
    weights = weights or (1.5, *[1.0] * (len(rows[0]) - 1))
    others = [Emu(int(width * weight / sum(weights))) for weight in weights[1:]]
    return [Emu(int(width) - sum(others)), *others]


def table_heights(
    rows: list[list[str]], width: Length, size: float = 11, weights: tuple[float, ...] = ()
) -> list[Length]:
    """Estimated height of each row, margins included."""
    widths = [Emu(int(wide) - Inches(0.12)) for wide in column_widths(rows, width, weights)]
    lines = [max(lines_of(cell, size, wide) for cell, wide in zip(row, widths, strict=True)) for row in rows]
    return [Emu(int(Pt(count * size * LINE)) + Inches(0.08)) for count in lines]
