"""A panel as a picture that can travel alone: question, finding, figure, sources, vintage, the sample's mark."""

from typing import Any

from dashboards.exports.credits import SAMPLE_WORDS, credits
from dashboards.exports.figure_svg import WIDTH, panel_svg
from dashboards.exports.typeset import typeset
from dashboards.formatting.shown_dollars import shown_dollars
from dashboards.panels.base import Panel

PIXELS_PER_POINT = 2


def panel_png(panel: Panel, geometry: dict[str, Any] | None, address: str = "", svg: str = "") -> bytes:
    """PNG, 1520 pixels wide (two for each of the drawing's); `address` is where the live panel is,
    `svg` a drawing of it in place of its figure.

    Raises ValueError where the panel has no figure, UnknownFigurePart where it cannot be drawn.
    """
    data = {
        "width": WIDTH,
        "svg": svg or panel_svg(panel, geometry),
        "title": panel.title,
        "finding": panel.finding,
        "sample": SAMPLE_WORDS if panel.is_sample else "",
        "dollars": shown_dollars().sentence if panel.has_incomes else "",
        "sources": credits(panel.sources),
        "address": address,
    }
    return typeset("picture", data, "png", ppi=72 * PIXELS_PER_POINT)[0]
