"""/methods/: every formula of the portal in plain words; with `?place=detroit` also what it rests on there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from atlas.queries.cities import city
from dashboards.methods.entries import GROUPS
from dashboards.methods.place_details import details_by_anchor
from dashboards.methods.texts.refused import REFUSED
from dashboards.methods.worked_examples import worked
from dashboards.panels.method_anchors import NOT_DONE


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    slug = request.GET.get("place", "")
    place = city(slug) if slug else None
    if slug and place is None:
        raise Http404("No such city.")
    details = details_by_anchor(place) if place else {}
    groups = [
        (title, [(entry, worked(entry.anchor), details.get(entry.anchor, ())) for entry in entries])
        for title, entries in GROUPS
    ]
    context = {"groups": groups, "refused": REFUSED, "not_done": NOT_DONE, "place": place}
    return render(request, "dashboards/methods/methods.html", context)
