"""Risks of an engagement: the list, and the forms that add, change, close and archive one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.discussion import risk_for
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import page_number, slice_of
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.risks import FIELDS, add_risk, archive_risk, change_risk, close_risk
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.forms.risks import CloseForm, RiskForm
from engagements.discussion.queries.risks import risks
from engagements.discussion.rules import RISK_RULE
from engagements.discussion.views.form_page import (
    FORM_PAGE,
    FormPage,
    breadcrumbs_of,
    handle_form,
    people_choices,
    today_for,
)
from engagements.models import Engagement, Risk, User
from engagements.permissions import EDIT_RECORD, VIEW_CITY, VIEW_PUBLISHED

READS = "Risks are kept by advisers and leads."


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    number = page_number(request)
    rows, more = slice_of(lambda **part: risks(request.user, engagements=(within.pk,), **part), number)
    may_edit = EDIT_RECORD in permissions_in(request.user, within.pk)
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "number": number,
        "more": more,
        "may_edit": may_edit,
        "open": [row for row in rows if row.closed_on is None],
        "closed": [row for row in rows if row.closed_on],
        "rule": RISK_RULE,
    }
    return render(request, "engagements/discussion/risks.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    held = permissions_in(request.user, within.pk)
    if EDIT_RECORD not in held:
        raise NotAllowed(READS)
    form = RiskForm(
        request.POST or None,
        held=held,
        people=people_choices(within, VIEW_CITY),
        is_new=True,
        initial={"opened_on": today_for(request.user)},
    )
    page = FormPage("Add a risk", "Add the risk", "The risk is written down.", _back(within), _crumbs(within))

    def act(data: dict) -> None:
        add_risk(
            engagement=within.pk, submission=data["submission"], by=request.user, now=timezone.now(), **form.values
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _editable(request.user, pk)
    people = people_choices(found.engagement, VIEW_CITY)
    if found.owner_id and found.owner_id not in dict(people):
        people = [*people, (found.owner_id, f"{found.owner} (no longer in the team)")]
    initial = {name: getattr(found, name) for name in (*FIELDS, "version")} | {"owner": found.owner_id}
    held = permissions_in(request.user, found.engagement_id)
    form = RiskForm(request.POST or None, held=held, people=people, is_new=False, initial=initial)
    page = FormPage(
        f"Change “{found.title}”", "Save", "It was changed.", _back(found.engagement), _crumbs(found.engagement)
    )

    def act(data: dict) -> None:
        change_risk(risk=pk, changes=form.values, expected_version=data["version"], by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _editable(request.user, pk)
    initial = {
        "version": found.version,
        "closed_on": found.closed_on or today_for(request.user),
        "outcome": found.outcome,
    }
    form = CloseForm(request.POST or None, initial=initial)
    page = FormPage(
        f"Close “{found.title}”", "Close it", "It is closed.", _back(found.engagement), _crumbs(found.engagement)
    )

    def act(data: dict) -> None:
        close_risk(
            risk=pk,
            closed_on=data["closed_on"],
            outcome=data["outcome"],
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _editable(request.user, pk)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    page = FormPage(
        f"Archive “{found.title}”",
        "Archive it",
        "It was archived.",
        _back(found.engagement),
        _crumbs(found.engagement),
        "For what was written down by mistake. A risk that is over is closed.",
        danger=True,
    )

    def act(data: dict) -> None:
        archive_risk(risk=pk, expected_version=data["version"], why=data["why"], by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


def _editable(user: User, pk: int) -> Risk:
    found = risk_for(user, pk)
    if EDIT_RECORD not in permissions_in(user, found.engagement_id):
        raise NotAllowed(READS)
    return found


def _back(within: Engagement) -> str:
    return f"/engagements/{within.slug}/risks/"


def _crumbs(within: Engagement) -> tuple[tuple[str, str], ...]:
    return (*breadcrumbs_of(within), (_back(within), "Risks"))
