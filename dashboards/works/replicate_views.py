"""/pilots/N/replicate/: how to test it again, as a page and a PDF; and a draft that starts from its registered plan."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from dashboards.documents.pdf import write_pdf
from dashboards.works.replicate_document import SIZES_NOTE, guide_document
from engagements.access.errors import NotFound
from engagements.base.views.decorators import open_to_all, signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.pilots.actions.pilots import make_pilot
from engagements.pilots.queries.replication import Replication, replication


class StartForm(forms.Form):
    """`home`: the engagement the new pilot belongs to."""

    home = forms.ChoiceField(label=gettext_lazy("In which city"))
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, homes: tuple[tuple[str, str], ...], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["home"].choices = homes  # type: ignore[attr-defined]


@require_safe
@open_to_all
def read(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, replication(request.user, pk))


@public_read(Validator.OWN)
@require_safe
@open_to_all
@takes_parameters()
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    found = replication(request.user, pk)
    answer = HttpResponse(write_pdf(guide_document(found, timezone.now())), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="pilot-{pk}-test-it-again.pdf"'
    return answer


@require_POST
@signed_in
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """A draft with the registered plan, in an engagement where the person writes pilots."""
    found = replication(request.user, pk)
    if not found.homes:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    form = StartForm(request.POST, homes=found.homes)
    if form.is_valid():
        try:
            made = make_pilot(
                engagement=form.cleaned_data["home"],
                title=found.registration.title,
                by=request.user,
                now=timezone.now(),
                copied_from=pk,
                submission=form.cleaned_data["submission"],
            )
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            return redirect("pilot_registration_edit", pk=made.pk)
    return _page(request, found, form, status=422)


def _page(request: HttpRequest, found: Replication, form: StartForm | None = None, status: int = 200) -> HttpResponse:
    if form is None and found.homes:
        form = StartForm(homes=found.homes, initial={"submission": uuid4(), "home": found.homes[0][0]})
    context = {
        "found": found,
        "guide": found.guide,
        "pilot": found.pilot,
        "form": form,
        "sizes_note": SIZES_NOTE,
        "title": _("Test it again: %(title)s") % {"title": found.registration.title},
    }
    return render(request, "dashboards/works/replicate.html", context, status=status)
