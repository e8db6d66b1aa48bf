"""What was typed into a form that could not be taken: the session ended, its page was too old, the portal failed.

Nothing is lost. `kept_form` asks no database, session or cache.
"""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

_NOT_TYPED = frozenset({"submission", "version", "version_of", "draft"})  # the form's own: sent again, not shown
_NEVER_AGAIN = "csrfmiddlewaretoken"
_SECRET = ("password", "secret", "token", "code")
_SHORT = 40  # characters that fit one line of a narrow screen
_MOST_FIELDS = 400  # shown and sent again; far more than the largest form has


@dataclass(frozen=True)
class TypedField:
    label: str
    text: str

    @property
    def rows(self) -> int:
        """Lines of the box it is shown in."""
        return 3 if "\n" in self.text or len(self.text) > _SHORT else 1


def show_typed_text(request: HttpRequest) -> HttpResponse:
    """401 for who is signed out: what was typed, the way to sign in and come back, and a form that sends it again."""
    where = urlencode({"next": form_page_of(request)})
    context = {"sign_in": f"{reverse('account_login')}?{where}"} | kept_form(request)
    answer = render(request, "engagements/base/session_ended.html", context, status=401)
    answer.headers["WWW-Authenticate"] = 'Session realm="Mobility Portal"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW. 403 with what was typed and, where the form was ours, one button that sends it again.

    Somebody signed in again, or out, since the form was opened: its token is no longer good. What another site sent in
    somebody's name is shown and can't be sent on: its author would only have to wait for a click.
    """
    is_ours = came_from_here(request)
    if is_ours and _needs_sign_in(request) and not request.user.is_authenticated:
        return show_typed_text(request)  # the session ended, whichever of the two is noticed first
    context = {"is_stale": True, "form_page": form_page_of(request)} | kept_form(request)
    if not is_ours:
        context["again"] = []
    answer = render(request, "engagements/base/session_ended.html", context, status=403)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def kept_form(request: HttpRequest) -> dict[str, object]:
    """For the page. A form with a secret in it is never sent again from here: the secret would stand in the page."""
    names = [name for name in request.POST if name != _NEVER_AGAIN]
    secret = {name for name in names if any(word in name.lower() for word in _SECRET)}
    shown = [name for name in names if name not in _NOT_TYPED | secret][:_MOST_FIELDS]
    typed = [TypedField(_label(name), "\n".join(request.POST.getlist(name))) for name in shown]
    again = [(name, value) for name in names for value in request.POST.getlist(name)]
    is_whole = not secret and len(again) <= _MOST_FIELDS
    return {
        # Sentences first: ids and codes need no copying, they are sent again as they are.
        "typed": sorted((row for row in typed if row.text.strip()), key=lambda row: " " not in row.text),
        "had_files": bool(request.FILES),
        "file_names": [file.name for _name, files in request.FILES.lists() for file in files],
        "again": again if is_whole else [],
        "action": request.get_full_path(),
    }


def _needs_sign_in(request: HttpRequest) -> bool:
    """Of a page behind `signed_in`."""
    return bool(request.resolver_match and getattr(request.resolver_match.func, "needs_sign_in", False))


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def came_from_here(request: HttpRequest) -> bool:
    """As browsers say it themselves; a page of another site can't make them say otherwise."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    if origin := request.headers.get("origin"):
        return origin == f"{request.scheme}://{request.get_host()}"
    return url_has_allowed_host_and_scheme(request.headers.get("referer"), {request.get_host()})


def form_page_of(request: HttpRequest) -> str:
    """The page the form stood on, if it is the portal's; else where it was sent to."""
    came_from = request.headers.get("referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        parts = urlsplit(came_from)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.path
