"""What travels from a page: `{% social_meta title description path picture %}` in its head, `{% share_city %}`."""

from typing import Any

from django import template
from django.urls import reverse

from atlas.records.places import CityRecord, TractRecord
from dashboards.base.chosen_dollars import dollars_query
from dashboards.sharing.addresses import absolute
from dashboards.sharing.embed_code import city_codes

register = template.Library()


@register.inclusion_tag("dashboards/sharing/_meta.html")
def social_meta(title: str = "Mobility Portal", description: str = "", path: str = "", picture: str = "") -> dict:
    """For social cards, and the address that search engines list; `path` and `picture` are ours, without a host.

    No query runs here. A picture is named only where the page has what is in it.
    """
    return {
        "title": title,
        "description": description,
        "address": absolute(path) if path else "",
        "picture": absolute(picture) if picture else "",
    }


@register.inclusion_tag("dashboards/sharing/_share.html")
def share_city(place: CityRecord, query: str = "") -> dict[str, Any]:
    """The fold with the link, the frames and the picture of a city; `query` holds the choices of the page."""
    address = absolute(reverse("city", args=[place.slug]))
    return {
        "id": "share",
        "address": f"{address}{query and '?'}{query}",
        "codes": city_codes(place.slug, place.name, query) if place.has_geometry else (),
        "picture": f"{reverse('share_city', args=[place.slug])}{dollars_query()}" if place.has_geometry else "",
    }


@register.inclusion_tag("dashboards/sharing/_share.html")
def share_tract(tract: TractRecord) -> dict[str, Any]:
    """The fold with the link and the picture of a tract."""
    return {
        "id": "share",
        "address": absolute(f"{reverse('tract', args=[tract.geoid])}{dollars_query()}"),
        "codes": (),
        "picture": f"{reverse('share_tract', args=[tract.geoid])}{dollars_query()}" if tract.home else "",
    }
