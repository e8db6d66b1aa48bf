"""The HTML somebody pastes into a page of their own: one frame, no script, nothing of a third party."""

from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboards.sharing.addresses import absolute

MAP_SIZE, PANEL_SIZE = (860, 820), (860, 640)  # width and height in pixels; the content flows in any other


@dataclass(frozen=True)
class EmbedCode:
    """`name` tells codes of one page apart, `label` says what is embedded."""

    name: str
    label: str
    html: str


def city_codes(slug: str, name: str, query: str = "") -> tuple[EmbedCode, ...]:
    """Of the map, with the choices in `query` ("measure=..."), and of the comparison of groups of children."""
    map_title = _("Map of %(place)s") % {"place": name}
    group_title = _("Groups of children in %(place)s") % {"place": name}
    return (
        EmbedCode("map", map_title, _frame(reverse("embed_map", args=[slug]), query, map_title, MAP_SIZE)),
        EmbedCode(
            "groups", group_title, _frame(reverse("embed_panel", args=[slug, "groups"]), "", group_title, PANEL_SIZE)
        ),
    )


def _frame(path: str, query: str, title: str, size: tuple[int, int]) -> str:
    address = f"{absolute(path)}{query and '?'}{query}"
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{size[0]}" height="{size[1]}" loading="lazy">'
        "</iframe>"
    )
