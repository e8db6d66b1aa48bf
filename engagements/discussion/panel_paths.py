"""Which page and panel a path of this portal names. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

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
