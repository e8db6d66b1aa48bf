"""Reading results: those of an engagement, and one with its sources, its corrections and the city's reply."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagements.access.roles import permissions_in
from engagements.base.views.decorators import open_to_all, signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import breadcrumbs_of
from engagements.permissions import EDIT_RESULT, REVIEW_RESULT
from engagements.results.presenters import correction_lines, result_facts
from engagements.results.queries.drafts import engagement_results, result_page


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    within, groups = engagement_results(request.user, slug)
    held = permissions_in(request.user, within.pk)
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "groups": groups,
        "may_edit": EDIT_RESULT in held,
        "may_review": REVIEW_RESULT in held,
        "has_projects": any(group.project for group in groups),
    }
    return render(request, "engagements/results/list.html", context)


@require_safe
@open_to_all
def read(request: HttpRequest, pk: int) -> HttpResponse:
    page = result_page(request.user, pk)
    context = {
        "page": page,
        "facts": result_facts(page.fields),
        "corrections": [(one, correction_lines(one)) for one in page.publications if one.number > 1],
        "crumbs": breadcrumbs_of(page.engagement) if page.held else (),
        # An empty column is not drawn.
        "columns": {
            name: any(getattr(one, name) for one in page.fields.sources) for name in ("says", "dated", "confidence")
        },
        "sources": [
            (source, page.documents.get(source.document) if source.document else None) for source in page.fields.sources
        ],
    }
    return render(request, "engagements/results/result.html", context)
