"""The team's contacts: the list, writing one, taking one out of it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.contacts import contact_for
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.contacts.actions import FIELDS, add_contact, archive_contact, change_contact
from engagements.contacts.forms import ContactChangeForm, ContactForm, initial_of
from engagements.contacts.queries import contacts
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form
from engagements.limits import SEARCH
from engagements.models import Engagement
from engagements.permissions import EDIT_RECORD, VIEW_TEAM


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_TEAM)
    search = request.GET.get("q", "").strip()[:SEARCH]
    context = {
        "engagement": within,
        "rows": contacts(request.user, within, search),
        "search": search,
        "may": permissions_in(request.user, within.pk),
        "crumbs": breadcrumbs_of(within),
    }
    return render(request, "engagements/contacts/index.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def add(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_TEAM)
    if EDIT_RECORD not in permissions_in(request.user, within.pk):
        raise NotAllowed(_("Contacts are written by advisers and leads."))
    page = FormPage(_("Add a contact"), _("Add contact"), _("The contact was added."), _list(within), _crumbs(within))

    def act(data: dict) -> None:
        add_contact(
            engagement=within.pk,
            fields={name: data[name] for name in FIELDS},
            by=request.user,
            now=timezone.now(),
            submission=data["submission"],
        )

    return handle_form(request, page, ContactForm(request.POST or None), act)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    row = contact_for(request.user, pk)
    within = row.engagement
    page = FormPage(
        _("Change a contact"), _("Save contact"), _("The contact was changed."), _list(within), _crumbs(within)
    )

    def act(data: dict) -> None:
        change_contact(
            contact=pk,
            changes={name: data[name] for name in FIELDS},
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, ContactChangeForm(request.POST or None, initial=initial_of(row)), act)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    row = contact_for(request.user, pk)
    within = row.engagement
    page = FormPage(
        _("Archive “{name}”").format(name=row.name),
        _("Archive contact"),
        _("The contact is archived."),
        _list(within),
        _crumbs(within),
        danger=True,
    )

    def act(data: dict) -> None:
        archive_contact(contact=pk, by=request.user, now=timezone.now(), why=data["why"])

    return handle_form(request, page, ReasonForm(request.POST or None, initial={"version": row.version}), act)


def _list(within: Engagement) -> str:
    return reverse("contacts", args=[within.slug])


def _crumbs(within: Engagement) -> tuple[tuple[str, str], ...]:
    return (*breadcrumbs_of(within), (_list(within), _("Contacts")))
