"""The place an address names, or a 404 that says what to do: where access to places is checked."""

from django.http import Http404, HttpRequest

from atlas.queries.areas import area
from atlas.queries.cities import city
from atlas.records.places import Place


def find_place(kind: str, slug: str, viewer: int | None = None) -> Place:
    """`kind` is "city" or "area"; `viewer` is who asks, None for a stranger: closed areas are their owner's.

    Raises Http404.
    """
    found = city(slug) if kind == "city" else area(slug, viewer)
    if found is None:
        raise Http404(
            "There is no city of that name here."
            if kind == "city"
            else "There is no area at this address: the link may be incomplete, or the area was taken down."
        )
    return found


def viewer_of(request: HttpRequest) -> int | None:
    """The id of who is signed in, None for a stranger."""
    return request.user.pk if request.user.is_authenticated else None
