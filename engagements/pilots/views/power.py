"""Power by simulation, for whoever writes the plan: ask for it, watch it, call it off, read what it found."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from engagements.access.pilots import pilot_for
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.permissions import EDIT_PILOT
from engagements.pilots.actions.locking import planned
from engagements.pilots.actions.power_jobs import ask_power, cancel_power, power_job
from engagements.pilots.rules.readable import effect_words
from engagements.pilots.rules.registration import OVER_TIME
from engagements.pilots.views.pages import pilot_crumbs
from engagements.pilots.views.shown_effects import size_words

_LOOKS_AGAIN = 3  # seconds


@require_safe
@signed_in
def read(request: SignedInRequest, pk: int) -> HttpResponse:
    """Of the draft as it is saved; while it runs the page looks again by itself, without a script."""
    row = pilot_for(request.user, pk, EDIT_PILOT)
    plan = planned(row)
    job = power_job(row, plan, timezone.now())
    answer = job.answer if job else None
    curve = [(size_words(effect, plan.outcome), percent) for effect, percent in answer["curve"]] if answer else []
    context = {
        "pilot": row,
        "crumbs": (*pilot_crumbs(row.engagement, frozenset({EDIT_PILOT})), (f"/pilots/{pk}/", row.title)),
        "is_over_time": plan.design in OVER_TIME,
        "worth": effect_words(plan),
        "job": job,
        "answer": answer,
        "curve": curve,
    }
    response = render(request, "engagements/pilots/simulation.html", context)
    if job is not None and job.is_working:
        response["Refresh"] = str(_LOOKS_AGAIN)
    return response


@require_POST
@signed_in
def ask(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        ask_power(pk=pk, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("pilot_simulation", pk=pk)


@require_POST
@signed_in
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """What runs leaves no answer."""
    cancel_power(pk=pk, by=request.user, now=timezone.now())
    return redirect("pilot_simulation", pk=pk)
