"""An update as it is reviewed: what changed, each section with its comments, the checklist and the decision."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access.discussion import update_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.updates import move_update
from engagements.discussion.forms.checklists import DecisionForm, forward_first
from engagements.discussion.queries.discussion import comments
from engagements.discussion.queries.update_versions import published_baseline, update_content
from engagements.discussion.views.comments import comment_box, section_boxes
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form
from engagements.discussion.views.updates import DECISIONS, MOVES
from engagements.permissions import VIEW_TEAM
from engagements.reviews.queries import changes_since, decisions
from engagements.reviews.rules.checklists import UPDATE as CHECKLIST
from engagements.workflow import UPDATE


@require_http_methods(FORM_PAGE)
@signed_in
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """The team reads it; who may decide has the form. What is refused comes back with all that was typed."""
    found = update_for(request.user, pk)
    held = permissions_in(request.user, found.engagement_id)
    if VIEW_TEAM not in held:
        raise NotAllowed(_("The review belongs to the draft."))
    steps = [
        (state.value, MOVES[found.status, state.value][0])
        for state in UPDATE.next_states(found.status, held)
        if (found.status, state.value) in DECISIONS
    ]
    form = DecisionForm(
        request.POST or None, kind=CHECKLIST, statuses=UPDATE.choices, initial={"version": found.version}
    )
    said = comments(request.user, found.engagement_id, update=pk)
    whole = comment_box(request.user, found.engagement, said, back=request.path, update=pk)
    box, sections = section_boxes(whole, "update")
    content = update_content(found)
    earlier = decisions(CHECKLIST, pk)
    words = {field.key: field.value for field in content}
    sent = form.data.get("status", "") if form.is_bound else ""
    page = FormPage(
        _("Review of %(quarter)s") % {"quarter": found},
        "",
        MOVES.get((found.status, sent), ("", _("Nothing changed.")))[1],
        f"/updates/{pk}/",
        (
            *breadcrumbs_of(found.engagement),
            (f"/engagements/{found.engagement.slug}/updates/", _("Quarterly updates")),
            (f"/updates/{pk}/", str(found)),
        ),
        template="engagements/discussion/update_review.html",
    )

    def act(data: dict) -> None:
        move_update(
            update=pk,
            status=data["status"],
            expected_version=data["version"],
            why=data["why"],
            answers=form.answers(),
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(
        request,
        page,
        form,
        act,
        update=found,
        sections=[(section, words[section.key]) for section in sections],
        box=box,
        open_count=len(whole.open_rows),
        since=changes_since(earlier, content, request.GET.get("since", ""), published_baseline(found)),
        earlier=earlier,
        steps=forward_first(steps),
        points=form.points,
        version=found.version,
        is_own=found.written_by_id == request.user.pk,
    )
