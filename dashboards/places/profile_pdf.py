"""A city's profile on one page, US Letter, to be printed or sent."""

import math
from datetime import UTC, datetime, time
from typing import Any

import plotly.graph_objects as go

from dashboards.exports.credits import SAMPLE_WORDS, credits, sources_of
from dashboards.exports.figure_svg import panel_svg
from dashboards.exports.typeset import typeset
from dashboards.panels.base import Panel
from dashboards.places.profile import Profile

MOST_FIGURES = 6
NOTE_LETTERS = 3600  # of caveats and sources together: about a fifth of the page in its smallest type
_HALF, _WHOLE = 400, 824  # pixels of a figure beside another, and of one as wide as the page
_FIGURES_HIGH = 700  # pixels, about: what the rows of figures share, their words included
_TEXT_HIGH = 50  # pixels of a title and a finding above a figure
_LETTERS_A_LINE = 60  # of the notes, in a third of the page
_ONE_PAGE = b"<xmpTPg:NPages>1</xmpTPg:NPages>"


class DoesNotFit(ValueError):
    """The profile has more to show than one page holds."""


def write_profile_pdf(profile: Profile) -> bytes:
    """PDF with tags, title and publisher; the same profile gives the same bytes.

    Raises DoesNotFit for more than six panels or words that leave no room for their figures, and
    UnknownFigurePart where a figure cannot be drawn.
    """
    made_at = datetime.combine(profile.made_on, time(12), UTC)
    pdf = typeset("profile", profile_data(profile), "pdf", at=made_at)[0]
    if _ONE_PAGE not in pdf:
        raise DoesNotFit(f"The profile of {profile.title} does not fit on one page.")
    return pdf


def profile_data(profile: Profile) -> dict[str, Any]:
    """Everything the document prints, as plain strings."""
    if len(profile.panels) > MOST_FIGURES:
        raise DoesNotFit(f"One page holds {MOST_FIGURES} panels, not {len(profile.panels)}.")
    sources = credits(sources_of(profile.panels))
    caveats, left_out = fitting_caveats(profile.panels, NOTE_LETTERS - sum(map(len, sources)))
    if left_out:
        caveats.append(f"{left_out} more notes stand under the figures at {profile.address}")
    return {
        "title": profile.title,
        "lede": profile.lede,
        "address": profile.address,
        "publisher": profile.publisher,
        "date": profile.made_on_label,
        "sample": SAMPLE_WORDS if profile.is_sample else "",
        "numbers": [[number.label, number.number, number.uncertainty] for number in profile.numbers],
        "panels": [_panel(panel, profile, index) for index, panel in enumerate(profile.panels)],
        "columns": columns_of(len(profile.panels)),
        "caveats": balanced(caveats, 2),
        "sources": sources,
    }


def fitting_caveats(panels: tuple[Panel, ...], room: int) -> tuple[list[str], int]:
    """(each caveat once while there is room in letters, first ones of every panel first; how many did not fit)."""
    longest = max((len(panel.caveats) for panel in panels), default=0)
    rounds = [panel.caveats[index] for index in range(longest) for panel in panels if index < len(panel.caveats)]
    once = list(dict.fromkeys(rounds))
    kept: list[str] = []
    for caveat in once:
        if sum(map(len, kept)) + len(caveat) > room:
            break
        kept.append(caveat)
    return kept, len(once) - len(kept)


def balanced(texts: list[str], count: int) -> list[list[str]]:
    """Texts in their order in `count` columns of about the same number of lines."""
    lines = [math.ceil(len(text) / _LETTERS_A_LINE) for text in texts]
    whole, reached = sum(lines) or 1, 0
    columns: list[list[str]] = [[] for _ in range(count)]
    for text, high in zip(texts, lines, strict=True):
        columns[min(count - 1, (2 * reached + high) * count // (2 * whole))].append(text)
        reached += high
    return columns


def columns_of(panels: int) -> int:
    """One or two panels stand one under the other; more stand in pairs, an odd first one across the page."""
    return 1 if panels <= 2 else 2


def is_wide(index: int, panels: int) -> bool:
    return columns_of(panels) == 1 or (index == 0 and panels % 2 == 1)


def _panel(panel: Panel, profile: Profile, index: int) -> dict[str, Any]:
    """Its figure, or the reason why there is none."""
    wide, svg = is_wide(index, len(profile.panels)), ""
    if panel.figure is not None:
        svg = panel_svg(panel, profile.geometry, _WHOLE if wide else _HALF, _height(panel.figure, len(profile.panels)))
    said = panel.finding if panel.finding != profile.lede else ""
    return {"title": panel.title, "svg": svg, "text": said or ("" if svg else panel.reason), "wide": wide}


def _height(figure: go.Figure, panels: int) -> float:
    """Pixels: the figure's own height where it has one, otherwise what its row is likely to get."""
    rows = math.ceil((panels + (columns_of(panels) == 2 and panels % 2)) / columns_of(panels))
    return figure.layout.height or max(240.0, _FIGURES_HIGH / rows - _TEXT_HIGH)
