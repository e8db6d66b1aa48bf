"""One palette: stylesheet, figures, documents and slides have the same colors, readable and in order of lightness."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from dashboards.charts import theme
from dashboards.charts.map_view import TIER_COLORS
from dashboards.maps import looks

ROOT = Path(__file__).parents[3]
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
TOKENS = {
    name: value.lower()
    for name, value in re.findall(
        r"--([a-z0-9-]+): (#[0-9a-fA-F]{6});", (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    )
}
SHARED = {
    "ink": theme.INK,
    "muted": theme.MUTED,
    "line": theme.LINE,
    "paper": theme.PAPER,
    "wash": theme.WASH,
    "accent": theme.ACCENT,
    "accent-deep": theme.ACCENT_DEEP,
    "accent-wash": theme.ACCENT_WASH,
    "others": theme.OTHERS,
    "shortfall": theme.SHORTFALL,
    "band": theme.BAND,
    "done": theme.DONE,
    "warn": theme.WARN,
    "late": theme.LATE,
    "quiet": theme.QUIET,
    "map-ground": looks.GROUND,
    "map-near": looks.LAND,
    "map-water": looks.WATER,
    "map-water-ink": looks.WATER_INK,
    "map-road": looks.ROAD,
    **{f"map-{step}": color for step, color in enumerate((*theme.BELOW_US, *theme.ABOVE_US))},
    **{f"within-{step}": color for step, color in enumerate(theme.WITHIN[5])},
}
# plotly's own defaults, which a figure's SVG falls back to as plotly does.
PLOTLYS = {"#444444", "#eeeeee"}
SCALES = {
    "national": (*theme.BELOW_US, *theme.ABOVE_US),
    "within, three groups": theme.WITHIN[3],
    "within, five groups": theme.WITHIN[5],
    "amounts": theme.STEPS,
}


def luminance(color: str) -> float:
    """0 to 1; WCAG 2.2, relative luminance."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 to 21; WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("token", SHARED)
def test_stylesheet_and_python_have_the_same_value(token):
    assert TOKENS[token] == SHARED[token].lower()


def test_tiers_have_the_same_colors_on_the_page_and_in_pictures():
    sheet = (ROOT / "static/css/map.css").read_text(encoding="utf-8")
    fills = re.findall(r"\.t([0-2]) \{ fill: (?:var\(--([a-z0-9-]+)\)|(#[0-9a-f]{6})); \}", sheet)
    painted = {int(tier): TOKENS.get(token, color) for tier, token, color in fills}
    assert painted == {tier: color.lower() for tier, color in enumerate(TIER_COLORS)}


def test_no_color_is_written_beside_the_palette():
    known = {*TOKENS.values(), *PLOTLYS}
    for value in vars(theme).values():
        known |= {color.lower() for color in HEX.findall(repr(value))}
    files = [*(ROOT / "dashboards").rglob("*.py"), *(ROOT / "dashboards").rglob("*.typ")]
    strangers = {
        f"{path.relative_to(ROOT)}: {color}"
        for path in files
        if path.name != "colors.py"  # plotly's order of colors
        for color in HEX.findall(path.read_text(encoding="utf-8"))
        if color.lower() not in known
    }
    assert strangers == set()


@pytest.mark.parametrize("name", SCALES)
def test_scales_fall_in_lightness_all_the_way(name):
    assert all(luminance(one) > luminance(next_one) for one, next_one in pairwise(SCALES[name]))


@pytest.mark.parametrize(
    "name", ["ink", "muted", "accent", "accent-deep", "done", "warn", "late", "quiet", "strip-ink"]
)
def test_text_reads_on_paper_and_on_its_own_wash(name):
    grounds = {TOKENS["paper"], TOKENS["wash"], TOKENS.get(f"{name}-wash", TOKENS["paper"])}
    if name == "strip-ink":
        grounds = {TOKENS["warn-wash"]}
    if name == "accent-deep":
        grounds.add(TOKENS["accent-wash"])
    assert min(contrast(TOKENS[name], ground) for ground in grounds) >= 5.5


@pytest.mark.parametrize("name", ["others", "edge", "accent"])
def test_marks_and_edges_of_controls_are_seen(name):
    assert contrast(TOKENS[name], TOKENS["paper"]) >= 3
