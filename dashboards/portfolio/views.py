"""Portfolios of one reader: the list, the page, its table as files, and views they keep."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from atlas.tables.formats import FORMATS
from atlas.web.parameters import takes_parameters
from atlas.web.table_files import table_response
from dashboards.base.chosen_dollars import in_chosen_dollars, with_dollars
from dashboards.portfolio import tables
from dashboards.portfolio.cache import CachedPage, cached_figures, cached_page
from dashboards.portfolio.page import address_query, filtering
from dashboards.portfolio.questions import Question, read_question, with_portfolio
from dashboards.reports.make import report_kinds
from engagements.access.errors import NotFound
from engagements.access.portfolio import saved_view_for
from engagements.base.queries.engagements import engagements
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import Initiative
from engagements.portfolio.actions.saved_views import remove_view, save_view
from engagements.portfolio.filters import PARAMETERS
from engagements.portfolio.queries.sharing import PortfolioPageContext, portfolio_list, portfolio_page_context


@require_safe
@signed_in
def portfolios(request: SignedInRequest) -> HttpResponse:
    """Straight to the only one, or the only one that is not made up; `all` lists them anyway.

    Who reads no portfolio reads here what they may see of its cities' work.
    """
    found = portfolio_list(request.user)
    real = [row for row in found if not row.is_fictional] or list(found)
    if len(real) == 1 and "all" not in request.GET:
        return redirect("portfolio", real[0].slug)
    rows = () if found else engagements(request.user, today=timezone.localdate())
    if not (found or rows):
        raise NotFound("We can’t find this page. It may have moved or not be shared with you.")
    return render(request, "dashboards/portfolio/list.html", {"portfolios": found, "rows": rows})


@require_safe
@signed_in
@with_portfolio
@in_chosen_dollars
def page(request: SignedInRequest, within: Initiative) -> HttpResponse:
    asked = read_question(request)
    frame = portfolio_page_context(request.user, within)
    shown = _shown(request, within, asked, frame)
    context = {
        "shown": shown,
        "figures": shown.frame,
        "frame": frame,
        "query": with_dollars(address_query(asked.filters, asked.as_of)),
        "report_query": with_dollars(asked.filters.query()),
        "filtering": filtering(shown.frame.choices, asked.filters),
    }
    if frame.may_report:
        context |= {"report_kinds": report_kinds(of_plan=False), "submission": uuid4()}
    return render(request, "dashboards/portfolio/page.html", context)


@require_safe
@signed_in
@with_portfolio
@in_chosen_dollars
def newer(request: SignedInRequest, within: Initiative) -> HttpResponse:
    """Which numbers the page with this question has now: an open page asks, and says when they are others."""
    shown = _shown(request, within, read_question(request), portfolio_page_context(request.user, within))
    answer = JsonResponse({"fingerprint": shown.fingerprint})
    answer["Cache-Control"] = "private, no-store"
    return answer


def _shown(request: SignedInRequest, within: Initiative, asked: Question, frame: PortfolioPageContext) -> CachedPage:
    return cached_page(
        request.user,
        within,
        asked.filters,
        asked.as_of,
        asked.now,
        links=frame.may_open,
        may_enter=frame.may_enter,
        may_fill=frame.may_fill,
        address=address_query(asked.filters, asked.as_of),
    )


@require_safe
@signed_in
@with_portfolio
@takes_parameters(*PARAMETERS, "dollars")
@in_chosen_dollars
def table(request: SignedInRequest, within: Initiative, kind: str) -> HttpResponse:
    """The table of cities, to save."""
    asked = read_question(request)
    figures = cached_figures(request.user, within, asked.filters, asked.as_of, asked.now)
    name, address = f"{within.slug}-{figures.as_of:%Y-%m-%d}", request.build_absolute_uri(f"/portfolio/{within.slug}/")
    if kind != "xlsx":
        return table_response(request, tables.cities_file(figures, name, address), kind, name)
    answer = HttpResponse(tables.write_xlsx(figures, name, address), content_type=FORMATS["xlsx"].media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@signed_in
def save(request: SignedInRequest) -> HttpResponse:
    """The filters of the page under a name."""
    slug, query = request.POST.get("initiative", ""), request.POST.get("query", "")
    if not slug_re.match(slug):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    try:
        kept = save_view(
            initiative=slug, name=request.POST.get("name", ""), query=query, by=request.user, now=timezone.now()
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("portfolio", slug)
    messages.success(request, f"Saved as “{kept.name}”.")
    return _to_page(slug, kept.query)


@require_POST
@signed_in
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    view = saved_view_for(request.user, pk)
    slug = view.initiative.slug
    remove_view(view=pk, by=request.user)
    messages.success(request, f"“{view.name}” is removed.")
    return redirect("portfolio", slug)


def _to_page(slug: str, query: str) -> HttpResponse:
    answer = redirect("portfolio", slug)
    if query:
        answer["Location"] += f"?{query}"
    return answer
