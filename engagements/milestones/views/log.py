"""The quick log: a status, a call or meeting, a note, a decision, hours, a file; saved in one screen."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access.errors import NotFound
from engagements.access.roles import permissions_by_engagement
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_number
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.documents import add_document
from engagements.discussion.forms.base import IdempotentForm
from engagements.discussion.views.form_page import today_for
from engagements.milestones.actions.calls import log_call, log_text
from engagements.milestones.actions.hours import log_hours
from engagements.milestones.actions.progress import log_progress
from engagements.milestones.forms.log import CallForm, DecisionForm, FileForm, HoursForm, LogForm, NoteForm
from engagements.milestones.log_kinds import (
    CALL,
    DECISION,
    FILE,
    HOURS,
    NOTE,
    SEGMENTS,
    STATUS,
    LogKind,
    offered_kinds,
    read_kind,
)
from engagements.milestones.queries.log_choices import LogChoice, LogCity, log_choices, log_cities
from engagements.milestones.queries.milestone_page import unfinished_before

_FORMS: dict[str, type[Any]] = {
    CALL.value: CallForm,
    NOTE.value: NoteForm,
    DECISION.value: DecisionForm,
    HOURS.value: HoursForm,
    FILE.value: FileForm,
}


@dataclass(frozen=True)
class _Offer:
    """What this person may log: the kinds, the one asked for, and their engagements for it."""

    kinds: tuple[LogKind, ...]
    kind: LogKind
    cities: tuple[LogCity, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def log(request: SignedInRequest) -> HttpResponse:
    """`kind`: of log_kinds, else a status; `engagement`: which city is chosen.

    Of a status, `milestone` is the one from a link or a mail; `after`: what was just logged, the next due is offered.
    """
    held = permissions_by_engagement(request.user)
    kinds = offered_kinds(held)
    kind = read_kind(request.GET.get("kind"), kinds)
    if kind is STATUS:
        return _status(request, _Offer(kinds, kind, ()))
    offer = _Offer(kinds, kind, log_cities(request.user, kind.permission))
    return _entry(request, offer)


def _status(request: SignedInRequest, offer: _Offer) -> HttpResponse:
    if request.method == "POST":
        return _save_status(request, offer)
    wanted = read_number(request.GET.get("milestone"))
    choices = log_choices(
        request.user, today=timezone.localdate(), also=wanted, without=read_number(request.GET.get("after"))
    )
    chosen = _chosen(choices, wanted)
    return _show_status(request, offer, choices, chosen, LogForm.about(chosen) if chosen else None)


def _save_status(request: SignedInRequest, offer: _Offer) -> HttpResponse:
    form = LogForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            entry = log_progress(**form.action_arguments(), by=request.user, now=timezone.now())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            return redirect(f"{reverse('log')}?after={entry.milestone_id}&logged={entry.pk}")
    wanted = read_number(request.POST.get("milestone"))
    choices = log_choices(request.user, today=timezone.localdate(), also=wanted)
    return _show_status(request, offer, choices, _chosen(choices, wanted), form)


def _show_status(
    request: SignedInRequest,
    offer: _Offer,
    choices: tuple[LogChoice, ...],
    chosen: LogChoice | None,
    form: LogForm | None,
) -> HttpResponse:
    context = {
        "choices": choices,
        "chosen": chosen,
        "was_logged": read_number(request.GET.get("after")),
        "unfinished_before": unfinished_before(request.user, chosen.pk) if chosen else (),
        "may_log": bool(offer.kinds),
        "shows_demo": bool(chosen and chosen.is_fictional),
    }
    return _show(request, offer, form, context)


def _chosen(choices: tuple[LogChoice, ...], wanted: int | None) -> LogChoice | None:
    """The one asked for, else the most due. Raises NotFound for one that can't be logged by this person."""
    if wanted is None:
        return choices[0] if choices else None
    for choice in choices:
        if choice.pk == wanted:
            return choice
    raise NotFound("There is no such milestone here.")


def _entry(request: SignedInRequest, offer: _Offer) -> HttpResponse:
    """Every kind but a status: one form, one action, the same form again for the next entry."""
    cities = [(city.pk, city.name) for city in offer.cities]
    wanted = next((city.pk for city in offer.cities if city.slug == request.GET.get("engagement")), cities[0][0])
    options: dict[str, Any] = {"cities": cities, "initial": {"engagement": wanted, "on": today_for(request.user)}}
    form_class = _FORMS[offer.kind.value]
    if request.method == "POST":
        form = form_class(request.POST, request.FILES or None, **options)
        if form.is_valid():
            try:
                _act(offer.kind, form, request)
            except ValidationError as refused:
                form.refuse(refused)
            else:
                return _saved(request, offer, form.cleaned_data["engagement"])
    else:
        form = form_class(**options)
    shown = {city.pk: city for city in offer.cities}.get(read_number(str(form["engagement"].value())) or 0)
    return _show(request, offer, form, {"shows_demo": bool(shown and shown.is_fictional)})


def _act(kind: LogKind, form: Any, request: SignedInRequest) -> None:
    typed: dict[str, Any] = form.cleaned_data
    common: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    if kind is CALL:
        log_call(**form.action_arguments(), **common)
    elif kind is HOURS:
        names = ("engagement", "hours", "what", "on", "submission")
        log_hours(**{name: typed[name] for name in names}, **common)
    elif kind is FILE:
        add_document(engagement=typed["engagement"], file=form.new_file, submission=typed["submission"], **common)
    else:
        kept = {name: typed[name] for name in ("text", "on", "submission")}
        log_text(kind=kind.value, **form.places, **kept, **common)


def _saved(request: SignedInRequest, offer: _Offer, engagement: int) -> HttpResponse:
    """Says where it is, and offers the next entry of the same kind and city."""
    city = next(city for city in offer.cities if city.pk == engagement)
    name = {HOURS.value: "hours", FILE.value: "documents"}.get(offer.kind.value, "records")
    said = format_html(
        '<strong>{}</strong> <a href="{}">{}</a>.',
        _("Saved."),
        reverse(name, args=[city.slug]),
        _("See it in {city}").format(city=city.name),
    )
    messages.success(request, said)
    return redirect(f"{reverse('log')}?kind={offer.kind.value}&engagement={city.slug}")


def _show(
    request: SignedInRequest, offer: _Offer, form: forms.Form | IdempotentForm | None, context: dict[str, Any]
) -> HttpResponse:
    segments = [kind for kind in offer.kinds if kind.is_first or len(offer.kinds) <= SEGMENTS]
    known = {
        "kind": offer.kind,
        "kinds": offer.kinds,
        "segments": segments,
        "others": [kind for kind in offer.kinds if kind not in segments],
        "cities": offer.cities,
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "engagements/milestones/log.html", known | context, status=status)
