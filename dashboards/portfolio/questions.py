"""What an address of a portfolio asks for, and the pages that say why it cannot be shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import Initiative, User
from engagements.portfolio.queries.portfolio import (
    NoRecordsYet,
    PortfolioFilter,
    WrongFilter,
    read_as_of,
    read_filter,
    readable_initiative,
    readable_portfolio,
    scope_of,
    shows_fictional,
)
from engagements.portfolio.queries.scope import PortfolioScope


def with_error_pages(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Fetches the initiative of the address once, checked, and gives it to the view in place of its slug.

    For those who read the lists behind the figures. A filter that cannot be is 400, a moment before the records 404,
    each with what to do; never for strangers.
    """
    return _answering(view, readable_initiative)


def with_portfolio(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `with_error_pages`, for all who read the figures."""
    return _answering(view, readable_portfolio)


def _answering(
    view: Callable[..., HttpResponse], find: Callable[[User, str], Initiative]
) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answering(request: SignedInRequest, slug: str, *args, **kwargs) -> HttpResponse:
        within = find(request.user, slug)  # what is not theirs is not explained
        try:
            return view(request, within, *args, **kwargs)
        except WrongFilter as wrong:
            status, title, why = 400, "This cannot be asked of a portfolio", str(wrong)
        except NoRecordsYet as early:
            status, title, why = 404, "Nothing was recorded then", str(early)
        context = {"initiative": within, "title": title, "why": why}
        return render(request, "dashboards/portfolio/cannot.html", context, status=status)

    return answering


@dataclass(frozen=True)
class Question:
    filters: PortfolioFilter
    as_of: datetime | None
    now: datetime


def read_question(request: HttpRequest) -> Question:
    """Filters and moment of an address. Raises WrongFilter."""
    now = timezone.now()
    return Question(read_filter(dict(request.GET.lists())), read_as_of(request.GET.get("as_of", ""), now), now)


def read_scope(request: SignedInRequest, within: Initiative) -> tuple[PortfolioScope, bool]:
    """What a list is of, and whether of what is invented. Raises WrongFilter, NoRecordsYet."""
    asked = read_question(request)
    is_fictional = request.GET.get("kind") == "fictional"
    if is_fictional and not shows_fictional(request.user):
        raise WrongFilter("There is nothing of this kind here.")
    return scope_of(within, request.user, asked.filters, as_of=asked.as_of, now=asked.now), is_fictional
