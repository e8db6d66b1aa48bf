"""Downloading the bundle of a published verdict."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from atlas.web.parameters import takes_parameters
from engagements.base.views.decorators import open_to_all
from engagements.pilots.queries.bundle import bundle_of


@require_safe
@open_to_all
@takes_parameters()
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """A ZIP; the same pilot gives the same bytes."""
    content = bundle_of(request.user, pk, request.build_absolute_uri(reverse("pilot", args=[pk])))
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="pilot-{pk}.zip"'
    return answer
