"""What was typed into a form after the session ended: shown to be copied, because no session keeps it."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "submission", "version", "version_of"})
_SECRET = ("password", "secret", "token", "code")


@dataclass(frozen=True)
class TypedField:
    label: str
    text: str


def show_typed_text(request: HttpRequest) -> HttpResponse:
    """401 with what was typed, and a way to sign in and come back to the form."""
    where = urlencode({"next": _form_page(request)})
    context = {
        "typed": _typed(request),
        "had_files": bool(request.FILES),
        "sign_in": f"{reverse('account_login')}?{where}",
    }
    answer = render(request, "engagements/base/session_ended.html", context, status=401)
    answer.headers["WWW-Authenticate"] = 'Session realm="Mobility Portal"'
    return answer


def _typed(request: HttpRequest) -> list[TypedField]:
    """Fields with text, as they were sent; no password, no file, nothing a form adds by itself."""
    kept = (name for name in request.POST if name not in _NOT_TYPED and not any(s in name.lower() for s in _SECRET))
    found = (TypedField(name.replace("_", " ").capitalize(), "\n".join(request.POST.getlist(name))) for name in kept)
    return [row for row in found if row.text.strip()]


def _form_page(request: HttpRequest) -> str:
    """The page the form stood on, if it is the portal's; else where it was sent to."""
    came_from = request.headers.get("referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        parts = urlsplit(came_from)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.path
