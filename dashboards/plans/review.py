"""A plan as it is reviewed: what changed, each section with its comments, the checklist and the decision."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboards.plans.pay import prices_of_plan
from dashboards.plans.presenters import (
    AreaView,
    InterventionView,
    TotalsView,
    build_area_view,
    build_intervention_views,
    build_totals_view,
)
from dashboards.plans.views import DECISIONS, MARKS, MOVES, crumbs, page_of
from engagements.access.errors import NotAllowed
from engagements.access.plans import plan_for
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.checklists import DecisionForm, forward_first
from engagements.discussion.queries.discussion import comments
from engagements.discussion.views.comments import comment_box, section_boxes
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form
from engagements.permissions import VIEW_PLAN
from engagements.plans.actions.status import move_plan
from engagements.plans.queries.review import plan_content, published_baseline
from engagements.reviews.queries import changes_since, decisions
from engagements.reviews.rules.checklists import PLAN as CHECKLIST
from engagements.workflow import PLAN


@dataclass(frozen=True)
class Reviewed:
    area: AreaView
    interventions: tuple[InterventionView, ...]
    sum: TotalsView


@require_http_methods(FORM_PAGE)
@signed_in
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """The team reads it; who may decide has the form. What is refused comes back with all that was typed."""
    found = plan_for(request.user, pk)
    if VIEW_PLAN not in permissions_in(request.user, found.engagement_id):
        raise NotAllowed(_("The review belongs to the draft."))
    plan = page_of(request, pk)
    status = found.status
    steps = [
        (state.value, MOVES[status, state.value][0]) for state in plan.next_states if (status, state.value) in DECISIONS
    ]
    first = {"version": plan.row.version}
    form = DecisionForm(request.POST or None, kind=CHECKLIST, statuses=PLAN.choices, initial=first)
    sent = form.data.get("status", "") if form.is_bound else ""
    page = FormPage(
        found.title,
        "",
        MOVES.get((status, sent), ("", _("Nothing changed.")))[1],
        f"/plans/{pk}/",
        crumbs(plan),
        template="dashboards/plans/review.html",
    )

    def act(data: dict) -> None:
        move_plan(
            plan=pk,
            status=data["status"],
            expected_version=data["version"],
            why=data["why"],
            answers=form.answers(),
            by=request.user,
            now=timezone.now(),
        )

    said = comments(request.user, found.engagement_id, plan=pk)
    whole = comment_box(request.user, found.engagement, said, back=request.path, plan=pk)
    box, sections = section_boxes(whole, "plan")
    content = plan_content(found, plan.content)
    earlier = decisions(CHECKLIST, pk)
    return handle_form(
        request,
        page,
        form,
        act,
        plan=plan,
        row=plan.row,
        content=plan.content,
        figures=plan.figures,
        sections=sections,
        box=box,
        open_count=len(whole.open_rows),
        since=changes_since(earlier, content, request.GET.get("since", ""), published_baseline(found, content)),
        earlier=earlier,
        steps=forward_first(steps),
        points=form.points if status == "in_review" else [],
        version=plan.row.version,
        is_own=found.written_by_id == request.user.pk,
        mark=MARKS[status],
        shown=Reviewed(
            build_area_view(plan.figures.area),
            build_intervention_views(plan.content, plan.figures, prices_of_plan(plan.figures)),
            build_totals_view(plan.content, plan.figures),
        ),
    )
