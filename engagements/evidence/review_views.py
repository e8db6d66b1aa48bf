"""A finding as it is reviewed: what changed, all its words, the checklist and the decision."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access.plans import evidence_for
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.checklists import DecisionForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form
from engagements.evidence.actions import review_evidence
from engagements.evidence.prose import PARTS, evidence_content
from engagements.evidence.queries import evidence_page, evidence_versions
from engagements.models import User
from engagements.permissions import REVIEW_EVIDENCE
from engagements.reviews.queries import APPROVED, Baseline, changes_since, decisions
from engagements.reviews.rules.checklists import EVIDENCE as CHECKLIST
from engagements.workflow import EVIDENCE


@require_http_methods(FORM_PAGE)
@signed_in
def review(request: SignedInRequest, slug: str) -> HttpResponse:
    """For experts and leads. What is refused comes back with all that was typed."""
    row = evidence_for(request.user, slug, REVIEW_EVIDENCE)
    detail = evidence_page(request.user, slug)
    waiting = detail.row.is_waiting
    statuses = EVIDENCE.choices
    first = {"version": row.version}
    form = DecisionForm(request.POST or None, kind=CHECKLIST, statuses=statuses, initial=first)
    page = FormPage(
        _("Review of a finding"),
        "",
        _("Reviewed. Everyone can read it.") if form.data.get("status") == "reviewed" else _("It is in review again."),
        f"/evidence/{slug}/",
        (
            ("/what-works/", _("What works")),
            ("/evidence/", _("Study findings")),
            (f"/evidence/{slug}/", row.intervention),
        ),
        template="engagements/evidence/review.html",
    )

    def act(data: dict) -> None:
        review_evidence(
            key=slug,
            status=data["status"],
            why=data["why"],
            answers=form.answers(),
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    content = evidence_content(detail.row.fields)
    words = {field.key: field for field in content}
    earlier = decisions(CHECKLIST, row.pk)
    own = waiting and detail.written_by_viewer
    steps = [("reviewed", _("Approve and publish"))] if waiting else [("draft", _("Return to review"))]
    return handle_form(
        request,
        page,
        form,
        act,
        detail=detail,
        parts=[(heading, [words[name] for name, *_rest in fields if words[name].value]) for heading, fields in PARTS],
        since=changes_since(earlier, content, request.GET.get("since", ""), _published(request.user, slug)),
        earlier=earlier,
        steps=[] if own else steps,
        points=form.points if waiting else [],
        version=row.version,
        is_own=own,
        own_words=_("You wrote this wording, so someone else reviews it."),
    )


def _published(viewer: User, slug: str) -> Baseline | None:
    """The wording that was reviewed last, before decisions were kept."""
    last = next((one for one in evidence_versions(viewer, slug) if one.is_reviewed), None)
    if last is None:
        return None
    return Baseline(APPROVED, _("Reviewed"), last.at, last.by, evidence_content(last.fields))
