"""Hours of an engagement: sums by quarter and person, the entries, taking one out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.engagements import engagement_for
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import page_number, slice_of
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form
from engagements.milestones.actions.hours import archive_hours, hours_for
from engagements.milestones.queries.hours import hours_by_quarter, hours_entries
from engagements.permissions import LOG_PROGRESS, MANAGE_ROLES, VIEW_TEAM


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_TEAM)
    held = permissions_in(request.user, within.pk)
    number = page_number(request)
    rows, more = slice_of(lambda **part: hours_entries(request.user, within.pk, **part), number)
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "quarters": hours_by_quarter(within.pk),
        "entries": rows,
        "number": number,
        "more": more,
        "may_log": LOG_PROGRESS in held,
        "manages": MANAGE_ROLES in held,
    }
    return render(request, "engagements/milestones/hours.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = hours_for(request.user, pk)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    page = FormPage(
        _("Remove {hours} hours of {person}").format(hours=f"{found.hours.normalize():f}", person=found.user),
        _("Remove hours"),
        _("The hours were removed from every sum."),
        f"/engagements/{found.engagement.slug}/hours/",
        breadcrumbs_of(found.engagement),
        danger=True,
    )

    def act(data: dict) -> None:
        archive_hours(entry=pk, expected_version=data["version"], by=request.user, now=timezone.now(), why=data["why"])

    return handle_form(request, page, form, act)
