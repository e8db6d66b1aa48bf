"""Two people changed the same thing: both versions side by side, and what was typed is not lost."""

from dataclasses import asdict, dataclass
from datetime import date

from django.apps import apps
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from atlas.formatting.dates import format_day
from engagements.base.editing import Conflict
from engagements.base.queued import is_queued
from engagements.models import User

# What the form itself carries, not what somebody typed.
_OWN = frozenset({"csrfmiddlewaretoken", "version"})


@dataclass(frozen=True)
class FieldVersions:
    """One field in words: before, as somebody else left it, as it was typed."""

    label: str
    base: str
    theirs: str
    yours: str


def show_conflict(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    """409. The form sends the same words again with the version that is now known to the person.

    A device that sends by itself gets both versions as JSON, and shows them when its person looks.
    """
    model = apps.get_model("engagements", conflict.noun)
    sides = [
        FieldVersions(
            _label(model, f.field), *(_format_value(model, f.field, value) for value in (f.base, f.theirs, f.yours))
        )
        for f in conflict.fields
    ]
    if is_queued(request):
        shown = {"outcome": "conflict", "version": conflict.version, "sides": [asdict(side) for side in sides]}
        return JsonResponse(shown, status=409)
    context = {
        "sides": sides,
        "typed": [(name, value) for name in request.POST if name not in _OWN for value in request.POST.getlist(name)],
        "version": conflict.version,
        "back": request.get_full_path(),
    }
    return render(request, "engagements/base/conflict.html", context, status=409)


def _label(model: type[models.Model], field: str) -> str:
    found = model._meta.get_field(field)
    return str(getattr(found, "verbose_name", field)).capitalize()  # what hangs on a thing has its own name


def _format_value(model: type[models.Model], name: str, value: object) -> str:
    """A value as the page shows it."""
    field = model._meta.get_field(name)
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, list):
        return ", ".join(_format_part(each) for each in value)
    if isinstance(field, models.Field) and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.related_model is User and isinstance(value, int):
        return str(User.objects.get(pk=value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value) or "nothing"
    if isinstance(value, date):
        return format_day(value)
    return str(value)


def _format_part(part: object) -> str:
    """One of a list: of an object what is filled in."""
    if isinstance(part, dict):
        return " · ".join(str(value) for value in part.values() if value not in (None, ""))
    return str(part)
