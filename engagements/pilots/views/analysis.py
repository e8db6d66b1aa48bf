"""The analysis of a pilot, for its team: ask for it, watch it, call it off, read what it found, write the result."""

from dataclasses import dataclass
from datetime import UTC

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from engagements.access.pilots import analysis_for, pilot_for, pilot_of_team_for
from engagements.access.roles import people_with, permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import breadcrumbs_of
from engagements.models import Pilot, PilotAnalysis, PilotResult, User
from engagements.permissions import ANALYZE_PILOT, EDIT_RESULT, REVIEW_RESULT
from engagements.pilots.actions.analysis import WORKING, ask_analysis, cancel_analysis
from engagements.pilots.actions.results import write_result
from engagements.pilots.forms.analysis import AskForm, WriteForm
from engagements.pilots.queries.analysis_inputs import counting_version, was_registered_before
from engagements.pilots.queries.deliveries import newest_plan
from engagements.pilots.queries.findings import done_analysis
from engagements.pilots.queries.public_findings import public_finding_of
from engagements.pilots.queries.verdict_page import city_names
from engagements.pilots.queries.way import standings
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.check_design import METHOD_NAMES
from engagements.pilots.rules.registration import Estimator
from engagements.pilots.views.shown_finding import people_words, shown_finding
from engagements.pilots.views.shown_way import shown_way
from engagements.verdicts import Verdict

_TAKES_LONG = 3  # seconds between two looks of a page that waits


@dataclass(frozen=True)
class Approvers:
    """Who may approve the verdict of this pilot, and who may not because of what they did: names, and how many have
    none. Never an email address: teams of other cities read this page."""

    may: tuple[str, ...]
    not_these: tuple[str, ...]


@require_safe
@signed_in
def read(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where it stands; while one runs the page looks again by itself, without a script."""
    pilot = pilot_of_team_for(request.user, pk)
    context = _context(request.user, pilot)
    response = render(request, "engagements/pilots/analysis.html", context)
    if context["running"]:
        response["Refresh"] = str(_TAKES_LONG)
    return response


@require_POST
@signed_in
def ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """The registered analysis, in the worker."""
    pilot = pilot_of_team_for(request.user, pk)
    form = AskForm(request.POST, pilot=pilot)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            ask_analysis(
                pilot=pk,
                dataset=sent["dataset"],
                by=request.user,
                now=timezone.now(),
                submission=sent["submission"],
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The analysis was asked for. You can leave this page and come back."))
            return redirect("pilot_analysis", pk=pk)
    return render(request, "engagements/pilots/analysis.html", _context(request.user, pilot, ask=form), status=422)


@require_POST
@signed_in
def cancel(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """What runs leaves no result."""
    row = analysis_for(request.user, number)
    try:
        cancel_analysis(pk=row.pk, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The analysis was canceled. It left no result."))
    return redirect("pilot_analysis", pk=row.pilot_id)


@require_POST
@signed_in
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    """The result as a draft, or its correction; then the city is asked."""
    pilot = pilot_for(request.user, pk, EDIT_RESULT)
    form = WriteForm(request.POST)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            made = write_result(
                pilot=pk,
                by=request.user,
                now=timezone.now(),
                seen=sent["analysis"],
                why=sent["why"],
                submission=sent["submission"],
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("The result is a draft. Ask the city about its sentence, then send it to review.")
            )
            return redirect("result", pk=made.pk)
    return render(request, "engagements/pilots/analysis.html", _context(request.user, pilot, write=form), status=422)


def _context(user: User, pilot: Pilot, ask: AskForm | None = None, write: WriteForm | None = None) -> dict[str, object]:
    held = permissions_in(user, pilot.engagement_id)
    version = counting_version(pilot)
    plan = registration_of(version.content) if version else None
    rows = list(pilot.analyses.select_related("asked_by", "dataset", "registration").order_by("-asked_at", "-pk"))
    running = next((row for row in rows if row.state in WORKING), None)
    done = done_analysis(pilot)
    newest = newest_plan(pilot)
    kept = public_finding_of(done, registration_of(done.registration.content), newest) if done and newest else None
    link = PilotResult.objects.filter(pilot=pilot).select_related("result").first()
    at = standings([pilot])[pilot.pk]
    says_newest = link is not None and (done is None or link.analysis_id == done.pk)
    may_analyze = ANALYZE_PILOT in held
    # A stopped pilot without data has nothing to analyze, and a result all the same.
    is_stopped = pilot.stopped_at is not None and version is not None
    may_write = may_analyze and EDIT_RESULT in held and (done is not None or is_stopped)
    return {
        "pilot": pilot,
        "crumbs": (*breadcrumbs_of(pilot.engagement), (f"/pilots/{pilot.pk}/", pilot.title)),
        "plan": plan,
        "version": version,
        "is_amended": version is not None and pilot.versions.filter(number__gt=version.number).exists(),
        "before": was_registered_before(pilot, version) if version else None,
        "rows": [(row, _method_name(row.method)) for row in rows],
        "running": running,
        "done": done,
        "finding": kept.finding if kept else None,
        "shown": shown_finding(plan, kept.finding, city_names(pilot)) if plan and kept else None,
        "people": people_words(plan, kept.arms, kept.withheld, kept.finding.verdict == Verdict.STOPPED)
        if plan and kept
        else "",
        "is_early": plan is not None
        and plan.ends_on is not None
        and timezone.now().astimezone(UTC).date() < plan.ends_on,
        "result": link.result if link else None,
        "says_newest": says_newest,
        "was_public": link is not None and link.result.publications.exists(),
        "way": shown_way(pilot.pk, at),
        "has_data": at.has_data,
        "may_analyze": may_analyze and running is None and version is not None,
        "may_cancel": may_analyze,
        "may_write": may_write and not says_newest,
        "approvers": _approvers(pilot, link.analysis if link else done),
        "ask": ask or AskForm(pilot=pilot),
        "write": write or WriteForm(),
    }


def _method_name(key: str) -> str:
    """As the form of the registration names it; "" for a key that no method has any more."""
    return METHOD_NAMES[Estimator(key)] if key in set(Estimator) else ""


def _approvers(pilot: Pilot, analysis: PilotAnalysis | None) -> Approvers:
    """By the same rule as the database: not who locked a version, not who asked for the analysis."""
    locked = set(pilot.versions.values_list("locked_by", flat=True))
    barred = locked | ({analysis.asked_by_id} if analysis else set())
    people = list(people_with(pilot.engagement, REVIEW_RESULT))
    return Approvers(
        _named([one for one in people if one.pk not in barred]), _named([one for one in people if one.pk in barred])
    )


def _named(people: list[User]) -> tuple[str, ...]:
    names = tuple(one.name for one in people if one.name)
    nameless = len(people) - len(names)
    if not nameless:
        return names
    return (*names, ngettext("a reviewer", "{count} reviewers", nameless).format(count=nameless))
