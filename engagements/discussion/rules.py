"""Rules of the discussion: how a risk is rated, and which page and panel a path of this portal names."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from engagements.base.ratings import Color, Rating

_WORDS = {1: "low", 2: "medium", 3: "high"}
RISK_RULE = "Likelihood (1 to 3) times severity (1 to 3): 6 and more is red, 3 and 4 are amber, 1 and 2 green."


def rate_risk(likelihood: int, severity: int) -> Rating:
    score = likelihood * severity
    colour, least = (
        (Color.RED, "6 or more is red")
        if score >= 6
        else ((Color.AMBER, "3 and 4 are amber") if score >= 3 else (Color.GREEN, "1 and 2 are green"))
    )
    rule = f"{_WORDS[likelihood]} likelihood × {_WORDS[severity]} severity = {score}; {least}"
    return Rating(colour, colour.value, rule)


_CITY = re.compile(r"^/cities/([a-z0-9-]{1,60})/")
_TRACT = re.compile(r"^/tracts/([0-9]{11})/")


@dataclass(frozen=True)
class PanelPath:
    """`words` name the page for a reader; `city_slug` is set for a page of a city."""

    path: str
    words: str
    city_slug: str | None


def read_panel_path(path: str) -> PanelPath:
    """Of a path that was checked to be local."""
    parts = urlsplit(path)
    panel = f", panel “{unquote(parts.fragment)[:60]}”" if parts.fragment else ""
    if city := _CITY.match(parts.path):
        return PanelPath(path, f"The page of {city[1].replace('-', ' ').title()}{panel}", city[1])
    if tract := _TRACT.match(parts.path):
        return PanelPath(path, f"The page of tract {tract[1]}{panel}", None)
    return PanelPath(path, f"The page {parts.path}{panel}", None)
