"""Agreements on data: writing one and ending one."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access.discussion import visible_documents
from engagements.access.pilots import agreement_for, pilot_of_team_for
from engagements.access.roles import engagements_with
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form
from engagements.permissions import EDIT_PILOT
from engagements.pilots.actions.agreements import end_agreement, write_agreement
from engagements.pilots.forms.data import AgreementForm
from engagements.pilots.views.data_crumbs import crumbs_of


@require_http_methods(FORM_PAGE)
@signed_in
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    pilot = pilot_of_team_for(request.user, pk, EDIT_PILOT)
    cities = pilot.cities.filter(
        accepted_at__isnull=False, engagement__in=engagements_with(request.user, EDIT_PILOT)
    ).values("engagement")
    form = AgreementForm(request.POST or None, documents=visible_documents(request.user).filter(engagement__in=cities))
    crumbs = crumbs_of(pilot)
    page = FormPage(
        title=_("Add an agreement"),
        button=_("Save agreement"),
        done=_("The agreement was saved. Rows can come in under it."),
        back=crumbs[-1][0],
        crumbs=crumbs,
        lede=_("One row per person comes in only under an agreement that says why it may, and when it is deleted."),
    )

    def act(data: dict[str, Any]) -> None:
        document = data["document"]
        write_agreement(
            pilot=pk,
            engagement=document.engagement_id,
            document=document.pk,
            fields=form.values,
            submission=data["submission"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def end(request: SignedInRequest, pk: int, agreement: int) -> HttpResponse:
    found = agreement_for(request.user, agreement, EDIT_PILOT)
    crumbs = crumbs_of(pilot_of_team_for(request.user, pk))
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    page = FormPage(
        title=_("End “{title}”").format(title=found.title),
        button=_("End the agreement"),
        done=_("No more data come in under this agreement. What came stays until its day of deletion."),
        back=crumbs[-1][0],
        crumbs=crumbs,
        danger=True,
    )

    def act(data: dict[str, Any]) -> None:
        end_agreement(
            pk=agreement, expected_version=data["version"], why=data["why"], by=request.user, now=timezone.now()
        )

    return handle_form(request, page, form, act)
