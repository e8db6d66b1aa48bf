"""A result as it is reviewed: what changed, each section with its comments, the checklist and the decision."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from engagements.access.results import result_for
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.checklists import DecisionForm, forward_first
from engagements.discussion.queries.discussion import comments
from engagements.discussion.views.comments import SectionBox, comment_box, section_boxes
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form
from engagements.permissions import VIEW_RESULT
from engagements.results.actions.results import move_result
from engagements.results.presenters import result_facts
from engagements.results.queries.drafts import ResultDetail, result_page
from engagements.results.queries.words import result_content
from engagements.reviews.queries import APPROVED, Baseline, changes_since, decisions
from engagements.reviews.rules.changes import ReviewedField
from engagements.reviews.rules.checklists import RESULT as CHECKLIST
from engagements.workflow import RESULT

# From a status to another: the words on the button, and what is said afterward.
STEPS: dict[tuple[str, str], tuple[str | Promise, str | Promise]] = {
    ("draft", "in_review"): (gettext_lazy("Send to review"), gettext_lazy("Sent to review. The reviewers were told.")),
    ("in_review", "draft"): (gettext_lazy("Send back"), gettext_lazy("Sent back to its author.")),
    ("in_review", "published"): (
        gettext_lazy("Approve and publish"),
        gettext_lazy("Published. Everyone can read it."),
    ),
    ("published", "draft"): (
        gettext_lazy("Return to draft"),
        gettext_lazy("It is a draft again. Everyone keeps reading what was published."),
    ),
    ("published", "retracted"): (gettext_lazy("Retract"), gettext_lazy("Retracted. Everyone can read why.")),
    ("retracted", "draft"): (gettext_lazy("Return to draft"), gettext_lazy("It is a draft again.")),
}


@dataclass(frozen=True)
class SectionView:
    """What a section says, beside what people say about it."""

    section: SectionBox
    fields: tuple[ReviewedField, ...]


@require_http_methods(FORM_PAGE)
@signed_in
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """The team reads it; the form has the decisions this person may take. A refusal keeps what was typed."""
    row = result_for(request.user, pk, VIEW_RESULT)
    detail = result_page(request.user, pk)
    first = {"version": detail.version}
    form = DecisionForm(request.POST or None, kind=CHECKLIST, statuses=RESULT.choices, initial=first)
    sent = form.data.get("status", "") if form.is_bound else ""
    page = FormPage(
        _("Decide about this result"),
        "",
        str(STEPS.get((detail.status, sent), ("", _("Nothing changed.")))[1]),
        f"/results/{pk}/",
        (
            *breadcrumbs_of(detail.engagement),
            (f"/engagements/{detail.engagement.slug}/results/", _("Results")),
            (f"/results/{pk}/", detail.fields.outcome),
        ),
        template="engagements/results/review.html",
    )

    def act(data: dict) -> None:
        move_result(
            pk=pk,
            status=data["status"],
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
            why=data["why"],
            answers=form.answers(),
        )

    whole = comment_box(
        request.user,
        row.engagement,
        comments(request.user, row.engagement_id, result=pk),
        back=request.path,
        result=pk,
    )
    box, sections = section_boxes(whole, "result")
    content = result_content(detail.fields)
    earlier = decisions(CHECKLIST, pk)
    steps = [(value, STEPS[detail.status, value][0]) for value, _label in detail.next_states]
    return handle_form(
        request,
        page,
        form,
        act,
        detail=detail,
        facts=result_facts(detail.fields),
        sections=[
            SectionView(each, tuple(field for field in content if field.section == each.key)) for each in sections
        ],
        box=box,
        open_count=len(whole.open_rows),
        since=changes_since(earlier, content, request.GET.get("since", ""), _published(detail)),
        earlier=earlier,
        steps=forward_first(steps),
        points=form.points if any(value == "published" for value, _words in steps) else [],
        version=detail.version,
        is_own=detail.written_by_viewer and detail.status == "in_review",
        own_words=_("You wrote this, so someone else publishes it."),
    )


def _published(detail: ResultDetail) -> Baseline | None:
    """What was published last, before decisions were kept."""
    last = detail.last
    return None if last is None else Baseline(APPROVED, _("Published"), last.at, "", result_content(last.fields))
