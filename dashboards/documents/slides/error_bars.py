"""Intervals of a native chart as error bars with their own cells in the sheet, so that they can be edited too."""

from typing import Literal

from lxml import etree
from pptx.oxml.ns import qn

_AFTER = tuple(qn(f"c:{name}") for name in ("cat", "xVal", "val", "yVal", "smooth", "shape", "extLst"))


def add_error_bars(
    series: etree._Element,
    direction: Literal["x", "y"],
    below: tuple[float, ...],
    above: tuple[float, ...],
    columns: tuple[str, str],
    first_row: int,
    color: str,
) -> None:
    """Plain lines without ends; the two columns hold the lengths above and below, from `first_row` on."""
    bars = etree.Element(qn("c:errBars"))
    for tag, value in (("errDir", direction), ("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "1")):
        etree.SubElement(bars, qn(f"c:{tag}"), val=value)
    for tag, lengths, letter in (("plus", above, columns[0]), ("minus", below, columns[1])):
        reference = etree.SubElement(etree.SubElement(bars, qn(f"c:{tag}")), qn("c:numRef"))
        etree.SubElement(
            reference, qn("c:f")
        ).text = f"Sheet1!${letter}${first_row}:${letter}${first_row + len(lengths) - 1}"
        cache = etree.SubElement(reference, qn("c:numCache"))
        etree.SubElement(cache, qn("c:formatCode")).text = "General"
        etree.SubElement(cache, qn("c:ptCount"), val=str(len(lengths)))
        for index, length in enumerate(lengths):
            point = etree.SubElement(cache, qn("c:pt"), idx=str(index))
            etree.SubElement(point, qn("c:v")).text = repr(float(length))
    line = etree.SubElement(etree.SubElement(bars, qn("c:spPr")), qn("a:ln"), w="25400")
    etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"), val=color.lstrip("#"))
    # The schema's order: error bars come before the values.
    following = next(child for child in series if child.tag in _AFTER)
    following.addprevious(bars)
