"""Setting up an initiative with its cities on one page; changing, copying, archiving one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.queries.census_places import place_list_is_live
from engagements.access.engagements import initiative_for
from engagements.access.errors import NotFound
from engagements.access.roles import has_permission_anywhere
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form
from engagements.initiatives.actions.initiatives import (
    add_cities,
    archive_initiative,
    change_initiative,
    create_initiative,
    restore_initiative,
)
from engagements.initiatives.forms import (
    AddCitiesForm,
    ArchiveInitiativeForm,
    ChangeInitiativeForm,
    NewInitiativeForm,
)
from engagements.initiatives.queries.initiatives import initiative_page, initiative_to_copy, initiatives
from engagements.initiatives.queries.places import suggest_places
from engagements.permissions import CREATE_INITIATIVE, MANAGE_INITIATIVE

_LIST = "/initiatives/"


@require_safe
@signed_in
def index(request: SignedInRequest) -> HttpResponse:
    rows = initiatives(request.user, permission=MANAGE_INITIATIVE)
    may_create = has_permission_anywhere(request.user, CREATE_INITIATIVE)
    if not rows and not may_create:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    return render(request, "engagements/initiatives/list.html", {"rows": rows, "may_create": may_create})


@require_safe
@signed_in
def read(request: SignedInRequest, slug: str) -> HttpResponse:
    page = initiative_page(request.user, slug)
    may_create = has_permission_anywhere(request.user, CREATE_INITIATIVE)
    context = {"page": page, "row": page.row, "may_create": may_create}
    return render(request, "engagements/initiatives/initiative.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    """`copy`: the slug of an initiative whose funders, cities and team are taken over."""
    if not has_permission_anywhere(request.user, CREATE_INITIATIVE):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    slug = request.GET.get("copy", "")
    copied = initiative_to_copy(request.user, slug) if slug and request.method != "POST" else None
    form = NewInitiativeForm(request.POST or None, user=request.user, copied=copied)
    context: dict[str, Any] = {"form": form, "copied": copied, "list_is_live": place_list_is_live()}
    there = initiatives(request.user, permission=MANAGE_INITIATIVE)
    context["last"] = min(there, key=lambda row: row.is_fictional, default=None)  # the newest real one
    if request.method == "POST" and form.wants_more:
        return render(request, "engagements/initiatives/new.html", context)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_initiative(
                fields=form.initiative_fields,
                funders=form.funder_names,
                places=form.places,
                setup=form.setup,
                submission=form.cleaned_data["submission"],
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            count = made.engagements.count()
            said = ngettext(
                "“%(name)s” is there, with %(count)s city.", "“%(name)s” is there, with %(count)s cities.", count
            )
            messages.success(request, said % {"name": made.name, "count": count})
            return redirect("initiative", made.slug)
    return render(request, "engagements/initiatives/new.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM_PAGE)
@signed_in
def cities(request: SignedInRequest, slug: str) -> HttpResponse:
    within = initiative_for(request.user, slug, MANAGE_INITIATIVE)
    form = AddCitiesForm(request.POST or None, user=request.user)
    context = {"form": form, "initiative": within, "list_is_live": place_list_is_live()}
    if request.method == "POST" and not form.wants_more and form.is_valid():
        try:
            made = add_cities(
                initiative=within.pk,
                places=form.places,
                setup=form.setup,
                submission=form.cleaned_data["submission"],
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            said = ngettext("%(count)s city was added.", "%(count)s cities were added.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect("initiative", within.slug)
    wrong = form.is_bound and not form.wants_more and form.errors
    return render(request, "engagements/initiatives/cities.html", context, status=422 if wrong else 200)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, slug: str) -> HttpResponse:
    page = initiative_page(request.user, slug)
    form = ChangeInitiativeForm(request.POST) if request.method == "POST" else ChangeInitiativeForm.of(page)

    def act(data: dict[str, Any]) -> None:
        change_initiative(
            initiative=page.row.pk,
            fields=form.initiative_fields,
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    about = FormPage(
        _("Change %(name)s") % {"name": page.row.name},
        _("Save changes"),
        _("Saved."),
        f"{_LIST}{slug}/",
        ((_LIST, _("Initiatives")), (f"{_LIST}{slug}/", page.row.name)),
    )
    return handle_form(request, about, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, slug: str) -> HttpResponse:
    page = initiative_page(request.user, slug)
    form = ArchiveInitiativeForm(request.POST or None, initial={"version": page.row.version})

    def act(data: dict[str, Any]) -> None:
        archive_initiative(
            initiative=page.row.pk,
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
            why=data["why"],
        )

    about = FormPage(
        _("Archive %(name)s") % {"name": page.row.name},
        _("Archive it"),
        _("It was archived."),
        f"{_LIST}{slug}/",
        ((_LIST, _("Initiatives")), (f"{_LIST}{slug}/", page.row.name)),
        _(
            "It leaves every list, the tasks and the public pages of its cities, and nobody writes in it. "
            "A lead can restore it."
        ),
        danger=True,
    )
    return handle_form(request, about, form, act)


@require_POST
@signed_in
def restore(request: SignedInRequest, slug: str) -> HttpResponse:
    row = restore_initiative(initiative=slug, by=request.user, now=timezone.now())
    messages.success(request, _("It was restored."))
    return redirect("initiative", row.slug)


@require_safe
@signed_in
def places(request: SignedInRequest) -> HttpResponse:
    """Suggestions for a city field: places whose name begins with `q`."""
    if not has_permission_anywhere(request.user, CREATE_INITIATIVE):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    found = suggest_places(request.GET.get("q", "")[:100])
    return JsonResponse({"suggestions": [{"title": each.value, "detail": each.detail} for each in found]})
