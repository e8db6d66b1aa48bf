"""Sessions that are idle too long end; the others are noted now and then."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import User
from engagements.sessions.actions import SEEN, SHARED, WANTED, note_session
from engagements.sessions.rules import is_to_note, is_too_old

_SIGNING_IN = "/accounts/"
FIELD = "shared_computer"


class SessionsMiddleware:
    """Behind authentication and messages. A request without a session costs nothing here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_signing_in = request.method == "POST" and request.path.startswith(_SIGNING_IN)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self._look_after(request)
        elif is_signing_in and request.POST.get(FIELD):
            request.session[WANTED] = True
        answer = self.get_response(request)
        if is_signing_in and request.session.get(SHARED):
            request.session.set_expiry(0)  # allauth sets its own after the sign-in
        return answer

    def _look_after(self, request: HttpRequest) -> None:
        now, is_shared = time.time(), bool(request.session.get(SHARED))
        seen = request.session.get(SEEN)
        if seen is not None and is_too_old(
            seen=seen,
            now=now,
            is_shared=is_shared,
            shared_minutes=settings.SHARED_SESSION_MINUTES,
            idle_minutes=settings.SESSION_IDLE_MINUTES,
        ):
            logout(request)
            messages.info(request, _("You were signed out because nothing happened for a while."))
        elif seen is None or is_to_note(seen=seen, now=now, is_shared=is_shared):
            if isinstance(request.user, User):
                note_session(request, request.user, timezone.now())
