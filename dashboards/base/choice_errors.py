"""A choice that is not there, or opens only with its context: a page that says so, with the right status."""

from difflib import SequenceMatcher

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboards.panels.content_notices import READ, ContextNeeded
from dashboards.panels.options import UnknownChoice

MOST_OFFERED = 5


def nearest(problem: UnknownChoice) -> list[tuple[str, str]]:
    """(value, label) of the offered values that look most like the one asked for, best first."""
    wanted = problem.wanted.lower()
    words = set(wanted.split("_"))

    def likeness(value: str) -> tuple[int, float]:
        return len(words & set(value.lower().split("_"))), SequenceMatcher(None, wanted, value.lower()).ratio()

    return sorted(problem.known.items(), key=lambda item: likeness(item[0]), reverse=True)[:MOST_OFFERED]


def opening_address(request: HttpRequest) -> str:
    """The same address for somebody who has read the context."""
    query = request.GET.copy()
    query["context"] = READ
    return f"{request.path}?{query.urlencode()}"


class UnknownChoiceMiddleware:
    """Turns UnknownChoice and ContextNeeded of any page into their pages; the API answers for itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ContextNeeded):
            said = {"context": exception.context, "address": opening_address(request)}
            return render(request, "dashboards/base/before_you_read.html", said, status=403)
        if not isinstance(exception, UnknownChoice):
            return None
        links = []
        for value, label in nearest(exception):
            query = request.GET.copy()
            query[exception.parameter] = value
            links.append((f"{request.path}?{query.urlencode()}", label))
        context = {"problem": exception, "links": links, "path": request.path}
        return render(request, "dashboards/base/no_such_choice.html", context, status=404)
