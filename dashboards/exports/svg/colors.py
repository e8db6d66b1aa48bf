"""CSS colors as plotly writes them, apart from their opacity, which SVG wants as an attribute of its own."""

import re

from PIL import ImageColor
from plotly.colors import sample_colorscale

from dashboards.charts.theme import INK, PAPER

_RGB = re.compile(r"rgba?\(\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)\s*(?:,\s*([\d.]+)\s*)?\)")
# Plotly's order of colors for traces that name none.
COLORWAY = (
    "#636efa",
    "#EF553B",
    "#00cc96",
    "#ab63fa",
    "#FFA15A",
    "#19d3f3",
    "#FF6692",
    "#B6E880",
    "#FF97FF",
    "#FECB52",
)


def split_color(color: str) -> tuple[str, float]:
    """(opaque color, opacity 0-1): "rgba(255,0,0,.5)" -> ("#ff0000", 0.5). Names and hex codes pass."""
    text = str(color).strip().lower()
    if text in ("transparent", "none"):
        return "none", 0.0
    if found := _RGB.fullmatch(text):
        red, green, blue = (round(float(part)) for part in found.groups()[:3])
        return f"#{red:02x}{green:02x}{blue:02x}", float(found[4]) if found[4] is not None else 1.0
    if re.fullmatch(r"#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]+", text):
        return text, 1.0
    raise ValueError(f"{color!r} is not a color this writer knows.")


def paint(name: str, color: str, opacity: float = 1.0) -> dict[str, object]:
    """Attributes `name` (fill or stroke) and, where it is not 1, its opacity."""
    plain, own = split_color(color)
    own *= opacity
    return {name: plain} if own >= 1 else {name: plain, f"{name}_opacity": f"{own:.3g}"}


def on_scale(share: float, scale: list[list]) -> str:
    """Color at 0-1 of a scale of [position, color] pairs; steps (two colors at one position) stay sharp."""
    share = min(max(share, 0.0), 1.0)
    for (low, first), (high, second) in zip(scale, scale[1:], strict=False):
        if share <= high and (share > low or low == scale[0][0]):
            if first == second or high == low:
                return first
            within = (share - low) / (high - low)
            return sample_colorscale([[0, _as_rgb(first)], [1, _as_rgb(second)]], [within])[0]
    return scale[-1][1]


def contrast(color: str) -> str:
    """Ink or white, whichever reads better on the color: by relative luminance, weights of WCAG 2."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", _as_rgb(color)))
    return INK if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 > 0.2 else PAPER


def _as_rgb(color: str) -> str:
    return f"rgb{ImageColor.getrgb(split_color(color)[0])[:3]}"
