"""Pictures for social cards. Only of cities that are shown and of their tracts: nothing else makes work."""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from atlas.queries.live import live_generation
from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from dashboards.base.chosen_dollars import dollars_query, in_chosen_dollars
from dashboards.formatting.shown_dollars import shown_dollars
from dashboards.sharing.addresses import absolute
from dashboards.sharing.cards import ShareCard, city_card, tract_share_card
from dashboards.sharing.picture import draw_card
from engagements.base.made_once import made_once

DAY = 86_400


@public_read(Validator.OWN)
@require_safe
@takes_parameters("dollars")
@in_chosen_dollars
def city_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Raises Http404 for a city that has nothing to show."""
    return _answer(request, lambda: city_card(slug), f"city {slug}")


@public_read(Validator.OWN)
@require_safe
@takes_parameters("dollars")
@in_chosen_dollars
def tract_picture(request: HttpRequest, geoid: str) -> HttpResponse:
    """Raises Http404 for a tract of no city, and for one that has nothing to show."""
    return _answer(request, lambda: tract_share_card(geoid), f"tract {geoid}")


def _answer(request: HttpRequest, card: Callable[[], ShareCard], what: str) -> HttpResponse:
    """Drawn once for what is live; browsers and networks ask again with its tag."""
    key = _key(what)

    def draw() -> bytes:
        made = card()
        return draw_card(made, absolute(f"{made.path}{dollars_query()}").partition("://")[2])

    body = made_once(f"share-{key}", draw, DAY)
    tag = f'"{key}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="image/png")
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _key(what: str) -> str:
    """Changes with every flip, the dollars shown, every release of the portal and its name."""
    said = repr((settings.CODE_VERSION, settings.PORTAL_URL, live_generation(), shown_dollars(), what))
    return hashlib.sha256(said.encode()).hexdigest()[:32]
