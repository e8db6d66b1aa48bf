"""Milestones as a list or on a timeline, filtered and paged; many of them changed at once."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.engagements import visible_milestones
from engagements.access.errors import NotFound
from engagements.access.roles import engagements_with
from engagements.base.queries.engagements import engagements
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_page, read_picks
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.milestones.actions.bulk import RowsRefused, change_many
from engagements.milestones.forms.milestones import BulkForm, FilterForm, owner_choices
from engagements.milestones.grouping import open_and_finished
from engagements.milestones.queries import milestones as milestone_queries
from engagements.milestones.queries.milestones import OPEN_FIRST, rows_of
from engagements.milestones.timeline_layout import timeline_figures
from engagements.models import Engagement
from engagements.permissions import EDIT_MILESTONE, VIEW_CITY, VIEW_TEAM

PAGE = 50


@require_safe
@signed_in
def milestones(request: SignedInRequest, slug: str = "") -> HttpResponse:
    """Of one engagement, or of all somebody sees anything of."""
    today = timezone.localdate()
    rows = engagements(request.user, today=today, slug=slug) if slug else ()
    within = rows[0] if rows else None
    if slug and within is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    form = _filter_form(request, within)
    wanted, number = form.filter_for((within.pk,) if within else ()), read_page(request)
    found = milestone_queries.milestones(
        request.user, wanted, today=today, order=form.chosen_order, limit=PAGE, offset=PAGE * (number - 1)
    )
    is_grouped = form.chosen_order == OPEN_FIRST
    rows_left, finished = open_and_finished(found.rows) if is_grouped else (found.rows, ())
    shows_timeline = request.GET.get("view") == "timeline"
    context = {
        "within": within,
        "form": form,
        "found": found,
        "rows_left": rows_left,
        "finished": finished,
        "number": number,
        "pages": -(-found.total // PAGE),
        "first": found.offset + 1,
        "last": found.offset + len(found.rows),
        "query": _query(request),
        "shows_timeline": shows_timeline,
        "figures": timeline_figures(found.rows) if shows_timeline else [],
        "may_change": any(EDIT_MILESTONE in row.permissions for row in found.rows),
        "may_add": within is not None and EDIT_MILESTONE in within.permissions,
        "sees_owners": any(row.owner_id or VIEW_CITY in row.permissions for row in found.rows),
    }
    return render(request, "engagements/milestones/list.html", context)


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
        count = change_many(
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
    messages.success(request, f"{count} milestone{'' if count == 1 else 's'} changed.")
    return {}


def _list_of(rows) -> str:
    slugs = {row.engagement_slug for row in rows}
    return reverse("engagement_milestones", args=[*slugs]) if len(slugs) == 1 else reverse("milestones")


def _filter_form(request: SignedInRequest, within) -> FilterForm:
    seen = within.permissions if within else frozenset()
    if within is None:
        is_team = engagements_with(request.user, VIEW_TEAM).exists()
        return FilterForm(request.GET, owners=[], is_team=is_team, may_edit=False)
    owners = owner_choices(Engagement.objects.get(pk=within.pk)) if VIEW_CITY in seen else []
    return FilterForm(request.GET, owners=owners, is_team=VIEW_TEAM in seen, may_edit=EDIT_MILESTONE in seen)


def _query(request: SignedInRequest) -> str:
    """The filter without the page, for links."""
    kept = request.GET.copy()
    for name in ("page", "view"):
        kept.pop(name, None)
    return kept.urlencode()
