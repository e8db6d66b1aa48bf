"""/methods/: every formula of the portal in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboards.methods.entries import GROUPS
from dashboards.methods.texts.refused import REFUSED
from dashboards.methods.worked_examples import worked
from dashboards.panels.method_anchors import NOT_DONE


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    groups = [(title, [(entry, worked(entry.anchor)) for entry in entries]) for title, entries in GROUPS]
    context = {"groups": groups, "refused": REFUSED, "not_done": NOT_DONE}
    return render(request, "dashboards/methods/methods.html", context)
