"""The page of corrections, open to all; the page of one release, to operators only while it waits for a decision."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from atlas.queries import releases as release_queries
from atlas.web.permissions import OPERATE, has_permission
from dashboards.releases.errata_page import corrections
from dashboards.releases.page import release_page


@require_safe
def errata(request: HttpRequest) -> HttpResponse:
    """What changed in a formula or a release; the same as JSON is an address of the API."""
    return render(request, "dashboards/releases/errata.html", {"corrections": corrections()})


@require_safe
def release(request: HttpRequest, pk: int) -> HttpResponse:
    found = release_queries.release(pk)
    operator = has_permission(request.user, OPERATE)
    if found is None or (found.status == "staged" and not operator):
        raise Http404("There is no such release: it may have been discarded, or replaced long ago.")
    context = release_page(found, request.GET.get("measure", ""), request.GET.get("city", ""))
    return render(request, "dashboards/releases/release.html", context | {"operator": operator})
