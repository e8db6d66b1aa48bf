"""The place an address names, or a 404 that says what to do: where access to places is checked."""

from django.http import Http404

from atlas import queries
from atlas.records import Place


def find_place(kind: str, slug: str) -> Place:
    """`kind` is "city" or "area". Raises Http404."""
    found = queries.city(slug) if kind == "city" else queries.area(slug)
    if found is None:
        raise Http404(
            "There is no city of that name here."
            if kind == "city"
            else "There is no area at this address: the link may be incomplete, or the area was taken down."
        )
    return found
