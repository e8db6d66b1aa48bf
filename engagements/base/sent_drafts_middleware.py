"""Tells the browser which draft it may forget: the one whose form was taken."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

SENT = "sent_draft"
_KEY = re.compile(r"[0-9a-f-]{36}")


class SentDraftsMiddleware:
    """A form that was taken is answered by a redirect; then its draft's key goes back in a cookie scripts may read.

    `static/js/drafts.js` keeps drafts on the device until then: an answer that was lost, or an error page, loses none.
    Signing out empties what this portal keeps on the device, without scripts too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.method != "POST" or answer.status_code not in (301, 302, 303):
            return answer
        if request.path == reverse("account_logout"):
            answer.headers["Clear-Site-Data"] = '"storage"'
        elif hasattr(request, "_post"):  # read by the view; a file being streamed elsewhere is left alone
            key = request.POST.get("draft", "")
            to_sign_in = answer.headers.get("Location", "").startswith(reverse("account_login"))
            if _KEY.fullmatch(key) and not to_sign_in:
                secure = bool(settings.SESSION_COOKIE_SECURE)
                answer.set_cookie(SENT, key, max_age=600, secure=secure, samesite="Lax")
        return answer
