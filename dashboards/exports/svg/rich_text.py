"""Plotly's pseudo-HTML as lines of SVG text: <b>, <i>, <br>, <sup>, <sub>, <span style="font-size; color">, <a>."""

import html
import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser

from dashboards.exports.svg.colors import paint
from dashboards.exports.svg.elements import clean, element

LINE_HEIGHT = 1.3
_NARROW, _WIDE = frozenset("iljI.,:;'|!()[]ftr /-1"), frozenset("mwMW@%–—…")
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_VOID = {"br"}
_KNOWN = {"b", "strong", "i", "em", "sup", "sub", "span", "a", "br"}


@dataclass(frozen=True)
class Run:
    """Letters of one look. Sizes in pixels."""

    text: str
    size: float
    color: str
    bold: bool = False
    italic: bool = False
    shift: float = 0.0  # down, in pixels: below the line for <sub>, above for <sup>

    @property
    def width(self) -> float:
        """A fair estimate for a sans font: no font is measured, the same text always gives the same width."""
        ems = sum(0.32 if c in _NARROW else 0.86 if c in _WIDE else 0.65 if c.isupper() else 0.53 for c in self.text)
        return ems * self.size * (1.06 if self.bold else 1.0)


Line = tuple[Run, ...]


def read_lines(text: str, size: float, color: str) -> list[Line]:
    """Lines of runs. Tags that plotly does not know are its plain text, as plotly shows them."""
    reader = _Reader(Run("", size, color))
    reader.feed(clean(text))
    reader.close()
    return [tuple(line) for line in reader.lines]


def width_of(lines: list[Line]) -> float:
    """Pixels of the widest line, estimated."""
    return max((sum(run.width for run in line) for line in lines), default=0.0)


def line_heights(lines: list[Line], size: float) -> list[float]:
    return [max([run.size for run in line] or [size]) * LINE_HEIGHT for line in lines]


def height_of(lines: list[Line], size: float) -> float:
    return sum(line_heights(lines, size))


def draw_lines(lines: list[Line], x: float, top: float, size: float, align: str = "left", turn: str = "") -> str:
    """`<text>` elements, the first line's box beginning at `top`; x is the left edge, middle or right edge."""
    drawn = []
    for line, height in zip(lines, line_heights(lines, size), strict=True):
        tallest = max([run.size for run in line] or [size])
        baseline = top + height / 2 + tallest * 0.35
        if any(run.text.strip() for run in line):
            drawn.append(
                element(
                    "text",
                    "".join(_draw_run(run, line) for run in line),
                    x=float(x),
                    y=float(baseline),
                    text_anchor=_ANCHORS[align],
                    font_size=tallest,
                    **paint("fill", line[0].color),
                    transform=turn or None,
                )
            )
        top += height
    return "".join(drawn)


def _draw_run(run: Run, line: Line) -> str:
    letters = html.escape(run.text, quote=False)
    first = line[0]
    looks: dict[str, object] = {}
    if run.bold:
        looks["font_weight"] = "bold"
    if run.italic:
        looks["font_style"] = "italic"
    if run.shift:
        looks["baseline_shift"] = float(-run.shift)
    if run.size != max(other.size for other in line):
        looks["font_size"] = run.size
    if run.color != first.color:
        looks |= paint("fill", run.color)
    return element("tspan", letters, **looks) if looks else letters


class _Reader(HTMLParser):
    def __init__(self, plain: Run):
        super().__init__(convert_charrefs=True)
        self.stack: list[tuple[str, Run]] = [("", plain)]
        self.lines: list[list[Run]] = [[]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        run = self.stack[-1][1]
        if tag == "br":
            self.lines.append([])
        elif tag in ("b", "strong"):
            run = replace(run, bold=True)
        elif tag in ("i", "em"):
            run = replace(run, italic=True)
        elif tag in ("sup", "sub"):
            run = replace(run, size=run.size * 0.7, shift=run.size * (0.2 if tag == "sub" else -0.35))
        elif tag == "span":
            run = _styled(run, dict(attrs).get("style") or "")
        elif tag != "a":
            self.handle_data(self.get_starttag_text() or "")
        if tag in _KNOWN - _VOID:
            self.stack.append((tag, run))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _KNOWN:
            self.handle_data(f"</{tag}>")
        elif len(self.stack) > 1 and self.stack[-1][0] == tag:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        for index, part in enumerate(data.split("\n")):
            if index:
                self.lines.append([])
            if part:
                self.lines[-1].append(replace(self.stack[-1][1], text=part))


def _styled(run: Run, style: str) -> Run:
    said = dict(part.split(":", 1) for part in style.replace(" ", "").split(";") if ":" in part)
    if found := re.fullmatch(r"([\d.]+)px", said.get("font-size", "")):
        run = replace(run, size=float(found[1]))
    if "color" in said:
        run = replace(run, color=said["color"])
    if said.get("font-weight") in ("bold", "600", "700"):
        run = replace(run, bold=True)
    return run
