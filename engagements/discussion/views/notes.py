"""Local notes of a city or one of its tracts: public, written by those who work there."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access.errors import NotFound
from engagements.access.roles import engagements_with
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.notes import archive_local_note, change_local_note, note_for, write_local_note
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.forms.notes import NoteChangeForm, NoteForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form, today_for
from engagements.models import LocalNote
from engagements.people.queries.cities import city_id, city_name
from engagements.permissions import WRITE_LOCAL_NOTE


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    """For who may not write, the address does not exist."""
    city, name = city_id(slug), city_name(slug)
    if (
        city is None
        or name is None
        or not engagements_with(request.user, WRITE_LOCAL_NOTE).filter(city_id=city).exists()
    ):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    initial = {"began_on": today_for(request.user), "tract_geoid": request.GET.get("tract", "")[:11]}
    page = FormPage(
        f"Add a note about {name}",
        "Publish the note",
        "The note is published.",
        f"/cities/{slug}/#notes",
        ((f"/cities/{slug}/", name),),
        "What happened here that a reader of the numbers should know. It is public.",
        queue=_("Note"),
    )

    def act(data: dict) -> None:
        write_local_note(city=city, by=request.user, now=timezone.now(), **data)

    return handle_form(request, page, NoteForm(request.POST or None, initial=initial), act)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = note_for(request.user, pk)
    names = ("body", "began_on", "ended_on", "source")
    form = NoteChangeForm(request.POST or None, initial={name: getattr(found, name) for name in (*names, "version")})
    page = FormPage("Change the note", "Save", "The note was changed.", *_places(found))

    def act(data: dict) -> None:
        change_local_note(
            note=pk,
            changes={name: data[name] for name in names},
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = note_for(request.user, pk)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    page = FormPage(
        "Archive the note", "Archive it", "The note was archived.", *_places(found), found.body[:300], danger=True
    )

    def act(data: dict) -> None:
        archive_local_note(
            note=pk, expected_version=data["version"], by=request.user, now=timezone.now(), why=data["why"]
        )

    return handle_form(request, page, form, act)


def _places(note: LocalNote) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Where it leads back to, and the crumbs."""
    page = f"/cities/{note.city.slug}/"
    return f"{page}#notes", ((page, note.city.name),)
