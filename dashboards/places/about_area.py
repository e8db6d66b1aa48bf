"""What an area's page says beside the numbers: how it was made, by what rule, and what its size does not allow."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from atlas.queries import headlines as headline_queries
from atlas.queries.areas import area_details
from atlas.queries.cities import cities
from atlas.queries.members import members
from atlas.records.places import AreaRecord, CityRecord, Headline
from atlas.web.permissions import OPERATE, has_permission
from dashboards.base.place_lookup import viewer_of

MADE = {"picked": "picked on the map", "pasted": "from a list of GEOIDs", "uploaded": "from a file of districts"}
MOST_CITIES = 3


@dataclass(frozen=True)
class Company:
    """A city the area shares tracts with."""

    city: CityRecord
    headline: Headline
    shared: int  # tracts of the area that are the city's


def about_area(place: AreaRecord, request: HttpRequest) -> dict[str, Any]:
    """Context of the area's own block; what its owner may do is offered to the owner only.

    Raises Http404 for an area that was taken down a moment ago.
    """
    viewer = viewer_of(request)
    about = area_details(place.slug, viewer)
    if about is None:
        raise Http404("The area was taken down.")
    owns = viewer is not None and about.owner_id == viewer
    return {
        "about": about,
        "made": MADE[about.kind],
        "link": request.build_absolute_uri(reverse("area", args=[place.slug])),
        "may_edit": owns,
        "may_archive": owns or has_permission(request.user, OPERATE),
        "companies": companies(place),
        "is_one_tract": place.tract_count == 1,
    }


def companies(place: AreaRecord) -> tuple[Company, ...]:
    """Cities to hold the area against, the one with most of its tracts first."""
    wanted = place.city_slugs[:MOST_CITIES]
    found = {city.slug: city for city in cities()} if wanted else {}
    own = {code for code, _, belongs in place.members if belongs}
    return tuple(
        Company(found[slug], headline_queries.headline(found[slug]), len(own & set(members(found[slug]).own.tolist())))
        for slug in wanted
    )
