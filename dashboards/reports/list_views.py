"""All reports of a portfolio or of a plan: versions, who asked, as of when, how far; and asking for the next one."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards.base.chosen_dollars import in_chosen_dollars, with_dollars
from dashboards.reports.make import report_kinds
from engagements.access.plans import plan_for
from engagements.access.roles import permissions_in, permissions_in_initiative
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import page_number, slice_of
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.permissions import EXPORT, MAKE_REPORT, VIEW_PLAN
from engagements.portfolio.queries.portfolio import readable_initiative
from engagements.portfolio.queries.reports import reports

PAGE = 30


@require_safe
@signed_in
@in_chosen_dollars
def of_portfolio(request: SignedInRequest, slug: str) -> HttpResponse:
    within = readable_initiative(request.user, slug)
    may = MAKE_REPORT in permissions_in_initiative(request.user, within.pk)
    about = {"of": within.name, "above": ((f"/portfolio/{slug}/", within.name),), "initiative": slug}
    return _page(request, about, report_kinds(of_plan=False) if may else (), initiative=slug)


@require_safe
@signed_in
@in_chosen_dollars
def of_plan(request: SignedInRequest, pk: int) -> HttpResponse:
    found = plan_for(request.user, pk, VIEW_PLAN)
    may = bool(permissions_in(request.user, found.engagement_id) & {MAKE_REPORT, EXPORT})
    about = {"of": found.title, "above": ((f"/plans/{pk}/", found.title),), "plan": pk}
    return _page(request, about, report_kinds(of_plan=True) if may else (), plan=pk)


def _page(request: SignedInRequest, about: dict, kinds: tuple, **which) -> HttpResponse:
    number = page_number(request)
    rows, more = slice_of(lambda **part: reports(request.user, **which, **part), number, size=PAGE)
    context = about | {
        "kinds": kinds,
        "submission": uuid4(),
        "reports": rows,
        "more": more,
        "number": number,
        "today": timezone.now().date(),
        "query": with_dollars(""),
    }
    return render(request, "dashboards/reports/list.html", context)
