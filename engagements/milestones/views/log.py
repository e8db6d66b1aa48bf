"""The quick log: from what is due to saved in one screen, then the next one."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from engagements.access.errors import NotFound
from engagements.access.roles import engagements_with
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_number
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.milestones.actions.progress import log_progress
from engagements.milestones.forms.log import LogForm
from engagements.milestones.queries.log_choices import LogChoice, log_choices
from engagements.milestones.queries.milestone_page import unfinished_before
from engagements.permissions import LOG_PROGRESS


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def log(request: SignedInRequest) -> HttpResponse:
    """`milestone`: from a link or a mail; `after`: what was just logged, the next due item is offered."""
    if request.method == "POST":
        return _save(request)
    wanted = read_number(request.GET.get("milestone"))
    choices = log_choices(
        request.user, today=timezone.localdate(), also=wanted, without=read_number(request.GET.get("after"))
    )
    chosen = _chosen(choices, wanted)
    return _show(request, choices, chosen, LogForm.about(chosen) if chosen else None)


def _save(request: SignedInRequest) -> HttpResponse:
    form = LogForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            entry = log_progress(**form.action_arguments(), by=request.user, now=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect(f"{reverse('log')}?after={entry.milestone_id}&logged={entry.pk}")
    wanted = read_number(request.POST.get("milestone"))
    choices = log_choices(request.user, today=timezone.localdate(), also=wanted)
    chosen = _chosen(choices, wanted)
    return _show(request, choices, chosen, form, status=422)


def _show(request: SignedInRequest, choices, chosen: LogChoice | None, form, status: int = 200) -> HttpResponse:
    context = {
        "choices": choices,
        "chosen": chosen,
        "form": form,
        "was_logged": read_number(request.GET.get("after")),
        "unfinished_before": unfinished_before(request.user, chosen.pk) if chosen else (),
        "may_log": bool(choices) or engagements_with(request.user, LOG_PROGRESS).exists(),
    }
    return render(request, "engagements/milestones/log.html", context, status=status)


def _chosen(choices: tuple[LogChoice, ...], wanted: int | None) -> LogChoice | None:
    """The one asked for, else the most due. Raises NotFound for one that can't be logged by this person."""
    if wanted is None:
        return choices[0] if choices else None
    for choice in choices:
        if choice.pk == wanted:
            return choice
    raise NotFound("There is no such milestone here.")
