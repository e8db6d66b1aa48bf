"""A plan as experts review it: section by section, with what people say about each."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboards.plans.pay import prices_of_plan
from dashboards.plans.presenters import (
    AreaView,
    InterventionView,
    TotalsView,
    build_area_view,
    build_intervention_views,
    build_totals_view,
)
from dashboards.plans.views import MARKS, MOVES, crumbs, page_of
from engagements.access.errors import NotAllowed
from engagements.access.plans import plan_for
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.queries.discussion import comments
from engagements.discussion.views.comments import CommentBox, comment_box
from engagements.models import PLAN_SECTIONS
from engagements.permissions import VIEW_PLAN


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    box: CommentBox


@dataclass(frozen=True)
class Reviewed:
    area: AreaView
    interventions: tuple[InterventionView, ...]
    sum: TotalsView


@require_safe
@signed_in
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    found = plan_for(request.user, pk)
    if VIEW_PLAN not in permissions_in(request.user, found.engagement_id):
        raise NotAllowed("The review belongs to the draft.")
    page = page_of(request, pk)
    said = comments(request.user, found.engagement_id, plan=pk)
    whole = comment_box(
        request.user, found.engagement, tuple(row for row in said if not row.section), back=request.path, plan=pk
    )
    sections = tuple(
        Section(key, title, _box(whole, tuple(row for row in said if row.section == key), key))
        for key, title in PLAN_SECTIONS
    )
    context = {
        "page": page,
        "row": page.row,
        "content": page.content,
        "figures": page.figures,
        "crumbs": crumbs(page),
        "sections": sections,
        "box": whole,
        "mark": MARKS[found.status],
        "said": len(said),
        "shown": Reviewed(
            build_area_view(page.figures.area),
            build_intervention_views(page.content, page.figures, prices_of_plan(page.figures)),
            build_totals_view(page.content, page.figures),
        ),
        "moves": [
            (state.value, MOVES[found.status, state.value][0])
            for state in page.next_states
            if (found.status, state.value) in MOVES
        ],
    }
    return render(request, "dashboards/plans/review.html", context)


def _box(whole: CommentBox, rows: tuple, key: str) -> CommentBox:
    """Of one section: the same form under ids of its own, sent with the section."""
    if whole.form is None:
        return CommentBox(rows, None, whole.action, whole.back)
    people: Any = cast(forms.ChoiceField, whole.form.fields["mentions"]).choices
    form = type(whole.form)(held=whole.held, people=list(people), auto_id=f"comment_{key}_%s")
    return CommentBox(rows, form, f"{whole.action}&section={key}", whole.back, whole.held)
