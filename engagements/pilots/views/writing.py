"""Writing a registration: a new pilot, the guided form that saves itself, what the test can find, lock and amend."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access.engagements import engagement_for
from engagements.access.errors import NotFound
from engagements.access.pilots import pilot_for
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_number
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form
from engagements.discussion.views.updates import wants_json
from engagements.models import Engagement, Pilot
from engagements.people.queries.cities import city_choices
from engagements.permissions import EDIT_PILOT
from engagements.pilots.actions.locking import amend_registration, lacking, lock_registration, planned
from engagements.pilots.actions.pilots import make_pilot, save_draft
from engagements.pilots.forms.nesting import field_id
from engagements.pilots.forms.registration import RegistrationForm
from engagements.pilots.forms.registration_rows import label_of
from engagements.pilots.forms.steps import AmendForm, LockForm, NewPilotForm
from engagements.pilots.presenters import PowerShown, power_shown
from engagements.pilots.queries.analysis_inputs import drawn_clusters
from engagements.pilots.queries.pilots import CopiedPlan, copied_plan, copied_plan_of, document_choices, project_choices
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.drafts import START, changed_fields, draft_registration
from engagements.pilots.rules.plain import PlainRefused
from engagements.pilots.rules.readable import readable
from engagements.pilots.views.pages import pilot_crumbs


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, EDIT_PILOT)
    copied = _copied(request, within)
    title = {"title": copied.title} if copied else {}
    form = NewPilotForm(request.POST or None, projects=project_choices(request.user, within), initial=title)
    page = FormPage(
        _("Test a program"),
        _("Write the registration"),
        _("The draft was created. It saves itself while you write."),
        f"/engagements/{within.slug}/pilots/",
        (*breadcrumbs_of(within), (f"/engagements/{within.slug}/pilots/", _("Pilots"))),
        _("First say what is tested and which effect would be worth having. The portal says what the test can find."),
        template="engagements/pilots/new.html",
    )

    def act(data: dict[str, Any]) -> str:
        row = make_pilot(
            engagement=slug,
            title=data["title"],
            project=data["project"],
            copied_from=copied.pk if copied else None,
            by=request.user,
            now=timezone.now(),
            submission=data["submission"],
        )
        return f"/pilots/{row.pk}/registration/edit/"

    return handle_form(request, page, form, act, copied=copied)


def _copied(request: SignedInRequest, within: Engagement) -> CopiedPlan | None:
    """The plan that ?from= names. Raises NotFound, also for a made-up plan in a place of real work."""
    pk = read_number(request.GET.get("from", ""))
    found = copied_plan(request.user, pk) if pk is not None else None
    if found and found.is_fictional and not within.is_fictional:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    return found


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    row = pilot_for(request.user, pk, EDIT_PILOT)
    if row.stopped_at is not None or row.state in (Pilot.State.REVIEWED, Pilot.State.PUBLISHED):
        return redirect(f"/pilots/{pk}/registration/")
    more = request.POST.get("more", "")  # the button that asks for one row more: nothing is saved
    form = _form(request, row, more)
    is_amendment = row.state != Pilot.State.DRAFT
    page = FormPage(
        _("Amend the registration") if is_amendment else _("Register the pilot"),
        _("Save draft"),
        _("The draft was saved."),
        f"/pilots/{pk}/registration/lock/",
        (*pilot_crumbs(row.engagement, frozenset({EDIT_PILOT})), (f"/pilots/{pk}/", row.title)),
        template="engagements/pilots/edit.html",
    )

    def act(data: dict[str, Any]) -> Pilot:
        return save_draft(
            pk=pk, draft=form.draft(), expected_version=data["version"], by=request.user, now=timezone.now()
        )

    if request.method == "POST" and wants_json(request):
        return _autosave(form, act, pk)
    context = {
        "pilot": row,
        "is_amendment": is_amendment,
        "copied": copied_plan_of(request.user, row),
        "power": _power(row, row.draft),
        "simulated_for": pk,
        "optional_is_plain": True,
    }
    if more:
        return render(request, page.template, {"page": page, "form": form, **context})
    return handle_form(request, page, form, act, **context)


def _form(request: HttpRequest, row: Pilot, more: str = "") -> RegistrationForm:
    draft = {**START, **row.draft, "title": row.draft.get("title") or row.title}
    return RegistrationForm(
        request.POST if request.method == "POST" else None,
        documents=document_choices(request.user, row),  # type: ignore[arg-type]
        draft=draft,
        initial={"version": row.version},
        more=more,
    )


def _autosave(form: RegistrationForm, act: Any, pk: int) -> JsonResponse:
    if form.is_valid():
        try:
            kept = act(form.cleaned_data)
        except ValidationError as refused:
            if getattr(refused, "code", "") == "stale":
                return JsonResponse({}, status=409)
            form.refuse(refused)
        else:
            return JsonResponse({"version": kept.version, "action": f"/pilots/{pk}/registration/edit/"})
    return JsonResponse({"problems": form.errors}, status=422)


@require_POST
@signed_in
def power(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the test could find with what stands in the form now: a part of a page. Nothing is saved."""
    row = pilot_for(request.user, pk, EDIT_PILOT)
    form = _form(request, row)
    form.is_valid()  # fields that are wrong are said when the draft is saved
    context = {"power": _power(row, form.draft()), "simulated_for": pk}
    return render(request, "engagements/pilots/_power.html", context)


def _power(row: Pilot, draft: dict[str, Any]) -> PowerShown | None:
    try:
        plan = draft_registration(draft)
    except PlainRefused:
        return None
    return power_shown(plan, drawn_clusters(row, plan))


@require_http_methods(FORM_PAGE)
@signed_in
def lock(request: SignedInRequest, pk: int) -> HttpResponse:
    """All that is still missing, each with its place in the form; then the lock, or the amendment with its reason."""
    row = pilot_for(request.user, pk, EDIT_PILOT)
    is_amendment = row.state != Pilot.State.DRAFT
    plan = planned(row)
    kind = AmendForm if is_amendment else LockForm
    form = kind(request.POST or None, initial={"version": row.version})
    page = FormPage(
        _("Lock the amendment") if is_amendment else _("Lock the registration"),
        _("Lock the amendment") if is_amendment else _("Lock the registration"),
        _("Locked. These words stay as they are."),
        f"/pilots/{pk}/registration/edit/",
        (*pilot_crumbs(row.engagement, frozenset({EDIT_PILOT})), (f"/pilots/{pk}/", row.title)),
        template="engagements/pilots/lock.html",
    )

    def act(data: dict[str, Any]) -> str:
        if is_amendment:
            amend_registration(
                pk=pk, expected_version=data["version"], reason=data["why"], by=request.user, now=timezone.now()
            )
        else:
            lock_registration(pk=pk, expected_version=data["version"], by=request.user, now=timezone.now())
        return f"/pilots/{pk}/registration/"

    before = registration_of(row.versions.latest("number").content) if is_amendment else None
    return handle_form(
        request,
        page,
        form,
        act,
        pilot=row,
        missing=[(field_id(name), said) for name, said in lacking(row, plan, now=timezone.now())],
        power=power_shown(plan, drawn_clusters(row, plan)),
        simulated_for=pk,
        facts=readable(plan, dict(city_choices())),
        changes=[label_of(name) for name in changed_fields(before, plan)] if before else [],
        is_amendment=is_amendment,
        has_data=row.datasets.exists(),
    )
