"""What every template may ask for."""

from typing import Any

from django.db import Error
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from atlas.queries.live import live_sample


def sample(request: HttpRequest) -> dict[str, Any]:
    """`shows_sample`: "none", "some" or "all" of what is live. A page that knows what it shows says so itself.

    Asked only by a template that uses it, so an answer without a page costs no query.
    """
    return {"shows_sample": SimpleLazyObject(_live_sample)}


def _live_sample() -> str:
    try:
        return live_sample()
    except Error:  # the page is about something else, perhaps about the database being away
        return "none"
