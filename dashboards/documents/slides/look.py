"""How every slide looks: 1280 x 720 pixels, the places on it, its colors, fonts and sizes of letters."""

from pptx.dml.color import RGBColor
from pptx.util import Emu, Length

from dashboards.charts.theme import ACCENT, GRAY, INK, LINE, MUTED, OTHERS, PALE, WARN

__all__ = ["ACCENT", "GRAY", "INK", "MUTED", "OTHERS", "PALE"]  # the deck's modules take their colors from here

Box = tuple[Length, Length, Length, Length]  # left, top, width, height

SERIF, SANS = "Georgia", "Calibri"  # PowerPoint cannot embed fonts: these are on every machine that has it
HAIRLINE, WARNING = LINE, WARN
SMALLEST = 11.5  # points: a little over 15 pixels, so that the last row reads it too
LABEL, TEXT = 13.0, 14.0  # points, of a chart's words and of sentences


def px(pixels: float) -> Length:
    """Pixels of a slide 1280 wide, which is 13 1/3 inches."""
    return Emu(round(pixels * 9525))


def pixel_box(left: float, top: float, width: float, height: float) -> Box:
    return px(left), px(top), px(width), px(height)


WIDTH, HEIGHT = px(1280), px(720)
BAR = pixel_box(0, 0, 1280, 10)
TITLE = pixel_box(60, 36, 1160, 92)
SAID = pixel_box(60, 134, 1160, 48)
BODY = pixel_box(60, 190, 1160, 440)
TALL = pixel_box(60, 146, 1160, 484)  # where nothing is said under the title
WARNED = pixel_box(60, 636, 1160, 22)
RULE = pixel_box(60, 663, 1160, 1)
FOOT = pixel_box(60, 669, 960, 40)
NUMBER = pixel_box(1030, 669, 190, 22)


def rgb(color: str) -> RGBColor:
    """Of "#0B5480"."""
    return RGBColor.from_string(color[1:].upper())
