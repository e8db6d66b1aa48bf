"""Being away: from when to when, and who stands in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.people.actions.absences import add_absence, end_absence
from engagements.people.forms import AbsenceForm
from engagements.people.queries.absences import covered_by, own_absences, possible_covers


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def away(request: SignedInRequest) -> HttpResponse:
    covers = possible_covers(request.user)
    form = AbsenceForm(request.POST if request.method == "POST" else None, covers=covers)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = add_absence(
                cover=int(typed["cover"]),
                starts_on=typed["starts_on"],
                ends_on=typed["ends_on"],
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("{name} covers for you in these days.").format(name=made.cover))
            return redirect("away")
    today = timezone.localdate()
    context = {
        "form": form,
        "covers": covers,
        "absences": own_absences(request.user, today),
        "covered": list(covered_by(request.user, today).values()),
    }
    return render(request, "engagements/people/away.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    end_absence(absence=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Ended: your tasks are yours alone again."))
    return redirect("away")
