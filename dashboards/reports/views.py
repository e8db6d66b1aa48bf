"""A report's page, which follows its making, and its file; asking for one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dashboards.reports.forms import AskForm
from dashboards.reports.tasks import hand_over
from engagements.access.portfolio import report_for
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import return_path
from engagements.models import Report
from engagements.portfolio.actions.reports import request_report
from engagements.portfolio.queries.reports import report

_NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"


@require_safe
@signed_in
def page(request: SignedInRequest, pk: int) -> HttpResponse:
    found = report(request.user, pk)
    if found.plan_pk:
        above = ((f"/plans/{found.plan_pk}/", found.plan),)
    else:
        above = ((f"/portfolio/{found.initiative_slug}/", found.initiative),)
    return render(request, "dashboards/reports/report.html", {"report": found, "crumbs": above})


@require_safe
@signed_in
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part that moves: an open page asks for it until the report is there."""
    return render(request, "dashboards/reports/_report.html", {"report": report(request.user, pk)})


@require_safe
@signed_in
def file(request: SignedInRequest, pk: int) -> FileResponse:
    return file_response(report_for(request.user, pk))


def file_response(found: Report) -> FileResponse:
    """Streamed from the disk, as something to save and never to run. Raises Http404 while there are no bytes."""
    if found.status != "done":
        raise Http404("This report has no file yet.")
    try:
        content = found.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404("The bytes of this report are no longer on the disk. Ask for it again.") from lost
    response = FileResponse(content, as_attachment=True, filename=found.file_name, content_type=found.media_type)
    response["Content-Security-Policy"] = _NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@signed_in
def ask(request: SignedInRequest) -> HttpResponse:
    """From a button of a portfolio or a plan: a row in the queue and a word to the worker."""
    form = AskForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.problems)
        return redirect(return_path(request, "/"))
    asked = form.cleaned_data
    try:
        made = request_report(
            kind=asked["kind"],
            initiative=asked["initiative"] or None,
            plan=asked["plan"],
            query=asked["query"],
            as_of=asked["as_of"],
            submission=asked["submission"],
            by=request.user,
            now=timezone.now(),
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(return_path(request, "/"))
    hand_over(made.pk)
    return redirect("report", made.pk)
