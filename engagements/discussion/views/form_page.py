"""One form, one action, one way on: what the writing pages of this area share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from engagements.access.roles import people_with
from engagements.base.time_zone_middleware import zone_of
from engagements.discussion.forms.base import IdempotentForm
from engagements.models import Engagement, User
from engagements.models.requests import check_local_path

FORM_PAGE = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class FormPage:
    """`crumbs`: (address, words) from the outside in; `back`: where “Cancel” leads; `danger`: takes something away.

    `queue`: what its entries are called while they wait on a device without a connection, "" where none may.
    """

    title: str
    button: str
    done: str
    back: str
    crumbs: tuple[tuple[str, str], ...] = ()
    lede: str = ""
    danger: bool = False
    queue: str = ""
    template: str = "engagements/discussion/form.html"


def handle_form(
    request: HttpRequest,
    page: FormPage,
    form: IdempotentForm,
    act: Callable[[dict[str, Any]], object],
    **context: object,
) -> HttpResponse:
    """Runs the action and redirects, or shows the form again with what was typed and its errors (422).

    `act` gets the cleaned data and returns where to go, or nothing for `page.back`.
    """
    if request.method == "POST" and form.is_valid():
        try:
            to = act(form.cleaned_data)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, page.done)
            return redirect(to if isinstance(to, str) else page.back)
    status = 422 if form.errors else 200
    return render(request, page.template, {"page": page, "form": form, **context}, status=status)


def today_for(user: User, now: datetime | None = None) -> date:
    """The day it is where this person lives."""
    return (now or timezone.now()).astimezone(zone_of(user)).date()


def return_path(request: HttpRequest, default: str) -> str:
    """The page of this portal the person came from, or `default`."""
    wanted = request.GET.get("back", "")
    try:
        check_local_path(wanted)
    except ValidationError:
        return default
    return wanted


def people_choices(engagement: Engagement, permission: str) -> list[tuple[int, str]]:
    """(id, name) to choose from."""
    found = people_with(engagement, permission).select_related("organisation").order_by("name", "email")
    return [(person.pk, _named(person)) for person in found]


def _named(person: User) -> str:
    return f"{person}, {person.organisation.name}" if person.organisation else str(person)


def breadcrumbs_of(engagement: Engagement) -> tuple[tuple[str, str], ...]:
    return ((f"/engagements/{engagement.slug}/", f"{engagement.city.name}: {engagement.initiative.name}"),)
