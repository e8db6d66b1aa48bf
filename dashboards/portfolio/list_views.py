"""The lists behind the figures: entries of the ledger, milestones, values, budget lines. One page at a time."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboards.portfolio.questions import read_scope, with_error_pages
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import page_number
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import Initiative
from engagements.money.rules.stages import STAGES
from engagements.portfolio.queries import lists
from engagements.portfolio.queries.portfolio import WrongFilter, write_as_of
from engagements.portfolio.queries.scope import PortfolioScope

WHICH = {
    "all": "All milestones",
    "due": "Milestones that were due",
    "on_time": "Milestones done on time",
    "late": "Milestones that are late",
}


@require_safe
@signed_in
@with_error_pages
def entries(request: SignedInRequest, within: Initiative) -> HttpResponse:
    asked, is_fictional = read_scope(request, within)
    stage = next((each for each in STAGES if each.value == request.GET.get("stage", "")), None)
    if stage is None and request.GET.get("stage"):
        raise WrongFilter(f"Money has the stages {', '.join(each.value for each in STAGES)}.")
    number = page_number(request)
    found = lists.entries(asked, stage.value if stage else "", is_fictional=is_fictional, page=number)
    title = f"{stage.label}: transactions" if stage else "Transactions"
    return _show(request, "entries", asked, found, number, title, is_fictional, stage=stage)


@require_safe
@signed_in
@with_error_pages
def milestones(request: SignedInRequest, within: Initiative) -> HttpResponse:
    asked, is_fictional = read_scope(request, within)
    which = request.GET.get("which", "all")
    if which not in WHICH:
        raise WrongFilter(f"Milestones are asked for as {', '.join(WHICH)}.")
    number = page_number(request)
    found = lists.milestones(asked, which, is_fictional=is_fictional, page=number)
    return _show(request, "milestones", asked, found, number, WHICH[which], is_fictional)


@require_safe
@signed_in
@with_error_pages
def values(request: SignedInRequest, within: Initiative) -> HttpResponse:
    asked, is_fictional = read_scope(request, within)
    given, number = request.GET.get("indicator", ""), page_number(request)
    if given and not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise WrongFilter(f"“{given[:20]}” is no indicator.")
    found = lists.values(asked, int(given) if given else None, is_fictional=is_fictional, page=number)
    title = "Approved values" if given else "Approved counts of people"
    return _show(request, "values", asked, found, number, title, is_fictional)


@require_safe
@signed_in
@with_error_pages
def budget(request: SignedInRequest, within: Initiative) -> HttpResponse:
    asked, is_fictional = read_scope(request, within)
    found = lists.budget(asked, is_fictional=is_fictional)
    return _show(request, "budget", asked, found, 1, "Budget lines", is_fictional)


def _show(
    request: SignedInRequest,
    kind: str,
    asked: PortfolioScope,
    found: lists.ListPage,
    number: int,
    title: str,
    is_fictional: bool,
    **more,
) -> HttpResponse:
    first = lists.PAGE * (number - 1)
    context = {
        "asked": asked,
        "found": found,
        "title": title,
        "is_fictional": is_fictional,
        "number": number,
        "first": first + 1,
        "last": first + len(found.rows),
        "moment": write_as_of(asked.as_of),
        "more": kind != "budget" and first + len(found.rows) < found.total,
        **more,
    }
    return render(request, f"dashboards/portfolio/{kind}.html", context)
