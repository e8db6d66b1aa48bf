"""Milestones of one engagement, or of all somebody sees anything of; many of them changed at once."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from engagements.access.engagements import visible_milestones
from engagements.access.errors import NotFound
from engagements.access.roles import cached_permissions, engagements_with
from engagements.base.queries.engagements import engagements
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_picks
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.milestones.actions.bulk import RowsRefused, change_many
from engagements.milestones.forms.milestones import BulkForm, owner_choices
from engagements.milestones.queries.milestones import rows_of
from engagements.models import Engagement
from engagements.permissions import EDIT_MILESTONE
from engagements.worklist.views.edit import edited
from engagements.worklist.views.last_change import keep_change
from engagements.worklist.views.page import WorkPlace, work_context


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def milestones(request: SignedInRequest, slug: str = "") -> HttpResponse:
    """A POST is the form of one card."""
    rows = engagements(request.user, today=timezone.localdate(), slug=slug) if slug else ()
    within = rows[0] if rows else None
    if slug and within is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    answer, form = edited(request)
    if answer is not None:
        return answer
    with cached_permissions(request.user):
        context = work_context(request, WorkPlace(within=within)) | ({"card_form": form} if form else {})
    return render(request, "engagements/worklist/milestones.html", context, status=422 if form and form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: SignedInRequest) -> HttpResponse:
    """First what was chosen and what to do with it; then all of it is done, or none with a reason a row."""
    picks = read_picks(request)
    seen = visible_milestones(request.user).filter(
        pk__in=picks, engagement__in=engagements_with(request.user, EDIT_MILESTONE).values("pk")
    )
    rows = rows_of(request.user, seen.order_by("due_on", "pk"), timezone.localdate())
    within = Engagement.objects.filter(pk__in={row.engagement_id for row in rows}).order_by("pk")
    form = BulkForm(request.POST or None, owners=owner_choices(*within), initial={"submission": uuid4()})
    reasons: dict[int, str] = {}
    if request.method == "POST" and form.is_valid():
        reasons = _change(request, form, picks)
        if not form.errors and not reasons:
            return redirect(_list_of(rows))
    shown = [(row, picks[row.pk], reasons.get(row.pk, "")) for row in rows]
    context = {"shown": shown, "form": form, "gone": len(picks) - len(rows), "refused": reasons}
    return render(
        request, "engagements/milestones/change_many.html", context, status=422 if request.method == "POST" else 200
    )


def _change(request: SignedInRequest, form: BulkForm, picks: dict[int, int]) -> dict[int, str]:
    """Reasons by milestone; what concerns all is put into the form."""
    try:
        done = change_many(
            milestones=picks,
            bulk_change=form.bulk_change(),
            by=request.user,
            now=timezone.now(),
            submission=form.cleaned_data["submission"],
        )
    except RowsRefused as refused:
        return refused.reasons
    except ValidationError as refused:
        form.add_error(None, refused)
        return {}
    if done.versions:  # not for a second click
        said = ngettext("{count} milestone changed.", "{count} milestones changed.", done.count)
        keep_change(request, said.format(count=done.count), done.versions)
    return {}


def _list_of(rows) -> str:
    slugs = {row.engagement_slug for row in rows}
    return reverse("engagement_milestones", args=[*slugs]) if len(slugs) == 1 else reverse("milestones")
