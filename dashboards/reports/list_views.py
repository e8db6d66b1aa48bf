"""All reports of a portfolio or of a plan: versions, who asked, as of when, how far; and asking for the next one."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards.reports.making import MAKERS
from engagements import permissions as p
from engagements import queries
from engagements.access import initiatives_with, permissions_in
from engagements.access_plans import plan_for
from engagements.models import Report
from engagements.queries.portfolio import readable_initiative
from engagements.views.guard import signed_in

PAGE = 30


@require_safe
@signed_in
def of_portfolio(request: HttpRequest, slug: str) -> HttpResponse:
    within = readable_initiative(request.user, slug)
    may = initiatives_with(request.user, p.MAKE_REPORT).filter(pk=within.pk).exists()
    about = {"of": within.name, "above": ((f"/portfolio/{slug}/", within.name),), "initiative": slug}
    return _page(request, about, report_kinds(of_plan=False) if may else (), initiative=slug)


@require_safe
@signed_in
def of_plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = plan_for(request.user, pk, p.VIEW_PLAN)
    may = bool(permissions_in(request.user, found.engagement_id) & {p.MAKE_REPORT, p.EXPORT})
    about = {"of": found.title, "above": ((f"/plans/{pk}/", found.title),), "plan": pk}
    return _page(request, about, report_kinds(of_plan=True) if may else (), plan=pk)


def report_kinds(*, of_plan: bool) -> tuple[tuple[str, str], ...]:
    """(kind, words) of what can be made, for the buttons of `_ask_report.html`."""
    return tuple(
        (kind, label)
        for kind, label in Report.Kind.choices
        if kind in MAKERS and kind.startswith("plan_") == of_plan
    )  # fmt: skip


def _page(request: HttpRequest, about: dict, kinds: tuple, **which) -> HttpResponse:
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 5 else 1
    number = max(1, number)
    rows = queries.reports(request.user, **which, limit=PAGE + 1, offset=PAGE * (number - 1))
    context = about | {
        "kinds": kinds, "submission": uuid4(), "reports": rows[:PAGE], "more": len(rows) > PAGE, "number": number,
        "today": timezone.now().date(),
    }  # fmt: skip
    return render(request, "dashboards/reports.html", context)
