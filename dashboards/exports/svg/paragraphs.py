"""Plain paragraphs under a figure, broken into lines by the estimated width of their words."""

from dashboards.charts.theme import MUTED
from dashboards.exports.svg.rich_text import LINE_HEIGHT, Run, draw_lines

_SIZE, _INK, _MARGIN, _GAP = 12.0, MUTED, 12.0, 6.0  # pixels


def break_lines(text: str, size: float, width: float) -> list[str]:
    """The words of `text` in lines of at most `width` pixels; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and Run(longer, size, _INK).width <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def draw_paragraphs(texts: tuple[str, ...], top: float, width: float) -> tuple[str, float]:
    """(SVG of the paragraphs from `top` down, pixels they take)."""
    drawn, y = "", top
    for text in texts:
        lines = break_lines(text, _SIZE, width - 2 * _MARGIN)
        drawn += draw_lines([(Run(line, _SIZE, _INK),) for line in lines], _MARGIN, y, _SIZE)
        y += len(lines) * _SIZE * LINE_HEIGHT + _GAP
    return drawn, y - top
