"""The first steps of a new person, on the pages that people of their role come to first."""

from typing import Any

from django import template
from django.utils import timezone

from engagements.home.queries.first_steps import first_steps_of

register = template.Library()


@register.inclusion_tag("engagements/home/_first_steps.html", takes_context=True)
def first_steps(context: dict[str, Any]) -> dict[str, Any]:
    request = context["request"]
    steps = first_steps_of(request.user, timezone.now()) if request.user.is_authenticated else ()
    return {
        "steps": steps,
        "done": sum(step.is_done for step in steps),
        "csrf_token": context.get("csrf_token"),
        "back": request.path,
    }
