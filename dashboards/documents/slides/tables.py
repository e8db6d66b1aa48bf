"""Native tables on slides: heads over a rule, hairlines between rows, numbers to the right."""

from typing import Any

from lxml import etree
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Length, Pt

from dashboards.documents.slides.look import HAIRLINE, INK, SANS, Box, px
from dashboards.documents.slides.text import LINE, lines_of
from dashboards.exports.svg.elements import clean

_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's own style without fills and lines
_SIDE, _TOP = px(9), px(3)  # margins of a cell
_RULE, _HAIR = 19050, 6350  # EMU: two pixels under the heads, two thirds of one between rows


def add_table(
    slide: Slide,
    rows: list[list[str]],
    box: Box,
    size: float,
    weights: tuple[float, ...] = (),
    numeric: tuple[bool, ...] = (),
    colors: dict[tuple[int, int], str] | None = None,
):
    """Its first row the heads; rows as high as their words. `colors`: of the words of a cell, by (row, column)."""
    left, top, width, _ = box
    heights = table_heights(rows, width, size, weights)
    frame = slide.shapes.add_table(len(rows), len(rows[0]), left, top, width, Emu(sum(heights)))
    widths = column_widths(rows, width, weights)
    # Straight into the elements: the frame has their sums already and need not add them again for each.
    for column, wide in zip(frame.table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = wide
    for row, high in zip(frame.table._tbl.tr_lst, heights, strict=True):
        row.h = high
    look: Any = frame.table._tbl.tblPr
    look.find(qn("a:tableStyleId")).text = _PLAIN
    look.set("bandRow", "0")
    for y, (cells, line) in enumerate(zip(rows, frame.table._tbl.tr_lst, strict=True)):
        for x, (words, cell) in enumerate(zip(cells, line.tc_lst, strict=True)):
            color = (colors or {}).get((y, x), INK)
            _fill_cell(cell, words, size, color, y == 0, bool(numeric) and numeric[x])
    return frame


def _fill_cell(cell, words: str, size: float, color: str, is_head: bool, is_number: bool) -> None:
    """What a text frame, four margins and a line do, straight into the elements: a report has thousands of cells."""
    body = cell.txBody
    for paragraph in body.p_lst:
        body.remove(paragraph)
    body.bodyPr.set("wrap", "square")
    for line in clean(words).split("\n"):
        paragraph = etree.SubElement(body, qn("a:p"))
        if is_number:
            etree.SubElement(paragraph, qn("a:pPr"), algn="r")
        if line:
            run = etree.SubElement(paragraph, qn("a:r"))
            looks = etree.SubElement(run, qn("a:rPr"), sz=str(int(size * 100)), b="1" if is_head else "0")
            fill = etree.SubElement(looks, qn("a:solidFill"))
            etree.SubElement(fill, qn("a:srgbClr"), val=color[1:].upper())
            etree.SubElement(looks, qn("a:latin"), typeface=SANS)
            etree.SubElement(run, qn("a:t")).text = line
    properties = cell.get_or_add_tcPr()
    for name, margin in (("marL", _SIDE), ("marR", _SIDE), ("marT", _TOP), ("marB", _TOP)):
        properties.set(name, str(int(margin)))
    properties.set("anchor", "b" if is_head else "t")
    rule = etree.SubElement(properties, qn("a:lnB"), w=str(_RULE if is_head else _HAIR))
    fill = etree.SubElement(rule, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=(INK if is_head else HAIRLINE)[1:])


def column_widths(rows: list[list[str]], width: Length, weights: tuple[float, ...] = ()) -> list[Length]:
    """By weight; without weights the first column, of names, is one and a half times as wide as the others."""
    weights = weights or (1.5, *[1.0] * (len(rows[0]) - 1))
    others = [Emu(int(width * weight / sum(weights))) for weight in weights[1:]]
    return [Emu(int(width) - sum(others)), *others]


def table_heights(rows: list[list[str]], width: Length, size: float, weights: tuple[float, ...] = ()) -> list[Length]:
    """Height of each row, margins included, measured as if every word were bold."""
    widths = [Emu(int(wide) - 2 * _SIDE) for wide in column_widths(rows, width, weights)]
    lines = [
        max(lines_of(cell, size, wide, "calibri bold") for cell, wide in zip(row, widths, strict=True)) for row in rows
    ]
    return [Emu(int(Pt(count * size * LINE)) + 2 * _TOP + px(2)) for count in lines]
