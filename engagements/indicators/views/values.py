"""Values of an indicator: entering a whole period, moving it through review, reopening and archiving values."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST

from atlas.formatting.dates import format_period
from engagements import limits
from engagements.access.errors import NotAllowed
from engagements.access.plans import indicator_for, value_for
from engagements.access.roles import permissions_in
from engagements.base.editing import Conflict
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_picks
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form, today_for
from engagements.indicators.actions.value_entries import EntriesRefused
from engagements.indicators.actions.value_status import move_values
from engagements.indicators.actions.values import archive_value, enter_period
from engagements.indicators.forms import PeriodForm, ReopenForm, next_period
from engagements.indicators.views.indicators import READS, crumbs, editable
from engagements.models import Indicator, IndicatorValue
from engagements.permissions import APPROVE_INDICATOR, EDIT_INDICATOR, VIEW_INDICATOR
from engagements.workflow import INDICATOR_VALUE_APPROVED

# From a status to another: the words on the button, and what is said afterward.
MOVES = {
    ("draft", "in_review"): ("Send to review", "Sent to review. The reviewers were told."),
    ("in_review", "draft"): ("Send back", "Sent back to the person who entered it."),
    ("in_review", "approved"): ("Approve", "Approved. Everybody who reads this engagement sees it now."),
    ("approved", "locked"): ("Lock", "Locked. It is unlocked before it can be opened again."),
    ("locked", "approved"): ("Unlock", "Unlocked."),
    ("approved", "draft"): ("Open again", "It is a draft again. Others don’t see it until it is approved again."),
}
REVIEWED = "Marked as reviewed. A lead was told to approve it."


@require_http_methods(FORM_PAGE)
@signed_in
def enter(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everybody and all groups of a period in one table: `?start=&end=` for one that is there."""
    found = editable(request.user, pk)
    start, end = _period(request, found)
    form = _period_form(request, found, start, end)
    status = 200
    if request.method == "POST":
        status = _enter(request, found, form)
        if status == 302:
            return redirect(f"/indicators/{pk}/")
    page = FormPage(f"Values of “{found.name}”", "Save the drafts", "", f"/indicators/{pk}/", crumbs(found))
    context = {"page": page, "form": form, "indicator": found}
    return render(request, "engagements/indicators/enter.html", context, status=status)


@require_POST
@signed_in
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    """A button of the page; `pick` id:version of the values, `status` where to. What is in review has its own page."""
    found = indicator_for(request.user, pk)
    if VIEW_INDICATOR not in permissions_in(request.user, found.engagement_id):
        raise NotAllowed("Values are reviewed by the team.")
    picks, status = read_picks(request), request.POST.get("status", "")
    words = request.POST.get("words", "")[: limits.WHY]
    common: dict[str, Any] = {
        "indicator": pk,
        "values": picks,
        "by": request.user,
        "now": timezone.now(),
        "words": words,
    }
    try:
        before = IndicatorValue.objects.filter(pk__in=picks).values_list("status", flat=True).first()
        move_values(status=status, **common)
        done = MOVES.get((before or "", status), ("", "Nothing changed."))[1]
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, done)
    return redirect(f"/indicators/{pk}/")


@require_http_methods(FORM_PAGE)
@signed_in
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approved values of a period back to drafts, with the reason."""
    found = indicator_for(request.user, pk)
    if APPROVE_INDICATOR not in permissions_in(request.user, found.engagement_id):
        raise NotAllowed("An approved value is opened again by a lead.")
    start, end = _period(request, found)
    of_period = IndicatorValue.objects.filter(
        indicator=found, period_start=start, period_end=end, status="approved", archived_at=None
    )
    picks = dict(of_period.values_list("pk", "version"))
    form = ReopenForm(request.POST or None)
    page = FormPage(
        f"Open “{found.name}” again, {format_period(start, end)}",
        "Open it again",
        MOVES["approved", "draft"][1],
        f"/indicators/{pk}/",
        crumbs(found),
        "While it is open, funders and other readers don’t see this value. The reason stays with it.",
        danger=True,
    )

    def act(data: dict) -> None:
        move_values(
            indicator=pk,
            values=picks,
            status="draft",
            reason=data["reason"],
            words=data["words"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = value_for(request.user, pk)
    if EDIT_INDICATOR not in permissions_in(request.user, found.engagement_id):
        raise NotAllowed(READS)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    which = f"{format_period(found.period_start, found.period_end)}{', ' + found.category if found.category else ''}"
    page = FormPage(
        f"Take the value of {which} away",
        "Archive it",
        "It was archived.",
        f"/indicators/{found.indicator_id}/",
        crumbs(found.indicator),
        "It stays in the history.",
        danger=True,
    )

    def act(data: dict) -> None:
        archive_value(value=pk, expected_version=data["version"], why=data["why"], by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


def _enter(request: SignedInRequest, found: Indicator, form: PeriodForm) -> int:
    """The status of the answer: 302 when it was kept."""
    if not form.is_valid():
        return 422
    data = form.cleaned_data
    try:
        kept = enter_period(
            indicator=found.pk,
            period_start=data["period_start"],
            period_end=data["period_end"],
            entries=form.entries,
            file=form.evidence,
            submission=data["submission"],
            by=request.user,
            now=timezone.now(),
        )
    except EntriesRefused as refused:
        form.refuse_entries(refused.problems)
        return 422
    except ValidationError as refused:
        form.refuse(refused)
        return 422
    except Conflict as conflict:
        form.show_conflict(conflict)
        return 409
    count = f"{len(kept)} value{'s' if len(kept) != 1 else ''}"
    words = f"Saved as drafts: {count}. Send them to review when they are complete."
    messages.success(request, words)
    return 302


def _period_form(request: SignedInRequest, found: Indicator, start: date, end: date) -> PeriodForm:
    values = list(IndicatorValue.objects.filter(indicator=found, archived_at=None))
    here = [row for row in values if (row.period_start, row.period_end) == (start, end)]
    known = {(row.dimension, row.category) for row in values if row.dimension in found.dimensions}
    return PeriodForm(
        request.POST or None,
        request.FILES or None,
        indicator=found,
        known=sorted(known),
        drafts=[row for row in here if row.status not in INDICATOR_VALUE_APPROVED],
        closed=frozenset((row.dimension, row.category) for row in here if row.status in INDICATOR_VALUE_APPROVED),
        held=permissions_in(request.user, found.engagement_id),
        initial={"period_start": start, "period_end": end},
    )


def _period(request: SignedInRequest, found: Indicator) -> tuple[date, date]:
    """As it was sent, else as the address says, else the next one."""
    sent = (request.POST.get("period_start"), request.POST.get("period_end"))
    for first, last in (sent, (request.GET.get("start"), request.GET.get("end"))):
        if (start := _day(first)) and (end := _day(last)):
            return start, end
    latest = IndicatorValue.objects.filter(indicator=found, archived_at=None).order_by("-period_end").first()
    return next_period(
        latest.period_end if latest else None,
        found.baseline_on or found.engagement.starts_on,
        found.every_months,
        today_for(request.user),
    )


def _day(words: str | None) -> date | None:
    try:
        return parse_date(words or "")
    except ValueError:
        return None


def period_query(start: date, end: date) -> str:
    return urlencode({"start": start.isoformat(), "end": end.isoformat()})
