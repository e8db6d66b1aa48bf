"""Writing results: forms, and the city's reply."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.results import (
    may_answer_reply,
    project_for,
    reply_request_for,
    result_for,
    search_for,
)
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.views.form_page import (
    FORM_PAGE,
    FormPage,
    breadcrumbs_of,
    handle_form,
    people_choices,
    today_for,
)
from engagements.models import Engagement, Result, SearchRecord
from engagements.permissions import EDIT_RESULT, REPLY_RESULT, REVIEW_RESULT, VIEW_PUBLISHED
from engagements.results.actions.links import check_may_be_sent
from engagements.results.actions.projects import add_project, archive_project, change_project, link_plans
from engagements.results.actions.replies import answer_reply, ask_reply
from engagements.results.actions.results import add_result, archive_result, change_result
from engagements.results.actions.searches import add_search, archive_search, publish_search
from engagements.results.forms.projects import ProjectChangeForm, ProjectForm, SearchForm
from engagements.results.forms.replies import AskForm, ReplyForm
from engagements.results.forms.results import ARM, SOURCE, ResultChangeForm, ResultForm
from engagements.results.mail import send_reply_link
from engagements.results.queries.drafts import (
    document_choices,
    organisation_choices,
    plan_choices,
    project_choices,
    reply_links,
    reply_page,
)
from engagements.results.queries.rows import fields_of, project_fields

_FORM = "engagements/results/form.html"
MAY_NOT = "Results are written by advisers, leads and city staff."


def _within(request: SignedInRequest, slug: str) -> Engagement:
    """Raises NotFound, and NotAllowed for who only reads."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if EDIT_RESULT not in permissions_in(request.user, within.pk):
        raise NotAllowed(MAY_NOT)
    return within


def _list_url(engagement: Engagement) -> str:
    return f"/engagements/{engagement.slug}/results/"


def _crumbs(engagement: Engagement) -> tuple[tuple[str, str], ...]:
    return (*breadcrumbs_of(engagement), (_list_url(engagement), _("Results")))


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    within = _within(request, slug)
    form = ResultForm(
        projects=project_choices(within),
        documents=document_choices(request.user, within),
        **_typed(request, {"project": request.GET.get("project", "")}),
    )
    page = FormPage(
        _("Record a result"),
        _("Save as draft"),
        _("Saved as a draft. Next: ask the city, then send it to review."),
        _list_url(within),
        _crumbs(within),
        _("Six fields make a draft. The rest can follow. Findings of no difference belong here too."),
        template=_FORM,
    )

    def act(data: dict) -> str:
        row = add_result(
            engagement=slug, fields=form.result(), by=request.user, now=timezone.now(), submission=data["submission"]
        )
        return f"/results/{row.pk}/"

    return handle_form(request, page, form, act)


def _typed(request: SignedInRequest, first: dict[str, object]) -> dict[str, Any]:
    """What the form is given: what was sent, or, where another row is asked for, the same as a form nobody sent."""
    if request.method != "POST":
        return {"initial": first}
    if (kind := request.POST.get("more")) in (ARM, SOURCE):
        return {"initial": request.POST.dict(), "more": kind}
    return {"data": request.POST}


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    row = result_for(request.user, pk, EDIT_RESULT)
    is_public = row.status in ("published", "retracted")
    seen = fields_of(row)
    form = ResultChangeForm(
        projects=project_choices(row.engagement),
        documents=document_choices(request.user, row.engagement),
        seen=seen,
        is_public=is_public,
        **_typed(request, {"version": row.version}),
    )
    page = FormPage(
        _("Correct this result") if is_public else _("Edit this result"),
        _("Save correction") if is_public else _("Save changes"),
        _("Saved as a draft."),
        f"/results/{pk}/",
        (*_crumbs(row.engagement), (f"/results/{pk}/", row.outcome)),
        _("Until someone else has reviewed the correction, everyone reads what was published.") if is_public else "",
        template=_FORM,
    )

    def act(data: dict) -> None:
        changes = {name: value for name, value in vars(form.result()).items()}
        change_result(
            pk=pk,
            changes=changes,
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
            why=data["why"],
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    row = result_for(request.user, pk, EDIT_RESULT)
    lede = _("It leaves the list. What was published is retracted instead, so that everyone can read why.")
    return _archive(request, row, _("Archive this result"), lede, f"/results/{pk}/", archive_result)


@require_http_methods(FORM_PAGE)
@signed_in
def new_project(request: SignedInRequest, slug: str) -> HttpResponse:
    within = _within(request, slug)
    form = ProjectForm(request.POST or None, plans=plan_choices(within))
    page = FormPage(
        _("Add a project"),
        _("Save project"),
        _("The project was saved."),
        _list_url(within),
        _crumbs(within),
        _("One thing the city tries. Results, searches and money belong to it."),
    )

    def act(data: dict) -> None:
        row = add_project(
            engagement=slug, fields=form.project(), by=request.user, now=timezone.now(), submission=data["submission"]
        )
        link_plans(pk=row.pk, plans=data["plans"], by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def edit_project(request: SignedInRequest, pk: int) -> HttpResponse:
    row = project_for(request.user, pk, EDIT_RESULT)
    initial = vars(project_fields(row)) | {
        "version": row.version,
        "plans": list(row.plan_links.values_list("plan_id", flat=True)),
    }
    form = ProjectChangeForm(request.POST or None, plans=plan_choices(row.engagement), initial=initial)
    page = FormPage(
        _("Edit this project"),
        _("Save project"),
        _("The project was saved."),
        _list_url(row.engagement),
        _crumbs(row.engagement),
    )

    def act(data: dict) -> None:
        change_project(
            pk=pk,
            changes=vars(form.project()),
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )
        link_plans(pk=pk, plans=data["plans"], by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def remove_project(request: SignedInRequest, pk: int) -> HttpResponse:
    row = project_for(request.user, pk, EDIT_RESULT)
    lede = _("Only a project without results and searches can be archived.")
    return _archive(request, row, _("Archive this project"), lede, _list_url(row.engagement), archive_project)


@require_http_methods(FORM_PAGE)
@signed_in
def new_search(request: SignedInRequest, slug: str) -> HttpResponse:
    within = _within(request, slug)
    form = SearchForm(
        request.POST or None,
        projects=project_choices(within),
        initial={
            "project": request.GET.get("project", ""),
            "searched_by": request.user.name,  # it will be public: never an email address
            "searched_on": today_for(request.user),
        },
    )
    page = FormPage(
        _("Record a search"),
        _("Save search"),
        _("Saved. Next: ask the city. It is public once someone else publishes it."),
        _list_url(within),
        _crumbs(within),
        _("You looked for a published result and found none. Say where, so that others need not look there again."),
    )

    def act(data: dict) -> None:
        add_search(
            engagement=slug, fields=form.search(), by=request.user, now=timezone.now(), submission=data["submission"]
        )

    return handle_form(request, page, form, act)


@require_POST
@signed_in
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """A button of the list; what it refuses is said there."""
    row = search_for(request.user, pk, REVIEW_RESULT)
    form = ReasonForm(request.POST)
    form.fields["why"].required = form.fields["submission"].required = False
    page = FormPage(_("Publish"), _("Publish"), _("Published. Everyone can read it."), _list_url(row.engagement))

    def act(data: dict) -> None:
        publish_search(pk=pk, expected_version=data["version"], by=request.user, now=timezone.now())

    answer = handle_form(request, page, form, act)
    if answer.status_code == 302:
        return answer
    messages.error(request, " ".join(str(line) for lines in form.errors.values() for line in lines))
    return redirect(page.back)


@require_http_methods(FORM_PAGE)
@signed_in
def remove_search(request: SignedInRequest, pk: int) -> HttpResponse:
    row = search_for(request.user, pk, EDIT_RESULT)
    return _archive(request, row, _("Archive this search"), "", _list_url(row.engagement), archive_search)


@require_http_methods(FORM_PAGE)
@signed_in
def ask_about_result(request: SignedInRequest, pk: int) -> HttpResponse:
    return _ask(request, result_for(request.user, pk, EDIT_RESULT), f"/results/{pk}/")


@require_http_methods(FORM_PAGE)
@signed_in
def ask_about_search(request: SignedInRequest, pk: int) -> HttpResponse:
    row = search_for(request.user, pk, EDIT_RESULT)
    return _ask(request, row, _list_url(row.engagement))


@require_http_methods(FORM_PAGE)
@signed_in
def reply(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whoever may read the request sees it; who may answer for the city has the form."""
    row = reply_request_for(request.user, pk)
    detail = reply_page(request.user, pk)
    may_answer = may_answer_reply(request.user, pk)
    if request.method == "POST" and not may_answer:
        raise NotAllowed("The city's contact answers this.")
    seen = {"version": row.version, "answer": row.answer, "reply": row.reply, "received_how": row.received_how}
    is_passed_on = row.organisation_id is not None
    form = ReplyForm(request.POST or None, initial=seen, is_passed_on=is_passed_on)
    page = FormPage(
        _("Reply to a sentence about {city}").format(city=row.engagement.city),
        _("Save reply") if is_passed_on else _("Send reply"),
        _("Saved. Its reply stands beside the sentence.")
        if is_passed_on
        else _("Thank you. Your reply stands beside the sentence."),
        f"/replies/{pk}/",
        _crumbs(row.engagement),
        template="engagements/results/reply.html",
    )

    def act(data: dict) -> None:
        answer_reply(
            pk=pk,
            answer=data["answer"],
            reply=data["reply"],
            received_how=data.get("received_how", ""),
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    may_send = EDIT_RESULT in permissions_in(request.user, row.engagement_id) and row.organisation_id is not None
    links = reply_links(pk, now=timezone.now()) if may_send else ()
    return handle_form(request, page, form, act, detail=detail, may_answer=may_answer, may_send=may_send, links=links)


def _ask(request: SignedInRequest, row: Result | SearchRecord, back: str) -> HttpResponse:
    within = row.engagement
    form = AskForm(
        request.POST or None,
        people=people_choices(within, REPLY_RESULT),
        organisations=organisation_choices(within),
        owners=people_choices(within, EDIT_RESULT),
    )
    page = FormPage(
        _("Ask the city about this sentence"),
        _("Ask the city"),
        _("The city was asked. It has ten business days."),
        back,
        _crumbs(within),
        row.sentence,
    )

    def act(data: dict) -> None:
        email = data["email"] if data["organisation"] else ""
        if data["email"] and not email:
            raise ValidationError({"email": _("Choose the organization it belongs to.")})
        if email:
            check_may_be_sent(None, email)
        asked = ask_reply(
            by=request.user,
            now=timezone.now(),
            contact=data["contact"],
            organisation=data["organisation"],
            owner=data["owner"],
            **({"result": row.pk} if isinstance(row, Result) else {"search": row.pk}),
        )
        if email:
            send_reply_link(request=asked.pk, email=email, by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


def _archive(
    request: SignedInRequest, row, title: str, lede: str, back: str, archive: Callable[..., object]
) -> HttpResponse:
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    page = FormPage(title, title, _("It was archived."), back, _crumbs(row.engagement), lede, danger=True)

    def act(data: dict) -> str:
        archive(pk=row.pk, expected_version=data["version"], by=request.user, now=timezone.now(), why=data["why"])
        return _list_url(row.engagement)

    return handle_form(request, page, form, act)
