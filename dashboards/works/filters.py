"""The filters as fields, drawn once for each address: seventy choices take longer than all rows of the page."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from dashboards.works.forms import Choices, WorksForm

FIELDS = ("q", "outcome", "city", "design", "verdict", "sort")


def draw_filters(form: WorksForm) -> SafeString:
    """What can't be read is drawn as it was given, with its error, and not kept."""
    if not form.is_valid():
        return _draw(form)
    return _kept(tuple(form.asked().items()), tuple(form.cities), tuple(form.outcomes), get_language())


@lru_cache(maxsize=32)
def _kept(asked: Choices, cities: Choices, outcomes: Choices, _language: str | None) -> SafeString:
    """Nothing is in it but what it is given."""
    return _draw(WorksForm(dict(asked), cities=list(cities), outcomes=list(outcomes)))


def _draw(form: WorksForm) -> SafeString:
    return SafeString(render_to_string("dashboards/works/_filters.html", {"fields": [form[name] for name in FIELDS]}))
