"""The picture of a social card, 1200 x 630 pixels: map, sentence, number, years and limits, none without the rest."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from atlas.drawing.frame import HEIGHT as MAP_HEIGHT
from atlas.drawing.frame import WIDTH as MAP_WIDTH
from dashboards.charts.theme import ABOVE_US, BELOW_US
from dashboards.exports.credits import SAMPLE_WORDS
from dashboards.exports.typeset import typeset
from dashboards.maps.city_svg import CityMap, map_group
from dashboards.sharing.cards import ShareCard

WIDTH, HEIGHT = 1200, 630  # what the large networks show without cutting


def draw_card(card: ShareCard, address: str) -> bytes:
    """PNG; `address` is printed at its foot, without a scheme."""
    data = {
        "width": WIDTH,
        "height": HEIGHT,
        "svg": _map(replace(card.map.map, selected=card.selected)),
        "title": card.title,
        "sentence": card.sentence,
        "about": card.about,
        "figures": [[figure.number, figure.label] for figure in card.figures],
        "notes": list(card.footnotes),
        **_scale(card),
        "sample": SAMPLE_WORDS if card.is_sample else "",
        "address": address,
    }
    return typeset("social", data, "png", ppi=72)[0]  # a point is a pixel


def _map(shown: CityMap) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{MAP_WIDTH}" height="{MAP_HEIGHT}" '
        f'viewBox="0 0 {MAP_WIDTH} {MAP_HEIGHT}" font-family="Source Sans Pro, sans-serif">{map_group(shown)}</svg>'
    )


def _scale(card: ShareCard) -> dict[str, Any]:
    """The map's colors with what they mean; nothing where the map has no US middle to hold them against."""
    if card.map.tracts.national_middle is None:
        return {"scale": [], "below": "", "above": ""}
    return {"scale": [*BELOW_US, *ABOVE_US], "below": _("below the US middle"), "above": _("above it")}
